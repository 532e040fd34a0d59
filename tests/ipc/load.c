/*
 * load.c - sends many images, or images of many processes, through one channel; all sleep without a
 * timeout. Every image must arrive once, complete and in order, and nothing may grow: not the
 * memory of a process, not the number of its descriptors, not the segment, and not an undo value,
 * which would cause ERANGE after 32,767 rounds. In the end all processes are killed with SIGKILL,
 * and every value must be back at rest.
 *
 *     build/release/tests/ipc_load --images 1000000
 *     build/release/tests/ipc_load --images 10000 --size 8294400
 *     build/release/tests/ipc_load --producers 16 --consumers 64
 *     build/release/tests/ipc_load --seconds 3600
 */
#include "support.h"

#include <argp.h>
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutant.h"

#ifdef __SANITIZE_THREAD__ /* whose notes on what every thread did grow by themselves */
enum { GROWTH_MAX_KIB = 256 * KIB };
#else
enum { GROWTH_MAX_KIB = 128 };
#endif
enum { WORKERS_MAX = 512 };

/* What a process uses. Anonymous memory is its own; the segment is counted separately. */
struct usage {
	unsigned long anonymous_kib;
	unsigned descriptors;
};

struct worker {
	pid_t pid;
	struct usage before, after;
};

/* Shared by all. */
static struct load {
	_Atomic uint64_t ids; /* images begun */
	_Atomic uint64_t published, released;
	_Atomic uint64_t rounds[WORKERS_MAX]; /* of each worker */
	_Atomic uint64_t faults;
	_Atomic bool enough;   /* no more images */
	_Atomic unsigned done; /* producers that have seen that */
} * load;

static struct wanted {
	uint64_t images, size, seconds;
	unsigned producers, consumers;
	uint32_t slots;
} wanted = {.size = 64, .producers = 1, .consumers = 1, .slots = 4};

static struct worker workers[WORKERS_MAX];

static void fault(const char *what, uint64_t number)
{
	if (atomic_fetch_add(&load->faults, 1) == 0)
		printf("process %d: %s (%llu)\n", (int)getpid(), what, (unsigned long long)number);
}

/* ---- the processes ------------------------------------------------------------------------- */

static struct vitrine_channel *enter(enum vitrine_role role)
{
	struct vitrine_options options = usual_options(role, wanted.slots);
	struct vitrine_channel *channel;
	int rc;

	options.slot_size = wanted.size;
	rc = vitrine_open(&channel, &options);
	if (rc != VITRINE_OK)
		fault(vitrine_message(channel), 0);
	must_equal(rc, VITRINE_OK);
	return channel;
}

static void produce(unsigned at)
{
	struct vitrine_channel *channel = enter(VITRINE_PRODUCER);
	struct vitrine_claim claim;
	struct vitrine_image image;
	uint64_t id = 0;

	while (!atomic_load(&load->enough) &&
		(id = atomic_fetch_add(&load->ids, 1)) < wanted.images) {
		vitrine_file(&image, "load", wanted.size, NULL);
		if (vitrine_claim(channel, wanted.size, VITRINE_WAIT, VITRINE_FOREVER, &claim) < 0)
			break;
		pattern_fill(claim.data, wanted.size, id + 1);
		if (vitrine_publish(channel, &claim, &image, VITRINE_FOREVER) < 0)
			break;
		atomic_fetch_add(&load->published, 1);
		atomic_fetch_add(&load->rounds[at], 1);
	}
	if (*vitrine_message(channel) != '\0')
		fault(vitrine_message(channel), id);
	atomic_fetch_add(&load->done, 1);
	for (;;)
		pause();
}

static void consume(unsigned at)
{
	struct vitrine_channel *channel = enter(VITRINE_CONSUMER);
	struct vitrine_image image;
	uint64_t last = 0, id;

	while (vitrine_take(channel, VITRINE_FOREVER, &image) == VITRINE_OK) {
		if (image.size != wanted.size || !pattern_is_whole(image.data, image.size, &id))
			fault("this image is torn", image.sequence);
		if (image.sequence <= last)
			fault("this image came late, or twice", image.sequence);
		last = image.sequence;
		if (vitrine_release(channel, &image) < 0)
			break;
		atomic_fetch_add(&load->rounds[at], 1);
		atomic_fetch_add(&load->released, 1);
	}
	fault(vitrine_message(channel), last);
	for (;;)
		pause();
}

static void start(unsigned at)
{
	pid_t parent = getpid();

	workers[at].pid = fork();
	must(workers[at].pid >= 0);
	if (workers[at].pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		(at < wanted.producers ? produce : consume)(at);
	_exit(1);
}

/* ---- what they use ------------------------------------------------------------------------- */

static struct usage usage_of(pid_t pid)
{
	struct usage usage = {0};
	char path[64], line[128];
	DIR *folder;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "RssAnon: %lu", &usage.anonymous_kib) == 1)
			break;
	if (file != NULL)
		fclose(file);
	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	while (folder != NULL && readdir(folder) != NULL)
		usage.descriptors++;
	if (folder != NULL)
		closedir(folder);
	must(usage.anonymous_kib > 0 && usage.descriptors > 2);
	return usage;
}

/* The bytes of memory that the segment uses, from /proc/sysvipc/shm. */
static uint64_t segment_resident(int shmid)
{
	FILE *file = fopen("/proc/sysvipc/shm", "re");
	unsigned long long resident = 0;
	char line[512];
	int id;

	must(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%*d %d %*o %*u %*d %*d %*u %*u %*u %*u %*u %*u %*u %*u %llu", &id,
			    &resident) == 2 &&
			id == shmid)
			break;
	fclose(file);
	return resident;
}

static unsigned worker_count(void)
{
	return wanted.producers + wanted.consumers;
}

static void check_growth(void)
{
	for (unsigned i = 0; i < worker_count(); i++) {
		struct worker *worker = &workers[i];

		worker->after = usage_of(worker->pid);
		if (worker->after.anonymous_kib > worker->before.anonymous_kib + GROWTH_MAX_KIB)
			fault("the memory of a process has grown to so many KiB",
				worker->after.anonymous_kib);
		if (worker->after.descriptors != worker->before.descriptors)
			fault("the number of descriptors has changed", worker->after.descriptors);
	}
}

/* ---- the run ------------------------------------------------------------------------------- */

/* Waits until `images` images were released. False: no progress for LIMIT_S, or a fault. */
static bool await_released(uint64_t images, uint64_t until_ns)
{
	uint64_t seen = 0, since_ns = clock_ns();

	while (atomic_load(&load->released) < images && clock_ns() < until_ns) {
		uint64_t now = atomic_load(&load->released);

		if (now != seen) {
			seen = now;
			since_ns = clock_ns();
		}
		if (clock_ns() - since_ns > LIMIT_S * (uint64_t)SECOND_NS)
			fault("nothing moves any more after so many images", now);
		if (load->faults > 0)
			return false;
		poll(NULL, 0, 5);
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%llu images ", (unsigned long long)now);
	}
	return true;
}

/* During the first fifth, memory may grow to its normal size. */
static void run(uint64_t started_ns)
{
	uint64_t until_ns =
		wanted.seconds > 0 ? started_ns + wanted.seconds * (uint64_t)SECOND_NS : UINT64_MAX;
	bool goes_on;

	for (unsigned i = 0; i < worker_count(); i++)
		start(i);
	goes_on = await_released(wanted.seconds > 0 ? UINT64_MAX : wanted.images / 5,
		wanted.seconds > 0 ? started_ns + (until_ns - started_ns) / 5 : UINT64_MAX);
	for (unsigned i = 0; i < worker_count(); i++)
		workers[i].before = usage_of(workers[i].pid);
	goes_on = goes_on && await_released(wanted.images, until_ns);
	atomic_store(&load->enough, true);
	while (goes_on && (atomic_load(&load->done) < wanted.producers ||
				  atomic_load(&load->released) < atomic_load(&load->published)))
		goes_on = await_released(atomic_load(&load->released) + 1,
			clock_ns() + 10 * (uint64_t)MILLISECOND_NS);
	check_growth();
	for (unsigned i = 0; i < worker_count(); i++) {
		kill(workers[i].pid, SIGKILL);
		waitpid(workers[i].pid, NULL, 0);
	}
}

/* The growth of the process that grew most. */
static unsigned long growth_kib(void)
{
	unsigned long most = 0;

	for (unsigned i = 0; i < worker_count(); i++)
		if (workers[i].after.anonymous_kib > workers[i].before.anonymous_kib + most)
			most = workers[i].after.anonymous_kib - workers[i].before.anonymous_kib;
	return most;
}

static void print_workers(const char *what, unsigned from, unsigned to)
{
	uint64_t least = UINT64_MAX, most = 0;
	unsigned long before = 0, after = 0;

	for (unsigned i = from; i < to; i++) {
		uint64_t rounds = load->rounds[i];

		least = rounds < least ? rounds : least;
		most = rounds > most ? rounds : most;
		if (workers[i].after.anonymous_kib >= after) {
			before = workers[i].before.anonymous_kib;
			after = workers[i].after.anonymous_kib;
		}
	}
	printf("%3u %s: %llu to %llu images each; own memory of the largest %lu KiB after a fifth, "
	       "%lu KiB in the end; %u descriptors\n",
		to - from, what, (unsigned long long)least, (unsigned long long)most, before, after,
		workers[from].after.descriptors - 2 /* . and .. */);
}

/*
 * Waiting processes are served in order, so each must get some images. How much more one gets than
 * another depends on the machine. A few images per process prove nothing.
 */
static void check_shares(const char *none, unsigned from, unsigned to)
{
	enum { ENOUGH = 100, LEAST = 2 }; /* images each; one part in so many */
	unsigned count = to - from;
	uint64_t share = count > 0 ? load->published / count : 0;

	for (unsigned i = from; share >= ENOUGH && i < to; i++)
		if (load->rounds[i] < share / LEAST)
			fault(none, load->rounds[i]);
}

static void judge(struct vitrine_channel *mirror, double seconds)
{
	const struct vitrine_info *info = vitrine_info(mirror);
	uint64_t resident = segment_resident(info->shmid);
	struct vitrine_image newest = {.sequence = 0};

	if (!is_at_rest(mirror) || value_of(mirror, SEM_PRODUCERS) != 0 ||
		value_of(mirror, SEM_CONSUMERS) != 0 || value_of(mirror, SEM_FULL) != 0)
		fault("the values are not at rest", 0);
	vitrine_latest(mirror, &newest);
	if (newest.sequence != load->published || load->released != load->published)
		fault("images are missing; published were", load->published);
	if (resident == 0 || resident > info->segment_size)
		fault("the segment uses so many bytes", resident);
	check_shares("a producer got no share, but", 0, wanted.producers);
	check_shares("a consumer got no share, but", wanted.producers, worker_count());
	print_workers("producers", 0, wanted.producers);
	print_workers("consumers", wanted.producers, worker_count());
	printf("the segment: %llu of %llu KiB are used\n", (unsigned long long)resident / KIB,
		(unsigned long long)info->segment_size / KIB);
	printf("figures: %llu images of %llu bytes, %u producers, %u consumers, %lu KiB grown, "
	       "%llu faults, %.0f s\n",
		(unsigned long long)load->published, (unsigned long long)wanted.size,
		wanted.producers, wanted.consumers, growth_kib(), (unsigned long long)load->faults,
		seconds);
}

/* ---- options ------------------------------------------------------------------------------- */

enum {
	KEY_IMAGES = 0x3000,
	KEY_SIZE,
	KEY_SECONDS,
	KEY_PRODUCERS,
	KEY_CONSUMERS,
	KEY_SLOTS,
	KEY_MUTANT
};

static const struct argp_option table[] = {
	{"images", KEY_IMAGES, "N", 0, "End after N images (100,000)", 0},
	{"seconds", KEY_SECONDS, "S", 0, "Not after so many images, but after S seconds", 0},
	{"size", KEY_SIZE, "BYTES", 0, "Of an image (64)", 0},
	{"producers", KEY_PRODUCERS, "N", 0, "So many (1)", 0},
	{"consumers", KEY_CONSUMERS, "N", 0, "So many (1)", 0},
	{"slots", KEY_SLOTS, "N", 0, "2 to 64 (4)", 0},
	{"mutant", KEY_MUTANT, "OPERATION", 0,
		"Take the undo out of an operation of the table, as ipc_torture does; success is then "
		"that a fault is found",
		0},
	{0},
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	uint64_t number = text != NULL ? strtoull(text, NULL, 10) : 0;

	if (text != NULL && key != KEY_MUTANT && (number == 0 || number > UINT64_C(1) << 40))
		argp_error(state, "%s: give a number from 1 on", text);
	switch (key) {
	case KEY_IMAGES: wanted.images = number; break;
	case KEY_SECONDS: wanted.seconds = number; break;
	case KEY_SIZE: wanted.size = (number + 7) / 8 * 8; break;
	case KEY_PRODUCERS: wanted.producers = (unsigned)number; break;
	case KEY_CONSUMERS: wanted.consumers = (unsigned)number; break;
	case KEY_SLOTS: wanted.slots = (uint32_t)number; break;
	case KEY_MUTANT:
		if (!find_mutation(text, &mutation))
			argp_error(state, "--mutant %s: the table has no such operation", text);
		break;
	case ARGP_KEY_END:
		if (wanted.producers > WORKERS_MAX / 2 || wanted.consumers > WORKERS_MAX / 2)
			argp_error(state, "at most %d of each", WORKERS_MAX / 2);
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = "Sends images through one channel and sees to it that each arrives and nothing grows."
	       "\vExit status: 0 it is so, 1 it is not, 2 wrong usage.\n",
};

int main(int argc, char **argv)
{
	uint64_t started = clock_ns();
	struct vitrine_channel *mirror;

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	if (wanted.images == 0)
		wanted.images = wanted.seconds > 0 ? UINT64_MAX : 100000;
	load = mmap(NULL, sizeof(*load), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(load != MAP_FAILED);
	new_test_key();
	mirror = enter(VITRINE_MIRROR);
	remember_objects();
	run(started);
	judge(mirror, (double)(clock_ns() - started) / SECOND_NS);
	vitrine_remove(mirror);
	vitrine_close(mirror);
	if (!objects_are_gone())
		fault("objects were left behind", 0);
	return (load->faults > 0) == (mutation.operation >= 0) ? 0 : 1;
}
