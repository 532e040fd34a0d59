/*
 * growth.c - measures what a frame costs as a channel grows: more slots, more processes, larger
 * frames. One run measures one point; script/bench runs it many times. Frames are made in place
 * (with a mark at each end); each consumer copies the frames it takes, each mirror those it sees.
 *
 *	bench-growth SLOTS BYTES PRODUCERS CONSUMERS MIRRORS HOLDING STOPPED SECONDS
 *
 * In addition there are HOLDING consumers that are stopped (SIGSTOP) while each holds an image, and
 * STOPPED mirrors that are stopped at any point. Prints one line: frames/s published, taken and
 * seen by mirrors; µs of CPU time of all processes together per published frame.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vitrine.h"

enum { MOST = 256, PATIENCE_S = 30 };

struct counts {
	_Atomic uint64_t published, taken, seen, ready, held;
	_Atomic bool ending;
};

struct run {
	struct vitrine_key key;
	uint32_t slots;
	uint64_t size;
	struct counts *counts;
	pid_t pids[MOST];
	unsigned started;
};

static void nap(double seconds)
{
	struct timespec time = {.tv_sec = (time_t)seconds,
		.tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};

	while (nanosleep(&time, &time) != 0 && errno == EINTR)
		continue;
}

/* ---- the processes ------------------------------------------------------------------------- */

static struct vitrine_channel *join(const struct run *run, enum vitrine_role role)
{
	const struct vitrine_options options = {
		.role = role, .key = &run->key, .slots = run->slots, .slot_size = run->size};
	struct vitrine_channel *channel;

	if (vitrine_open(&channel, &options) != VITRINE_OK) {
		fprintf(stderr, "bench-growth: %s\n", vitrine_message(channel));
		exit(1);
	}
	atomic_fetch_add(&run->counts->ready, 1);
	return channel;
}

static void check(const struct vitrine_channel *channel, int rc)
{
	if (rc >= 0 || rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR)
		return;
	fprintf(stderr, "bench-growth: %s\n", vitrine_message(channel));
	exit(1);
}

#define NAP_NS INT64_C(50000000) /* a process sees the end at most this much later */

static void produce(const struct run *run)
{
	struct vitrine_channel *channel = join(run, VITRINE_PRODUCER);
	struct vitrine_image image;
	struct vitrine_claim claim;
	uint8_t *data;

	vitrine_file(&image, "frame", run->size, NULL);
	while (!atomic_load(&run->counts->ending)) {
		int rc = vitrine_claim(channel, run->size, VITRINE_WAIT, NAP_NS, &claim);

		check(channel, rc);
		if (rc < 0)
			continue;
		data = claim.data;
		data[0] = data[run->size - 1] = (uint8_t)claim.slot;
		check(channel, vitrine_publish(channel, &claim, &image, VITRINE_FOREVER));
		atomic_fetch_add(&run->counts->published, 1);
	}
	vitrine_close(channel);
}

static void *make_copy(const struct run *run)
{
	void *copy = mmap(NULL, (size_t)run->size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return copy == MAP_FAILED ? NULL : copy;
}

static void consume(const struct run *run)
{
	struct vitrine_channel *channel = join(run, VITRINE_CONSUMER);
	struct vitrine_image image;
	void *copy = make_copy(run);

	/* Images that wait at the end are also taken, so that nothing is left behind. */
	for (bool more = true; copy != NULL && more;) {
		int rc = vitrine_take(channel, NAP_NS, &image);

		check(channel, rc);
		more = rc >= 0 || !atomic_load(&run->counts->ending);
		if (rc < 0)
			continue;
		memcpy(copy, image.data, (size_t)image.size);
		check(channel, vitrine_release(channel, &image));
		atomic_fetch_add(&run->counts->taken, 1);
	}
	vitrine_close(channel);
}

static void mirror(const struct run *run)
{
	struct vitrine_channel *channel = join(run, VITRINE_MIRROR);
	struct vitrine_image image = {0};
	void *copy = make_copy(run);
	uint64_t last = 0;

	while (copy != NULL && !atomic_load(&run->counts->ending)) {
		if (vitrine_wait_newer(channel, last, NAP_NS) < 0 ||
			vitrine_latest(channel, &image) < 0)
			continue;
		last = image.sequence;
		memcpy(copy, image.data, (size_t)image.size);
		if (vitrine_unchanged(channel, &image))
			atomic_fetch_add(&run->counts->seen, 1);
	}
	vitrine_close(channel);
}

/* Takes an image and keeps it until the end; the parent stops this process. */
static void hold(const struct run *run)
{
	struct vitrine_channel *channel = join(run, VITRINE_CONSUMER);
	struct vitrine_image image;

	while (vitrine_take(channel, NAP_NS, &image) < 0)
		continue;
	atomic_fetch_add(&run->counts->held, 1);
	while (!atomic_load(&run->counts->ending))
		nap(0.01);
	vitrine_close(channel);
}

static void start(struct run *run, void (*work)(const struct run *run), unsigned count)
{
	for (unsigned i = 0; i < count && run->started < MOST; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(run);
			_exit(0);
		}
		run->pids[run->started++] = pid;
	}
}

/* ---- the parent ---------------------------------------------------------------------------- */

static void wait_until(const _Atomic uint64_t *counter, uint64_t least)
{
	for (int i = 0; i < PATIENCE_S * 1000 && atomic_load(counter) < least; i++)
		nap(0.001);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double used_by_all(const struct run *run)
{
	double used = 0;

	for (unsigned i = 0; i < run->started; i++) {
		struct timespec time;
		clockid_t clock;

		if (clock_getcpuclockid(run->pids[i], &clock) == 0 &&
			clock_gettime(clock, &time) == 0)
			used += (double)time.tv_sec + (double)time.tv_nsec / 1e9;
	}
	return used;
}

static void measure(const struct run *run, double seconds)
{
	struct counts *counts = run->counts;
	uint64_t published, taken, seen;
	double start, cpu, elapsed;

	nap(0.03);
	wait_until(&counts->published, atomic_load(&counts->published) + 2 * run->slots);
	published = atomic_load(&counts->published);
	taken = atomic_load(&counts->taken);
	seen = atomic_load(&counts->seen);
	cpu = used_by_all(run);
	start = now();
	nap(seconds);
	wait_until(&counts->published, published + 3);
	elapsed = now() - start;
	published = atomic_load(&counts->published) - published;
	printf("published=%.3f taken=%.3f seen=%.3f cpu_us=%.3f", (double)published / elapsed,
		(double)(atomic_load(&counts->taken) - taken) / elapsed,
		(double)(atomic_load(&counts->seen) - seen) / elapsed,
		(used_by_all(run) - cpu) * 1e6 / (double)(published > 0 ? published : 1));
}

/* Consumers end last: they empty the channel, and the last one to leave removes it. */
static bool end(const struct run *run)
{
	bool is_done = true;
	int status;

	atomic_store(&run->counts->ending, true);
	for (unsigned i = 0; i < run->started; i++) {
		kill(run->pids[i], SIGCONT);
		is_done = waitpid(run->pids[i], &status, 0) > 0 && status == 0 && is_done;
	}
	return is_done;
}

int main(int argc, char **argv)
{
	struct run run = {0};
	struct vitrine_channel *channel;
	unsigned producers, consumers, mirrors, holding, stopped;
	bool is_done;

	if (argc != 9) {
		fprintf(stderr,
			"usage: bench-growth SLOTS BYTES PRODUCERS CONSUMERS MIRRORS STOPPED "
			"SECONDS\n");
		return 2;
	}
	run.slots = (uint32_t)strtoul(argv[1], NULL, 10);
	run.size = strtoull(argv[2], NULL, 10);
	producers = (unsigned)strtoul(argv[3], NULL, 10);
	consumers = (unsigned)strtoul(argv[4], NULL, 10);
	mirrors = (unsigned)strtoul(argv[5], NULL, 10);
	holding = (unsigned)strtoul(argv[6], NULL, 10);
	stopped = (unsigned)strtoul(argv[7], NULL, 10);
	run.key.value = (int32_t)(0x77010000u | ((unsigned)getpid() & 0xffff));
	snprintf(run.key.text, sizeof(run.key.text), "0x%08x", (unsigned)run.key.value);
	run.counts = mmap(NULL, sizeof(*run.counts), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run.counts == MAP_FAILED)
		return 1;
	start(&run, produce, producers);
	start(&run, hold, holding);
	start(&run, mirror, stopped);
	wait_until(&run.counts->held, holding);
	wait_until(&run.counts->seen, stopped);
	for (unsigned i = producers; i < run.started; i++)
		kill(run.pids[i], SIGSTOP);
	start(&run, consume, consumers);
	start(&run, mirror, mirrors);
	wait_until(&run.counts->ready, run.started);
	measure(&run, strtod(argv[8], NULL));
	is_done = end(&run);
	printf(" total=%llu\n", (unsigned long long)atomic_load(&run.counts->published));
	channel =
		join(&run, VITRINE_CONSUMER); /* an image that a holder gave back may still wait */
	vitrine_remove(channel);
	vitrine_close(channel);
	return is_done ? 0 : 1;
}
