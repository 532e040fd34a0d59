/*
 * xray_load.c - what vitrine xray is measured with. script/bench runs it.
 *
 *	bench-xray load SETS SEMAPHORES PROCESSES ASLEEP PAIRS
 *	bench-xray semop COUNT
 *	bench-xray getppid COUNT
 *
 * load: a machine with SETS sets of SEMAPHORES, and PROCESSES processes. ASLEEP of these sleep in
 * semop; PAIRS pairs wake each other 100 times a second; the others sleep in pause(). Prints a line
 * when all are there. SIGTERM ends them and removes the sets.
 *
 * semop: computes for 100 µs before each of COUNT calls of semop, so that it makes 10,000 a second.
 * getppid: COUNT of these calls, one after the other. Both print the nanoseconds that a call took,
 * with what was computed before it.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SETS_MAX = 4096, COMPUTE_NS = 100000, PAIR_NS = 10000000 };

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void operate(int set, unsigned short semaphore, short by)
{
	struct sembuf operation = {semaphore, by, 0};

	while (semop(set, &operation, 1) < 0 && errno == EINTR)
		continue;
}

/* ---- load ------------------------------------------------------------------------------------ */

struct load {
	int sets[SETS_MAX];
	unsigned set_count, semaphores;
};

/* Set `number` modulo the number of sets, and one of its semaphores. */
static void wait_on(const struct load *load, unsigned number)
{
	operate(load->sets[number % load->set_count],
		(unsigned short)(number / load->set_count % load->semaphores), -1);
}

/* Two semaphores from the end of a set: one for each direction. */
static void play(const struct load *load, unsigned pair, bool is_first)
{
	int set = load->sets[pair % load->set_count];
	unsigned short there = (unsigned short)(load->semaphores - 1),
		       back = (unsigned short)(load->semaphores - 2);
	const struct timespec pause = {0, PAIR_NS};

	while (true) {
		if (is_first) {
			nanosleep(&pause, NULL);
			operate(set, there, 1);
			operate(set, back, -1);
		} else {
			operate(set, there, -1);
			operate(set, back, 1);
		}
	}
}

static void live(const struct load *load, unsigned number, unsigned asleep, unsigned pairs)
{
	if (number < asleep)
		wait_on(load, number);
	else if (number < asleep + 2 * pairs)
		play(load, (number - asleep) / 2, (number - asleep) % 2 == 0);
	while (true)
		pause();
}

static int remove_all(const struct load *load, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		semctl(load->sets[i], 0, IPC_RMID);
	return 1;
}

static int put_load(char **words)
{
	static struct load load;
	unsigned processes = (unsigned)atoi(words[2]), asleep = (unsigned)atoi(words[3]);
	unsigned pairs = (unsigned)atoi(words[4]);
	sigset_t signals;
	int signal;

	load.set_count = (unsigned)atoi(words[0]);
	load.semaphores = (unsigned)atoi(words[1]);
	if (load.set_count < 1 || load.set_count > SETS_MAX || load.semaphores < 2)
		return 2;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (unsigned i = 0; i < load.set_count; i++) {
		load.sets[i] = semget(IPC_PRIVATE, (int)load.semaphores, 0600);
		if (load.sets[i] < 0) {
			perror("bench-xray: semget");
			return remove_all(&load, i);
		}
	}
	for (unsigned i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("bench-xray: fork");
			return remove_all(&load, load.set_count);
		}
		if (pid == 0) {
			sigprocmask(SIG_UNBLOCK, &signals, NULL);
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			live(&load, i, asleep, pairs);
		}
	}
	puts("ready");
	fflush(stdout);
	sigwait(&signals, &signal);
	remove_all(&load, load.set_count);
	return 0;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void compute(uint64_t rounds)
{
	for (volatile uint64_t i = 0; i < rounds; i++)
		continue;
}

/* How many rounds take that long: as many in each run, whether the program is traced or not. */
static uint64_t calibrate(int64_t ns)
{
	const uint64_t rounds = 20000000;
	int64_t best = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		int64_t start = now_ns(), took;

		compute(rounds);
		took = now_ns() - start;
		best = took < best ? took : best;
	}
	return rounds * (uint64_t)ns / (uint64_t)best;
}

static int call_semop(long count)
{
	int set = semget(IPC_PRIVATE, 1, 0600);
	uint64_t rounds = calibrate(COMPUTE_NS);
	int64_t start = now_ns();

	for (long i = 0; i < count; i++) {
		compute(rounds);
		operate(set, 0, i % 2 == 0 ? 1 : -1);
	}
	fprintf(stderr, "%.1f\n", (double)(now_ns() - start) / (double)count);
	semctl(set, 0, IPC_RMID);
	return 0;
}

static int call_getppid(long count)
{
	int64_t start = now_ns();

	for (long i = 0; i < count; i++)
		syscall(SYS_getppid);
	fprintf(stderr, "%.1f\n", (double)(now_ns() - start) / (double)count);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 7 && strcmp(argv[1], "load") == 0)
		return put_load(argv + 2);
	if (argc == 3 && strcmp(argv[1], "semop") == 0)
		return call_semop(atol(argv[2]));
	if (argc == 3 && strcmp(argv[1], "getppid") == 0)
		return call_getppid(atol(argv[2]));
	fputs("usage: bench-xray load SETS SEMAPHORES PROCESSES ASLEEP PAIRS | semop COUNT | getppid "
	      "COUNT\n",
		stderr);
	return 2;
}
