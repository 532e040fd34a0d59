/* scene_play.c - the cells of scene.h, and how one is played. */
#include "scene_play.h"

#include <errno.h>
#include <signal.h>

#include "choose_slot.h"

#define CELL(sleeper, situation, ending)                                                           \
	{                                                                                          \
		sleeper, situation, ending, #sleeper " " #situation " " #ending                    \
	}
#define KILLED(sleeper, situation) CELL(sleeper, situation, KILL), CELL(sleeper, situation, TERM)
#define LOCKED_OUT(situation)                                                                      \
	CELL(TAKE_LOCK, situation, GO_ON), CELL(PUBLISH_LOCK, situation, GO_ON),                   \
		CELL(STEAL_LOCK, situation, GO_ON), KILLED(TAKE_LOCK, situation),                  \
		KILLED(PUBLISH_LOCK, situation), KILLED(STEAL_LOCK, situation)

const struct cell cells[] = {
	/* A producer waits for a slot. */
	CELL(RESERVE, claimed_over_done, ORDER_PUBLISH),
	CELL(RESERVE, claimed_over_done, ORDER_ABANDON),
	CELL(RESERVE, claimed_over_done, ORDER_CLOSE),
	CELL(RESERVE, claimed_over_done, REMOVE),
	KILLED(RESERVE, claimed_over_done),
	KILLED(RESERVE, reserved),
	CELL(RESERVE, merely_reserved, ORDER_UNRESERVE),
	KILLED(RESERVE, merely_reserved),
	CELL(RESERVE, claimed_in_a_hurry, ORDER_PUBLISH),
	CELL(RESERVE, claimed_in_a_hurry, ORDER_ABANDON),
	KILLED(RESERVE, claimed_in_a_hurry),
	CELL(RESERVE, stolen, ORDER_ABANDON),
	CELL(RESERVE, stolen, ORDER_CLOSE),
	KILLED(RESERVE, stolen),
	KILLED(RESERVE, claimed_and_asleep),
	CELL(RESERVE, in_publish_over_done, GO_ON),
	KILLED(RESERVE, in_publish_over_done),
	KILLED(RESERVE, in_publish_over_waiting),
	CELL(RESERVE, taken_old, ORDER_RELEASE),

	/* A consumer waits for an image. */
	CELL(FULL, claimed_first, ORDER_PUBLISH),
	CELL(FULL, claimed_over_done, ORDER_PUBLISH),
	CELL(FULL, claimed_over_reading, ORDER_PUBLISH),
	CELL(FULL, claimed_first, REMOVE),
	CELL(FULL, in_publish_over_done, GO_ON),
	CELL(FULL, taken_only, ORDER_REQUEUE),
	CELL(FULL, taken_only, ORDER_CLOSE),
	KILLED(FULL, taken_only),
	KILLED(FULL, in_last_take),
	CELL(FULL, waited_for, ORDER_UNWAIT),
	KILLED(FULL, waited_for),

	/* A process waits for the mutex. */
	LOCKED_OUT(in_publish_over_waiting),
	LOCKED_OUT(in_take),
	LOCKED_OUT(in_steal),
	LOCKED_OUT(in_vain_steal),
	CELL(TAKE_LOCK, in_late_steal, ROOM_THEN_GO),
	CELL(PUBLISH_LOCK, in_late_steal, ROOM_THEN_GO),
	CELL(STEAL_LOCK, in_late_steal, ROOM_THEN_GO),
	CELL(TAKE_LOCK, locked, ORDER_UNLOCK),
	CELL(PUBLISH_LOCK, locked, ORDER_UNLOCK),
	CELL(STEAL_LOCK, locked, ORDER_UNLOCK),
	CELL(TAKE_LOCK, waited_for_one_of_two, ORDER_UNWAIT),
	CELL(STEAL_LOCK, waited_for_one_of_two, ORDER_UNWAIT),
	CELL(TAKE_LOCK, in_publish_over_waiting, REMOVE),
	CELL(PUBLISH_LOCK, in_take, REMOVE),
	CELL(STEAL_LOCK, in_steal, REMOVE),

	/* A mirror waits for a newer image. */
	CELL(FIRST, claimed_first, ORDER_PUBLISH),
	CELL(FIRST, claimed_first, REMOVE),
	CELL(NEWER, claimed_over_done, ORDER_PUBLISH),
	CELL(NEWER, claimed_over_waiting, ORDER_PUBLISH),
	CELL(NEWER, claimed_over_reading, ORDER_PUBLISH),
	CELL(NEWER, in_publish_over_done, GO_ON),
	CELL(NEWER, claimed_over_done, REMOVE),
};
const unsigned cell_count = sizeof(cells) / sizeof(cells[0]);

static bool holder_consumes(const struct cell *cell)
{
	return cell->situation == in_take || cell->situation == in_last_take ||
	       cell->situation == taken_old || cell->situation == taken_only ||
	       cell->situation == waited_for || cell->situation == waited_for_one_of_two;
}

static enum vitrine_role role_of(enum sleeper sleeper)
{
	switch (sleeper) {
	case FULL:
	case TAKE_LOCK: return VITRINE_CONSUMER;
	case FIRST:
	case NEWER: return VITRINE_MIRROR;
	case RESERVE:
	case PUBLISH_LOCK:
	case STEAL_LOCK: break;
	}
	return VITRINE_PRODUCER;
}

/* The holder creates the channel. A sleeper that publishes has claimed a third slot before. */
static void enter(struct scene *scene, const struct cell *cell)
{
	uint32_t slots = cell->sleeper == PUBLISH_LOCK ? 3 : 2;

	scene->holder =
		actor_open(holder_consumes(cell) ? VITRINE_CONSUMER : VITRINE_PRODUCER, slots);
	scene->sleeper = actor_open(role_of(cell->sleeper), slots);
	scene->producer = open_channel(VITRINE_PRODUCER, slots);
	scene->consumer = open_channel(VITRINE_CONSUMER, slots);
	scene->mirror = open_channel(VITRINE_MIRROR, slots);
	if (cell->sleeper == PUBLISH_LOCK)
		must_equal(actor_do(&scene->sleeper, CLAIM, VITRINE_FAIL, 0), VITRINE_OK);
}

/* Lets the sleeper fall asleep, and verifies that it sleeps. */
static void fall_asleep(struct scene *scene, enum sleeper sleeper)
{
	const struct actor *actor = &scene->sleeper;
	const struct values values = values_of(scene->mirror);
	int semid = scene->mirror->info.semid, latest;

	switch (sleeper) {
	case RESERVE:
		actor_tell(actor, CLAIM, VITRINE_WAIT, 0);
		await_sleepers(semid, SEM_EMPTY, false, 1);
		break;
	case FULL:
		actor_tell(actor, TAKE, 0, 0);
		await_sleepers(semid, SEM_FULL, false, 1);
		break;
	case TAKE_LOCK:
		actor_tell(actor, TAKE, 0, 0);
		await_sleepers(semid, SEM_MUTEX, false, 1);
		break;
	case PUBLISH_LOCK:
		actor_tell(actor, PUBLISH, 0, 0);
		await_sleepers(semid, SEM_MUTEX, false, 1);
		break;
	case STEAL_LOCK:
		actor_tell(actor, CLAIM, VITRINE_DROP_OLDEST, 0);
		await_sleepers(semid, SEM_MUTEX, false, 1);
		break;
	case FIRST:
		actor_tell(actor, TRANSIT, T_WAIT_FIRST, -1);
		await_sleepers(semid, SEM_NOTHING, true, 1);
		break;
	case NEWER:
		latest = latest_slot(scene->mirror, &values);
		actor_tell(actor, TRANSIT, T_WAIT_NEWER, latest);
		await_sleepers(semid, slot_semaphore((uint32_t)latest, SLOT_LATEST), true, 1);
		break;
	}
}

/*
 * Causes the event that must wake the sleeper. Waits for the sleeper's reply, not for the holder's.
 */
static void come_about(struct scene *scene, enum ending ending)
{
	const struct actor *actor = &scene->holder;

	switch (ending) {
	case ORDER_PUBLISH: actor_tell(actor, PUBLISH, 0, 0); break;
	case ORDER_ABANDON: actor_tell(actor, ABANDON, 0, 0); break;
	case ORDER_RELEASE: actor_tell(actor, RELEASE, 0, 0); break;
	case ORDER_REQUEUE: actor_tell(actor, REQUEUE, 0, 0); break;
	case ORDER_UNLOCK: actor_tell(actor, TRANSIT, T_UNLOCK, -1); break;
	case ORDER_UNWAIT: actor_tell(actor, TRANSIT, T_UNWAIT, -1); break;
	case ORDER_UNRESERVE: actor_tell(actor, TRANSIT, T_UNRESERVE, -1); break;
	case ORDER_CLOSE: actor_tell(actor, CLOSE, 0, 0); break;
	case ROOM_THEN_GO:
		must_equal(vitrine_release(scene->consumer, &scene->image), VITRINE_OK);
		scene->taken = false;
		actor_tell(actor, GO, 0, 0);
		break;
	case GO_ON: actor_tell(actor, GO, 0, 0); break;
	case KILL: kill(actor->pid, SIGKILL); break;
	case TERM: kill(actor->pid, SIGTERM); break;
	case REMOVE: must_equal(vitrine_remove(scene->mirror), VITRINE_OK); break;
	}
}

/* The sleeper continues its work after waking, so that its undo is tested, too. */
static void finish_work(struct scene *scene, enum sleeper sleeper, int reply)
{
	if (scene->locked)
		must_equal(do_transition(scene->mirror, T_UNLOCK, 0), 0);
	if (reply != VITRINE_OK)
		return;
	if (sleeper == RESERVE || sleeper == STEAL_LOCK)
		must_equal(actor_do(&scene->sleeper, PUBLISH, 0, 0), VITRINE_OK);
	if (sleeper == FULL || sleeper == TAKE_LOCK)
		must_equal(actor_do(&scene->sleeper, RELEASE, 0, 0), VITRINE_OK);
}

/* ---- the end of a cell --------------------------------------------------------------------- */

static void drain(struct scene *scene)
{
	while (value_of(scene->mirror, SEM_FULL) > 0) {
		struct vitrine_image image = take_image(scene->consumer);

		must_equal(vitrine_release(scene->consumer, &image), VITRINE_OK);
	}
}

/* The director gives back what it holds because of the situation. */
static void let_go(struct scene *scene)
{
	if (scene->claimed)
		must_equal(vitrine_abandon(scene->producer, &scene->claim), VITRINE_OK);
	if (scene->taken)
		must_equal(vitrine_release(scene->consumer, &scene->image), VITRINE_OK);
}

/* The director moves the newest image to another slot, then fills every available slot. */
static void write_all(struct scene *scene)
{
	struct vitrine_claim claim;

	drain(scene);
	if (value_of(scene->mirror, SEM_EMPTY) > 0)
		publish_image(scene->producer, 1);
	drain(scene);
	while (value_of(scene->mirror, SEM_EMPTY) > 0)
		must_equal(vitrine_claim(scene->producer, 64, VITRINE_FAIL, 0, &claim), VITRINE_OK);
}

/* The director reads every available slot. */
static void read_all(struct scene *scene)
{
	while (value_of(scene->mirror, SEM_EMPTY) > 0)
		publish_image(scene->producer, 1);
	while (value_of(scene->mirror, SEM_FULL) > 0)
		take_image(scene->consumer);
}

/*
 * Checks that the death of another process took nothing away from the director, and gives
 * everything back.
 */
static void hold_still(struct scene *scene)
{
	struct values values = values_of(scene->mirror);
	uint64_t claimed = scene->producer->claimed, taken = scene->consumer->taken;

	for (uint32_t i = 0; i < scene->mirror->info.slots; i++) {
		const struct vitrine_claim claim = {.slot = i};
		const struct vitrine_image image = {.slot = i};

		if (claimed >> i & 1) {
			must(slot_has(&values, i, SLOT_WRITER));
			must_equal(vitrine_abandon(scene->producer, &claim), VITRINE_OK);
		}
		if (taken >> i & 1) {
			must(slot_has(&values, i, SLOT_READER));
			must_equal(vitrine_release(scene->consumer, &image), VITRINE_OK);
		}
	}
}

/*
 * All processes but the director are dead. Checks that they left nothing behind, and that the
 * channel works.
 */
static void find_all_at_rest(struct scene *scene)
{
	struct values values = values_of(scene->mirror);

	must(is_at_rest(scene->mirror));
	for (unsigned role = SEM_PRODUCERS; role <= SEM_MIRRORS; role++)
		must_equal(values.semaphore[role], 1);
	drain(scene);
	must(publish_image(scene->producer, 1) > 0);
	drain(scene);
	must(is_at_rest(scene->mirror));
}

void play(const struct cell *cell, int64_t wake_limit_ns)
{
	struct scene scene = {0};
	bool drops = cell->sleeper == STEAL_LOCK;
	int reply = 0;

	enter(&scene, cell);
	cell->situation(&scene);
	fall_asleep(&scene, cell->sleeper);
	come_about(&scene, cell->ending);
	must(actor_hear(&scene.sleeper, wake_limit_ns, &reply));
	if (cell->ending == REMOVE) {
		bool raw = cell->sleeper == FIRST || cell->sleeper == NEWER;

		must_equal(reply, raw ? -EIDRM : VITRINE_EREMOVED);
	} else {
		must(reply == VITRINE_OK || (drops && reply == VITRINE_EFULL));
		if (cell->ending < KILL)
			must(actor_hear(&scene.holder, wait_limit_ns, &(int){0}));
		finish_work(&scene, cell->sleeper, reply);
	}
	if (cell->ending != REMOVE) {
		let_go(&scene);
		(cell->sleeper == FULL || holder_consumes(cell) ? read_all : write_all)(&scene);
	}
	actor_kill(&scene.holder, SIGKILL);
	actor_kill(&scene.sleeper, SIGKILL);
	if (cell->ending != REMOVE) {
		hold_still(&scene);
		find_all_at_rest(&scene);
	}
	vitrine_close(scene.mirror);
	vitrine_close(scene.consumer);
	must_equal(vitrine_close(scene.producer), 0);
	must(objects_are_gone());
}
