/* support.c - see support.h. */
#include "support.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "segment.h"
#include "semset.h"

struct vitrine_key test_key;
int64_t wait_limit_ns = LIMIT_S * SECOND_NS;

static pid_t test_pid; /* the process in which cmocka runs */
static int semids[64], shmids[64];
static unsigned id_count;

static void ignore_channel(const struct vitrine_info *info, void *data)
{
	(void)info;
	(void)data;
}

__attribute__((constructor)) static void remember_test_process(void)
{
	test_pid = getpid();
	setvbuf(stdout, NULL, _IOLBF, 0); /* a child that ends must not print the parent's lines */
	if (getenv("VITRINE_TEST_LISTED") != NULL && fork_bounded() == 0)
		for (;;)
			vitrine_list(ignore_channel, NULL);
}

void must_failed(const char *file, int line, const char *text, int64_t actual, int64_t expected)
{
	fprintf(stderr, "%s:%d: (process %d) not so: %s", file, line, (int)getpid(), text);
	if (actual != expected)
		fprintf(stderr, " is %lld, not %lld", (long long)actual, (long long)expected);
	fputc('\n', stderr);
	if (getpid() == test_pid)
		_fail(file, line);
	_exit(1);
}

void must_equal_at(const char *file, int line, const char *text, int64_t actual, int64_t expected)
{
	if (actual != expected)
		must_failed(file, line, text, actual, expected);
}

/* ---- chance -------------------------------------------------------------------------------- */

uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t test_seed(void)
{
	static uint64_t seed;
	const char *text = getenv("VITRINE_TEST_SEED");

	if (seed != 0)
		return seed;
	if (text != NULL)
		seed = strtoull(text, NULL, 10);
	else if (getrandom(&seed, sizeof(seed), 0) > 0)
		seed >>= 33;
	seed = seed ? seed : 1;
	printf("seed %llu\n", (unsigned long long)seed);
	return seed;
}

bool test_is_long(void)
{
	return getenv("VITRINE_TEST_LONG") != NULL;
}

/* ---- keys and objects ---------------------------------------------------------------------- */

/*
 * Reserves the key until the next one is reserved, or this process and its children have ended. A
 * socket with the key in its abstract name does it, as in tests/keys.py: the kernel lets one
 * process bind a name, and frees it when the process ends, even by SIGKILL.
 */
static bool reserve_key(key_t key)
{
	static int reservation = -1;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
		"vitrine-test-key-0x%08x", (unsigned)key);

	if (reservation >= 0)
		close(reservation);
	reservation = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(reservation >= 0);
	return bind(reservation, (struct sockaddr *)&address,
		       (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) ==
	       0;
}

void new_test_key(void)
{
	static uint64_t state;
	key_t key;

	/*
	 * Programs with the same seed may run at the same time: the pid makes their keys different.
	 */
	if (state == 0)
		state = test_seed() << 32 ^ (uint64_t)getpid();
	do
		key = (key_t)(0x77020000 | (random_next(&state) & 0xffff));
	while (!reserve_key(key) || segment_find(key) >= 0 || semset_find(key) >= 0);
	test_key = (struct vitrine_key){.value = key, .source = VITRINE_KEY_ARGUMENT};
	snprintf(test_key.text, sizeof(test_key.text), "0x%08x", (unsigned)key);
	id_count = 0;
}

void remember_objects(void)
{
	must(id_count < sizeof(semids) / sizeof(semids[0]));
	semids[id_count] = semset_find(test_key.value);
	shmids[id_count] = segment_find(test_key.value);
	id_count++;
}

int remove_objects(void)
{
	int found = 0;
	int id = semset_find(test_key.value);

	if (id >= 0 && semset_remove(id) == 0)
		found++;
	id = segment_find(test_key.value);
	if (id >= 0 && segment_remove(id) == 0)
		found++;
	return found;
}

bool objects_are_gone(void)
{
	struct segment_status segment;
	struct semset_status set;
	int left = remove_objects();

	if (left > 0)
		fprintf(stderr, "key %s: %d objects were left behind\n", test_key.text, left);
	for (unsigned i = 0; i < id_count; i++) {
		if (semids[i] >= 0 && semset_status(semids[i], &set) == 0) {
			fprintf(stderr, "set %d was left behind\n", semids[i]);
			left++;
		}
		if (shmids[i] >= 0 && segment_status(shmids[i], &segment) == 0) {
			if (segment.removed) {
				await_attached(shmids[i], 0);
				continue;
			}
			fprintf(stderr, "segment %d was left behind\n", shmids[i]);
			left++;
		}
	}
	id_count = 0;
	return left == 0;
}

int test_setup(void **state)
{
	(void)state;
	new_test_key();
	return 0;
}

int test_teardown(void **state)
{
	(void)state;
	return objects_are_gone() ? 0 : -1;
}

/* ---- channels ------------------------------------------------------------------------------ */

struct vitrine_options usual_options(enum vitrine_role role, uint32_t slots)
{
	return (struct vitrine_options){
		.role = role, .key = &test_key, .slots = slots, .slot_size = SMALL};
}

struct vitrine_channel *open_channel(enum vitrine_role role, uint32_t slots)
{
	struct vitrine_options options = usual_options(role, slots);
	struct vitrine_channel *channel;
	int rc = vitrine_open(&channel, &options);

	if (rc != VITRINE_OK)
		fprintf(stderr, "open: %s\n", vitrine_message(channel));
	must_equal(rc, VITRINE_OK);
	remember_objects();
	return channel;
}

void open_must_fail(const struct vitrine_options *options, int error, const char *word)
{
	struct vitrine_channel *channel;
	int rc = vitrine_open(&channel, options);

	must_equal(rc, error);
	if (strstr(vitrine_message(channel), word) == NULL)
		must_failed(__FILE__, __LINE__, vitrine_message(channel), 0, 0);
	must_equal(vitrine_close(channel), 0);
}

uint64_t publish_image(struct vitrine_channel *producer, uint64_t id)
{
	struct vitrine_image image;
	struct vitrine_claim claim;

	must_equal(vitrine_file(&image, "pattern", 64, NULL), VITRINE_OK);
	must_equal(vitrine_claim(producer, image.size, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	pattern_fill(claim.data, image.size, id);
	must_equal(vitrine_publish(producer, &claim, &image, VITRINE_FOREVER), VITRINE_OK);
	must_equal(image.slot, claim.slot);
	return image.sequence;
}

struct vitrine_image take_image(struct vitrine_channel *consumer)
{
	struct vitrine_image image;
	uint64_t id;

	must_equal(vitrine_take(consumer, 0, &image), VITRINE_OK);
	must(pattern_is_whole(image.data, image.size, &id));
	return image;
}

void hurry(struct vitrine_channel *channel)
{
	channel->fast_path.back_to_back = 1000;
	channel->fast_path.round_ns = clock_ns() + LIMIT_S * (uint64_t)SECOND_NS;
	channel->fast_path.looked_ns = channel->fast_path.round_ns;
}

struct values values_of(const struct vitrine_channel *channel)
{
	struct values values;

	must_equal(handle_values(channel, &values), 0);
	return values;
}

unsigned value_of(const struct vitrine_channel *channel, unsigned number)
{
	return values_of(channel).semaphore[number];
}

void set_value(const struct vitrine_channel *channel, unsigned number, int value)
{
	must_equal(semctl(channel->info.semid, (int)number, SETVAL, value), 0);
}

bool is_at_rest(const struct vitrine_channel *channel)
{
	struct values v = values_of(channel);
	unsigned claimable = 0, waiting = 0, latest = 0, held = 0;
	bool at_rest;

	for (uint32_t i = 0; i < channel->info.slots; i++) {
		bool ready = slot_has(&v, i, SLOT_READY), newest = slot_has(&v, i, SLOT_LATEST);

		waiting += ready;
		latest += newest;
		held += slot_has(&v, i, SLOT_WRITER) || slot_has(&v, i, SLOT_READER);
		claimable += !ready && !newest;
	}
	at_rest = v.semaphore[SEM_MUTEX] == 1 && v.semaphore[SEM_ALIVE] == 1 && held == 0 &&
		  v.semaphore[SEM_EMPTY] == claimable && v.semaphore[SEM_FULL] == waiting &&
		  v.semaphore[SEM_NOTHING] + latest == 1;
	if (!at_rest)
		for (uint32_t i = 0; i < semaphore_count(channel->info.slots); i++) {
			char name[16];

			fprintf(stderr, "%s=%u ", vitrine_semaphore_name(i, name, sizeof(name)),
				v.semaphore[i]);
		}
	if (!at_rest)
		fputs(": not at rest\n", stderr);
	return at_rest;
}

/* ---- patterns ------------------------------------------------------------------------------ */

void pattern_fill(void *data, uint64_t size, uint64_t id)
{
	uint64_t *words = data, state = id;

	for (uint64_t i = 0; i < size / 8; i++)
		words[i] = i == 0 ? id : random_next(&state);
}

bool pattern_is_whole(const void *data, uint64_t size, uint64_t *id)
{
	const volatile uint64_t *words = data;
	uint64_t state = *id = words[0];

	for (uint64_t i = 1; i < size / 8; i++)
		if (words[i] != random_next(&state))
			return false;
	return true;
}

/* ---- waiting ------------------------------------------------------------------------------- */

void wait_a_little(struct wait *wait)
{
	uint64_t now = clock_ns();

	if (wait->since_ns == 0)
		wait->since_ns = now;
	must((int64_t)(now - wait->since_ns) < wait_limit_ns);
	nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

void await_sleepers(int semid, unsigned number, bool zero, int asleep)
{
	struct wait wait = {0};

	while ((zero ? semset_zcnt : semset_ncnt)(semid, number) != asleep)
		wait_a_little(&wait);
}

void await_attached(int shmid, uint64_t attached)
{
	struct segment_status status;
	struct wait wait = {0};

	for (;;) {
		int rc = segment_status(shmid, &status);

		if (rc == 0 ? status.attached == attached : attached == 0)
			return;
		must_equal(rc, 0);
		wait_a_little(&wait);
	}
}

/* Sleeps until the process has ended, where the system can (not under valgrind, for example). */
static void sleep_until_end(int pid)
{
	struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};

	if (end.fd < 0)
		return;
	poll(&end, 1, (int)(wait_limit_ns / 1000000));
	close(end.fd);
}

int await_end(int pid)
{
	struct wait wait = {0};
	int status, ended;

	sleep_until_end(pid);
	while ((ended = waitpid(pid, &status, WNOHANG)) == 0)
		wait_a_little(&wait);
	must_equal(ended, pid);
	return status;
}

int fork_bounded(void)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	must(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		alarm(LIMIT_S);
	}
	return pid;
}

int run_child(void (*body)(void *), void *argument)
{
	int pid = fork_bounded();

	if (pid == 0) {
		body(argument);
		_exit(0);
	}
	return await_end(pid);
}

int open_trio(struct vitrine_channel **producer, struct vitrine_channel **consumer,
	struct vitrine_channel **mirror)
{
	new_test_key();
	*producer = open_channel(VITRINE_PRODUCER, 3);
	*consumer = open_channel(VITRINE_CONSUMER, 3);
	*mirror = open_channel(VITRINE_MIRROR, 3);
	return 0;
}

int close_trio(struct vitrine_channel *producer, struct vitrine_channel *consumer,
	struct vitrine_channel *mirror)
{
	vitrine_remove(mirror);
	vitrine_close(mirror);
	vitrine_close(consumer);
	vitrine_close(producer);
	return objects_are_gone() ? 0 : -1;
}
