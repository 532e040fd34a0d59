/* test_segment.c - segment.h alone: each call, each error it names. */
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "segment.h"

static int made(uint64_t size, unsigned mode)
{
	int id = segment_create(test_key.value, size, mode);

	must(id >= 0);
	remember_objects();
	return id;
}

static void creates_finds_and_removes(void **state)
{
	struct segment_status status;
	int id;

	(void)state;
	must_equal(segment_find(test_key.value), -ENOENT);
	id = made(10000, 0640);
	must_equal(segment_create(test_key.value, 10000, 0600), -EEXIST);
	must_equal(segment_find(test_key.value), id);
	await_attached(id, 0);
	must_equal(segment_status(id, &status), 0);
	must_equal(status.size, 10000);
	must_equal(status.mode, 0640);
	must_equal(status.owner, geteuid());
	must_equal(status.creator, getpid());
	must(!status.removed);
	must_equal(segment_remove(id), 0);
	must_equal(segment_find(test_key.value), -ENOENT);
	await_attached(id, 0);
	must_equal(segment_status(id, &status), -EINVAL);
	must_equal(segment_remove(id), -EINVAL);
}

static void is_zero_and_keeps_bytes(void **state)
{
	int id = made(3 * 4096, 0600);
	char *first, *second;

	(void)state;
	must_equal(segment_attach(id, true, (void **)&first), 0);
	must_equal(segment_attach(id, false, (void **)&second), 0);
	for (int i = 0; i < 3 * 4096; i++)
		must_equal(first[i], 0);
	strcpy(first, "seen");
	must(strcmp(second, "seen") == 0);
	must_equal(segment_detach(first), 0);
	must_equal(segment_detach(first), -EINVAL);
	must_equal(segment_detach(second), 0);
	must_equal(segment_remove(id), 0);
}

static void lives_until_the_last_detach(void **state)
{
	struct segment_status status;
	int id = made(4096, 0600);
	void *at;

	(void)state;
	must_equal(segment_attach(id, true, &at), 0);
	must_equal(segment_remove(id), 0);
	must_equal(segment_find(test_key.value), -ENOENT);
	must_equal(segment_status(id, &status), 0);
	must(status.removed);
	await_attached(id, 1);
	must_equal(segment_detach(at), 0);
	await_attached(id, 0);
	must_equal(segment_status(id, &status), -EINVAL);
	must_equal(segment_attach(id, false, &at), -EINVAL);
}

static void refuses_impossible_sizes(void **state)
{
	(void)state;
	must_equal(segment_create(test_key.value, 0, 0600), -EINVAL);
	must_equal(segment_create(test_key.value, UINT64_MAX, 0600), -EINVAL);
	must_equal(segment_find(test_key.value), -ENOENT);
}

/* The hardware enforces read-only access; it does not depend on the program. */
static void write_to_it(void *at)
{
	signal(SIGSEGV, SIG_DFL); /* a sanitizer would make an exit of it */
	*(volatile char *)at = 1;
}

static void read_only_is_deadly_to_writers(void **state)
{
	int id = made(4096, 0600), status;
	void *at;

	(void)state;
	must_equal(segment_attach(id, false, &at), 0);
	status = run_child(write_to_it, at);
	must(WIFSIGNALED(status));
	must_equal(WTERMSIG(status), SIGSEGV);
	must_equal(segment_detach(at), 0);
	must_equal(segment_attach(id, true, &at), 0);
	must_equal(run_child(write_to_it, at), 0);
	must_equal(segment_detach(at), 0);
	must_equal(segment_remove(id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(creates_finds_and_removes),
		a_test(is_zero_and_keeps_bytes),
		a_test(lives_until_the_last_detach),
		a_test(refuses_impossible_sizes),
		a_test(read_only_is_deadly_to_writers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
