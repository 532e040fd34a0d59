/*
 * test_pages.c - the memory of a channel: it grows and shrinks with the images, trim frees it, core
 * dumps exclude it, and a reader cannot write to it. Also: nothing grows in 100,000 images.
 */
#include "support.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOT = 8 * MIB, PAGE = 4096 };

static struct vitrine_channel *producer, *consumer;

static int set_up(void **state)
{
	struct vitrine_options options;

	(void)state;
	new_test_key();
	options = usual_options(VITRINE_PRODUCER, 3);
	options.slot_size = SLOT;
	must_equal(vitrine_open(&producer, &options), VITRINE_OK);
	options.role = VITRINE_CONSUMER;
	must_equal(vitrine_open(&consumer, &options), VITRINE_OK);
	remember_objects();
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	vitrine_remove(producer);
	vitrine_close(consumer);
	vitrine_close(producer);
	return objects_are_gone() ? 0 : -1;
}

/* The bytes of memory that the segment has, from /proc/sysvipc/shm. */
static uint64_t resident(void)
{
	FILE *file = fopen("/proc/sysvipc/shm", "re");
	uint64_t bytes = UINT64_MAX;
	char line[512];

	must(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL) {
		long long key;
		int id;
		uint64_t rss, swap;

		if (sscanf(line,
			    "%lld %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %" SCNu64
			    " %" SCNu64,
			    &key, &id, &rss, &swap) == 4 &&
			id == producer->info.shmid)
			bytes = rss + swap;
	}
	fclose(file);
	must(bytes != UINT64_MAX);
	return bytes;
}

static void publish_bytes(uint64_t size)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	vitrine_file(&image, "x", size, NULL);
	must_equal(vitrine_claim(producer, size, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	memset(claim.data, 1, (size_t)size);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_OK);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
}

static void memory_follows_the_images(void **state)
{
	uint64_t header = resident();
	struct vitrine_snapshot snapshot;

	(void)state;
	must(header <= 2 * PAGE);
	publish_bytes(MIB);
	must_equal(resident(), header + MIB);
	publish_bytes(2 * MIB);
	must_equal(resident(), header + 3 * MIB);
	/* From now on two slots are used in turn; the third never gets a page. */
	for (int i = 0; i < 6; i++)
		publish_bytes(2 * MIB);
	must_equal(resident(), header + 4 * MIB);
	publish_bytes(1);
	publish_bytes(PAGE + 1);
	must_equal(resident(), header + PAGE + 2 * PAGE);
	must_equal(vitrine_inspect(producer, &snapshot), VITRINE_OK);
	must_equal(snapshot.resident, 3 * PAGE);
}

static void trim_gives_free_slots_back(void **state)
{
	uint64_t header = resident();
	struct vitrine_claim claim;

	(void)state;
	must_equal(vitrine_trim(producer), 0);
	publish_bytes(MIB);
	publish_bytes(MIB);
	must_equal(vitrine_claim(producer, MIB, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_trim(producer), 0); /* the newest and the claimed one stay */
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	must_equal(resident(), header + 2 * MIB);
	must_equal(vitrine_trim(producer), 1);
	must_equal(resident(), header + MIB);
	must(is_at_rest(producer));
	publish_bytes(MIB);
	must_equal(resident(), header + 2 * MIB);
}

/* A mirror is slow: the slot is emptied while it reads, and its further reads allocate pages. */
static void what_a_mirror_makes_anew_is_given_back(void **state)
{
	uint64_t header = resident();
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 3);
	struct vitrine_image seen;
	unsigned sum = 0;

	(void)state;
	publish_bytes(SLOT);
	must_equal(vitrine_latest(mirror, &seen), VITRINE_OK);
	publish_bytes(PAGE);
	must_equal(vitrine_trim(producer), 1);
	must_equal(resident(), header + PAGE);
	for (uint64_t i = 0; i < seen.size; i += PAGE)
		sum += ((volatile const uint8_t *)seen.data)[i];
	must_equal(sum, 0);
	must(!vitrine_unchanged(mirror, &seen));
	must_equal(resident(), header + PAGE + SLOT);
	must_equal(vitrine_trim(producer), 0); /* nobody had noted them */
	must_equal(resident(), header + PAGE);
	must(is_at_rest(producer));
	vitrine_close(mirror);
}

/* A producer died, or ran out of memory, after it recorded pages that were never allocated. */
static void noted_pages_are_made_before_the_write(void **state)
{
	uint64_t header = resident();
	struct vitrine_claim claim;

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		producer->base->descriptors[i].resident = 2 * MIB;
	must_equal(vitrine_claim(producer, MIB, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(resident(), header + MIB);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	must_equal(vitrine_claim(producer, 2 * MIB, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(resident(), header + 2 * MIB);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
}

/* ---- pages that cannot be made ------------------------------------------------------------- */

enum { MUCH = 40 * MIB }; /* so much that threads help */

static struct {
	bool kills;            /* the process that makes pages */
	bool fails;            /* there is no memory */
	bool fails_in_threads; /* … but for the caller's own share */
	pthread_t caller;
	unsigned threads;        /* other than the caller's */
	bool signals_were_free;  /* to be delivered to one of them */
	const uint64_t *noted;   /* what must be noted before pages are made… */
	uint64_t noted_at_least; /* …and how much */
	bool was_noted;
} making;

int __real_madvise(void *at, size_t size, int advice);
int __wrap_madvise(void *at, size_t size, int advice);
int __wrap_madvise(void *at, size_t size, int advice)
{
	bool in_thread = !pthread_equal(pthread_self(), making.caller);
	sigset_t blocked;

	if (advice != MADV_POPULATE_WRITE)
		return __real_madvise(at, size, advice);
	if (making.kills)
		raise(SIGKILL);
	if (making.noted != NULL)
		making.was_noted = *making.noted >= making.noted_at_least;
	if (in_thread) {
		__atomic_add_fetch(&making.threads, 1, __ATOMIC_SEQ_CST);
		pthread_sigmask(SIG_SETMASK, NULL, &blocked);
		if (sigismember(&blocked, SIGUSR1) == 0 || sigismember(&blocked, SIGINT) == 0)
			making.signals_were_free = true;
	}
	if (making.fails || (making.fails_in_threads && in_thread)) {
		errno = EFAULT;
		return -1;
	}
	return __real_madvise(at, size, advice);
}

static void make_pages_normally(void)
{
	memset(&making, 0, sizeof(making));
	making.caller = pthread_self();
}

static void claim_all_and_die(void *data)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 3);
	struct vitrine_channel *other;
	struct vitrine_claim claim;

	(void)data;
	must_equal(vitrine_open(&other, &options), VITRINE_OK);
	making.kills = true;
	vitrine_claim(other, SLOT, VITRINE_FAIL, 0, &claim);
}

/*
 * One process allocated the pages, another freed them, and a third recorded them but did not
 * allocate them, because it died or there was no memory. The first one must not assume that they
 * still exist.
 */
static void pages_of_others_are_not_believed_in(void **state)
{
	struct vitrine_channel *other = open_channel(VITRINE_PRODUCER, 3);
	struct vitrine_claim claim;
	uint64_t header = resident();

	(void)state;
	for (int dies = 0; dies <= 1; dies++) {
		make_pages_normally();
		must_equal(vitrine_claim(producer, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
		must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
		must_equal(vitrine_claim(other, PAGE, VITRINE_FAIL, 0, &claim), VITRINE_OK);
		must_equal(vitrine_abandon(other, &claim), VITRINE_OK);
		if (dies) {
			must(WIFSIGNALED(run_child(claim_all_and_die, NULL)));
		} else {
			making.fails = true;
			must_equal(vitrine_claim(other, SLOT, VITRINE_FAIL, 0, &claim),
				VITRINE_ENOMEM);
			making.fails = false;
		}
		must_equal(vitrine_claim(producer, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
		must(resident() >= header + SLOT);
		must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	}
	must_equal(vitrine_close(other), 0);
}

static long minor_faults(void)
{
	struct rusage usage;

	must_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt;
}

/*
 * Pages that another process freed and allocated again exist, but are not in this process's page
 * tables. The claim must map them, so that writing does not cause 2,048 page faults.
 */
static void pages_of_others_are_mapped_by_the_claim(void **state)
{
	struct vitrine_channel *other = open_channel(VITRINE_PRODUCER, 3);
	const uint64_t sizes[] = {SLOT, PAGE};
	struct vitrine_claim claim;
	long before;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		must_equal(vitrine_claim(producer, sizes[i], VITRINE_FAIL, 0, &claim), VITRINE_OK);
		must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	}
	must_equal(vitrine_claim(other, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_abandon(other, &claim), VITRINE_OK);
	must_equal(vitrine_claim(producer, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	before = minor_faults();
	memset(claim.data, 1, SLOT);
	must(minor_faults() - before < SLOT / PAGE / 8);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	must_equal(vitrine_close(other), 0);
}

/* If a process is killed while it allocates pages, the next trim must find them. */
static void pages_are_noted_before_they_are_made(void **state)
{
	struct vitrine_claim claim;

	(void)state;
	make_pages_normally();
	must_equal(vitrine_claim(producer, 0, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	making.noted = &producer->base->descriptors[claim.slot].resident;
	making.noted_at_least = SLOT;
	must_equal(vitrine_claim(producer, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must(making.was_noted);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	make_pages_normally();
}

static struct vitrine_channel *open_much(void)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel;

	options.slot_size = MUCH;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	make_pages_normally();
	return channel;
}

static void threads_tell_what_failed(void **state)
{
	struct vitrine_channel *channel = open_much();
	struct vitrine_claim claim;
	int rc;

	(void)state;
	making.fails_in_threads = true;
	rc = vitrine_claim(channel, MUCH, VITRINE_FAIL, 0, &claim);
	must_equal(rc, making.threads > 0 ? VITRINE_ENOMEM : VITRINE_OK);
	must(making.threads > 0 || sysconf(_SC_NPROCESSORS_ONLN) < 2);
	must(!making.signals_were_free); /* they are the program's, not the threads' */
	vitrine_close(channel);
}

static void *claim_while_cancelled(void *data)
{
	struct vitrine_claim claim;

	make_pages_normally();
	pthread_cancel(pthread_self());
	*(int *)data = vitrine_claim(producer, MUCH, VITRINE_FAIL, 0, &claim);
	pthread_testcancel();
	return NULL;
}

/* The threads use the caller's stack, so it must not end before they do. */
static void who_is_cancelled_waits_for_its_threads(void **state)
{
	struct vitrine_channel *before = producer;
	void *end = NULL;
	int rc = 1;
	pthread_t thread;

	(void)state;
#ifdef VITRINE_SANITIZED
	skip(); /* gcc's AddressSanitizer takes the frames of a cancelled thread for live ones */
#endif
	producer = open_much();
	must_equal(pthread_create(&thread, NULL, claim_while_cancelled, &rc), 0);
	must_equal(pthread_join(thread, &end), 0);
	must(end == PTHREAD_CANCELED);
	must_equal(rc, VITRINE_OK);
	vitrine_close(producer);
	producer = before;
	make_pages_normally();
}

/* For images of any size, nattch must count attachments, not parts of a mapping. */
static void an_attachment_is_counted_once(void **state)
{
	(void)state;
	for (uint64_t size = SLOT; size > PAGE; size = size * 2 / 3)
		publish_bytes(size);
	await_attached(producer->info.shmid, 2); /* the producer's and the consumer's */
}

/* ---- mappings ------------------------------------------------------------------------------ */

/* Copies the line that contains `word` from this mapping's entry in /proc/self/smaps. */
static void read_mapping(const void *at, const char *word, char *line, size_t size)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	bool inside = false;
	uintptr_t start, end;

	must(file != NULL);
	while (fgets(line, (int)size, file) != NULL) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) == 2)
			inside = start == (uintptr_t)at;
		if (inside && strstr(line, word) != NULL)
			break;
		line[0] = '\0';
	}
	fclose(file);
}

static void mappings_are_what_they_must_be(void **state)
{
	char line[512];

	(void)state;
	read_mapping(consumer->base, "SYSV", line, sizeof(line));
	must(strstr(line, " r--s ") != NULL);
	read_mapping(producer->base, "SYSV", line, sizeof(line));
	must(strstr(line, " rw-s ") != NULL);
	read_mapping(consumer->base, "VmFlags:", line, sizeof(line));
	must(strstr(line, " dd") != NULL); /* don't dump */
	read_mapping(producer->base, "VmFlags:", line, sizeof(line));
	must(strstr(line, " dd") != NULL);
}

static void write_to_it(void *at)
{
	signal(SIGSEGV, SIG_DFL); /* a sanitizer would make an exit of it */
	*(volatile uint8_t *)at = 1;
}

static void who_reads_cannot_write(void **state)
{
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 3);
	struct vitrine_channel *const readers[] = {consumer, mirror};

	(void)state;
	publish_bytes(1);
	for (int i = 0; i < 2; i++) {
		struct vitrine_image image;
		int status;

		must_equal(vitrine_latest(readers[i], &image), VITRINE_OK);
		status = run_child(write_to_it, (void *)image.data);
		must(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
		status = run_child(write_to_it, readers[i]->base);
		must(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	}
	must_equal(vitrine_close(mirror), 0);
}

/* A creator keeps no write access, either, unless it is a producer. */
static void a_creator_who_reads_cannot_write(void **state)
{
	struct vitrine_channel *creator;
	int status;

	(void)state;
	creator = open_channel(VITRINE_CONSUMER, 2);
	must(creator->info.created);
	status = run_child(write_to_it, creator->base);
	must(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	must_equal(vitrine_close(creator), 0);
}

/* ---- endurance ----------------------------------------------------------------------------- */

/* If `full` had undo on one side only, ERANGE would follow after 32,767 images. */
static void a_hundred_thousand_images(void **state)
{
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 3);
	struct vitrine_image image;

	(void)state;
	for (uint64_t i = 0; i < 100000; i += 2) {
		if (i % 1000 == 0) { /* abandon has a pair of its own */
			struct vitrine_claim claim;

			must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
			must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
		}
		must_equal(publish_image(producer, 1), i + 1);
		must_equal(publish_image(producer, 2), i + 2);
		for (uint64_t sequence = i + 1; sequence <= i + 2; sequence++) {
			must_equal(vitrine_take(consumer, 0, &image), VITRINE_OK);
			must_equal(vitrine_requeue(consumer, &image), VITRINE_OK);
			must_equal(vitrine_take(consumer, 0, &image), VITRINE_OK);
			must_equal(image.sequence, sequence);
			must_equal(vitrine_release(consumer, &image), VITRINE_OK);
		}
	}
	must(is_at_rest(mirror));
	must(resident() <= 5 * PAGE);
	must_equal(vitrine_close(mirror), 0);
}

#define in_a_channel(f) cmocka_unit_test_setup_teardown(f, set_up, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_a_channel(memory_follows_the_images),
		in_a_channel(an_attachment_is_counted_once),
		in_a_channel(trim_gives_free_slots_back),
		in_a_channel(what_a_mirror_makes_anew_is_given_back),
		in_a_channel(noted_pages_are_made_before_the_write),
		in_a_channel(pages_of_others_are_not_believed_in),
		in_a_channel(pages_of_others_are_mapped_by_the_claim),
		in_a_channel(pages_are_noted_before_they_are_made),
		a_test(threads_tell_what_failed),
		a_test(who_is_cancelled_waits_for_its_threads),
		in_a_channel(mappings_are_what_they_must_be),
		in_a_channel(who_reads_cannot_write),
		in_a_channel(a_hundred_thousand_images),
		a_test(a_creator_who_reads_cannot_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
