/*
 * test_reused.c - the kernel gives the id of a removed object to a new one, which may have another
 * size and another owner. Whoever still has the id must notice: "removed", never a crash.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "semset.h"

enum { HUGE = 32000, HOSTILE = 0x4141 };

/*
 * Asks the kernel for this id next. It does so for root where it was built to restore checkpoints;
 * elsewhere it takes many turns of a counter.
 */
static bool next_id_is(int id)
{
	int fd = open("/proc/sys/kernel/sem_next_id", O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && dprintf(fd, "%d", id) > 0;

	if (fd >= 0)
		close(fd);
	return written;
}

/* Removes the channel's set and makes a set of `count` hostile values with its id. */
static int make_again(struct vitrine_channel *const *channels, unsigned count)
{
	static unsigned short values[HUGE];
	int id = channels[0]->info.semid, again;

	must_equal(semset_remove(id), 0);
	next_id_is(id);
	again = semset_create(IPC_PRIVATE, count, 0600);
	must(again >= 0);
	for (unsigned i = 0; i < HUGE; i++)
		values[i] = HOSTILE;
	must_equal(semctl(again, 0, SETALL, values), 0);
	/* Where the kernel did not do it, to have another id in the handle is the same. */
	for (int i = 0; channels[i] != NULL; i++)
		channels[i]->info.semid = again;
	return again;
}

static void all_find_it_removed(struct vitrine_channel *producer, struct vitrine_channel *consumer,
	struct vitrine_channel *mirror, const struct vitrine_claim *claim,
	struct vitrine_image *taken)
{
	struct vitrine_snapshot snapshot;
	struct vitrine_claim again;
	struct vitrine_image image;

	must_equal(vitrine_latest(mirror, &image), VITRINE_EREMOVED);
	must_equal(vitrine_look(mirror, 0, &image), VITRINE_EREMOVED);
	must_equal(vitrine_wait_newer(mirror, 9, VITRINE_FOREVER), VITRINE_EREMOVED);
	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_EREMOVED);
	must_equal(vitrine_trim(producer), 0);
	vitrine_file(&image, "x", 1, NULL);
	/* An array may fit even values that somebody chose, but no longer than a second. */
	if (vitrine_publish(producer, claim, &image, 0) < 0)
		vitrine_abandon(producer, claim);
	vitrine_release(consumer, taken);
	producer->checked_ns = consumer->checked_ns = 0;
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &again), VITRINE_EREMOVED);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_EREMOVED);
}

static void the_id_of_a_set(unsigned count)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 3);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 3);
	struct vitrine_channel *mirror = open_channel(VITRINE_INSPECTOR, 3);
	struct vitrine_channel *const channels[] = {producer, consumer, mirror, NULL};
	struct vitrine_claim claim;
	struct vitrine_image taken;
	int again;

	publish_image(producer, 1);
	taken = take_image(consumer);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	again = make_again(channels, count);
	all_find_it_removed(producer, consumer, mirror, &claim, &taken);
	vitrine_close(mirror);
	vitrine_close(consumer);
	vitrine_close(producer);
	must_equal(semset_remove(again), 0); /* it was not theirs to remove */
}

static void a_set_that_is_larger(void **state)
{
	(void)state;
	the_id_of_a_set(HUGE);
}

static void a_set_that_is_smaller(void **state)
{
	(void)state;
	the_id_of_a_set(1);
	the_id_of_a_set(SEM_FULL);
	the_id_of_a_set(semaphore_count(3) - 1);
}

/* One more value than there is room for is one too many. */
static void values_end_where_they_must(void **state)
{
	unsigned short values[5] = {7, 7, 7, 7, 7};
	int id = semset_create(test_key.value, 4, 0600);

	(void)state;
	must_equal(semset_values(id, 3, values), -EIDRM);
	must_equal(semset_values(id, 5, values), -EIDRM);
	must_equal(values[0] + values[4], 14);
	must_equal(semset_values(id, 4, values), 0);
	must_equal(values[3], 0);
	must_equal(values[4], 7);
	must_equal(semset_remove(id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(a_set_that_is_larger),
		a_test(a_set_that_is_smaller),
		a_test(values_end_where_they_must),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
