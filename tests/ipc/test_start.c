/* test_start.c - every order in which the programs may start and end; none loses an image. */
#include "support.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "actor.h"
#include "semset.h"

enum { SKIPPED = 77 };

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

/* The producer publishes two images and ends in some way before another program starts. */
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

/*
 * A consumer dies while it holds an image; the next one gets it, although no program was there in
 * between.
 */
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

/* ---- pauses and signals -------------------------------------------------------------------- */

enum { PATIENCE_MS = 500 };

static void stop_at(const struct vitrine_event *event, void *name)
{
	bool is_creator = strcmp(name, "create segment") == 0;

	if (strcmp(event->name, name) == 0 && (is_creator ? event->before : event->result != 0))
		raise(SIGSTOP);
}

static int open_and_stop_at(enum vitrine_role role, const char *name)
{
	struct vitrine_options options = usual_options(role, 2);
	struct vitrine_channel *channel;
	int pid = fork_bounded();

	if (pid > 0)
		return pid;
	options.patience_ns = PATIENCE_MS * (uint64_t)MILLISECOND_NS;
	options.observer = stop_at;
	options.observer_data = (void *)(uintptr_t)name;
	if (vitrine_open(&channel, &options) != VITRINE_OK)
		puts(vitrine_message(channel));
	must_equal(channel->joined, true);
	vitrine_close(channel);
	_exit(0);
}

static void await_stop(int pid)
{
	int status;

	must_equal(waitpid(pid, &status, WUNTRACED), pid);
	must(WIFSTOPPED(status));
}

/*
 * All processes were stopped together (a virtual machine, a job), so none of them counts as slow.
 */
static void a_pause_of_everybody(void **state)
{
	int creator = open_and_stop_at(VITRINE_PRODUCER, "create segment"), opener;
	struct timespec pause = {.tv_sec = 1, .tv_nsec = 2 * PATIENCE_MS * 1000 * 100};

	(void)state;
	await_stop(creator);
	opener = open_and_stop_at(VITRINE_CONSUMER, "join");
	await_stop(opener);
	while (nanosleep(&pause, &pause) < 0)
		continue;
	kill(opener, SIGCONT);
	await_stop(opener); /* it has looked again, and is not done yet */
	kill(opener, SIGCONT);
	kill(creator, SIGCONT);
	for (int status; waitpid(opener, &status, WUNTRACED) == opener;) {
		if (!WIFSTOPPED(status)) {
			must_equal(status, 0);
			break;
		}
		kill(opener, SIGCONT);
	}
	must_equal(await_end(creator), 0);
	remove_objects();
}

/* Its first child is process 1 of a PID namespace, and must not end others by kill(0, …). */
static void open_from_another_pid_namespace(void *unused)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	pid_t child;

	(void)unused;
	if (unshare(CLONE_NEWPID) < 0)
		_exit(SKIPPED);
	child = fork();
	if (child == 0) {
		alarm(LIMIT_S);
		options.patience_ns = 20 * MILLISECOND_NS;
		open_must_fail(&options, VITRINE_EBUSY, "in another container?");
		open_must_fail(&options, VITRINE_EBUSY, "then try again");
		_exit(0);
	}
	_exit(await_end(child) == 0 ? 0 : 1);
}

/* The kernel reports pid 0 for a process that has no pid in this namespace. */
static void a_slow_creator_of_another_pid_namespace(void **state)
{
	int creator = open_and_stop_at(VITRINE_PRODUCER, "create segment"), status;

	(void)state;
	await_stop(creator);
	status = run_child(open_from_another_pid_namespace, NULL);
	kill(creator, SIGKILL);
	await_end(creator);
	remove_objects();
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED)
		skip();
	must_equal(status, 0);
}

static void ignore_it(int number)
{
	(void)number;
}

/* Ctrl+C must end an open that waits for another process. */
static void a_signal_ends_the_wait(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	const struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
	int id = semset_create(test_key.value, semaphore_count(2), 0600);

	(void)state;
	signal(SIGALRM, SIG_DFL);
	sigaction(SIGALRM, &(struct sigaction){.sa_handler = ignore_it}, NULL);
	options.patience_ns = LIMIT_S * (uint64_t)SECOND_NS;
	setitimer(ITIMER_REAL, &often, NULL);
	open_must_fail(&options, VITRINE_EINTR, "interrupted");
	setitimer(ITIMER_REAL, &never, NULL);
	must_equal(semset_remove(id), 0);
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
		a_test(a_pause_of_everybody),
		a_test(a_slow_creator_of_another_pid_namespace),
		a_test(a_signal_ends_the_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
