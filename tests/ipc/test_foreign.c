/*
 * test_foreign.c - objects under the channel's key that belong to others, or to another version:
 * each is refused with an error that names it, and is not touched.
 */
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "segment.h"
#include "semset.h"

/*
 * Checks that every role is refused with `error` and a message with `word`, and that the objects
 * are unchanged.
 */
static void all_are_refused(int error, const char *word)
{
	int semid = semset_find(test_key.value), shmid = segment_find(test_key.value);

	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_INSPECTOR; role++) {
		struct vitrine_options options = usual_options(role, 2);

		if (semid < 0 && role == VITRINE_INSPECTOR)
			continue; /* without a set it says that there is no channel */
		options.patience_ns = 20 * MILLISECOND_NS;
		open_must_fail(&options, error, word);
		must_equal(semset_find(test_key.value), semid);
		must_equal(segment_find(test_key.value), shmid);
	}
}

/* ---- sets ---------------------------------------------------------------------------------- */

static void a_set_of_another_count(void **state)
{
	const unsigned counts[] = {1, 7, 8, 12, 17, 19, 268};

	(void)state;
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		const struct sembuf one = {0, 1, 0};
		unsigned short values[300];
		int id = semset_create(test_key.value, counts[i], 0600);

		remember_objects();
		must_equal(semset_do(id, &one, 1, 0), 0);
		all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
		must_equal(semset_values(id, counts[i], values), 0);
		must_equal(values[0], 1);
		must_equal(semset_remove(id), 0);
	}
}

static void a_set_of_implausible_values(void **state)
{
	const unsigned numbers[] = {
		SEM_MUTEX, SEM_EMPTY, SEM_FULL, SEM_NOTHING, SEM_ALIVE, SEM_SLOTS, SEM_SLOTS + 7};

	(void)state;
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct sembuf raise = {(unsigned short)numbers[i], 100, 0};
		int id = semset_create(test_key.value, semaphore_count(2), 0600);

		remember_objects();
		must_equal(semset_do(id, &raise, 1, 0), 0);
		all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
		must_equal(semset_remove(id), 0);
	}
}

/* ---- segments ------------------------------------------------------------------------------ */

static void a_segment_of_another_program(void **state)
{
	char *at;
	int id = segment_create(test_key.value, 100000, 0600);

	(void)state;
	remember_objects();
	must_equal(segment_attach(id, true, (void **)&at), 0);
	strcpy(at, "somebody's data");
	all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	must(strcmp(at, "somebody's data") == 0);
	must(semset_find(test_key.value) < 0);
	must_equal(segment_detach(at), 0);
	must_equal(segment_remove(id), 0);
}

static void a_segment_too_small_for_a_header(void **state)
{
	int id = segment_create(test_key.value, 100, 0600);

	(void)state;
	remember_objects();
	all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	must_equal(segment_remove(id), 0);
}

enum { HEADER = 4096, OURS = HEADER + 3 * SMALL };

/*
 * Makes a segment without a magic, as a creator leaves it that dies after `steps` steps of its
 * header.
 */
static int half_made(unsigned steps)
{
	int id = segment_create(test_key.value, OURS, 0600);
	struct header *header;

	must_equal(segment_attach(id, true, (void **)&header), 0);
	header->layout_version = steps > 0 ? LAYOUT_VERSION : 0;
	header->header_size = steps > 1 ? HEADER : 0;
	header->slot_count = steps > 2 ? 3 : 0;
	header->descriptor_size = steps > 3 ? sizeof(struct descriptor) : 0;
	header->slot_size = steps > 4 ? SMALL : 0;
	header->semid = steps > 5 ? 12345 : 0;
	header->creator = steps > 6 ? 4321 : 0;
	header->created_ns = steps > 7 ? 1 : 0;
	memcpy(header->key_text, test_key.text, steps > 8 ? 3 : 0);
	if (steps > 9)
		strcpy(header->key_text, test_key.text);
	must_equal(segment_detach(header), 0);
	return id;
}

static void a_half_made_leftover_makes_way(void **state)
{
	(void)state;
	for (unsigned steps = 0; steps <= 10; steps++) {
		int id = half_made(steps);
		struct vitrine_channel *channel;

		remember_objects();
		channel = open_channel(VITRINE_PRODUCER, 2);
		must(vitrine_info(channel)->shmid != id);
		must_equal(vitrine_close(channel), 0);
	}
}

/*
 * Other programs' memory may begin with zeros, too: a counter, a turn, head and tail. One other
 * number shows that it is not ours.
 */
static void zeros_of_another_program(void **state)
{
	const size_t sizes[] = {512, 4096, 5000, 8192, OURS, OURS + 1};
	const size_t places[] = {8, 16, 32, 40, 48, 303, 304, 511, 512, 4095, 4096, OURS - 1};

	(void)state;
	for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (unsigned p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
			int id = segment_create(test_key.value, sizes[s], 0600);
			char *at;

			if (places[p] < sizes[s]) {
				must_equal(segment_attach(id, true, (void **)&at), 0);
				at[places[p]] = 7;
				must_equal(segment_detach(at), 0);
				all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
				must_equal(segment_attach(id, false, (void **)&at), 0);
				must_equal(at[places[p]], 7);
				must_equal(segment_detach(at), 0);
			}
			must_equal(segment_remove(id), 0);
		}
}

/* Nothing but zeros, but not of a size that a channel can have. */
static void zeros_of_another_size(void **state)
{
	const size_t sizes[] = {512, 4096, 5000, 8192, OURS + 1};

	(void)state;
	for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		int id = segment_create(test_key.value, sizes[s], 0600);

		all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
		must_equal(segment_remove(id), 0);
	}
}

/* Under a number that any program may choose, a set of the right size need not be ours. */
static void a_set_of_our_size(void **state)
{
	const struct sembuf arrays[][2] = {{{0, 0, IPC_NOWAIT}, {1, 0, IPC_NOWAIT}},
		{{SEM_ALIVE, 1, 0}, {SEM_ALIVE, -1, 0}}, {{9, 1, 0}, {9, -1, 0}}};

	(void)state;
	test_key.value = 0x1234;
	strcpy(test_key.text, "0x00001234");
	for (unsigned used = 0; used <= 3; used++) {
		int id = semset_create(test_key.value, semaphore_count(2), 0600);

		must(id >= 0);
		if (used > 0)
			must_equal(semset_do(id, arrays[used - 1], 2, 0), 0);
		for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++) {
			struct vitrine_options options = usual_options(role, 2);

			options.patience_ns = 20 * MILLISECOND_NS;
			open_must_fail(&options, VITRINE_EFOREIGN, "not a Vitrine channel");
			must_equal(semset_find(test_key.value), id);
		}
		must_equal(semset_remove(id), 0);
	}
}

/*
 * All values are 1, as in a set of mutexes at rest. Joining would change it, and a lost segment
 * would cause its removal.
 */
static void a_set_of_ones(void **state)
{
	int id = semset_create(test_key.value, semaphore_count(2), 0600);
	struct sembuf one = {0, 1, 0};

	(void)state;
	for (one.sem_num = 0; one.sem_num < semaphore_count(2); one.sem_num++)
		must_equal(semset_do(id, &one, 1, 0), 0);
	all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	must_equal(semset_remove(id), 0);
}

/*
 * A creator in the middle of writing its header; after a few looks it is gone, and the header is
 * half written.
 */
struct work {
	struct header *header;
	int looks;
};

static void stop_working(const struct vitrine_event *event, void *data)
{
	struct work *work = data;

	if (event->before || strcmp(event->name, "create segment") != 0 || ++work->looks != 3)
		return;
	work->header->semid = 0;
	must_equal(segment_detach(work->header), 0);
}

/*
 * A header that is read while another process writes it mixes several moments, so it proves
 * nothing.
 */
static void a_header_that_is_being_written(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	int id = segment_create(test_key.value, OURS, 0600);
	struct vitrine_channel *opened;
	struct work work = {0};

	(void)state;
	must_equal(segment_attach(id, true, (void **)&work.header), 0);
	work.header->semid = 12345; /* as a reader sees it that comes before the rest is written */
	options.observer = stop_working;
	options.observer_data = &work;
	must_equal(vitrine_open(&opened, &options), VITRINE_OK);
	must(work.looks > 3);
	must(vitrine_info(opened)->shmid != id);
	must_equal(vitrine_close(opened), 0);
}

/* All zeros, but a process has it attached: another program, or a creator at work. */
static void a_blank_segment_in_use_is_refused(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	int id = half_made(0);
	struct segment_status status;
	void *at;

	(void)state;
	must_equal(segment_attach(id, true, &at), 0);
	options.patience_ns = 50 * MILLISECOND_NS;
	open_must_fail(&options, VITRINE_EFOREIGN, "not a Vitrine channel");
	must_equal(segment_status(id, &status), 0);
	must(!status.removed);
	must_equal(semset_find(test_key.value), -ENOENT);
	must_equal(segment_detach(at), 0);
	must_equal(segment_remove(id), 0);
}

static void the_segment_of_a_dead_channel_makes_way(void **state)
{
	struct vitrine_channel *old = open_channel(VITRINE_PRODUCER, 3), *channel;

	(void)state;
	publish_image(old, 1);
	must_equal(semset_remove(vitrine_info(old)->semid), 0);
	channel = open_channel(VITRINE_PRODUCER, 2);
	must(vitrine_info(channel)->created);
	must(vitrine_info(channel)->shmid != vitrine_info(old)->shmid);
	must_equal(vitrine_close(old), 0);
	must_equal(publish_image(channel, 1), 1);
	must_equal(vitrine_remove(channel), VITRINE_OK);
	vitrine_close(channel);
}

/* ---- headers ------------------------------------------------------------------------------- */

static struct vitrine_channel *channel;

static int set_up(void **state)
{
	(void)state;
	new_test_key();
	channel = open_channel(VITRINE_PRODUCER, 2);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	vitrine_remove(channel);
	vitrine_close(channel);
	return objects_are_gone() ? 0 : -1;
}

/* With the changed header, all roles are refused, and the channel continues to exist. */
static void header_is_refused(int error, const char *word)
{
	all_are_refused(error, word);
	must_equal(value_of(channel, SEM_PRODUCERS), 1);
	must_equal(value_of(channel, SEM_CONSUMERS), 0);
	must_equal(value_of(channel, SEM_MIRRORS), 0);
}

static void another_version(void **state)
{
	(void)state;
	channel->base->layout_version = 2;
	header_is_refused(VITRINE_EVERSION, "layout version 2");
	/* A dead channel of another version must not be removed, either. */
	must_equal(semset_remove(channel->info.semid), 0);
	all_are_refused(VITRINE_EVERSION, "layout version 2");
}

static void impossible_headers(void **state)
{
	struct header *header = channel->base;

	(void)state;
	header->slot_count = 0;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->slot_count = 65;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->slot_count = UINT32_MAX;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->slot_count = 2;
	header->descriptor_size = 256;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->descriptor_size = sizeof(struct descriptor);
	header->header_size = 512;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->header_size = UINT32_MAX;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->header_size = 4096;
	header->slot_size = 0;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->slot_size = UINT64_MAX / 2 + 1 + SMALL; /* times two: SMALL x 2 */
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->slot_size = SMALL - 4096;
	header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	header->slot_size = SMALL;
	must_equal(vitrine_close(open_channel(VITRINE_CONSUMER, 2)), 0);
}

/* Slots begin in the middle of a page, although the numbers fit the segment's size. */
static void slots_that_are_not_of_whole_pages(void **state)
{
	static const struct {
		uint32_t header_size;
		uint64_t slot_size;
	} shapes[] = {{4096 + 24, SMALL}, {4096, SMALL + 8}};

	(void)state;
	must_equal(segment_remove(channel->info.shmid), 0);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const uint64_t size = shapes[i].header_size + 2 * shapes[i].slot_size;
		int id = segment_create(test_key.value, size, 0600);
		struct header *header;

		must(id >= 0);
		must_equal(segment_attach(id, true, (void **)&header), 0);
		memcpy(header, channel->base, sizeof(*header));
		header->header_size = shapes[i].header_size;
		header->slot_size = shapes[i].slot_size;
		header_is_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
		must_equal(segment_detach(header), 0);
		must_equal(segment_remove(id), 0);
	}
}

/* The numbers fit each other and the segment, but not the set: 4096 + 2 x 64 KiB, or 4 x 32. */
static void another_count_than_the_set_has(void **state)
{
	(void)state;
	channel->base->slot_count = 4;
	channel->base->slot_size = SMALL / 2;
	header_is_refused(VITRINE_EDAMAGED, "4 slots");
}

/* The segment names another set, so the programs in the channel and a new one could not meet. */
static void a_segment_of_another_set(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_INSPECTOR, 2);
	struct vitrine_channel *fresh, *producer;

	(void)state;
	channel->base->semid++;
	open_must_fail(&options, VITRINE_ENONE, "try again");
	fresh = open_channel(VITRINE_CONSUMER, 2);
	must(vitrine_info(fresh)->created);
	producer = open_channel(VITRINE_PRODUCER, 2);
	must_equal(publish_image(producer, 1), 1);
	take_image(fresh);
	must_equal(vitrine_remove(fresh), VITRINE_OK);
	vitrine_close(producer);
	vitrine_close(fresh);
}

/*
 * A set and a segment of different users are not a channel of either. (An owner may give an object
 * away.)
 */
static void set_segment_owner(uid_t uid)
{
	struct shmid_ds status;

	must_equal(shmctl(channel->info.shmid, IPC_STAT, &status), 0);
	status.shm_perm.uid = uid;
	must_equal(shmctl(channel->info.shmid, IPC_SET, &status), 0);
}

static void a_segment_of_another_user(void **state)
{
	(void)state;
	set_segment_owner(geteuid() + 1);
	header_is_refused(VITRINE_EFOREIGN, "belongs to user");
	set_segment_owner(geteuid());
	must_equal(vitrine_close(open_channel(VITRINE_CONSUMER, 2)), 0);
}

/* Slots that do not begin on a page: freeing the pages of one would affect the next. */
static void slots_that_begin_within_a_page(void **state)
{
	enum { MORE = 8 };
	struct header *at;
	int id;

	(void)state;
	must_equal(segment_remove(channel->info.shmid), 0);
	id = segment_create(test_key.value, channel->info.segment_size + MORE, 0600);
	must_equal(segment_attach(id, true, (void **)&at), 0);
	memcpy(at, channel->base, sizeof(*at));
	at->header_size += MORE;
	all_are_refused(VITRINE_EFOREIGN, "not a Vitrine channel");
	must_equal(segment_detach(at), 0);
	must_equal(segment_remove(id), 0);
}

static void a_hostile_key_text(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	struct vitrine_channel *other;

	(void)state;
	memset(channel->base->key_text, '\x1b', VITRINE_NAME_MAX);
	must_equal(vitrine_open(&other, &options), VITRINE_OK);
	must(strncmp(vitrine_info(other)->key_text, "%1B%1B", 6) == 0);
	must(strlen(vitrine_info(other)->key_text) < VITRINE_NAME_MAX);
	must_equal(vitrine_close(other), 0);
}

#define in_a_channel(f) cmocka_unit_test_setup_teardown(f, set_up, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(a_set_of_another_count),
		a_test(a_set_of_implausible_values),
		a_test(a_segment_of_another_program),
		a_test(a_segment_too_small_for_a_header),
		a_test(a_half_made_leftover_makes_way),
		a_test(a_header_that_is_being_written),
		a_test(zeros_of_another_program),
		a_test(zeros_of_another_size),
		a_test(a_set_of_our_size),
		a_test(a_set_of_ones),
		a_test(a_blank_segment_in_use_is_refused),
		a_test(the_segment_of_a_dead_channel_makes_way),
		in_a_channel(another_version),
		in_a_channel(impossible_headers),
		in_a_channel(slots_that_are_not_of_whole_pages),
		in_a_channel(another_count_than_the_set_has),
		in_a_channel(a_segment_of_another_set),
		in_a_channel(a_segment_of_another_user),
		in_a_channel(slots_that_begin_within_a_page),
		in_a_channel(a_hostile_key_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
