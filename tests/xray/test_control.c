/*
 * test_control.c - programs under control: steps, sleeps, wakes, forks, threads, ends; and what is
 * told of them, compared with what the kernel says at the same stop.
 */
#include "stage.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static enum control_doing doing(struct stage *stage, unsigned number)
{
	return control_actor(stage->control, number)->doing;
}

/* ---- the textbook's pair -------------------------------------------------------------------- */

static void add_pair(struct stage *stage, const char *how)
{
	char line[128];

	for (int i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "pair %s 0x7705%04x 4 %s",
			i == 0 ? "producer" : "consumer", (unsigned)getpid() & 0xffff, how);
		stage_add(stage, line);
	}
}

static void test_pair_comes_to_its_end(void **state)
{
	struct stage stage = {0};
	unsigned stepped;

	(void)state;
	add_pair(&stage, "");
	stage_begin(&stage);
	assert_int_equal(control_count(stage.control), 2);
	while (control_alive(stage.control) > 0)
		assert_int_equal(control_step(stage.control, 0, &stepped), CONTROL_DONE);
	for (unsigned number = 1; number <= 2; number++)
		assert_int_equal(control_actor(stage.control, number)->task->status, 0);
	stage_end(&stage);
}

static void test_pair_runs_to_its_end(void **state)
{
	struct stage stage = {0};

	(void)state;
	add_pair(&stage, "");
	stage_begin(&stage);
	assert_int_equal(control_run(stage.control, INT64_C(30000000000)), CONTROL_DONE);
	assert_int_equal(control_alive(stage.control), 0);
	stage_end(&stage);
}

/* Each value, each sleeper and each last process, as semctl() says at the same stop. */
static void test_sleepers_are_the_kernels(void **state)
{
	struct stage stage = {0};

	(void)state;
	add_pair(&stage, "");
	stage_begin(&stage);
	while (control_alive(stage.control) > 0) {
		int more[3] = {0};
		int set = -1;

		assert_int_equal(control_step(stage.control, 0, NULL), CONTROL_DONE);
		control_look(stage.control);
		for (unsigned number = 1; number <= 2; number++) {
			const struct control_actor *actor = control_actor(stage.control, number);

			if (actor->doing != CONTROL_SLEEPS)
				continue;
			assert_int_not_equal(actor->blocked_at, CONTROL_UNKNOWN);
			set = actor->task->call.id;
			more[actor->task->call.operations[actor->blocked_at].sem_num]++;
		}
		for (int i = 0; set >= 0 && i < 3; i++)
			assert_int_equal(semctl(set, i, GETNCNT), more[i]);
	}
	stage_end(&stage);
}

/* ---- one process ---------------------------------------------------------------------------- */

static void test_a_call_is_decoded_with_its_flags(void **state)
{
	struct stage stage = {0};
	const struct call *call;
	char text[CALL_TEXT_MAX];

	(void)state;
	stage_add(&stage, "worker make 3,3 op 0-1u,1+2,1-1n segment");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	call = &control_actor(stage.control, 1)->task->call;
	assert_int_equal(call->count, 3);
	assert_int_equal(call->timeout_ns, CALL_FOREVER);
	assert_string_equal(call_text(call, NULL, NULL, text), "semop: 0 −1 U, 1 +2, 1 −1 ?");
	stage_step(&stage, 1);
	assert_string_equal(call_text(call, NULL, NULL, text), "shmget IPC_PRIVATE, 4096 bytes");
	stage_step(&stage, 1);
	assert_int_equal(call->kind, CALL_SHMAT);
	stage_step_to_end(&stage, 1);
	stage_end(&stage);
}

static void test_a_timeout_and_its_end(void **state)
{
	struct stage stage = {0};
	const struct control_actor *actor;
	char text[CALL_TEXT_MAX];

	(void)state;
	stage_add(&stage, "worker make 0 timeout 0 1000");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	actor = control_actor(stage.control, 1);
	assert_string_equal(call_text(&actor->task->call, NULL, NULL, text),
		"semop: 0 −1, for 1000 ms at most");
	stage_step(&stage, 1);
	assert_int_equal(actor->doing, CONTROL_SLEEPS);
	while (actor->task->state == TRACER_IN_CALL)
		control_settle(stage.control, INT64_C(20000000));
	assert_int_equal(actor->task->call.result, -EAGAIN);
	stage_step_to_end(&stage, 1);
	stage_end(&stage);
}

static void test_a_fork_is_an_actor(void **state)
{
	struct stage stage = {0};

	(void)state;
	stage_add(&stage, "worker make 0 fork op 0+1 op 0-1");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	assert_int_equal(control_count(stage.control), 2);
	assert_int_equal(doing(&stage, 2), CONTROL_BEGINS);
	stage_to_semop(&stage, 2);
	stage_step_to_end(&stage, 1);
	stage_step_to_end(&stage, 2);
	stage_end(&stage);
}

static void test_a_thread_is_an_actor(void **state)
{
	struct stage stage = {0};
	const struct control_actor *thread;

	(void)state;
	stage_add(&stage, "worker make 1 op 0-1u thread op 0-1u");
	stage_begin(&stage);
	stage_to_semop(&stage, 1);
	assert_int_equal(control_step(stage.control, 1, NULL), CONTROL_GOES_ON); /* pthread_join */
	assert_int_equal(control_count(stage.control), 2);
	thread = control_actor(stage.control, 2);
	assert_true(thread->task->is_thread);
	assert_int_equal(thread->task->pid, control_actor(stage.control, 1)->task->pid);
	stage_to_semop(&stage, 2);
	stage_step(&stage, 2);
	assert_int_equal(thread->doing, CONTROL_SLEEPS);
	control_look(stage.control);
	assert_int_equal(doing(&stage, 1), CONTROL_ELSEWHERE);
	stage_end(&stage);
}

static void test_messages(void **state)
{
	struct stage stage = {0};
	char text[CALL_TEXT_MAX], wanted[64];

	(void)state;
	stage_add(&stage, "worker queue send receive receive");
	stage_begin(&stage);
	stage_step(&stage, 1);
	snprintf(wanted, sizeof(wanted), "msgsnd queue %d, type 7, 5 bytes", stage_set(&stage, 1));
	assert_string_equal(call_text(&control_actor(stage.control, 1)->task->call, NULL, NULL,
				    text),
		wanted);
	stage_step(&stage, 1);
	stage_step(&stage, 1);
	stage_step(&stage, 1);
	assert_int_equal(doing(&stage, 1), CONTROL_SLEEPS);
	stage_end(&stage);
}

/* The deadline may pass between two looks at the clock: the time left is then below 0. */
static void test_a_short_wait_ends(void **state)
{
	struct stage stage = {0};

	(void)state;
	stage_add(&stage, "worker make 0 op 0-1");
	stage_begin(&stage);
	while (doing(&stage, 1) != CONTROL_SLEEPS)
		stage_step(&stage, 1);
	for (int64_t ns = 1; ns <= 20000; ns++)
		control_settle(stage.control, ns);
	assert_int_equal(doing(&stage, 1), CONTROL_SLEEPS);
	stage_end(&stage);
}

/* Stopped by a signal it stands still, and the end comes all the same. */
static void test_a_stopped_program_ends_with_us(void **state)
{
	struct stage stage = {0};
	pid_t pid;

	(void)state;
	stage_add(&stage, "worker make 0 stop op 0+1");
	stage_begin(&stage);
	stage_step(&stage, 1);
	stage_step(&stage, 1);
	assert_int_equal(doing(&stage, 1), CONTROL_STOPPED);
	pid = control_actor(stage.control, 1)->task->pid;
	kill(pid, SIGCONT);
	while (doing(&stage, 1) != CONTROL_BEFORE)
		control_settle(stage.control, INT64_C(20000000));
	kill(pid, SIGSTOP);
	stage_end(&stage);
	assert_int_equal(kill(pid, 0), -1);
}

static void test_a_fork_bomb_is_ended(void **state)
{
	struct stage stage = {0};

	(void)state;
	stage_add(&stage, "worker make 0 forks");
	stage_begin(&stage);
	assert_int_equal(control_run(stage.control, INT64_C(30000000000)), CONTROL_TOO_MANY);
	assert_non_null(strstr(control_reason(stage.control), "fork"));
	assert_int_equal(control_alive(stage.control), 0);
	stage_end(&stage);
}

/* ---- again ---------------------------------------------------------------------------------- */

static void test_back_is_where_it_was(void **state)
{
	struct stage stage = {0};
	uint64_t calls[12];
	size_t steps = 0;

	(void)state;
	add_pair(&stage, "undo");
	stage_begin(&stage);
	for (; steps < 12; steps++) {
		calls[steps] = control_calls(stage.control);
		assert_int_equal(control_step(stage.control, 0, NULL), CONTROL_DONE);
	}
	while (steps-- > 6) {
		assert_int_equal(control_back(stage.control), CONTROL_DONE);
		assert_int_equal(control_steps(stage.control), steps);
		assert_int_equal(control_calls(stage.control), calls[steps]);
	}
	stage_end(&stage);
}

/* The process that controls is killed: its programs do not outlive it. */
static void test_nothing_outlives_the_tracer(void **state)
{
	int ends[2], status;
	struct {
		pid_t pid;
		int set;
	} controlled = {0};
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		struct stage stage = {0};

		stage_add(&stage, "worker make 0 op 0-1");
		stage_begin(&stage);
		stage_to_semop(&stage, 1);
		controlled.pid = control_actor(stage.control, 1)->task->pid;
		controlled.set = control_actor(stage.control, 1)->task->call.id;
		if (write(ends[1], &controlled, sizeof(controlled)) < 0)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ends[0], &controlled, sizeof(controlled)), sizeof(controlled));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	for (int left = 3000; kill(controlled.pid, 0) == 0 && left > 0; left--)
		usleep(10000);
	assert_int_equal(kill(controlled.pid, 0), -1);
	assert_int_equal(semctl(controlled.set, 0, IPC_RMID), 0);
	close(ends[0]);
	close(ends[1]);
}

/* ---- what cannot be controlled -------------------------------------------------------------- */

static void assert_refused(const char *path, const char *why)
{
	char *argv[] = {(char *)(uintptr_t)path, NULL};
	struct tracer_program program = {.argv = argv};
	struct control_options options = {.programs = &program, .program_count = 1};
	struct control *control;
	char reason[TRACER_REASON_MAX] = "";

	assert_false(control_create(&control, &options, reason));
	if (strstr(reason, why) == NULL || strncmp(reason, path, strlen(path)) != 0)
		fail_msg("%s: \"%s\" does not say \"%s\"", path, reason, why);
}

static void write_file(const char *path, const void *bytes, size_t size, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fwrite(bytes, 1, size, file);
	fclose(file);
	chmod(path, mode);
}

static void test_what_cannot_be_controlled(void **state)
{
	char folder[] = "/tmp/vitrine-control-XXXXXX", path[64];
	unsigned char elf[64] = {0x7f, 'E', 'L', 'F', 1, 1, 1};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/program", folder);
	assert_refused(path, "does not exist");
	assert_refused("no-such-program-at-all", "is not in any folder of PATH");
	write_file(path, "int main;", 9, 0755);
	assert_refused(path, "not an ELF file");
	elf[18] = 3; /* EM_386 */
	write_file(path, elf, sizeof(elf), 0755);
	assert_refused(path, "another architecture");
	write_file(path, elf, 20, 0755);
	assert_refused(path, "damaged");
	write_file(path, "#!/no/such/interpreter\n", 23, 0755);
	assert_refused(path, "names the interpreter");
	write_file(path, "#!/bin/sh\n", 10, 0644);
	assert_refused(path, "chmod +x");
	write_file(path, "#!/bin/sh\n", 10, 04755);
	assert_refused(path, "set-uid");
	assert_refused(folder, "not a file");
	unlink(path);
	rmdir(folder);
}

/* ---- signals -------------------------------------------------------------------------------- */

/* One that it ignores ends no sleep, as without control; one that it catches does. */
static void test_ignored_signals_end_no_sleep(void **state)
{
	static const char *const sleeps[] = {"make 0,0,0 catch op 0-1", "catch receive"};

	(void)state;
	for (size_t i = 0; i < sizeof(sleeps) / sizeof(sleeps[0]); i++) {
		struct stage stage = {0};
		struct control_actor *actor;
		char line[128];

		snprintf(line, sizeof(line), "worker %s", sleeps[i]);
		stage_add(&stage, line);
		stage_begin(&stage);
		actor = control_actor(stage.control, 1);
		while (actor->doing != CONTROL_SLEEPS)
			stage_step(&stage, 1);
		for (int times = 0; times < 20; times++) {
			kill(actor->task->pid, times % 2 == 0 ? SIGCHLD : SIGWINCH);
			control_settle(stage.control, 2000000);
			assert_true(actor->doing == CONTROL_SLEEPS || actor->doing == CONTROL_RUNS);
		}
		kill(actor->task->pid, SIGUSR1);
		while (actor->doing != CONTROL_WOKEN)
			control_settle(stage.control, 1000000);
		assert_int_equal(actor->done.result, -EINTR);
		stage_step_to_end(&stage, 1);
		assert_int_equal(actor->task->status, 0);
		stage_end(&stage);
	}
}

/* ---- copies --------------------------------------------------------------------------------- */

/* How many of these pages the process shares with no other one. */
static size_t count_own(pid_t pid, const struct frozen_pages *pages)
{
	char path[48];
	size_t count = 0;
	int map;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	map = open(path, O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < pages->count; i++) {
		uint64_t entry = 0,
			 page = (uintptr_t)pages->bytes[i].iov_base / (uintptr_t)getpagesize();

		assert_int_equal(pread(map, &entry, sizeof(entry), (off_t)(page * sizeof(entry))),
			sizeof(entry));
		count += (entry & UINT64_C(1) << 56) != 0;
	}
	close(map);
	return count;
}

/* Starts a copy of the only program in place of what was there. Returns its first actor. */
static const struct control_actor *copy(struct stage *stage, struct frozen *frozen)
{
	const struct control_options options = {
		.programs = stage->programs, .program_count = 1, .frozen = frozen};
	char reason[TRACER_REASON_MAX];

	control_end(stage->control);
	if (!control_create(&stage->control, &options, reason))
		fail_msg("%s", reason);
	return control_actor(stage->control, 1);
}

static void test_a_copy_has_the_pages_that_it_will_write(void **state)
{
	struct stage stage = {0};
	struct frozen frozen = {0};

	(void)state;
	stage_add(&stage, "worker make 1 op 0+1 remove");
	stage_begin(&stage);
	assert_true(control_freeze(stage.control, &frozen));
	for (int i = 0; i < 3; i++) {
		const struct control_actor *actor = copy(&stage, &frozen);

		assert_int_equal(frozen.has_learned, i > 0);
		assert_int_equal(frozen.written.count > 0, i > 0);
		assert_int_equal(count_own(actor->task->pid, &frozen.written),
			frozen.written.count);
		stage_step_to_end(&stage, 1);
		assert_int_equal(actor->task->status, 0);
	}
	frozen_end(&frozen);
	stage_end(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ignored_signals_end_no_sleep),
		cmocka_unit_test(test_pair_comes_to_its_end),
		cmocka_unit_test(test_pair_runs_to_its_end),
		cmocka_unit_test(test_sleepers_are_the_kernels),
		cmocka_unit_test(test_a_call_is_decoded_with_its_flags),
		cmocka_unit_test(test_a_timeout_and_its_end),
		cmocka_unit_test(test_a_fork_is_an_actor),
		cmocka_unit_test(test_a_thread_is_an_actor),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_a_short_wait_ends),
		cmocka_unit_test(test_a_stopped_program_ends_with_us),
		cmocka_unit_test(test_a_fork_bomb_is_ended),
		cmocka_unit_test(test_back_is_where_it_was),
		cmocka_unit_test(test_nothing_outlives_the_tracer),
		cmocka_unit_test(test_what_cannot_be_controlled),
		cmocka_unit_test(test_a_copy_has_the_pages_that_it_will_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
