/*
 * test_users.c - another user is kept out, by the kernel and by checks of the owner. Only root can
 * become another user; otherwise the test is skipped (77), which is a failure with CI=true.
 */
#include "support.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "segment.h"
#include "semset.h"

enum { OWNER = 65533, STRANGER = 65534, SKIPPED = 77 };

static void become(uid_t uid)
{
	must_equal(setgroups(0, NULL), 0);
	must_equal(setresgid(uid, uid, uid), 0);
	must_equal(setresuid(uid, uid, uid), 0);
}

/* What the other user does while the owner is in the channel. */
struct scene {
	unsigned mode;
	bool is_given_away; /* by the owner to the other user: IPC_SET may name any user */
	void (*stranger)(struct vitrine_options *options);
	int orders[2], replies[2];
};

static void give_to(uid_t uid, const struct vitrine_channel *channel)
{
	struct semid_ds set;
	struct shmid_ds segment;

	must_equal(semctl(channel->info.semid, 0, IPC_STAT, &set), 0);
	set.sem_perm.uid = uid;
	must_equal(semctl(channel->info.semid, 0, IPC_SET, &set), 0);
	must_equal(shmctl(channel->info.shmid, IPC_STAT, &segment), 0);
	segment.shm_perm.uid = uid;
	must_equal(shmctl(channel->info.shmid, IPC_SET, &segment), 0);
}

static void own(void *data)
{
	const struct scene *scene = data;
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel;
	char byte = 0;

	become(OWNER);
	options.mode = scene->mode;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	publish_image(channel, 1);
	if (scene->is_given_away)
		give_to(STRANGER, channel);
	must_equal(write(scene->replies[1], &byte, 1), 1);
	must_equal(read(scene->orders[0], &byte, 1), 1); /* the other user is done */
	if (scene->is_given_away)
		give_to(OWNER, channel);
	must_equal(vitrine_remove(channel), VITRINE_OK);
	vitrine_close(channel);
}

static void visit(void *data)
{
	const struct scene *scene = data;
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);

	become(STRANGER);
	scene->stranger(&options);
}

static void play_scene(struct scene scene)
{
	char byte = 0;
	int owner;

	must_equal(pipe(scene.orders) | pipe(scene.replies), 0);
	owner = fork_bounded();
	if (owner == 0) {
		own(&scene);
		_exit(0);
	}
	close(scene.replies[1]);
	must_equal(read(scene.replies[0], &byte, 1), 1);
	remember_objects();
	must_equal(run_child(visit, &scene), 0);
	must_equal(write(scene.orders[1], &byte, 1), 1);
	must_equal(await_end(owner), 0);
	close(scene.orders[0]);
	close(scene.orders[1]);
	close(scene.replies[0]);
}

static void play(unsigned mode, void (*stranger)(struct vitrine_options *))
{
	play_scene((struct scene){.mode = mode, .stranger = stranger});
}

/* ---- scenes -------------------------------------------------------------------------------- */

static void gets_nowhere(struct vitrine_options *options)
{
	int semid = semset_find(test_key.value), shmid = segment_find(test_key.value);
	struct segment_status segment;
	struct semset_status set;
	const struct sembuf lock = {SEM_MUTEX, -1, 0};
	unsigned short values[SEMAPHORES_MAX];
	void *at;

	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_INSPECTOR; role++) {
		options->role = role;
		open_must_fail(options, VITRINE_EFOREIGN, "another user");
	}
	must_equal(segment_attach(shmid, false, &at), -EACCES);
	must_equal(segment_status(shmid, &segment), -EACCES);
	must_equal(segment_remove(shmid), -EPERM);
	must_equal(semset_status(semid, &set), -EACCES);
	must_equal(semset_values(semid, semaphore_count(2), values), -EACCES);
	must_equal(semset_do(semid, &lock, 1, 0), -EACCES);
	must_equal(semset_remove(semid), -EPERM);
}

static void may_look_and_take_turns(struct vitrine_options *options)
{
	struct vitrine_channel *channel;
	struct vitrine_image image;
	void *at;

	must_equal(vitrine_open(&channel, options), VITRINE_OK);
	must_equal(vitrine_latest(channel, &image), VITRINE_OK);
	image = take_image(channel);
	must_equal(vitrine_release(channel, &image), VITRINE_OK);
	must_equal(segment_attach(vitrine_info(channel)->shmid, true, &at), -EACCES);
	must_equal(vitrine_remove(channel), VITRINE_EACCES);
	must(strstr(vitrine_message(channel), "can remove it") != NULL);
	must_equal(vitrine_close(channel), 0);
	/* A producer writes, which the mode forbids; the attempt leaves no trace. */
	options->role = VITRINE_PRODUCER;
	options->any_owner = true;
	open_must_fail(options, VITRINE_EACCES, "--mode");
	options->role = VITRINE_INSPECTOR;
	must_equal(vitrine_open(&channel, options), VITRINE_OK);
	must(is_at_rest(channel));
	must_equal(value_of(channel, SEM_PRODUCERS), 1);
	must_equal(value_of(channel, SEM_CONSUMERS), 0);
	must_equal(vitrine_close(channel), 0);
}

/*
 * Mode 0644 lets the other user change the semaphores. If they say that the slot is not being read,
 * the owner's own producer overwrites it. The reader then gets a torn image, and can detect that.
 */
static struct vitrine_image being_read;

static void end_anothers_reading(void *unused)
{
	int semid = semset_find(test_key.value);

	(void)unused;
	become(STRANGER);
	must_equal(semctl(semid, (int)slot_semaphore(being_read.slot, SLOT_READER), SETVAL, 0), 0);
	must_equal(semctl(semid, SEM_EMPTY, SETVAL, 1), 0);
}

static void a_stranger_who_may_take_turns(void *unused)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *producer, *consumer;
	struct vitrine_claim claim;

	(void)unused;
	must_equal(setresuid(OWNER, OWNER, 0), 0);
	options.mode = 0644;
	must_equal(vitrine_open(&producer, &options), VITRINE_OK);
	options.role = VITRINE_CONSUMER;
	must_equal(vitrine_open(&consumer, &options), VITRINE_OK);
	publish_image(producer, 1);
	publish_image(producer, 2);
	being_read = take_image(consumer);
	must(vitrine_unchanged(consumer, &being_read));
	must_equal(setresuid(0, 0, 0), 0);
	must_equal(run_child(end_anothers_reading, NULL), 0);
	must_equal(setresuid(OWNER, OWNER, 0), 0);
	must_equal(vitrine_claim(producer, 64, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(claim.slot, being_read.slot);
	must(!vitrine_unchanged(consumer, &being_read)); /* before the first byte is written */
	must_equal(vitrine_release(consumer, &being_read), VITRINE_EDAMAGED);
	must_equal(vitrine_remove(producer), VITRINE_OK);
	vitrine_close(consumer);
	vitrine_close(producer);
}

static void may_produce_too(struct vitrine_options *options)
{
	struct vitrine_channel *channel;

	options->role = VITRINE_PRODUCER;
	options->any_owner = true;
	must_equal(vitrine_open(&channel, options), VITRINE_OK);
	must_equal(vitrine_info(channel)->owner_uid, OWNER);
	must_equal(publish_image(channel, 2), 2);
	must_equal(vitrine_close(channel), 0);
}

/* If another user was the first to use a name, that user must not get pictures meant for others. */
static void does_not_produce_unasked(struct vitrine_options *options)
{
	struct vitrine_channel *channel;

	options->role = VITRINE_PRODUCER;
	open_must_fail(options, VITRINE_EFOREIGN, "another user (uid 65533)");
	open_must_fail(options, VITRINE_EFOREIGN, "--any-owner");
	options->role = VITRINE_CONSUMER;
	must_equal(vitrine_open(&channel, options), VITRINE_OK);
	must_equal(vitrine_info(channel)->owner_uid, OWNER);
	must_equal(value_of(channel, SEM_PRODUCERS), 1); /* the refused one was never in it */
	must_equal(vitrine_close(channel), 0);
}

/* An object under the other user's default key, given to that user; the giver can still read it. */
static void is_warned_of_the_gift(struct vitrine_options *options)
{
	options->role = VITRINE_PRODUCER;
	open_must_fail(options, VITRINE_EFOREIGN, "another user (uid 65533)");
	test_key.source = VITRINE_KEY_DEFAULT; /* which options->key points to */
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_INSPECTOR; role++) {
		options->role = role;
		open_must_fail(options, VITRINE_EFOREIGN, "another user");
	}
}

/* The owner creates a channel under the other user's default key, accessible to all. */
static void is_warned_of_the_squatter(struct vitrine_options *options)
{
	test_key.source = VITRINE_KEY_DEFAULT; /* which options->key points to */
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_INSPECTOR; role++) {
		options->role = role;
		open_must_fail(options, VITRINE_EFOREIGN, "another user");
	}
}

static void mode_0600_keeps_a_stranger_out(void **state)
{
	(void)state;
	play(0, gets_nowhere);
}

static void mode_0644_lets_him_look(void **state)
{
	(void)state;
	play(0644, may_look_and_take_turns);
}

static void what_a_stranger_tears_can_be_told(void **state)
{
	(void)state;
	must_equal(run_child(a_stranger_who_may_take_turns, NULL), 0);
}

static void mode_0666_lets_him_produce(void **state)
{
	(void)state;
	play(0666, may_produce_too);
}

static void nobody_produces_for_a_stranger_unasked(void **state)
{
	(void)state;
	play(0666, does_not_produce_unasked);
}

static void what_was_given_is_not_ones_own(void **state)
{
	(void)state;
	play_scene((struct scene){
		.mode = 0600, .is_given_away = true, .stranger = is_warned_of_the_gift});
}

static void nobodys_default_key_is_anothers(void **state)
{
	(void)state;
	play(0666, is_warned_of_the_squatter);
}

/* ---- a channel of everybody, without its owner ---------------------------------------------- */

/* This process becomes that user; it can become another one later. */
static void act_as(uid_t uid)
{
	must_equal(setresuid(0, 0, 0), 0);
	must_equal(setresuid(uid, uid, 0), 0);
}

static struct vitrine_channel *open_for_all(enum vitrine_role role)
{
	struct vitrine_options options = usual_options(role, 2);
	struct vitrine_channel *channel;

	options.mode = 0666;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	return channel;
}

static void leave_after_the_owner(void *unused)
{
	struct vitrine_channel *owner, *stranger;

	(void)unused;
	act_as(OWNER);
	owner = open_for_all(VITRINE_PRODUCER);
	act_as(STRANGER);
	stranger = open_for_all(VITRINE_CONSUMER);
	act_as(OWNER);
	must_equal(vitrine_close(owner), 0);
	for (unsigned i = 0; i < VITRINE_INSPECTOR; i++) {
		act_as(STRANGER);
		must_equal(vitrine_close(stranger), 0);
		stranger = open_for_all((enum vitrine_role)(VITRINE_CONSUMER + i % 2));
		must(!vitrine_info(stranger)->created && is_at_rest(stranger));
	}
	must_equal(vitrine_close(stranger), 0);
	act_as(OWNER);
	owner = open_for_all(VITRINE_PRODUCER);
	must(!vitrine_info(owner)->created);
	must_equal(publish_image(owner, 1), 1);
	must_equal(vitrine_remove(owner), VITRINE_OK);
	vitrine_close(owner);
}

static void who_leaves_last_locks_nobody_out(void **state)
{
	(void)state;
	must_equal(run_child(leave_after_the_owner, NULL), 0);
}

/* The owner was killed after it had retired the channel and before it removed it. */
static void come_after_the_owners_death(void *unused)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	struct vitrine_channel *owner;
	struct values before, after;

	(void)unused;
	act_as(OWNER);
	owner = open_for_all(VITRINE_PRODUCER);
	must_equal(do_transition(owner, T_LEAVE, 0), 0);
	must_equal(do_transition(owner, T_RETIRE, 0), 0);
	before = values_of(owner);
	options.patience_ns = MILLISECOND_NS;
	act_as(STRANGER);
	for (int i = 0; i < 3; i++)
		open_must_fail(&options, VITRINE_EFOREIGN, "another user (uid 65533)");
	act_as(OWNER);
	after = values_of(owner);
	must(memcmp(before.semaphore, after.semaphore,
		     semaphore_count(2) * sizeof(before.semaphore[0])) == 0);
	owner->joined = false;
	vitrine_close(owner);
	owner = open_for_all(VITRINE_PRODUCER);
	must(vitrine_info(owner)->created);
	must_equal(vitrine_close(owner), 0);
}

static void a_stranger_changes_no_dead_channel(void **state)
{
	(void)state;
	must_equal(run_child(come_after_the_owners_death, NULL), 0);
}

/* ---- modes that do not fit each other ------------------------------------------------------ */

static const struct modes {
	unsigned short set, segment;
} odd_modes[] = {{0666, 0600}, {0600, 0666}, {0444, 0444}, {0222, 0666}, {0666, 0222}, {0, 0}};
enum { READ_BY_ALL = 0444 };

/* Sets modes as `ipcmk` or a careless program may leave them. */
static void set_modes(const struct vitrine_channel *channel, const struct modes *modes)
{
	struct semid_ds set;
	struct shmid_ds segment;

	must_equal(semctl(channel->info.semid, 0, IPC_STAT, &set), 0);
	set.sem_perm.mode = modes->set;
	must_equal(semctl(channel->info.semid, 0, IPC_SET, &set), 0);
	must_equal(shmctl(channel->info.shmid, IPC_STAT, &segment), 0);
	segment.shm_perm.mode = modes->segment;
	must_equal(shmctl(channel->info.shmid, IPC_SET, &segment), 0);
}

static void is_kept_out(void *data)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	const struct modes *modes = data;

	options.any_owner = true;
	become(STRANGER);
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_INSPECTOR; role++) {
		struct vitrine_channel *channel;
		int rc;

		options.role = role;
		rc = vitrine_open(&channel, &options);
		/* A user that may read both may look; to join, it needs more. */
		if (role == VITRINE_INSPECTOR && modes->set == READ_BY_ALL)
			must_equal(rc, VITRINE_OK);
		else
			must((rc == VITRINE_EFOREIGN || rc == VITRINE_EACCES) &&
				strlen(vitrine_message(channel)) > 20);
		must_equal(vitrine_close(channel), 0);
	}
}

static void modes_that_do_not_fit(void **state)
{
	struct vitrine_channel *channel = open_channel(VITRINE_PRODUCER, 2);

	(void)state;
	publish_image(channel, 1);
	for (unsigned i = 0; i < sizeof(odd_modes) / sizeof(odd_modes[0]); i++) {
		struct values before = values_of(channel), after;

		set_modes(channel, &odd_modes[i]);
		must_equal(run_child(is_kept_out, (void *)&odd_modes[i]), 0);
		after = values_of(channel);
		must(memcmp(before.semaphore, after.semaphore,
			     semaphore_count(2) * sizeof(before.semaphore[0])) == 0);
	}
	must_equal(publish_image(channel, 2), 2);
	must_equal(vitrine_remove(channel), VITRINE_OK);
	vitrine_close(channel);
}

/* ---- what a stranger leaves under our key -------------------------------------------------- */

static void leave_a_segment(void *data)
{
	become(STRANGER);
	must(segment_create(test_key.value, 100000, *(unsigned *)data) >= 0);
}

static void leave_a_set(void *data)
{
	become(STRANGER);
	must(semset_create(test_key.value, semaphore_count(2), *(unsigned *)data) >= 0);
}

static void be_refused(void *data)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);

	(void)data;
	become(OWNER);
	options.patience_ns = 20 * MILLISECOND_NS;
	open_must_fail(&options, VITRINE_EFOREIGN, "another user");
}

static void anothers_leftovers_are_not_touched(void **state)
{
	const unsigned modes[] = {0600, 0666};

	(void)state;
	for (int i = 0; i < 2; i++) {
		unsigned mode = modes[i];

		must_equal(run_child(leave_a_segment, &mode), 0);
		must_equal(run_child(be_refused, NULL), 0);
		must(segment_find(test_key.value) >= 0);
		must(semset_find(test_key.value) < 0); /* what was begun has been undone */
		must_equal(remove_objects(), 1);
		must_equal(run_child(leave_a_set, &mode), 0);
		must_equal(run_child(be_refused, NULL), 0);
		must(semset_find(test_key.value) >= 0);
		must_equal(remove_objects(), 1);
	}
}

/*
 * A segment of our layout, accessible to all, whose set is gone. If it belonged to this user, it
 * would be removed.
 */
static void leave_a_dead_channel(void *data)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel;

	(void)data;
	become(STRANGER);
	options.mode = 0666;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	must_equal(semset_remove(vitrine_info(channel)->semid), 0);
}

static void be_refused_as_root(void *data)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);

	(void)data;
	open_must_fail(&options, VITRINE_EFOREIGN, "another user");
}

/* Neither a user that could not remove it nor root, which could, removes it. */
static void anothers_dead_channel_is_not_removed(void **state)
{
	int shmid;

	(void)state;
	must_equal(run_child(leave_a_dead_channel, NULL), 0);
	shmid = segment_find(test_key.value);
	must(shmid >= 0);
	must_equal(run_child(be_refused, NULL), 0);
	must_equal(run_child(be_refused_as_root, NULL), 0);
	must_equal(segment_find(test_key.value), shmid);
	must(semset_find(test_key.value) < 0);
	must_equal(remove_objects(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(mode_0600_keeps_a_stranger_out),
		a_test(mode_0644_lets_him_look),
		a_test(what_a_stranger_tears_can_be_told),
		a_test(mode_0666_lets_him_produce),
		a_test(nobody_produces_for_a_stranger_unasked),
		a_test(what_was_given_is_not_ones_own),
		a_test(nobodys_default_key_is_anothers),
		a_test(who_leaves_last_locks_nobody_out),
		a_test(a_stranger_changes_no_dead_channel),
		a_test(modes_that_do_not_fit),
		a_test(anothers_leftovers_are_not_touched),
		a_test(anothers_dead_channel_is_not_removed),
	};

	if (geteuid() != 0) {
		puts("skipped: only root can become a second user");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
