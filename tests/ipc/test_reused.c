/*
 * test_reused.c - the kernel gives the id of a removed object to a new one, which may have another
 * size and another owner. A process that still has the id must detect this and report "removed"; it
 * must never crash.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "semset.h"

enum { HUGE = 32000, HOSTILE = 0x4141 };

/*
 * Asks the kernel to use this id next. A kernel with checkpoint restore allows that to root;
 * otherwise it takes many turns of a counter.
 */
static bool next_id_is(const char *kind, int id)
{
	char path[64];
	bool written;
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s_next_id", kind);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	written = fd >= 0 && dprintf(fd, "%d", id) > 0;

	if (fd >= 0)
		close(fd);
	return written;
}

/* Removes the channel's set and creates a set of `count` hostile values with the same id. */
static int make_again(struct vitrine_channel *const *channels, unsigned count)
{
	static unsigned short values[HUGE];
	int id = channels[0]->info.semid, again;

	must_equal(semset_remove(id), 0);
	next_id_is("sem", id);
	again = semset_create(IPC_PRIVATE, count, 0600);
	must(again >= 0);
	for (unsigned i = 0; i < HUGE; i++)
		values[i] = HOSTILE;
	must_equal(semctl(again, 0, SETALL, values), 0);
	/*
	 * If the kernel did not reuse the id, putting another id into the handle has the same
	 * effect.
	 */
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
	must_equal(vitrine_prepare(producer, 1), VITRINE_EREMOVED);
	must_equal(vitrine_trim(producer), VITRINE_EREMOVED);
	vitrine_file(&image, "x", 1, NULL);
	/* An array may even succeed with the hostile values, but for at most a second. */
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

/* A set with one value more than expected must be detected. */
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

/* ---- segments ------------------------------------------------------------------------------ */

static struct header bait; /* of the segment that was there */
static int exchange_at, attachments;

void *__real_shmat(int id, const void *at, int flags);
void *__wrap_shmat(int id, const void *at, int flags);

/*
 * Just before an attachment, another segment gets the id: one page, with the header of the first.
 */
void *__wrap_shmat(int id, const void *at, int flags)
{
	void *page;
	int again;

	if (++attachments == exchange_at) {
		must_equal(shmctl(id, IPC_RMID, NULL), 0);
		must(next_id_is("shm", id));
		again = shmget(test_key.value, sizeof(struct header), IPC_CREAT | IPC_EXCL | 0600);
		must_equal(again, id);
		page = __real_shmat(again, NULL, 0);
		memcpy(page, &bait, sizeof(bait));
		must_equal(shmdt(page), 0);
	}
	return __real_shmat(id, at, flags);
}

static void a_segment_that_is_smaller(void **state)
{
	(void)state;
	if (!next_id_is("shm", 1))
		skip();
	for (int at = 1; at <= 3; at++) {
		struct vitrine_channel *channel = open_channel(VITRINE_PRODUCER, 2);
		struct vitrine_options options = usual_options(VITRINE_INSPECTOR, 2);
		int rc;

		publish_image(channel, 1);
		bait = *channel->base;
		must_equal(vitrine_close(channel), 1);
		attachments = 0;
		exchange_at = at;
		rc = vitrine_open(&channel, &options);
		must(rc == VITRINE_EFOREIGN || attachments < at);
		exchange_at = 0;
		vitrine_close(channel);
		must(remove_objects() > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(a_set_that_is_larger),
		a_test(a_set_that_is_smaller),
		a_test(values_end_where_they_must),
		a_test(a_segment_that_is_smaller),
	};

	/*
	 * Any process may get the next id, so no other test may be in this namespace. Without
	 * permission for unshare(), the test could not choose the next id, either.
	 */
	if (unshare(CLONE_NEWIPC) < 0)
		perror("unshare(CLONE_NEWIPC)");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
