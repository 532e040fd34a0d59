/*
 * test_readers.c - a slot's life on the reader's side: take, release, requeue, and what mirrors and
 * inspectors see without taking anything.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct vitrine_channel *producer, *consumer, *mirror;

static int set_up(void **state)
{
	(void)state;
	return open_trio(&producer, &consumer, &mirror);
}

static int clean_up(void **state)
{
	(void)state;
	return close_trio(producer, consumer, mirror);
}

/* ---- take, release, requeue ---------------------------------------------------------------- */

static void takes_in_order_without_gap(void **state)
{
	uint64_t next = 1;

	(void)state;
	for (unsigned i = 1; i <= 30; i += 3) {
		for (unsigned k = 0; k < 2; k++)
			publish_image(producer, i + k);
		for (unsigned k = 0; k < 2; k++) {
			struct vitrine_image image = take_image(consumer);

			must_equal(image.sequence, next++);
			must_equal(vitrine_release(consumer, &image), VITRINE_OK);
		}
	}
	must(is_at_rest(mirror));
}

static void take_gives_up_in_time(void **state)
{
	struct vitrine_image image;
	uint64_t before = clock_ns();

	(void)state;
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_ETIMEDOUT);
	must_equal(vitrine_take(consumer, 20 * MILLISECOND_NS, &image), VITRINE_ETIMEDOUT);
	must(clock_ns() - before >= 20 * (uint64_t)MILLISECOND_NS);
	must(is_at_rest(mirror));
}

static void only_what_is_taken(void **state)
{
	struct vitrine_image image = {.slot = 0};

	(void)state;
	must_equal(vitrine_release(consumer, &image), VITRINE_EINVAL);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_EINVAL);
	image.slot = UINT32_MAX;
	must_equal(vitrine_release(consumer, &image), VITRINE_EINVAL);
	publish_image(producer, 1);
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	must_equal(vitrine_release(consumer, &image), VITRINE_EINVAL);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_EINVAL);
	must(is_at_rest(mirror));
}

static void requeued_comes_first_again(void **state)
{
	struct vitrine_image first, second;

	(void)state;
	publish_image(producer, 1);
	publish_image(producer, 2);
	first = take_image(consumer);
	second = take_image(consumer);
	must_equal(vitrine_requeue(consumer, &second), VITRINE_OK);
	must_equal(vitrine_requeue(consumer, &first), VITRINE_OK);
	must(is_at_rest(mirror));
	must_equal(take_image(consumer).sequence, 1);
	must_equal(take_image(consumer).sequence, 2);
}

static void close_gives_back(void **state)
{
	struct vitrine_channel *other = open_channel(VITRINE_CONSUMER, 3);
	struct vitrine_channel *maker = open_channel(VITRINE_PRODUCER, 3);
	struct vitrine_claim claim;

	(void)state;
	publish_image(producer, 1);
	publish_image(producer, 2);
	take_image(other);
	take_image(other);
	must_equal(vitrine_claim(maker, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_close(other), 0);
	must_equal(vitrine_close(maker), 0);
	must(is_at_rest(mirror));
	must_equal(take_image(consumer).sequence, 1);
}

static void two_consumers_share(void **state)
{
	struct vitrine_channel *other = open_channel(VITRINE_CONSUMER, 3);
	struct vitrine_image first, second, none;

	(void)state;
	publish_image(producer, 1);
	publish_image(producer, 2);
	first = take_image(consumer);
	second = take_image(other);
	must(first.sequence == 1 && second.sequence == 2);
	must_equal(vitrine_take(other, 0, &none), VITRINE_ETIMEDOUT);
	must_equal(vitrine_release(other, &first), VITRINE_EINVAL);
	must_equal(vitrine_release(other, &second), VITRINE_OK);
	must_equal(vitrine_release(consumer, &first), VITRINE_OK);
	must_equal(vitrine_close(other), 0);
	must(is_at_rest(mirror));
}

/* ---- looking ------------------------------------------------------------------------------- */

static void latest_is_the_newest_taken_or_not(void **state)
{
	struct vitrine_image image, taken;
	uint64_t id;

	(void)state;
	must_equal(vitrine_latest(mirror, &image), VITRINE_ENONE);
	publish_image(producer, 1);
	publish_image(producer, 2);
	must_equal(vitrine_latest(mirror, &image), VITRINE_OK);
	must_equal(image.sequence, 2);
	must(pattern_is_whole(image.data, image.size, &id) && id == 2);
	must(vitrine_unchanged(mirror, &image));
	must_equal(value_of(mirror, SEM_FULL), 2);
	for (int i = 0; i < 2; i++) {
		taken = take_image(consumer);
		must_equal(vitrine_latest(mirror, &image), VITRINE_OK);
		must_equal(image.sequence, 2);
		must_equal(vitrine_release(consumer, &taken), VITRINE_OK);
	}
	must_equal(vitrine_latest(mirror, &image), VITRINE_OK);
	must_equal(vitrine_latest(consumer, &image), VITRINE_OK);
	must_equal(vitrine_latest(producer, &image), VITRINE_OK);
	must_equal(image.sequence, 2);
	must(vitrine_unchanged(mirror, &image));
}

static void a_claim_changes_what_was_seen(void **state)
{
	struct vitrine_claim claim;
	struct vitrine_image seen, taken;

	(void)state;
	publish_image(producer, 1);
	must_equal(vitrine_latest(mirror, &seen), VITRINE_OK);
	publish_image(producer, 2);
	taken = take_image(consumer);
	must(vitrine_unchanged(mirror, &seen)); /* being read: the bytes are still there */
	must_equal(vitrine_release(consumer, &taken), VITRINE_OK);
	must(vitrine_unchanged(mirror, &seen)); /* free, but not yet written */
	do
		must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	while (claim.slot != seen.slot);
	must(!vitrine_unchanged(mirror, &seen));
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	must(!vitrine_unchanged(mirror, &seen));
	seen.slot = 64;
	must(!vitrine_unchanged(mirror, &seen));
	seen = (struct vitrine_image){.slot = claim.slot}; /* number 0 is nobody's */
	must(!vitrine_unchanged(mirror, &seen));
}

static void look_sees_every_image(void **state)
{
	struct vitrine_image image, taken;
	struct vitrine_claim claim;

	(void)state;
	publish_image(producer, 1);
	publish_image(producer, 2);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	taken = take_image(consumer);
	must_equal(vitrine_look(mirror, taken.slot, &image), VITRINE_OK);
	must_equal(image.sequence, 1);
	must_equal(image.slot, taken.slot);
	must_equal(vitrine_look(mirror, claim.slot, &image), VITRINE_ENONE);
	must_equal(vitrine_look(mirror, 3 - taken.slot - claim.slot, &image), VITRINE_OK);
	must_equal(image.sequence, 2);
	must_equal(vitrine_look(mirror, 3, &image), VITRINE_EINVAL);
	must_equal(vitrine_release(consumer, &taken), VITRINE_OK);
	must_equal(vitrine_look(mirror, taken.slot, &image), VITRINE_ENONE);
}

static void publish_and_consume(uint64_t id)
{
	struct vitrine_image image;

	publish_image(producer, id);
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
}

/* vitrine_next() must find image `number` with the pattern `id`. */
static void next_must_be(uint64_t after, uint64_t number, uint64_t id)
{
	struct vitrine_image image;
	uint64_t found;

	must_equal(vitrine_next(mirror, after, &image), VITRINE_OK);
	must_equal(image.sequence, number);
	must(pattern_is_whole(image.data, image.size, &found));
	must_equal(found, id);
	must(vitrine_unchanged(mirror, &image));
}

/* A mirror that is late finds the images in between, although they were consumed. */
static void next_finds_every_image(void **state)
{
	struct vitrine_image image;

	(void)state;
	must_equal(vitrine_next(mirror, 0, &image), VITRINE_ENONE);
	for (uint64_t i = 1; i <= 30; i++) {
		const uint64_t oldest = i < 3 ? 1 : i - 2;

		publish_and_consume(100 + i);
		for (uint64_t after = 0; after < i; after++) {
			const uint64_t next = after + 1 > oldest ? after + 1 : oldest;

			next_must_be(after, next, 100 + next);
		}
		must_equal(vitrine_next(mirror, i, &image), VITRINE_ENONE);
		must_equal(vitrine_next(mirror, UINT64_MAX, &image), VITRINE_ENONE);
	}
	publish_image(producer, 131); /* waits, and the next one, too */
	publish_image(producer, 132);
	next_must_be(29, 30, 130);
	next_must_be(30, 31, 131);
	image = take_image(consumer); /* is being read */
	next_must_be(30, 31, 131);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	next_must_be(30, 31, 131);
}

static void die_before_publishing(const struct vitrine_event *event, void *data)
{
	(void)data;
	if (event->before && strcmp(event->name, "publish") == 0)
		raise(SIGKILL);
}

static void publish_and_die(void *data)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 3);
	struct vitrine_channel *channel;

	(void)data;
	options.observer = die_before_publishing;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	publish_image(channel, 99);
}

/*
 * A publisher that is killed after it stored the number 3, and before it published, leaves an image
 * that looks like the published image number 3.
 */
static void next_finds_only_what_was_published(void **state)
{
	struct vitrine_image image;
	uint32_t slot = 0;

	(void)state;
	publish_and_consume(1);
	publish_and_consume(2);
	must(WIFSIGNALED(run_child(publish_and_die, NULL)));
	while (slot < 3 && atomic_load(&producer->base->descriptors[slot].sequence) != 3)
		slot++;
	must(slot < 3);
	next_must_be(1, 2, 2);
	must_equal(vitrine_next(mirror, 2, &image), VITRINE_ENONE);
	for (uint64_t i = 3; i <= 5; i++) {        /* the last one in place of the true number 3 */
		producer->fast_path.looked_ns = 0; /* a guess would overwrite what is left behind */
		publish_and_consume(i);
		if (i < 5)
			next_must_be(2, 3, 3);
	}
	must_equal(atomic_load(&producer->base->descriptors[slot].sequence), 3);
	next_must_be(2, 4, 4);
}

static void waits_for_newer(void **state)
{
	(void)state;
	must_equal(vitrine_wait_newer(mirror, 0, 0), VITRINE_ETIMEDOUT);
	must_equal(vitrine_wait_newer(mirror, 0, 20 * MILLISECOND_NS), VITRINE_ETIMEDOUT);
	publish_image(producer, 1);
	must_equal(vitrine_wait_newer(mirror, 0, 0), VITRINE_OK);
	must_equal(vitrine_wait_newer(mirror, 1, 0), VITRINE_ETIMEDOUT);
	must_equal(vitrine_wait_newer(mirror, 1, 120 * MILLISECOND_NS), VITRINE_ETIMEDOUT);
	publish_image(producer, 2);
	must_equal(vitrine_wait_newer(mirror, 1, VITRINE_FOREVER), VITRINE_OK);
}

static void *publish_when_watched(void *data)
{
	struct vitrine_channel *channel = data;

	await_sleepers(channel->info.semid, slot_semaphore(0, SLOT_LATEST), true, 1);
	publish_image(channel, 2);
	return NULL;
}

static void is_woken_by_a_newer_one(void **state)
{
	pthread_t thread;

	(void)state;
	publish_image(producer, 1);
	must_equal(pthread_create(&thread, NULL, publish_when_watched, producer), 0);
	must_equal(vitrine_wait_newer(mirror, 1, VITRINE_FOREVER), VITRINE_OK);
	must_equal(pthread_join(thread, NULL), 0);
}

/* ---- signals ------------------------------------------------------------------------------- */

static void on_signal(int signal)
{
	(void)signal;
}

struct interruption {
	pthread_t sleeper;
	int semid;
	unsigned number;
};

static void *interrupt(void *data)
{
	const struct interruption *interruption = data;

	await_sleepers(interruption->semid, interruption->number, false, 1);
	pthread_kill(interruption->sleeper, SIGUSR1);
	return NULL;
}

static void a_signal_ends_a_sleep(void **state)
{
	struct interruption at = {pthread_self(), producer->info.semid, SEM_FULL};
	struct vitrine_image image;
	struct vitrine_claim claim;
	pthread_t thread;

	(void)state;
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, NULL);
	must_equal(pthread_create(&thread, NULL, interrupt, &at), 0);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_EINTR);
	must_equal(pthread_join(thread, NULL), 0);
	for (int i = 1; i <= 3; i++)
		publish_image(producer, (uint64_t)i);
	at.number = SEM_EMPTY;
	must_equal(pthread_create(&thread, NULL, interrupt, &at), 0);
	must_equal(vitrine_claim(producer, 1, VITRINE_WAIT, VITRINE_FOREVER, &claim),
		VITRINE_EINTR);
	must_equal(pthread_join(thread, NULL), 0);
	must(is_at_rest(mirror));
}

#define in_a_channel(f) cmocka_unit_test_setup_teardown(f, set_up, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_a_channel(takes_in_order_without_gap),
		in_a_channel(take_gives_up_in_time),
		in_a_channel(only_what_is_taken),
		in_a_channel(requeued_comes_first_again),
		in_a_channel(close_gives_back),
		in_a_channel(two_consumers_share),
		in_a_channel(latest_is_the_newest_taken_or_not),
		in_a_channel(a_claim_changes_what_was_seen),
		in_a_channel(look_sees_every_image),
		in_a_channel(next_finds_every_image),
		in_a_channel(next_finds_only_what_was_published),
		in_a_channel(waits_for_newer),
		in_a_channel(is_woken_by_a_newer_one),
		in_a_channel(a_signal_ends_a_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
