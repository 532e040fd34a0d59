/* test_start.c - every order in which the programs may start and end, nothing lost in any. */
#include "support.h"

#include <signal.h>

#include "actor.h"
#include "semset.h"

static void close_both(struct actor *first, struct actor *second)
{
	must_equal(actor_do(first, CLOSE, 0, 0), 0);
	must_equal(actor_do(second, CLOSE, 0, 0), 0);
	actor_kill(first, SIGKILL);
	actor_kill(second, SIGKILL);
}

static void hand_over(const struct actor *producer, const struct actor *consumer)
{
	must_equal(actor_do(producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
	must_equal(actor_do(producer, PUBLISH, 0, 0), VITRINE_OK);
	must_equal(actor_do(consumer, TAKE, 0, 0), VITRINE_OK);
	must_equal(actor_do(consumer, RELEASE, 0, 0), VITRINE_OK);
}

static void consumer_first(void **state)
{
	struct actor consumer = actor_open(VITRINE_CONSUMER, 2), producer;
	int reply;

	(void)state;
	remember_objects();
	actor_tell(&consumer, TAKE, 0, 0);
	await_sleepers(semset_find(test_key.value), SEM_FULL, false, 1);
	producer = actor_open(VITRINE_PRODUCER, 2);
	must_equal(actor_do(&producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
	must_equal(actor_do(&producer, PUBLISH, 0, 0), VITRINE_OK);
	must(actor_hear(&consumer, wait_limit_ns, &reply) && reply == VITRINE_OK);
	must_equal(actor_do(&consumer, RELEASE, 0, 0), VITRINE_OK);
	close_both(&producer, &consumer);
}

static void producer_first(void **state)
{
	struct actor producer = actor_open(VITRINE_PRODUCER, 2);
	struct actor consumer = actor_open(VITRINE_CONSUMER, 2);

	(void)state;
	remember_objects();
	hand_over(&producer, &consumer);
	close_both(&consumer, &producer);
}

static void mirror_first(void **state)
{
	struct actor mirror = actor_open(VITRINE_MIRROR, 2), producer;
	int reply;

	(void)state;
	remember_objects();
	actor_tell(&mirror, TRANSIT, T_WAIT_FIRST, -1);
	await_sleepers(semset_find(test_key.value), SEM_NOTHING, true, 1);
	producer = actor_open(VITRINE_PRODUCER, 2);
	must_equal(actor_do(&producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
	must_equal(actor_do(&producer, PUBLISH, 0, 0), VITRINE_OK);
	must(actor_hear(&mirror, wait_limit_ns, &reply) && reply == VITRINE_OK);
	must_equal(actor_do(&mirror, CLOSE, 0, 0), 0);
	must_equal(actor_do(&producer, CLOSE, 0, 0), 1);
	actor_kill(&mirror, SIGKILL);
	actor_kill(&producer, SIGKILL);
	must_equal(remove_objects(), 2);
}

static void both_at_once_a_hundred_times(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		struct actor one, other;
		int first, second;

		new_test_key();
		one = actor_start();
		other = actor_start();
		actor_tell(&one, OPEN, VITRINE_PRODUCER, 2);
		actor_tell(&other, OPEN, VITRINE_CONSUMER, 2);
		must(actor_hear(&one, wait_limit_ns, &first) && first == VITRINE_OK);
		must(actor_hear(&other, wait_limit_ns, &second) && second == VITRINE_OK);
		remember_objects();
		hand_over(&one, &other);
		/* And both leave at once. */
		actor_tell(&one, CLOSE, 0, 0);
		actor_tell(&other, CLOSE, 0, 0);
		must(actor_hear(&one, wait_limit_ns, &first) && first == 0);
		must(actor_hear(&other, wait_limit_ns, &second) && second == 0);
		actor_kill(&one, SIGKILL);
		actor_kill(&other, SIGKILL);
		must(objects_are_gone());
	}
}

/* The producer publishes two images and ends, one way or another, before anybody else comes. */
static void producer_quits_first(enum command command, int signal)
{
	struct actor producer = actor_open(VITRINE_PRODUCER, 3);
	struct vitrine_channel *consumer;
	struct vitrine_image image;

	for (int i = 0; i < 2; i++) {
		must_equal(actor_do(&producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
		must_equal(actor_do(&producer, PUBLISH, 0, 0), VITRINE_OK);
	}
	if (command == CLOSE)
		must_equal(actor_do(&producer, CLOSE, 0, 0), 2);
	actor_kill(&producer, signal);
	consumer = open_channel(VITRINE_CONSUMER, 3);
	must(!vitrine_info(consumer)->created);
	must(is_at_rest(consumer));
	for (uint64_t i = 1; i <= 2; i++) {
		image = take_image(consumer);
		must_equal(image.sequence, i);
		must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	}
	must_equal(vitrine_close(consumer), 0);
	must(objects_are_gone());
}

static void producer_publishes_and_quits(void **state)
{
	(void)state;
	producer_quits_first(CLOSE, SIGKILL);
	producer_quits_first(GO, SIGKILL);
	producer_quits_first(GO, SIGTERM);
}

/* A consumer dies with what it has taken; the next one gets it, though nobody was there meanwhile. */
static void consumer_dies_and_another_comes(void **state)
{
	struct actor producer = actor_open(VITRINE_PRODUCER, 2);
	struct actor consumer = actor_open(VITRINE_CONSUMER, 2);
	struct vitrine_channel *next;
	struct vitrine_image image;

	(void)state;
	must_equal(actor_do(&producer, CLAIM, VITRINE_WAIT, 0), VITRINE_OK);
	must_equal(actor_do(&producer, PUBLISH, 0, 0), VITRINE_OK);
	must_equal(actor_do(&consumer, TAKE, 0, 0), VITRINE_OK);
	must_equal(actor_do(&producer, CLOSE, 0, 0), 0);
	actor_kill(&producer, SIGKILL);
	actor_kill(&consumer, SIGKILL);
	next = open_channel(VITRINE_CONSUMER, 2);
	image = take_image(next);
	must_equal(image.sequence, 1);
	must_equal(vitrine_release(next, &image), VITRINE_OK);
	must_equal(vitrine_close(next), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(consumer_first),
		a_test(producer_first),
		a_test(mirror_first),
		a_test(both_at_once_a_hundred_times),
		a_test(producer_publishes_and_quits),
		a_test(consumer_dies_and_another_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
