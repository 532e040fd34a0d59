/*
 * test_watch.c - what an inspector sees of a channel, and what an observer is told about its own
 * handle.
 */
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"

/* ---- inspect ------------------------------------------------------------------------------- */

/*
 * Inspects, also without details unless `brief` is NULL, until the segment is attached so many
 * times; see await_attached().
 */
static void inspect_attached(struct vitrine_channel *channel, unsigned attached,
	struct vitrine_snapshot *whole, struct vitrine_snapshot *brief)
{
	struct wait wait = {0};

	for (;;) {
		must_equal(vitrine_inspect(channel, whole), VITRINE_OK);
		if (brief != NULL)
			must_equal(vitrine_inspect_values(channel, brief), VITRINE_OK);
		if (whole->attached == attached && (brief == NULL || brief->attached == attached))
			return;
		wait_a_little(&wait);
	}
}

static void every_state_of_a_slot(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 5);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 5);
	struct vitrine_snapshot snapshot;
	struct vitrine_claim claim;
	struct vitrine_image image;
	unsigned seen[VITRINE_SLOT_DAMAGED + 1] = {0};

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		publish_image(producer, i);
	image = take_image(consumer);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	inspect_attached(consumer, 2, &snapshot, NULL);
	must_equal(snapshot.slot_count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		const struct vitrine_slot_info *slot = &snapshot.slots[i];

		seen[slot->state]++;
		must_equal(slot->latest, slot->has_image && slot->image.sequence == 3);
		must_equal(slot->has_image,
			slot->state == VITRINE_SLOT_READY || slot->state == VITRINE_SLOT_READING);
		if (slot->has_image)
			must(slot->image.slot == i && slot->image.data == slot_data(consumer, i));
	}
	must_equal(seen[VITRINE_SLOT_EMPTY], 1);
	must_equal(seen[VITRINE_SLOT_WRITING], 1);
	must_equal(seen[VITRINE_SLOT_READING], 1);
	must_equal(seen[VITRINE_SLOT_READY], 2);
	must_equal(snapshot.slots[image.slot].holder, getpid());
	must_equal(snapshot.slots[claim.slot].holder, getpid());
	must_equal(snapshot.full.value, 2);
	must_equal(snapshot.empty.value, 1);
	must_equal(snapshot.producers.value, 1);
	must_equal(snapshot.consumers.pid, getpid());
	must_equal(snapshot.mirrors.pid, 0);
	must_equal(snapshot.owner_uid, geteuid());
	must_equal(snapshot.mode, 0600);
	must(!snapshot.segment_removed);
	set_value(consumer, slot_semaphore(claim.slot, SLOT_READER), 1);
	must_equal(vitrine_inspect(consumer, &snapshot), VITRINE_OK);
	must_equal(snapshot.slots[claim.slot].state, VITRINE_SLOT_DAMAGED);
	must_equal(vitrine_inspect(NULL, &snapshot), VITRINE_EINVAL);
	must_equal(vitrine_remove(producer), VITRINE_OK);
	vitrine_close(consumer);
	vitrine_close(producer);
}

static void sleepers_and_holders_in_other_processes(void **state)
{
	struct actor producer = actor_open(VITRINE_PRODUCER, 2);
	struct actor consumer = actor_open(VITRINE_CONSUMER, 2);
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 2);
	struct vitrine_snapshot snapshot;

	(void)state;
	actor_tell(&consumer, TAKE, 0, 0);
	await_sleepers(mirror->info.semid, SEM_FULL, false, 1);
	must_equal(actor_do(&producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
	must_equal(snapshot.full.ncnt, 1);
	must_equal(snapshot.full.zcnt, 0);
	must_equal(snapshot.empty.ncnt, 0);
	must_equal(snapshot.producers.pid, producer.pid);
	must_equal(snapshot.slots[0].state, VITRINE_SLOT_WRITING);
	must_equal(snapshot.slots[0].holder, producer.pid);
	must_equal(actor_do(&producer, PUBLISH, 0, 0), VITRINE_OK);
	must(actor_hear(&consumer, wait_limit_ns, &(int){0}));
	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
	must_equal(snapshot.full.ncnt, 0);
	must_equal(snapshot.slots[0].state, VITRINE_SLOT_READING);
	must_equal(snapshot.slots[0].holder, consumer.pid);
	/* A newer publication operates on `reader`, and must not be mistaken for the reader. */
	must_equal(actor_do(&producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
	must_equal(actor_do(&producer, PUBLISH, 0, 0), VITRINE_OK);
	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
	must_equal(snapshot.slots[0].holder, consumer.pid);
	must_equal(snapshot.slots[0].image.publisher, producer.pid);
	actor_kill(&producer, SIGKILL);
	actor_kill(&consumer, SIGKILL);
	must_equal(vitrine_close(mirror), 2);
	must_equal(remove_objects(), 2);
}

static void values_without_their_details(void **state)
{
	struct actor consumer = actor_open(VITRINE_CONSUMER, 2);
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_snapshot whole, brief;
	struct vitrine_claim claim;

	(void)state;
	actor_tell(&consumer, TAKE, 0, 0);
	await_sleepers(producer->info.semid, SEM_FULL, false, 1);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	inspect_attached(producer, 2, &whole, &brief);
	must_equal(whole.full.ncnt, 1);
	must_equal(brief.full.ncnt, 0);
	must_equal(whole.producers.pid, getpid());
	must_equal(brief.producers.pid, 0);
	must_equal(whole.slots[claim.slot].writer.pid, getpid());
	must_equal(brief.slots[claim.slot].writer.pid, 0);
	must_equal(brief.consumers.pid, consumer.pid);
	must_equal(brief.mutex.pid, whole.mutex.pid);
	must_equal(brief.slots[claim.slot].holder, getpid());
	must_equal(brief.slots[claim.slot].state, VITRINE_SLOT_WRITING);
	must_equal(brief.full.value, whole.full.value);
	must_equal(brief.empty.value, whole.empty.value);
	must_equal(brief.producers.value, 1);
	must_equal(brief.resident, whole.resident);
	must_equal(vitrine_inspect_values(NULL, &brief), VITRINE_EINVAL);
	vitrine_abandon(producer, &claim);
	actor_kill(&consumer, SIGKILL);
	must_equal(vitrine_remove(producer), VITRINE_OK);
	vitrine_close(producer);
}

static void visit_what_is_being_made(const struct vitrine_event *event, void *data)
{
	struct vitrine_options options = usual_options(VITRINE_INSPECTOR, 2);
	struct vitrine_channel *inspector;
	struct vitrine_snapshot snapshot;
	struct vitrine_image image;

	if (!event->before || strcmp(event->name, "init") != 0)
		return;
	must_equal(vitrine_open(&inspector, &options), VITRINE_OK);
	must_equal(vitrine_latest(inspector, &image), VITRINE_ENONE);
	must_equal(vitrine_wait_newer(inspector, 0, 0), VITRINE_ENONE);
	must_equal(vitrine_wait_newer(inspector, 0, VITRINE_FOREVER), VITRINE_ENONE);
	must_equal(vitrine_inspect(inspector, &snapshot), VITRINE_OK);
	must_equal(snapshot.alive.value, 0);
	must_equal(vitrine_close(inspector), 0);
	*(bool *)data = true;
}

/* All values are still 0, which is not damage. The torture test found this. */
static void a_channel_that_is_being_made(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *producer;
	bool was_visited = false;

	(void)state;
	options.observer = visit_what_is_being_made;
	options.observer_data = &was_visited;
	must_equal(vitrine_open(&producer, &options), VITRINE_OK);
	must(was_visited);
	must_equal(vitrine_close(producer), 0);
}

/* ---- observe ------------------------------------------------------------------------------- */

struct record {
	char names[512]; /* of what was done, in order */
	bool before;     /* the last event was a "before" */
	unsigned events;
};

static void observe(const struct vitrine_event *event, void *data)
{
	struct record *record = data;

	must(event->before != record->before); /* before and after take turns */
	record->before = event->before;
	record->events++;
	must((event->operations == NULL) == (event->count == 0));
	if (event->before) {
		must(event->result == 0 && event->duration_ns == 0);
		return;
	}
	must(strlen(record->names) + strlen(event->name) + 3 < sizeof(record->names));
	strcat(record->names, event->name);
	strcat(record->names, event->result < 0 ? "! " : ", ");
}

static void hears(struct record *record, const char *names)
{
	must(!record->before);
	assert_string_equal(record->names, names);
	record->names[0] = '\0';
}

static void every_call_that_changes_the_channel(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct record heard = {.events = 0}, reader_heard = {.events = 0};
	struct vitrine_channel *producer, *consumer;
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	options.observer = observe;
	options.observer_data = &heard;
	must_equal(vitrine_open(&producer, &options), VITRINE_OK);
	hears(&heard, "create set, begin, create segment, init, ");
	options.role = VITRINE_CONSUMER;
	options.observer_data = &reader_heard;
	must_equal(vitrine_open(&consumer, &options), VITRINE_OK);
	hears(&reader_heard, "create set! join, ");
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_ETIMEDOUT);
	hears(&reader_heard, "wait and lock! ");
	publish_image(producer, 1);
	hears(&heard, "reserve, claim, lock, publish, ");
	publish_image(producer, 2);
	hears(&heard, "reserve, claim, lock, publish, ");
	must_equal(vitrine_claim(producer, 1, VITRINE_DROP_OLDEST, 0, &claim), VITRINE_OK);
	hears(&heard, "reserve! lock, steal, ");
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	hears(&heard, "abandon, ");
	image = take_image(consumer);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_OK);
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	hears(&reader_heard, "wait and lock, take, requeue, wait and lock, take, release, ");
	must_equal(vitrine_latest(consumer, &image), VITRINE_OK);
	hears(&reader_heard, ""); /* an inspector changes nothing */
	must_equal(vitrine_close(consumer), 0);
	hears(&reader_heard, "leave, retire! ");
	must_equal(vitrine_close(producer), 0);
	hears(&heard, "leave, retire, remove set, remove segment, ");
	must_equal(heard.events % 2, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(every_state_of_a_slot),
		a_test(sleepers_and_holders_in_other_processes),
		a_test(values_without_their_details),
		a_test(a_channel_that_is_being_made),
		a_test(every_call_that_changes_the_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
