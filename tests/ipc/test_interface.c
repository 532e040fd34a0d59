/*
 * test_interface.c - the guarantees of vitrine.h beyond the protocol: versions, messages, sizes
 * that the handle keeps, sleeps that another thread ends, a descriptor to poll, and the list of
 * channels.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- versions and arguments ---------------------------------------------------------------- */

static void a_program_of_another_abi_is_refused(void **state)
{
	const uint32_t others[] = {0, VITRINE_ABI - 1, VITRINE_ABI + 1, UINT32_MAX};

	(void)state;
	must_equal(vitrine_abi(), VITRINE_ABI);
	must(strchr(vitrine_version(), '.') != NULL);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct vitrine_channel *channel;
		char word[32];

		/* The options are not read, because they may have any size. */
		must_equal(vitrine_open_abi(&channel, NULL, others[i]), VITRINE_EVERSION);
		snprintf(word, sizeof(word), "ABI %u,", others[i]);
		must(strstr(vitrine_message(channel), word) != NULL);
		must_equal(vitrine_close(channel), 0);
	}
}

static void what_is_no_way_to_be_full_is_refused(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_claim claim;

	(void)state;
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL + 1, 0, &claim), VITRINE_EINVAL);
	must(strstr(vitrine_message(producer), "vitrine_when_full") != NULL);
	must(is_at_rest(producer));
	vitrine_close(producer);
}

static void the_size_of_a_claim_is_what_was_claimed(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	must_equal(vitrine_claim(producer, 100, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	claim.size = SMALL;
	vitrine_file(&image, "larger", SMALL, NULL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EINVAL);
	must(strstr(vitrine_message(producer), "claim of 100 bytes") != NULL);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	vitrine_close(producer);
}

static void a_message_is_of_the_last_call(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 2);
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	must_equal(strlen(vitrine_message(producer)), 0);
	must_equal(vitrine_claim(producer, SMALL + 1, VITRINE_FAIL, 0, &claim), VITRINE_ETOOLARGE);
	must(strlen(vitrine_message(producer)) > 0);
	publish_image(producer, 1);
	must_equal(strlen(vitrine_message(producer)), 0);
	must_equal(vitrine_look(mirror, 9, &image), VITRINE_EINVAL);
	must(strlen(vitrine_message(mirror)) > 0);
	must_equal(vitrine_wait_newer(mirror, 0, 0), VITRINE_OK);
	must_equal(strlen(vitrine_message(mirror)), 0);
	must_equal(vitrine_remove(producer), VITRINE_OK);
	vitrine_close(mirror);
	vitrine_close(producer);
}

/* ---- vitrine_wake -------------------------------------------------------------------------- */

struct sleeper {
	struct vitrine_channel *channel;
	int result;
};

/* Sleeps in the call of its role until it is woken. */
static void *sleep_for_ever(void *data)
{
	struct sleeper *sleeper = data;
	struct vitrine_claim claim;
	struct vitrine_image image;

	switch (sleeper->channel->info.role) {
	case VITRINE_PRODUCER:
		sleeper->result =
			vitrine_claim(sleeper->channel, 1, VITRINE_WAIT, VITRINE_FOREVER, &claim);
		break;
	case VITRINE_CONSUMER:
		sleeper->result = vitrine_take(sleeper->channel, VITRINE_FOREVER, &image);
		break;
	default: sleeper->result = vitrine_wait_newer(sleeper->channel, 2, VITRINE_FOREVER); break;
	}
	return NULL;
}

static void a_timeout_names_the_cause(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);
	struct vitrine_image image;

	(void)state;
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_ETIMEDOUT);
	must(strstr(vitrine_message(consumer), "no image arrived") != NULL);
	publish_image(producer, 1);
	set_value(producer, SEM_MUTEX, 0);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_ETIMEDOUT);
	must(strstr(vitrine_message(consumer), "held the mutex") != NULL);
	set_value(producer, SEM_MUTEX, 1);
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	vitrine_close(consumer);
	vitrine_close(producer);
}

static void a_wake_ends_any_sleep(void **state)
{
	const unsigned asleep_in[] = {SEM_EMPTY, SEM_FULL};
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);

	(void)state;
	/* No image waits and no slot is free, so every role has to sleep. */
	publish_image(producer, 1);
	publish_image(producer, 2);
	take_image(consumer);
	take_image(consumer);
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++) {
		struct vitrine_options options = usual_options(role, 2);
		struct sleeper sleeper = {0};
		pthread_t thread;

		options.wakeable = true;
		must_equal(vitrine_open(&sleeper.channel, &options), VITRINE_OK);
		for (unsigned when = 0; when < 2; when++) {
			if (when == 1) /* before it sleeps: it is not lost */
				must_equal(vitrine_wake(sleeper.channel), VITRINE_OK);
			must_equal(pthread_create(&thread, NULL, sleep_for_ever, &sleeper), 0);
			if (when == 0 && role != VITRINE_MIRROR)
				await_sleepers(producer->info.semid, asleep_in[role], false, 1);
			if (when == 0)
				must_equal(vitrine_wake(sleeper.channel), VITRINE_OK);
			must_equal(pthread_join(thread, NULL), 0);
			must_equal(sleeper.result, VITRINE_EINTR);
			must(strstr(vitrine_message(sleeper.channel), "vitrine_wake") != NULL);
		}
		vitrine_close(sleeper.channel);
	}
	must_equal(vitrine_remove(producer), VITRINE_OK);
	vitrine_close(consumer);
	vitrine_close(producer);
}

static void a_wake_spares_what_need_not_sleep(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2), *consumer;
	struct vitrine_image image;

	(void)state;
	options.wakeable = true;
	must_equal(vitrine_open(&consumer, &options), VITRINE_OK);
	must_equal(vitrine_wake(producer), VITRINE_EINVAL);
	publish_image(producer, 1);
	must_equal(vitrine_wake(consumer), VITRINE_OK);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_OK);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_EINTR);
	must_equal(vitrine_take(consumer, 1, &image), VITRINE_ETIMEDOUT); /* one wake, one sleep */
	vitrine_close(consumer);
	vitrine_close(producer);
}

/* ---- vitrine_fd ---------------------------------------------------------------------------- */

static bool is_readable(int fd, int timeout_ms)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};

	return poll(&one, 1, timeout_ms) == 1 && (one.revents & POLLIN) != 0;
}

static void a_consumer_polls(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 3);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 3);
	struct vitrine_image image;
	int fd = vitrine_fd(consumer);

	(void)state;
	must(fd >= 0);
	must_equal(vitrine_fd(consumer), fd);
	must_equal(vitrine_fd(producer), VITRINE_EINVAL);
	must(!is_readable(fd, 0));
	publish_image(producer, 1);
	publish_image(producer, 2);
	for (int i = 0; i < 2; i++) {
		must(is_readable(fd, LIMIT_S * 1000));
		must(is_readable(fd, 0)); /* until it is taken */
		image = take_image(consumer);
		must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	}
	/*
	 * The thread may have been faster than the take; the next take finds nothing and clears the
	 * descriptor.
	 */
	while (is_readable(fd, 0))
		must_equal(vitrine_take(consumer, 0, &image), VITRINE_ETIMEDOUT);
	publish_image(producer, 3);
	image = take_image(consumer);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_OK);
	must_equal(vitrine_requeue(consumer, &image),
		VITRINE_EINVAL);               /* it is not taken any more */
	must(is_readable(fd, LIMIT_S * 1000)); /* nothing was published since */
	must_equal(vitrine_remove(producer), VITRINE_OK);
	must(is_readable(fd, LIMIT_S * 1000));
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_EREMOVED);
	must(is_readable(fd, LIMIT_S * 1000)); /* it stays so */
	vitrine_close(consumer);
	vitrine_close(producer);
	must(fcntl(fd, F_GETFD) < 0 && errno == EBADF);
}

static void a_mirror_polls(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 3);
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 3);
	struct vitrine_image image;
	int fd = vitrine_fd(mirror);

	(void)state;
	must(fd >= 0);
	must(!is_readable(fd, 0));
	for (uint64_t i = 1; i <= 2; i++) {
		publish_image(producer, i);
		must(is_readable(fd, LIMIT_S * 1000));
		must_equal(vitrine_latest(mirror, &image), VITRINE_OK);
		must_equal(image.sequence, i);
		must(!is_readable(fd, 200)); /* it has seen the newest */
	}
	must_equal(vitrine_remove(producer), VITRINE_OK);
	must(is_readable(fd, LIMIT_S * 1000));
	vitrine_close(mirror);
	vitrine_close(producer);
}

static void a_removed_channel_has_no_descriptor(void **state)
{
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);

	(void)state;
	must_equal(vitrine_remove(consumer), VITRINE_OK);
	must_equal(vitrine_fd(consumer), VITRINE_EREMOVED);
	vitrine_close(consumer);
}

static void close_in_a_child(void *channel)
{
	vitrine_close(channel);
	_exit(0);
}

/* Repeated, because the thread may not have begun to wait for its turn at the first fork(). */
static void a_child_has_no_thread_to_end(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);
	int fd = vitrine_fd(consumer);

	(void)state;
	must(fd >= 0);
	must_equal(run_child(close_in_a_child, consumer), 0);
	must(!is_readable(fd, 0));
	publish_image(producer, 1);
	must(is_readable(fd, LIMIT_S * 1000));
	for (int i = 0; i < 10; i++)
		must_equal(run_child(close_in_a_child, consumer), 0);
	must(is_readable(fd, 0));
	vitrine_close(producer);
	must_equal(vitrine_close(consumer), 1);
	must_equal(remove_objects(), 2);
}

static void look_in_a_child(void *data)
{
	struct vitrine_channel *const *channels = data;
	struct vitrine_image image;

	must_equal(vitrine_take(channels[0], 0, &image), VITRINE_EFORK);
	must_equal(vitrine_latest(channels[1], &image), VITRINE_EFORK);
	must_equal(vitrine_next(channels[1], 0, &image), VITRINE_EFORK);
	must_equal(vitrine_fd(channels[0]), VITRINE_EFORK);
}

/* The parent and the child share the descriptor, but only the parent has the thread. */
static void a_child_does_not_clear_the_descriptor(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 3);
	struct vitrine_channel *readers[] = {
		open_channel(VITRINE_CONSUMER, 3), open_channel(VITRINE_MIRROR, 3)};
	struct vitrine_image image;

	(void)state;
	for (uint64_t i = 1; i <= 2; i++) {
		publish_image(producer, i);
		for (int reader = 0; reader < 2; reader++)
			must(is_readable(vitrine_fd(readers[reader]), LIMIT_S * 1000));
		must_equal(run_child(look_in_a_child, readers), 0);
		for (int reader = 0; reader < 2; reader++)
			must(is_readable(vitrine_fd(readers[reader]), 0));
		image = take_image(readers[0]);
		must_equal(vitrine_release(readers[0], &image), VITRINE_OK);
		must_equal(vitrine_latest(readers[1], &image), VITRINE_OK);
	}
	vitrine_close(readers[1]);
	vitrine_close(readers[0]);
	vitrine_close(producer);
}

/* ---- vitrine_list -------------------------------------------------------------------------- */

struct seen {
	int32_t key;
	unsigned count, in_all;
	struct vitrine_info info;
};

static void note(const struct vitrine_info *info, void *data)
{
	struct seen *seen = data;

	seen->in_all++;
	if (info->key != seen->key)
		return;
	seen->count++;
	seen->info = *info;
}

static void channels_are_listed(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 5);
	struct seen seen = {.key = test_key.value};
	int count = vitrine_list(note, &seen);

	(void)state;
	must(count >= 1);
	must_equal(count, seen.in_all);
	must_equal(seen.count, 1);
	must_equal(seen.info.semid, producer->info.semid);
	must_equal(seen.info.shmid, producer->info.shmid);
	must_equal(seen.info.slots, 5);
	must_equal(seen.info.slot_size, SMALL);
	must_equal(seen.info.owner_uid, geteuid());
	must_equal(producer->info.owner_uid, geteuid());
	must(strcmp(seen.info.key_text, producer->info.key_text) == 0);
	vitrine_close(producer);
	seen.count = 0;
	must(vitrine_list(note, &seen) >= 0);
	must_equal(seen.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(a_program_of_another_abi_is_refused),
		a_test(what_is_no_way_to_be_full_is_refused),
		a_test(the_size_of_a_claim_is_what_was_claimed),
		a_test(a_message_is_of_the_last_call),
		a_test(a_timeout_names_the_cause),
		a_test(a_wake_ends_any_sleep),
		a_test(a_wake_spares_what_need_not_sleep),
		a_test(a_consumer_polls),
		a_test(a_mirror_polls),
		a_test(a_removed_channel_has_no_descriptor),
		a_test(a_child_has_no_thread_to_end),
		a_test(a_child_does_not_clear_the_descriptor),
		a_test(channels_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
