/*
 * test_limits.c - the kernel's limits on System V IPC. In a private IPC namespace, the test sets
 * each limit so low that the library reaches it. The error must name the limit, nothing may be left
 * behind, and once the limit is raised everything must work. The test needs root; otherwise it is
 * skipped (77), which is a failure with CI=true.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "segment.h"
#include "semset.h"

enum { SKIPPED = 77, USER = 65533 };

static bool write_limit(const char *name, const char *value)
{
	char path[64];
	int fd;
	bool written;

	snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	written = fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
	if (fd >= 0)
		close(fd);
	return written;
}

static void lift_limits(void)
{
	must(write_limit("sem", "32000 1024000000 500 32000"));
	must(write_limit("shmmax", "18446744073692774399"));
	must(write_limit("shmall", "18446744073692774399"));
	must(write_limit("shmmni", "4096"));
}

/*
 * Every role that may create a channel gets an error that names the limit, leaves nothing behind,
 * and succeeds afterwards.
 */
static void is_refused(const char *limit, const char *value, const char *word)
{
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++) {
		struct vitrine_options options = usual_options(role, 4);

		must(write_limit(limit, value));
		open_must_fail(&options, VITRINE_ELIMIT, word);
		must_equal(semset_find(test_key.value), -ENOENT);
		must_equal(segment_find(test_key.value), -ENOENT);
		lift_limits();
		must_equal(vitrine_close(open_channel(role, 4)), 0);
	}
}

static void semaphores_in_a_set(void **state)
{
	(void)state;
	is_refused("sem", "23 1024000000 500 32000", "--slots");
}

static void semaphores_in_all(void **state)
{
	(void)state;
	is_refused("sem", "32000 23 500 32000", "kernel.sem");
}

static void sets(void **state)
{
	int id = semset_create(test_key.value + 1, 1, 0600);

	(void)state;
	must(id >= 0);
	is_refused("sem", "32000 1024000000 500 1", "does not mean that a disk is full");
	must_equal(semset_remove(id), 0);
}

static void bytes_of_a_segment(void **state)
{
	(void)state;
	is_refused("shmmax", "200000", "kernel.shmmax");
}

static void pages_in_all(void **state)
{
	(void)state;
	is_refused("shmall", "40", "kernel.shmall");
}

static void segments(void **state)
{
	int id = segment_create(test_key.value + 1, 1, 0600);

	(void)state;
	must(id >= 0);
	is_refused("shmmni", "1", "kernel.shmmni");
	must_equal(segment_remove(id), 0);
}

/* ---- operations in an array: some calls are possible, some are not ------------------------- */

static bool goes_well(const struct vitrine_channel *channel, int rc)
{
	if (rc < 0) {
		must_equal(rc, VITRINE_ELIMIT);
		must(strstr(vitrine_message(channel), "kernel.sem") != NULL);
	}
	return rc >= 0;
}

/* A whole life of a channel under the limit. True if all of it was possible. */
static bool live(void)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *producer, *consumer;
	struct vitrine_claim claim;
	struct vitrine_image image;
	int rc = vitrine_open(&producer, &options);
	bool well = goes_well(producer, rc);

	options.role = VITRINE_CONSUMER;
	rc = vitrine_open(&consumer, &options);
	well = goes_well(consumer, rc) && well;
	for (int i = 0; well && i < 4; i++) {
		well = goes_well(producer,
			vitrine_claim(producer, 64, VITRINE_DROP_OLDEST, 0, &claim));
		if (!well)
			break;
		vitrine_file(&image, "limit", 64, NULL);
		well = goes_well(producer, vitrine_publish(producer, &claim, &image, 0));
	}
	well = well && goes_well(consumer, vitrine_take(consumer, 0, &image)) &&
	       goes_well(consumer, vitrine_release(consumer, &image));
	vitrine_close(consumer);
	vitrine_close(producer);
	return well;
}

static void operations_in_an_array(void **state)
{
	unsigned most = 0;

	(void)state;
	for (unsigned limit = 1; most == 0; limit++) {
		char value[64];

		snprintf(value, sizeof(value), "32000 1024000000 %u 32000", limit);
		must(write_limit("sem", value));
		if (live())
			most = limit;
		lift_limits();
		/* If it was not possible, nothing is left behind. */
		must(most > 0 || semset_find(test_key.value) == -ENOENT);
		must(most > 0 || segment_find(test_key.value) == -ENOENT);
		must(live());
		remove_objects(); /* the images that wait */
	}
	printf("the longest array that was needed: %u operations\n", most);
	must(most > 3 && most <= OPERATIONS_MOST);
}

/* ---- memory that a process locks ----------------------------------------------------------- */

/* If all future mappings are locked (MCL_FUTURE), shmat(2) allocates the whole segment. */
static void lock_and_open(void *unused)
{
	const struct rlimit limit = {8 * MIB, 8 * MIB};
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 4);

	(void)unused;
	options.slot_size = 64 * MIB;
	must_equal(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
	must_equal(setresuid(USER, USER, USER), 0); /* root may lock all */
	must_equal(mlockall(MCL_FUTURE), 0);
	open_must_fail(&options, VITRINE_ENOMEM, "shm");
	must_equal(semset_find(test_key.value), -ENOENT);
	must_equal(segment_find(test_key.value), -ENOENT);
}

static void memory_that_is_locked(void **state)
{
	(void)state;
#ifdef VITRINE_SANITIZED
	skip(); /* AddressSanitizer makes mlockall do nothing */
#endif
	must_equal(run_child(lock_and_open, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(memory_that_is_locked),
		a_test(semaphores_in_a_set),
		a_test(semaphores_in_all),
		a_test(sets),
		a_test(bytes_of_a_segment),
		a_test(pages_in_all),
		a_test(segments),
		a_test(operations_in_an_array),
	};

	if (unshare(CLONE_NEWIPC) < 0) {
		printf("skipped: no IPC namespace of its own: %s\n", strerror(errno));
		return SKIPPED;
	}
	if (!write_limit("shmmni", "4096")) {
		printf("skipped: the limits cannot be set: %s\n", strerror(errno));
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
