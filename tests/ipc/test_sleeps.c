/* test_sleeps.c - sleeps without a limit that must still end: by a signal, or by a removal. */
#include "support.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "segment.h"
#include "semset.h"

/* Nothing wakes a mirror when the segment is removed: it has to look by itself. */
static void wait_for_a_newer_one(void *unused)
{
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 2);

	(void)unused;
	must_equal(vitrine_wait_newer(mirror, 1, VITRINE_FOREVER), VITRINE_EREMOVED);
	vitrine_close(mirror);
}

static void a_mirror_hears_that_its_segment_is_gone(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_snapshot snapshot;
	uint32_t latest;
	int child;

	(void)state;
	publish_image(producer, 1);
	must_equal(vitrine_inspect(producer, &snapshot), VITRINE_OK);
	latest = snapshot.slots[0].latest ? 0 : 1;
	child = fork_bounded();
	if (child == 0) {
		wait_for_a_newer_one(NULL);
		_exit(0);
	}
	await_sleepers(producer->info.semid, slot_semaphore(latest, SLOT_LATEST), true, 1);
	must_equal(segment_remove(producer->info.shmid), 0);
	must_equal(await_end(child), 0);
	vitrine_close(producer);
}

static void heed(int number)
{
	(void)number;
}

/* A set that no process has begun: a program that opens it waits for its creator. */
static void wait_for_a_creator(void)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	struct vitrine_channel *channel;

	options.patience_ns = 2 * LIMIT_S * SECOND_NS;
	must_equal(vitrine_open(&channel, &options), VITRINE_EINTR);
	vitrine_close(channel);
	_exit(0);
}

static void a_signal_ends_the_wait_for_a_creator(void **state)
{
	struct wait wait = {0};
	int id = semset_create(test_key.value, semaphore_count(2), 0600);
	int child, status;

	(void)state;
	must(id >= 0);
	signal(SIGUSR1, heed);
	child = fork_bounded();
	if (child == 0)
		wait_for_a_creator();
	while (waitpid(child, &status, WNOHANG) == 0) {
		kill(child, SIGUSR1); /* again: it may not have been asleep yet */
		wait_a_little(&wait);
	}
	must_equal(status, 0);
	signal(SIGUSR1, SIG_DFL);
	must_equal(semset_remove(id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(a_mirror_hears_that_its_segment_is_gone),
		a_test(a_signal_ends_the_wait_for_a_creator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
