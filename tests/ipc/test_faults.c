/*
 * test_faults.c - lets every system call of the library fail once, with each errno that it may
 * return. The library must return a clear error or succeed; it must not hang, keep the mutex, or
 * leave anything behind.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failing.h"
#include "segment.h"
#include "semset.h"

enum { MUCH = 40 * MIB };

static unsigned failures;

/* True for an error that the header documents, with a message that says what failed. */
static bool is_clear(const struct vitrine_channel *channel, int rc)
{
	if (rc < 0)
		must(rc >= VITRINE_ESYSTEM && strlen(vitrine_message(channel)) > 10);
	return rc >= 0;
}

static struct vitrine_channel *enter(enum vitrine_role role)
{
	struct vitrine_options options = usual_options(role, 2);
	struct vitrine_channel *channel;
	int rc;

	options.patience_ns = 10 * MILLISECOND_NS;
	rc = vitrine_open(&channel, &options);
	is_clear(channel, rc);
	return channel;
}

/* ---- what is done while a call fails ------------------------------------------------------- */

static void produce(struct vitrine_channel *channel)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	if (!is_clear(channel, vitrine_claim(channel, 64, VITRINE_DROP_OLDEST, 0, &claim)))
		return;
	pattern_fill(claim.data, 64, 1);
	vitrine_file(&image, "x", 64, NULL);
	if (!is_clear(channel, vitrine_publish(channel, &claim, &image, 0)))
		is_clear(channel, vitrine_abandon(channel, &claim));
}

static void produce_and_abandon(struct vitrine_channel *channel)
{
	struct vitrine_claim claim;

	if (is_clear(channel, vitrine_claim(channel, 8192, VITRINE_FAIL, 0, &claim)))
		is_clear(channel, vitrine_abandon(channel, &claim));
	is_clear(channel, vitrine_prepare(channel, 4096));
	is_clear(channel, vitrine_trim(channel));
}

static void consume(struct vitrine_channel *channel)
{
	struct vitrine_image image;

	if (is_clear(channel, vitrine_take(channel, 0, &image)))
		is_clear(channel, vitrine_requeue(channel, &image));
	while (is_clear(channel, vitrine_take(channel, 0, &image)))
		is_clear(channel, vitrine_release(channel, &image));
}

static void look(struct vitrine_channel *channel)
{
	struct vitrine_snapshot snapshot;
	struct vitrine_image image;

	is_clear(channel, vitrine_latest(channel, &image));
	is_clear(channel, vitrine_look(channel, 0, &image));
	is_clear(channel, vitrine_wait_newer(channel, 9, MILLISECOND_NS));
	must(vitrine_inspect(channel, &snapshot) >= VITRINE_ESYSTEM);
}

/* A whole life of a channel: create, publish, drop, take, look, leave, retire. */
static void live_alone(void *unused)
{
	struct vitrine_channel *producer = enter(VITRINE_PRODUCER);
	struct vitrine_channel *consumer = enter(VITRINE_CONSUMER);

	(void)unused;
	for (int i = 0; i < 3; i++)
		produce(producer);
	consume(consumer);
	produce_and_abandon(producer);
	look(consumer);
	must(vitrine_close(producer) >= 0);
	must(vitrine_close(consumer) >= 0);
}

static void visit(void *role)
{
	struct vitrine_channel *channel = enter(*(enum vitrine_role *)role);

	if (*(enum vitrine_role *)role == VITRINE_PRODUCER)
		produce_and_abandon(channel);
	look(channel);
	must(vitrine_close(channel) >= 0);
}

/* A claim large enough for the threads that allocate pages. */
static void claim_much(void *unused)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel;
	struct vitrine_claim claim;

	(void)unused;
	options.slot_size = MUCH;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	must_equal(vitrine_claim(channel, MUCH, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	memset(claim.data, 1, MUCH); /* the caller's own thread has done the work of the others */
	must_equal(vitrine_abandon(channel, &claim), VITRINE_OK);
	must(vitrine_close(channel) >= 0);
}

/* The claim must fail, no matter which thread finds no memory. */
static void claim_too_much(void *unused)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel;
	struct vitrine_claim claim;
	int rc;

	(void)unused;
	options.slot_size = MUCH;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	rc = vitrine_claim(channel, MUCH, VITRINE_FAIL, 0, &claim);
	must_equal(rc, failure->number == 0 ? VITRINE_OK : VITRINE_ENOMEM);
	must(vitrine_close(channel) >= 0);
}

static void find_this_one(const struct vitrine_info *info, void *data)
{
	if (info->key == test_key.value)
		*(bool *)data = true;
}

/* A descriptor to poll, and the list of channels: they need descriptors, memory and a thread. */
static void poll_and_list(void *unused)
{
	struct vitrine_channel *consumer = enter(VITRINE_CONSUMER);
	bool finds = false;
	int rc;

	(void)unused;
	if (consumer == NULL)
		return;
	if (is_clear(consumer, vitrine_fd(consumer)))
		is_clear(consumer, vitrine_fd(consumer));
	rc = vitrine_list(find_this_one, &finds);
	must(rc < 0 ? rc == VITRINE_ENOMEM || rc == VITRINE_ESYSTEM : finds);
	must(vitrine_close(consumer) >= 0);
}

/* A key file that cannot be read must not be ignored: images would go to another channel. */
static void look_for_a_key(void *unused)
{
	struct vitrine_key key;
	int rc = vitrine_key(&key, NULL, NULL);

	(void)unused;
	must_equal(rc, failure->number == 0 ? VITRINE_OK : VITRINE_EFOREIGN);
	must_equal(key.source, VITRINE_KEY_FILE);
	must(rc < 0 || key.value == test_key.value);
}

/* Another process's half-made set is in the way: this one has to wait, and to condemn it. */
static void wait_and_condemn(void *unused)
{
	struct vitrine_channel *channel;

	(void)unused;
	channel = enter(VITRINE_CONSUMER);
	must(vitrine_close(channel) >= 0);
}

static void remove_it(void *unused)
{
	struct vitrine_channel *channel = enter(VITRINE_CONSUMER);

	(void)unused;
	is_clear(channel, vitrine_remove(channel));
	must(vitrine_close(channel) >= 0);
}

/* ---- one failure after the other ----------------------------------------------------------- */

static bool is_lie(void)
{
	/* "It is gone": a program that gets this may remove what is in its way. */
	return failure->number == EIDRM || failure->number == EINVAL || failure->number == ENOENT;
}

static void last(void *unused)
{
	(void)unused;
	usleep(20000);
}

static void calls_of_the_one_who_waits_do_not_count(void **state)
{
	(void)state;
	*failure = (struct failure){.at = 1};
	must_equal(run_failing(last, NULL), 0);
	must_equal(failure->calls, 0);
	failure->at = 0;
}

/* Runs `life` in a child for each failure; `after` checks what it left behind. */
static void fail_everywhere(void (*life)(void *), void *argument, void (*before)(void),
	void (*after)(void))
{
	const char *only = failure->only;
	int status;

	for (unsigned at = 1, choice = 0;;) {
		new_test_key();
		before();
		*failure = (struct failure){.at = at, .choice = choice, .only = only};
		status = run_failing(life, argument);
		failure->at = 0; /* from here on all calls of this process succeed */
		if (status != 0)
			must_failed(failure->call ? failure->call : "no call", failure->number,
				strerrordesc_np(failure->number), at, choice);
		if (failure->choices == 0)
			break; /* there is no such call any more */
		failures += choice < failure->choices;
		after();
		if (++choice >= failure->choices) {
			at++;
			choice = 0;
		}
	}
	after();
}

static void nothing(void)
{
}

/* Only what a waiting image needs, or what could not be removed, may be left. */
static void next_one_finds_it_clean(void)
{
	bool removable = failure->call == NULL || strstr(failure->call, "RMID") == NULL;
	int semid = semset_find(test_key.value);
	struct vitrine_channel *next;
	unsigned waiting;

	if (semid >= 0 && removable && !is_lie() && failure->number != EACCES) {
		unsigned short values[SEM_SLOTS + 2 * SLOT_SEMAPHORES];

		must_equal(semset_values(semid, semaphore_count(2), values), 0);
		if (values[SEM_FULL] == 0)
			must_failed(failure->call, failure->number, "left a set", 0, 0);
	}
	next = enter(VITRINE_CONSUMER);
	must(next != NULL);
	must(is_at_rest(next));
	for (waiting = value_of(next, SEM_FULL); waiting > 0; waiting--) {
		struct vitrine_image image = take_image(next);

		must_equal(vitrine_release(next, &image), VITRINE_OK);
	}
	must_equal(vitrine_close(next), 0);
	must(objects_are_gone());
}

static void next_one_makes_it(void)
{
	struct vitrine_channel *next = enter(VITRINE_CONSUMER);

	must(is_at_rest(next));
	must_equal(vitrine_close(next), 0);
	must(objects_are_gone());
}

static void a_half_made_set(void)
{
	must(semset_create(test_key.value, semaphore_count(2), 0600) >= 0);
}

static struct vitrine_channel *survivor;

static void somebody_is_inside(void)
{
	survivor = open_channel(VITRINE_PRODUCER, 2);
	publish_image(survivor, 1);
}

static void he_noticed_nothing(void)
{
	struct values values;

	if (!is_lie()) {
		values = values_of(survivor);
		must(is_at_rest(survivor));
		must_equal(values.semaphore[SEM_PRODUCERS], 1);
		must_equal(values.semaphore[SEM_CONSUMERS] + values.semaphore[SEM_MIRRORS], 0);
		must_equal(values.semaphore[SEM_FULL], 1);
		must_equal(publish_image(survivor, 2), 2);
	}
	vitrine_remove(survivor);
	vitrine_close(survivor);
	remove_objects();
}

static void be_there_and_die(void *unused)
{
	(void)unused;
	open_channel(VITRINE_MIRROR, 2);
}

/* The other process died, so the next one to come is also the last one to leave. */
static void somebody_was_inside(void)
{
	must_equal(run_child(be_there_and_die, NULL), 0);
}

static void the_segment_went_with_the_set(void)
{
	bool removable = failure->call == NULL || strstr(failure->call, "RMID") == NULL;

	if (semset_find(test_key.value) < 0 && removable && !is_lie())
		must_equal(segment_find(test_key.value), -ENOENT);
	next_one_makes_it();
}

static void after_a_death(void **state)
{
	enum vitrine_role role = VITRINE_MIRROR;

	(void)state;
	fail_everywhere(visit, &role, somebody_was_inside, the_segment_went_with_the_set);
}

static void he_can_go_on_or_reopen(void)
{
	vitrine_remove(survivor);
	vitrine_close(survivor);
	remove_objects();
}

static void alone(void **state)
{
	(void)state;
	fail_everywhere(live_alone, NULL, nothing, next_one_finds_it_clean);
}

static void alone_as_a_mirror(void **state)
{
	enum vitrine_role role = VITRINE_MIRROR;

	(void)state;
	fail_everywhere(visit, &role, nothing, next_one_finds_it_clean);
}

static void threads_that_cannot_start(void **state)
{
	unsigned before = failures;

	(void)state;
	failure->only = "pthread_create";
	fail_everywhere(claim_much, NULL, nothing, next_one_finds_it_clean);
	failure->only = NULL;
	must(failures > before || sysconf(_SC_NPROCESSORS_ONLN) < 2);
}

static void threads_that_find_no_memory(void **state)
{
	unsigned before = failures;

	(void)state;
	failure->only = "madvise in a thread";
	fail_everywhere(claim_too_much, NULL, nothing, next_one_finds_it_clean);
	failure->only = NULL;
	must(failures > before || sysconf(_SC_NPROCESSORS_ONLN) < 2);
}

static void descriptors_and_lists(void **state)
{
	static const char *const calls[] = {
		"eventfd", "pthread_create", "calloc", "reallocarray", "fopen"};

	(void)state;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		unsigned before = failures;

		failure->only = calls[i];
		fail_everywhere(poll_and_list, NULL, nothing, next_one_finds_it_clean);
		failure->only = NULL;
		must(failures > before);
	}
}

static void write_the_key(void)
{
	FILE *file = fopen("shared_memory.key", "we");

	must(file != NULL);
	fprintf(file, "%s\n", test_key.text);
	must_equal(fclose(file), 0);
}

static void key_files(void **state)
{
	static const char *const calls[] = {"open", "fstat", "fdopen"};
	char folder[] = "/tmp/vitrine-faults-XXXXXX";
	int before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	unsetenv("VITRINE_KEY");
	umask(022); /* a key file that others may write is not trusted */
	must(mkdtemp(folder) != NULL);
	must_equal(chdir(folder), 0);
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		unsigned count = failures;

		failure->only = calls[i];
		fail_everywhere(look_for_a_key, NULL, write_the_key, nothing);
		failure->only = NULL;
		must(failures > count);
	}
	must_equal(unlink("shared_memory.key"), 0);
	must_equal(fchdir(before), 0);
	must_equal(rmdir(folder), 0);
	close(before);
}

static void condemning(void **state)
{
	(void)state;
	fail_everywhere(wait_and_condemn, NULL, a_half_made_set, next_one_makes_it);
}

static void beside_another(void **state)
{
	(void)state;
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_INSPECTOR; role++)
		fail_everywhere(visit, &role, somebody_is_inside, he_noticed_nothing);
}

static void removing(void **state)
{
	(void)state;
	fail_everywhere(remove_it, NULL, somebody_is_inside, he_can_go_on_or_reopen);
}

/* No matter which of its calls fails, a claim gives its reservation back at once. */
static void a_claim_that_fails_keeps_nothing(void **state)
{
	struct vitrine_channel *channel;
	struct vitrine_claim claim;

	(void)state;
	new_test_key();
	channel = open_channel(VITRINE_PRODUCER, 2);
	for (unsigned at = 1, choice = 0, choices = 1; choices > 0; choice++) {
		int rc;

		*failure = (struct failure){.at = at, .choice = choice};
		rc = vitrine_claim(channel, 64, VITRINE_FAIL, 0, &claim);
		choices = failure->choices;
		failures += choice < choices;
		failure->at = 0;
		if (choice >= choices) {
			at++;
			choice = UINT_MAX; /* 0 next */
		}
		if (is_clear(channel, rc))
			must_equal(vitrine_abandon(channel, &claim), VITRINE_OK);
		must_equal(value_of(channel, SEM_EMPTY), 2);
		channel->fast_path.free_slot = -1; /* so that the next one looks */
		channel->checked_ns = clock_ns();
		channel->segment_lost = false;
	}
	must_equal(vitrine_close(channel), 0);
	must(objects_are_gone());
}

/* Checks the result of open when its `at`-th call fails with its `choice`-th errno. */
static void open_says(unsigned at, unsigned choice, int error, const char *word)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);

	new_test_key();
	*failure = (struct failure){.at = at, .choice = choice};
	open_must_fail(&options, error, word);
	must_equal(failure->calls >= at, true);
	failure->at = 0;
	must(objects_are_gone());
}

/* ENOSPC does not mean a full disk; each message says what to do. */
static void says_what_it_means(void **state)
{
	enum {
		CALLOC = 1,
		HOME_PAGE,
		HOME,
		ROOM,
		GUARD,
		SHARED,
		SHARED_GUARD,
		INFO,
		SEMGET,
		BEGIN,
		SHMGET,
		SHMAT
	};

	(void)state;
	open_says(CALLOC, 0, VITRINE_ENOMEM, "memory");
	open_says(ROOM, 0, VITRINE_ENOMEM, "mmap");
	open_says(SHARED, 0, VITRINE_ENOMEM, "mmap");
	open_says(SEMGET, 0, VITRINE_EACCES, "--mode");
	open_says(SEMGET, 1, VITRINE_ENOMEM, "--slots");
	open_says(SEMGET, 2, VITRINE_ELIMIT, "kernel.sem");
	open_says(SEMGET, 2, VITRINE_ELIMIT, "does not mean that a disk is full");
	open_says(SEMGET, 3, VITRINE_ELIMIT, "kernel.sem");
	open_says(BEGIN, 0, VITRINE_ENOMEM, "begin");
	open_says(BEGIN, 1, VITRINE_ELIMIT, "ipcs -l");
	open_says(BEGIN, 3, VITRINE_ELIMIT, "kernel.sem");
	open_says(SHMGET, 1, VITRINE_ELIMIT, "kernel.shmmax");
	open_says(SHMGET, 2, VITRINE_ESYSTEM, "shmget(key 0x77");
	open_says(SHMGET, 3, VITRINE_ENOMEM, "--slot-size");
	open_says(SHMGET, 4, VITRINE_ELIMIT, "kernel.shmmni");
	open_says(SHMGET, 5, VITRINE_EACCES, "shmget(key 0x77");
	open_says(SHMAT, 0, VITRINE_ENOMEM, "--slot-size");
}

static int set_up(void **state)
{
	(void)state;
	failure = mmap(NULL, sizeof(*failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		-1, 0);
	return failure == MAP_FAILED;
}

static int tell_failures(void **state)
{
	(void)state;
	printf("figures: %u failures of system calls\n", failures);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(calls_of_the_one_who_waits_do_not_count),
		a_test(says_what_it_means),
		a_test(alone),
		a_test(alone_as_a_mirror),
		a_test(threads_that_cannot_start),
		a_test(threads_that_find_no_memory),
		a_test(descriptors_and_lists),
		a_test(key_files),
		a_test(condemning),
		a_test(after_a_death),
		a_test(beside_another),
		a_test(removing),
		a_test(a_claim_that_fails_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tell_failures);
}
