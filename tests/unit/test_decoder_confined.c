/*
 * test_decoder_confined.c - what the decoder process has, and what it can access; the error if it
 * cannot be started; and that it ends with its window.
 */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "decoders.h"

enum { OTHER = 65533, SKIPPED = 77 };

_Static_assert(sizeof(off_t) == 8 && sizeof(rlim_t) == 8, "files and limits of 4 GiB and more");

/* ---- what it has, and what it can get -------------------------------------------------------- */

static void test_it_has_no_descriptor_but_the_file(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	int inherited = open("/dev/null", O_RDONLY); /* not close-on-exec: some library's */

	(void)state;
	assert_true(inherited >= 0);
	assert_fails(decoder, "descriptors", "descriptors 1");
	close(inherited);
	decoder_destroy(decoder);
}

#ifndef VITRINE_SANITIZED
static void test_it_knows_no_secrets(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX] = "";

	(void)state;
	setenv("SECRET_TOKEN", "hush", 1);
	assert_null(decode(decoder, bad_file("environment"), reason));
	assert_ptr_equal(strstr(reason, "environment:"), reason);
	assert_null(strstr(reason, "SECRET"));
	assert_null(strstr(reason, "PATH=/usr"));
	unsetenv("SECRET_TOKEN");
	decoder_destroy(decoder);
}

/* Runs as an ordinary user, because root may look into every process. */
static void look_into_it(void)
{
	char path[64];
	struct decoder *decoder;

	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(OTHER, OTHER, OTHER) != 0 ||
				      setresuid(OTHER, OTHER, OTHER) != 0))
		_exit(SKIPPED);
	if (access(VITRINE_DECODER_DOUBLE, X_OK) != 0)
		_exit(SKIPPED); /* other users have no access to its folder */
	files_open(&files);
	decoder = start(VITRINE_DECODER_DOUBLE, 0);
	assert_decodes(decoder);
	snprintf(path, sizeof(path), "/proc/%d/environ", decoder_pid(decoder));
	if (open(path, O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES)
		_exit(EXIT_FAILURE);
	decoder_destroy(decoder);
	files_close(&files);
	_exit(0);
}

static void test_no_process_of_the_user_looks_into_it(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		look_into_it();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == SKIPPED)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_its_memory_is_limited(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX] = "";
	unsigned mebibytes = 0;

	(void)state;
	assert_null(decode(decoder, bad_file("grow"), reason));
	assert_int_equal(sscanf(reason, "got %u MiB", &mebibytes), 1);
	assert_in_range(mebibytes, LIMIT >> 20, (LIMIT >> 20) * 4 + 256);
	decoder_destroy(decoder);
}
#endif

#ifdef HAVE_SECCOMP
static void expect_said(const char *program, const char *misbehaviour, const char *said)
{
	struct decoder *decoder = start(program, 0);
	char reason[TEXT_REASON_MAX] = "";

	assert_null(decode(decoder, bad_file(misbehaviour), reason));
	assert_string_equal(reason, said);
	assert_decodes(decoder);
	decoder_destroy(decoder);
}

static void test_the_system_refuses_it_the_rest(void **state)
{
	(void)state;
	expect_said(VITRINE_DECODER_DOUBLE, "forbidden", "allowed: (PPM)");
	expect_said(VITRINE_DECODER_DOUBLE, "threads", "a thread: refused (PPM)");
}

/* libheif, libjxl and librsvg need threads, which may do no more than the decoder itself. */
static void test_the_system_allows_threads_only_where_needed(void **state)
{
	(void)state;
	expect_said(VITRINE_DECODER_DOUBLE_THREADS, "forbidden", "allowed: (PPM)");
	expect_said(VITRINE_DECODER_DOUBLE_THREADS, "threads", "a thread: started (PPM)");
}
#endif

/* ---- when it cannot be had ------------------------------------------------------------------- */

static void test_a_decoder_that_is_missing_has_its_reason(void **state)
{
	static const char *const cases[][2] = {
		{"/nowhere/vitrine-decoder",
			"/nowhere/vitrine-decoder: No such file or directory; install vitrine-decoder"},
		{"/etc/passwd", "Permission denied"},
		{"/bin/true", "the decoder ended (exit status 0)"},
		{"/bin/cat", "the decoder"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decoder *decoder = start(cases[i][0], SECOND);

		assert_fails(decoder, "none", cases[i][1]);
		decoder_destroy(decoder);
	}
}

static void test_without_descriptors_it_says_so(void **state)
{
	struct decoder *decoder = start(VITRINE_DECODER, 0);
	const char *path = sample_save_png(&files, "few.png", 8, 8);
	struct rlimit was, few;
	bool decoded = false;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	/* Raises the limit one by one: the number of descriptors is too small, or sufficient. */
	for (few.rlim_cur = 3; few.rlim_cur < 64 && !decoded; few.rlim_cur++) {
		char reason[TEXT_REASON_MAX] = "";

		setrlimit(RLIMIT_NOFILE, &few);
		struct picture *picture = decode(decoder, path, reason);
		setrlimit(RLIMIT_NOFILE, &was);
		decoded = picture != NULL;
		if (!decoded && strstr(reason, "Too many open files") == NULL)
			fail_msg("with %lu: %s", (unsigned long)few.rlim_cur, reason);
		picture_unref(picture);
	}
	assert_true(decoded);
	decoder_destroy(decoder);
}

/* ---- when the window dies -------------------------------------------------------------------- */

/* A process that decodes a file for ever; it writes its decoder's pid into the pipe. */
static void run_window(int pipe)
{
	struct decoder *decoder = start(VITRINE_DECODER_DOUBLE, 0);
	char reason[TEXT_REASON_MAX];
	int pid;

	assert_decodes(decoder);
	pid = decoder_pid(decoder);
	if (write(pipe, &pid, sizeof(pid)) == sizeof(pid))
		decode(decoder, bad_file("hang"), reason);
	_exit(1);
}

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

/* Time on a processor, in ticks of a hundredth of a second. */
static long ticks_of(int pid)
{
	char path[64];
	long ticks = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld", &ticks) !=
		1)
		fail_msg("%s has no times", path);
	fclose(file);
	return ticks;
}

static void await_busy(int pid)
{
	enum { TICKS = 5 };
	const int64_t end = now_ns() + PATIENT;
	const long before = ticks_of(pid);

	while (ticks_of(pid) < before + TICKS) {
		assert_true(now_ns() < end);
		nap();
	}
}

/* Waits for the process and returns its status. If it does not end, kills it and fails the test. */
static int await_child(int pid)
{
	const int64_t end = now_ns() + PATIENT;
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (now_ns() > end) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			fail_msg("the decoder is still there");
		}
		nap();
	}
	return status;
}

static void test_it_ends_with_the_window(void **state)
{
	int ends[2], status, pid;

	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0); /* becomes the parent of orphans */
	assert_int_equal(pipe(ends), 0);
	pid_t window = fork();
	if (window == 0)
		run_window(ends[1]);
	assert_int_equal(read(ends[0], &pid, sizeof(pid)), sizeof(pid));
	await_busy(
		pid); /* an idle decoder would see that the socket is closed, and end by itself */
	assert_int_equal(kill(window, SIGKILL), 0);
	assert_int_equal(waitpid(window, &status, 0), window);
	status = await_child(pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(ends[0]);
	close(ends[1]);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_has_no_descriptor_but_the_file),
#ifndef VITRINE_SANITIZED
		cmocka_unit_test(test_it_knows_no_secrets),
		cmocka_unit_test(test_no_process_of_the_user_looks_into_it),
		cmocka_unit_test(test_its_memory_is_limited),
#endif
#ifdef HAVE_SECCOMP
		cmocka_unit_test(test_the_system_refuses_it_the_rest),
		cmocka_unit_test(test_the_system_allows_threads_only_where_needed),
#endif
		cmocka_unit_test(test_a_decoder_that_is_missing_has_its_reason),
		cmocka_unit_test(test_without_descriptors_it_says_so),
		cmocka_unit_test(test_it_ends_with_the_window),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
