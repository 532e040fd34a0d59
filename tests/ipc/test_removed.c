/*
 * test_removed.c - handles whose channel is gone, completely or in part, or that belong to another
 * process: calls return an error that says so, and in the end nothing is left.
 */
#include "support.h"

#include <string.h>

#include "segment.h"
#include "semset.h"

static void use_the_parents_handle(void *data)
{
	struct vitrine_channel *producer = ((struct vitrine_channel **)data)[0];
	struct vitrine_channel *consumer = ((struct vitrine_channel **)data)[1];
	struct vitrine_snapshot snapshot;
	struct vitrine_claim claim = {0};
	struct vitrine_image image = {0};

	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_EFORK);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EFORK);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_EFORK);
	must_equal(vitrine_trim(producer), VITRINE_EFORK);
	must_equal(vitrine_prepare(producer, 1), VITRINE_EFORK);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_EFORK);
	must_equal(vitrine_release(consumer, &image), VITRINE_EFORK);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_EFORK);
	must_equal(vitrine_latest(consumer, &image), VITRINE_EFORK);
	must_equal(vitrine_look(consumer, 0, &image), VITRINE_EFORK);
	must_equal(vitrine_wait_newer(consumer, 0, 0), VITRINE_EFORK);
	must_equal(vitrine_inspect(consumer, &snapshot), VITRINE_EFORK);
	must_equal(vitrine_remove(consumer), VITRINE_EFORK);
	must(strstr(vitrine_message(consumer), "belongs to process") != NULL);
	must_equal(vitrine_close(producer), 0);
	must_equal(vitrine_close(consumer), 0);
}

static void a_handle_does_not_survive_fork(void **state)
{
	struct vitrine_channel *channels[] = {
		open_channel(VITRINE_PRODUCER, 2), open_channel(VITRINE_CONSUMER, 2)};

	(void)state;
	publish_image(channels[0], 1);
	take_image(channels[1]);
	must_equal(run_child(use_the_parents_handle, channels), 0);
	must_equal(value_of(channels[0], SEM_PRODUCERS), 1);
	must_equal(value_of(channels[0], SEM_FULL), 0);
	must_equal(vitrine_remove(channels[0]), VITRINE_OK);
	vitrine_close(channels[0]);
	vitrine_close(channels[1]);
}

/*
 * What happens while a creator is between its set and its segment, in the order that the test
 * forces.
 */
struct interruption {
	bool is_over;
	struct vitrine_channel *successor;
};

/*
 * Just before the segment is created, the set is removed, and another process creates the channel
 * and uses it.
 */
static void be_succeeded(const struct vitrine_event *event, void *data)
{
	struct interruption *interruption = data;

	if (interruption->is_over || !event->before || strcmp(event->name, "create segment") != 0)
		return;
	interruption->is_over = true;
	must_equal(semset_remove(semset_find(test_key.value)), 0);
	interruption->successor = open_channel(VITRINE_PRODUCER, 2);
	publish_image(interruption->successor, 7);
}

/* The model found this: no process is killed, and still an image of a living channel was lost. */
static void a_slow_creator_spares_its_successor(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	struct interruption interruption = {0};
	struct vitrine_channel *consumer;

	(void)state;
	options.observer = be_succeeded;
	options.observer_data = &interruption;
	must_equal(vitrine_open(&consumer, &options), VITRINE_OK);
	must(interruption.is_over);
	must_equal(vitrine_info(consumer)->semid, vitrine_info(interruption.successor)->semid);
	must_equal(take_image(consumer).sequence, 1);
	must_equal(vitrine_close(interruption.successor), 0);
	must_equal(vitrine_close(consumer), 1);
	remove_objects(); /* what was taken and not released waits again */
}

/* The segment is removed just after its creation, before any process attaches it. */
static void lose_the_segment(const struct vitrine_event *event, void *data)
{
	struct interruption *interruption = data;

	if (interruption->is_over || event->before || strcmp(event->name, "create segment") != 0)
		return;
	interruption->is_over = true;
	must_equal(segment_remove(segment_find(test_key.value)), 0);
}

static void a_creator_makes_a_lost_segment_anew(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct interruption interruption = {0};
	struct vitrine_channel *producer;

	(void)state;
	options.observer = lose_the_segment;
	options.observer_data = &interruption;
	must_equal(vitrine_open(&producer, &options), VITRINE_OK);
	must(interruption.is_over);
	must_equal(value_of(producer, SEM_PRODUCERS), 1);
	must_equal(vitrine_close(producer), 0);
}

static void removed_under_everybody(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);
	struct vitrine_snapshot snapshot;
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	image = take_image(consumer);
	must_equal(vitrine_remove(consumer), VITRINE_OK);
	vitrine_file(&image, "x", 1, NULL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EREMOVED);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_EREMOVED);
	must_equal(vitrine_claim(producer, 1, VITRINE_WAIT, VITRINE_FOREVER, &claim),
		VITRINE_EREMOVED);
	must(strstr(vitrine_message(producer), "ipcrm") != NULL);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_EREMOVED);
	must_equal(vitrine_latest(consumer, &image), VITRINE_EREMOVED);
	must_equal(vitrine_wait_newer(consumer, 9, VITRINE_FOREVER), VITRINE_EREMOVED);
	must_equal(vitrine_look(consumer, 0, &image), VITRINE_EREMOVED);
	must_equal(vitrine_inspect(consumer, &snapshot), VITRINE_EREMOVED);
	must_equal(vitrine_inspect_values(consumer, &snapshot), VITRINE_EREMOVED);
	must_equal(vitrine_prepare(producer, 1), VITRINE_EREMOVED);
	must_equal(vitrine_trim(producer), VITRINE_EREMOVED);
	must_equal(vitrine_remove(producer), VITRINE_OK); /* as often as you like */
	must_equal(vitrine_close(producer), 0);
	must_equal(vitrine_close(consumer), 0);
}

static void only_the_segment_removed(void **state)
{
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2), *fresh;
	struct vitrine_image image;

	(void)state;
	must_equal(segment_remove(vitrine_info(consumer)->shmid), 0);
	must_equal(vitrine_take(consumer, 10 * MILLISECOND_NS, &image), VITRINE_EREMOVED);
	/* A program that opens now finds a set without a segment, and creates both again. */
	fresh = open_channel(VITRINE_PRODUCER, 2);
	must(vitrine_info(fresh)->created);
	must(vitrine_info(fresh)->semid != vitrine_info(consumer)->semid);
	must_equal(publish_image(fresh, 1), 1);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_EREMOVED);
	must_equal(vitrine_close(consumer), 0);
	consumer = open_channel(VITRINE_CONSUMER, 2);
	take_image(consumer);
	must_equal(vitrine_remove(fresh), VITRINE_OK);
	vitrine_close(consumer);
	vitrine_close(fresh);
}

/* Nothing wakes a mirror when the segment is removed: it has to look. */
static void a_mirror_asleep_for_ever(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 2);

	(void)state;
	publish_image(producer, 1);
	must_equal(segment_remove(vitrine_info(mirror)->shmid), 0);
	must_equal(vitrine_wait_newer(mirror, 1, VITRINE_FOREVER), VITRINE_EREMOVED);
	must_equal(vitrine_close(mirror), 0);
	must_equal(vitrine_close(producer), 0);
}

static void the_set_goes_with_its_segment(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);

	(void)state;
	publish_image(producer, 1);
	must_equal(segment_remove(vitrine_info(producer)->shmid), 0);
	must_equal(vitrine_close(producer), 0); /* nobody could ever read what waits */
}

/* After ipcrm -s no process can use the segment any more, so the last one to close removes it. */
static void the_segment_goes_with_its_set(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);
	struct vitrine_image image;

	(void)state;
	must_equal(semset_remove(vitrine_info(producer)->semid), 0);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_EREMOVED);
	must_equal(vitrine_close(producer), 0);
	must_equal(vitrine_close(consumer), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(a_handle_does_not_survive_fork),
		a_test(a_slow_creator_spares_its_successor),
		a_test(a_creator_makes_a_lost_segment_anew),
		a_test(removed_under_everybody),
		a_test(only_the_segment_removed),
		a_test(a_mirror_asleep_for_ever),
		a_test(the_set_goes_with_its_segment),
		a_test(the_segment_goes_with_its_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
