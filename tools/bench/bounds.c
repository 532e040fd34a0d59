/* bounds.c - see bounds.h. */
#include "bounds.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "semset.h"
#include "transitions.h"

enum { CALLS = 20000, TURNS = 2000, WARM_TURNS = 200 };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ---- copies -------------------------------------------------------------------------------- */

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

double bounds_copies(size_t size, double seconds)
{
	uint8_t *from = map(size), *to = map(size);
	double start, end, rate = 0;
	long count = 0;

	if (from != NULL && to != NULL) {
		memset(from, 1, size);
		memcpy(to, from, size);
		start = end = now();
		while (end - start < seconds) {
			memcpy(to, from, size);
			from[count++ % (long)size] ^= to[size - 1]; /* keeps every copy */
			end = now();
		}
		rate = (double)count / (end - start);
	}
	if (from != NULL)
		munmap(from, size);
	if (to != NULL)
		munmap(to, size);
	return rate;
}

double bounds_copies_of_two(size_t size, double seconds)
{
	double *other = map(sizeof(*other));
	double rate = 0;
	pid_t pid = other != NULL ? fork() : -1;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		*other = bounds_copies(size, seconds);
		_exit(0);
	}
	if (pid > 0) {
		rate = bounds_copies(size, seconds);
		waitpid(pid, NULL, 0);
		rate = (rate + *other) / 2;
	}
	if (other != NULL)
		munmap(other, sizeof(*other));
	return rate;
}

/* ---- calls --------------------------------------------------------------------------------- */

static double time_call(void)
{
	double start = now();

	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	return (now() - start) * 1e6 / CALLS;
}

static double time_semop(void)
{
	int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	struct sembuf up = {.sem_op = 1}, down = {.sem_op = -1};
	double start = now(), end;

	if (id < 0)
		return 0;
	for (int i = 0; i < CALLS / 2; i++) {
		semop(id, &up, 1);
		semop(id, &down, 1);
	}
	end = now();
	semctl(id, 0, IPC_RMID);
	return (end - start) * 1e6 / CALLS;
}

/*
 * The arrays that pass one frame in a stream, in their order: two slots take turns, and each image
 * is consumed before the next one is published. 0: a call failed.
 */
static double time_arrays(void)
{
	static const enum transition frame[] = {T_CLAIM_AT_ONCE, T_LOCK, T_PUBLISH_OVER_DONE,
		T_WAIT_AND_LOCK, T_TAKE, T_RELEASE_LATEST};
	enum { SLOTS = 4, ARRAYS = sizeof(frame) / sizeof(frame[0]) };
	struct sembuf operations[2][ARRAYS][OPERATIONS_MOST];
	const int frames = CALLS / ARRAYS;
	unsigned counts[ARRAYS];
	unsigned short values[SEMAPHORES_MAX] = {[SEM_MUTEX] = 1, [SEM_EMPTY] = SLOTS - 1};
	int id = semget(IPC_PRIVATE, (int)semaphore_count(SLOTS), IPC_CREAT | 0600);
	double start = now(), end;
	bool is_done = id >= 0;

	values[slot_semaphore(1, SLOT_LATEST)] = 1; /* of the image before the first one */
	is_done = is_done && semctl(id, 0, SETALL, values) == 0;
	for (unsigned i = 0; i < 2 * ARRAYS; i++) {
		const struct binding binding = {
			.slots = SLOTS, .slot = i < ARRAYS ? 0 : 1, .latest = i < ARRAYS ? 1 : 0};

		counts[i % ARRAYS] = transition_bind(frame[i % ARRAYS], &binding,
			operations[i / ARRAYS][i % ARRAYS]);
	}
	for (int i = 0; is_done && i < frames; i++)
		for (unsigned k = 0; is_done && k < ARRAYS; k++)
			is_done = semset_do(id, operations[i % 2][k], counts[k], 0) == 0;
	end = now();
	if (id >= 0)
		semctl(id, 0, IPC_RMID);
	return is_done ? (end - start) * 1e6 / frames : 0;
}

/* Waits for its turn; falls asleep as soon as the other side has it. */
static void take_turn(_Atomic uint32_t *turn, uint32_t own)
{
	uint32_t seen;

	while ((seen = atomic_load(turn)) != own)
		syscall(SYS_futex, turn, FUTEX_WAIT, seen, NULL, NULL, 0);
}

static void give_turn(_Atomic uint32_t *turn, uint32_t other)
{
	atomic_store(turn, other);
	syscall(SYS_futex, turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static double time_wakeup(void)
{
	_Atomic uint32_t *turn = map(sizeof(*turn));
	double start = 0, end = 0;
	pid_t pid;

	if (turn == NULL)
		return 0;
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (int i = 0; i < TURNS; i++) {
			take_turn(turn, 1);
			give_turn(turn, 0);
		}
		_exit(0);
	}
	for (int i = 0; pid > 0 && i < TURNS; i++) {
		if (i == WARM_TURNS)
			start = now();
		give_turn(turn, 1);
		take_turn(turn, 0);
	}
	end = now();
	if (pid > 0)
		waitpid(pid, NULL, 0);
	munmap((void *)(uintptr_t)turn, sizeof(*turn));
	return pid > 0 ? (end - start) * 1e6 / (2 * (TURNS - WARM_TURNS)) : 0;
}

bool bounds_calls(struct bounds_calls *calls)
{
	*calls = (struct bounds_calls){.call_us = time_call(),
		.semop_us = time_semop(),
		.wakeup_us = time_wakeup(),
		.arrays_us = time_arrays()};
	return calls->semop_us > 0 && calls->wakeup_us > 0 && calls->arrays_us > 0;
}
