/*
 * test_prepare.c - vitrine_prepare(): after it, a claim and the writes to its slot allocate
 * nothing; the call itself holds nothing afterwards, never sleeps and wakes no process.
 */
#include "actor.h"
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "segment.h"

enum { SLOT = 8 * MIB, PAGE = 4096, SLOTS = 3 };

static struct vitrine_channel *producer, *consumer;

static struct vitrine_channel *open_large(enum vitrine_role role)
{
	struct vitrine_options options = usual_options(role, SLOTS);
	struct vitrine_channel *channel;

	options.slot_size = SLOT;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	return channel;
}

static int set_up(void **state)
{
	(void)state;
	new_test_key();
	producer = open_large(VITRINE_PRODUCER);
	consumer = open_large(VITRINE_CONSUMER);
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

static uint64_t memory(void)
{
	return segment_memory(producer->info.shmid);
}

static long faults(void)
{
	struct rusage usage;

	must_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt + usage.ru_majflt;
}

/*
 * AddressSanitizer has a shadow byte for every eight bytes; its pages are allocated at the first
 * write.
 */
#ifdef VITRINE_SANITIZED
#define FEW_FAULTS (SLOT / PAGE / 4)
#else
#define FEW_FAULTS (SLOT / PAGE / 100)
#endif

/* The number of page faults of claiming, writing and publishing `size` bytes. */
static long faults_of_publishing(uint64_t size)
{
	long before = faults();
	struct vitrine_claim claim;
	struct vitrine_image image;

	vitrine_file(&image, "x", size, NULL);
	must_equal(vitrine_claim(producer, size, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	memset(claim.data, 1, (size_t)size);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	return faults() - before;
}

static void consume(void)
{
	struct vitrine_image image;

	must_equal(vitrine_take(consumer, 0, &image), VITRINE_OK);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
}

/* ---- what it is for ------------------------------------------------------------------------ */

static void a_prepared_claim_allocates_nothing(void **state)
{
	(void)state;
	must(faults_of_publishing(SLOT) > SLOT / PAGE / 2); /* or the figures below mean nothing */
	consume();
	for (int i = 0; i < 3; i++) {
		must(vitrine_trim(producer) >= 0);
		must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
		must(faults_of_publishing(SLOT) < FEW_FAULTS);
		consume();
	}
	must(is_at_rest(producer));
}

/* Earlier claims may have suggested another slot, which has no pages. */
static void the_claim_gets_the_prepared_slot(void **state)
{
	struct vitrine_claim claim;
	uint32_t prepared;

	(void)state;
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	prepared = producer->prepared.slot;
	hurry(producer); /* or it would look, and not follow the suggestion */
	producer->fast_path.free_slot = (int)(prepared + 1) % SLOTS;
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	must_equal(producer->prepared.slot, prepared);
	must_equal(vitrine_claim(producer, MIB, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(claim.slot, prepared);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
}

/* Another producer allocated the pages, so they are not in this process's page tables. */
static void a_prepared_claim_of_a_joiner_allocates_nothing(void **state)
{
	struct vitrine_channel *creator = producer;
	struct vitrine_claim claim;

	(void)state;
	must_equal(vitrine_claim(creator, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_abandon(creator, &claim), VITRINE_OK);
	producer = open_large(VITRINE_PRODUCER);
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
	must(faults_of_publishing(SLOT) < FEW_FAULTS);
	consume();
	must_equal(vitrine_close(producer), 0);
	producer = creator;
}

/* The second call finds the slot ready: it executes no semop, which the observer would see. */
static void count_calls(const struct vitrine_event *event, void *data)
{
	*(unsigned *)data += event->before;
}

static void what_is_ready_costs_no_semop(void **state)
{
	unsigned calls = 0;

	(void)state;
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
	producer->observer = count_calls;
	producer->observer_data = &calls;
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
	must_equal(vitrine_prepare(producer, 0), VITRINE_OK);
	must_equal(calls, 0);
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	must_equal(calls, 2); /* claim and abandon */
	producer->observer = NULL;
}

/* ---- memory -------------------------------------------------------------------------------- */

static void the_slot_has_just_that_memory(void **state)
{
	uint64_t header = memory();

	(void)state;
	must_equal(vitrine_prepare(producer, 2 * MIB), VITRINE_OK);
	must_equal(memory(), header + 2 * MIB);
	must_equal(vitrine_prepare(producer, MIB + 1), VITRINE_OK);
	must_equal(memory(), header + MIB + PAGE);
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
	must_equal(memory(), header + SLOT);
}

static void trim_leaves_it_until_it_is_claimed_or_another_is_prepared(void **state)
{
	uint64_t header = memory();

	(void)state;
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	must_equal(vitrine_trim(producer), 0);
	must_equal(memory(), header + MIB);
	faults_of_publishing(MIB); /* the prepared slot … */
	consume();
	faults_of_publishing(PAGE); /* … which is free once another image is the newest */
	consume();
	must_equal(vitrine_trim(producer), 1);
	must_equal(memory(), header + PAGE);
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	must_equal(vitrine_prepare(producer, 0), VITRINE_OK);
	must_equal(vitrine_trim(producer), 1);
	must_equal(memory(), header + PAGE);
	must(is_at_rest(producer));
}

/* Another producer used the slot for a larger image, so it is no longer as prepared. */
static void trim_takes_what_others_added(void **state)
{
	struct vitrine_channel *other = open_large(VITRINE_PRODUCER);
	uint64_t header = memory();
	struct vitrine_claim claim;

	(void)state;
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	must_equal(vitrine_claim(other, SLOT, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(claim.slot, producer->prepared.slot);
	must_equal(vitrine_abandon(other, &claim), VITRINE_OK);
	must_equal(vitrine_trim(producer), 1);
	must_equal(memory(), header);
	must_equal(vitrine_close(other), 0);
}

/* ---- other processes ----------------------------------------------------------------------- */

/* How often the process fell asleep. */
static unsigned long sleeps_of(int pid)
{
	unsigned long sleeps = 0;
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	must(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL)
		sscanf(line, "voluntary_ctxt_switches: %lu", &sleeps);
	fclose(file);
	return sleeps;
}

static bool is_asleep(int pid)
{
	char path[64], state = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	must(file != NULL);
	must_equal(fscanf(file, "%*d (%*[^)]) %c", &state), 1);
	fclose(file);
	return state == 'S';
}

static void it_wakes_no_consumer(void **state)
{
	struct actor reader = actor_open(VITRINE_CONSUMER, SLOTS);
	struct wait wait = {0};
	unsigned long before;
	int reply;

	(void)state;
	actor_tell(&reader, TAKE, 0, 0);
	await_sleepers(producer->info.semid, SEM_FULL, false, 1);
	while (!is_asleep(reader.pid))
		wait_a_little(&wait);
	before = sleeps_of(reader.pid);
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
	must(is_asleep(reader.pid));
	must_equal(sleeps_of(reader.pid), before);
	must(is_at_rest(producer));
	faults_of_publishing(SLOT);
	must(actor_hear(&reader, wait_limit_ns, &reply));
	must_equal(reply, VITRINE_OK);
	must_equal(actor_do(&reader, RELEASE, 0, 0), VITRINE_OK);
	actor_kill(&reader, SIGKILL);
}

static void a_full_buffer_is_refused_at_once(void **state)
{
	struct actor waiting = actor_open(VITRINE_PRODUCER, SLOTS);
	unsigned long before;
	struct wait wait = {0};

	(void)state;
	for (int i = 0; i < SLOTS; i++)
		faults_of_publishing(1);
	actor_tell(&waiting, CLAIM, VITRINE_WAIT, 0);
	await_sleepers(producer->info.semid, SEM_EMPTY, false, 1);
	while (!is_asleep(waiting.pid))
		wait_a_little(&wait);
	before = sleeps_of(waiting.pid);
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_EFULL);
	must(strstr(vitrine_message(producer), "in use") != NULL);
	must_equal(sleeps_of(waiting.pid), before);
	actor_kill(&waiting, SIGKILL);
}

/* If the call needed the mutex, a process that is stopped while holding it would block this one. */
static void it_needs_no_mutex(void **state)
{
	(void)state;
	set_value(producer, SEM_MUTEX, 0);
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_OK);
	set_value(producer, SEM_MUTEX, 1);
	must(is_at_rest(producer));
}

/* ---- what is refused ----------------------------------------------------------------------- */

static void what_cannot_be_prepared_is_refused(void **state)
{
	(void)state;
	must_equal(vitrine_prepare(producer, MIB), VITRINE_OK);
	must_equal(vitrine_prepare(producer, SLOT + 1), VITRINE_ETOOLARGE);
	must(strstr(vitrine_message(producer), "--slot-size") != NULL);
	must_equal(vitrine_trim(producer), 0); /* what was prepared still is */
	must_equal(vitrine_prepare(consumer, MIB), VITRINE_EINVAL);
	must_equal(vitrine_prepare(NULL, MIB), VITRINE_EINVAL);
	must_equal(vitrine_remove(producer), VITRINE_OK);
	must_equal(vitrine_prepare(producer, SLOT), VITRINE_EREMOVED);
}

#define in_a_channel(f) cmocka_unit_test_setup_teardown(f, set_up, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_a_channel(a_prepared_claim_allocates_nothing),
		in_a_channel(the_claim_gets_the_prepared_slot),
		in_a_channel(a_prepared_claim_of_a_joiner_allocates_nothing),
		in_a_channel(what_is_ready_costs_no_semop),
		in_a_channel(the_slot_has_just_that_memory),
		in_a_channel(trim_leaves_it_until_it_is_claimed_or_another_is_prepared),
		in_a_channel(trim_takes_what_others_added),
		in_a_channel(it_wakes_no_consumer),
		in_a_channel(a_full_buffer_is_refused_at_once),
		in_a_channel(it_needs_no_mutex),
		in_a_channel(what_cannot_be_prepared_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
