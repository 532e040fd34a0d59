/*
 * test_damage.c - a segment and a set that another program has damaged: calls return an error in
 * bounded time; they never crash, read beyond the end, loop for ever, or keep the mutex.
 */
#include "support.h"

#include <string.h>

static struct vitrine_channel *producer, *consumer, *mirror;

static int set_up(void **state)
{
	(void)state;
	return open_trio(&producer, &consumer, &mirror);
}

static int clean_up(void **state)
{
	(void)state;
	return close_trio(producer, consumer, mirror);
}

/* ---- descriptors --------------------------------------------------------------------------- */

/* The descriptor of the image that was published last. */
static struct descriptor *newest(void)
{
	struct vitrine_image image;

	must_equal(vitrine_latest(mirror, &image), VITRINE_OK);
	return &producer->base->descriptors[image.slot];
}

static void publish_pixels(void)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	must_equal(vitrine_pixels(&image, "x", 16, 16, VITRINE_AB24), VITRINE_OK);
	must_equal(vitrine_claim(producer, image.size, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
}

/* All readers refuse the newest image; the next one is delivered. */
static void is_passed_over(void)
{
	struct vitrine_snapshot snapshot;
	struct vitrine_image image;

	must_equal(vitrine_latest(mirror, &image), VITRINE_EDAMAGED);
	must(strstr(vitrine_message(mirror), "is impossible") != NULL);
	must_equal(vitrine_look(mirror, image.slot, &image), VITRINE_EDAMAGED);
	must_equal(vitrine_wait_newer(mirror, 0, VITRINE_FOREVER), VITRINE_EDAMAGED);
	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
	must(!snapshot.slots[image.slot].has_image);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_EDAMAGED);
	must(is_at_rest(mirror));
	publish_image(producer, 1);
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	must(is_at_rest(mirror));
}

#define WITH(field, number)                                                                        \
	do {                                                                                       \
		publish_pixels();                                                                  \
		newest()->field = (number);                                                        \
		is_passed_over();                                                                  \
	} while (0)

static void each_number_of_a_descriptor(void **state)
{
	(void)state;
	WITH(size, 1023);
	WITH(size, SMALL + 1);
	WITH(size, UINT64_MAX);
	WITH(kind, 0);
	WITH(kind, 3);
	WITH(kind, UINT32_MAX);
	WITH(format, 0);
	WITH(format, VITRINE_FOURCC('N', 'O', 'N', 'E'));
	WITH(width, 0);
	WITH(width, 17);
	WITH(width, UINT32_MAX);
	WITH(height, 0);
	WITH(height, 17);
	WITH(height, UINT32_MAX);
	WITH(pitch, 0);
	WITH(pitch, 63);
	WITH(pitch, 65);
	WITH(pitch, UINT32_MAX);
	WITH(checksum, 3);
	WITH(checksum, UINT32_MAX);
}

/* Reading a page that was never written allocates it. An image of such pages is refused. */
static void more_than_was_ever_written(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *roomy, *reader;
	struct vitrine_image image;
	struct vitrine_claim claim;

	(void)state;
	vitrine_close(mirror);
	vitrine_close(consumer);
	vitrine_close(producer);
	options.slot_size = UINT64_C(64)
			    << (sizeof(void *) == 8 ? 30 : 22); /* 32 bits have no 64 GiB */
	must_equal(vitrine_open(&roomy, &options), VITRINE_OK);
	options.role = VITRINE_CONSUMER;
	must_equal(vitrine_open(&reader, &options), VITRINE_OK);
	vitrine_file(&image, "x", 1, NULL);
	must_equal(vitrine_claim(roomy, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_publish(roomy, &claim, &image, 0), VITRINE_OK);
	roomy->base->descriptors[claim.slot].size = options.slot_size;
	must_equal(vitrine_latest(reader, &image), VITRINE_EDAMAGED);
	must_equal(vitrine_take(reader, 0, &image), VITRINE_EDAMAGED);
	vitrine_close(roomy);
	vitrine_close(reader);
	set_up(state);
}

/* Numbers on which no memory access depends are not checked, but do no harm. */
static void harmless_numbers(void **state)
{
	struct descriptor *descriptor;
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	descriptor = newest();
	descriptor->published_ns = INT64_MIN;
	descriptor->publisher = INT32_MIN;
	memset(descriptor->name, 0xff, sizeof(descriptor->name));
	memset(descriptor->media_type, 0xff, sizeof(descriptor->media_type));
	memset(descriptor->reserved_408, 0xff, sizeof(descriptor->reserved_408));
	image = take_image(consumer);
	must(memchr(image.name, '\0', sizeof(image.name)) != NULL);
	must(memchr(image.media_type, '\0', sizeof(image.media_type)) != NULL);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
}

/* The sequence numbers decide only the order: with any numbers, every image is delivered once. */
static void tampered_sequence_numbers(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		publish_image(producer, i);
	for (uint32_t i = 0; i < 3; i++)
		atomic_store(&producer->base->descriptors[i].sequence, i == 1 ? UINT64_MAX : 0);
	for (int i = 0; i < 3; i++)
		take_image(consumer);
	must_equal(value_of(mirror, SEM_FULL), 0);
}

/* What a descriptor says of the image before its own is only believed if that image is there. */
static void links_that_lead_nowhere(void **state)
{
	const uint32_t links[] = {0, 1, 2, 3, 4, 64, UINT32_MAX};
	struct vitrine_image image;

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		publish_image(producer, i);
	for (unsigned newer = 0; newer < sizeof(links) / sizeof(links[0]); newer++)
		for (unsigned older = 0; older < sizeof(links) / sizeof(links[0]); older++) {
			for (uint32_t slot = 0; slot < 3; slot++)
				producer->base->descriptors[slot].previous = links[older];
			newest()->previous = links[newer];
			must_equal(vitrine_next(mirror, 0, &image), VITRINE_OK);
			must(image.sequence >= 1 && image.sequence <= 3);
			must_equal(producer->base->descriptors[image.slot].sequence,
				image.sequence);
			must_equal(strlen(vitrine_message(mirror)), 0);
		}
}

/* A mirror that is behind stops at an image that it must not believe. */
static void an_impossible_image_between(void **state)
{
	struct descriptor *second;
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	publish_image(producer, 2);
	second = newest();
	publish_image(producer, 3);
	second->size = SMALL + 1;
	must_equal(vitrine_next(mirror, 0, &image), VITRINE_OK);
	must_equal(image.sequence, 3);
	must_equal(strlen(vitrine_message(mirror)), 0);
}

/* The highest number has no successor: 0 means that the slot holds no image. */
static void the_highest_number(void **state)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	atomic_store(&newest()->sequence, UINT64_MAX);
	vitrine_file(&image, "x", 1, NULL);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EDAMAGED);
	must_equal(value_of(mirror, SEM_MUTEX), 1);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
}

static void a_newest_image_without_a_number(void **state)
{
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	atomic_store(&newest()->sequence, 0);
	must_equal(vitrine_latest(mirror, &image), VITRINE_EDAMAGED);
	must(strstr(vitrine_message(mirror), "changes faster than it can be read") != NULL);
}

/*
 * The number of a slot's pages is only a hint for the producer that claims it, whatever its value.
 */
static void a_wrong_count_of_pages(void **state)
{
	const uint64_t sizes[] = {0, 1, 4096, SMALL, SMALL + 1, UINT64_MAX, UINT64_MAX - 4095};
	struct vitrine_claim claim;

	(void)state;
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (uint64_t size = 0; size <= SMALL; size += SMALL / 2) {
			for (uint32_t slot = 0; slot < 3; slot++)
				producer->base->descriptors[slot].resident = sizes[i];
			must_equal(vitrine_claim(producer, size, VITRINE_FAIL, 0, &claim),
				VITRINE_OK);
			memset(claim.data, 1, (size_t)size);
			must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
			must(vitrine_trim(producer) >= 0);
		}
}

/* Freeing pages of one slot must not free pages of the next. */
static void a_count_of_pages_that_reaches_into_the_next_slot(void **state)
{
	struct vitrine_image image;
	struct vitrine_claim claim;

	(void)state;
	publish_image(producer, 1); /* in slot 0, which is then free, */
	publish_image(producer, 2); /* beside one that waits */
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	for (uint64_t size = SMALL + 4096; size <= 3 * (uint64_t)SMALL; size += SMALL / 2) {
		producer->base->descriptors[image.slot].resident = size;
		do
			must_equal(vitrine_claim(producer, 0, VITRINE_FAIL, 0, &claim), VITRINE_OK);
		while (claim.slot != image.slot);
		must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	}
	image = take_image(consumer); /* it looks whether the image is whole */
	must_equal(image.sequence, 2);
}

/* The number is also shown to users. */
static void more_pages_than_there_are(void **state)
{
	struct vitrine_snapshot snapshot;

	(void)state;
	for (uint32_t slot = 0; slot < 3; slot++)
		producer->base->descriptors[slot].resident = UINT64_MAX - slot;
	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
	must(snapshot.resident <= 3 * SMALL);
}

/* If a slot ended within a page, freeing its pages would erase the beginning of the next slot. */
static void slots_that_are_no_whole_pages(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_INSPECTOR, 3);
	struct header *header = producer->base;

	(void)state;
	header->slot_size -= 8;
	header->header_size += 3 * 8;
	open_must_fail(&options, VITRINE_EFOREIGN, "segment");
	header->slot_size += 8;
	header->header_size -= 3 * 8;
}

/* ---- semaphores ---------------------------------------------------------------------------- */

static void mutex_is_free(void)
{
	must_equal(value_of(mirror, SEM_MUTEX), 1);
}

static void full_without_an_image(void **state)
{
	struct vitrine_image image;

	(void)state;
	set_value(mirror, SEM_FULL, 1);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_EDAMAGED);
	must(strstr(vitrine_message(consumer), "contradict") != NULL);
	mutex_is_free();
	must_equal(value_of(mirror, SEM_FULL), 1);
}

static void empty_without_a_slot(void **state)
{
	struct vitrine_claim claim;

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		publish_image(producer, i);
	set_value(mirror, SEM_EMPTY, 1);
	must_equal(vitrine_claim(producer, 1, VITRINE_WAIT, VITRINE_FOREVER, &claim),
		VITRINE_EDAMAGED);
	mutex_is_free();
	must_equal(value_of(mirror, SEM_EMPTY), 1); /* the reservation was given back */
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_EDAMAGED);
}

static void ready_without_full(void **state)
{
	struct vitrine_claim claim;

	(void)state;
	for (uint64_t i = 1; i <= 3; i++)
		publish_image(producer, i);
	set_value(mirror, SEM_FULL, 0);
	must_equal(vitrine_claim(producer, 1, VITRINE_DROP_OLDEST, VITRINE_FOREVER, &claim),
		VITRINE_EDAMAGED);
	mutex_is_free();
}

/* `nothing` is 0, and there is no newest image: no array can publish. */
static void nothing_and_no_latest(void **state)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	set_value(mirror, SEM_NOTHING, 0);
	must_equal(vitrine_latest(mirror, &image), VITRINE_EDAMAGED);
	must_equal(vitrine_wait_newer(mirror, 0, VITRINE_FOREVER), VITRINE_EDAMAGED);
	vitrine_file(&image, "x", 1, NULL);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_publish(producer, &claim, &image, VITRINE_FOREVER), VITRINE_EDAMAGED);
	mutex_is_free();
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
}

/* All values that a mirror waits for are 0, as before init or after retiring. */
static void nothing_and_not_alive(void **state)
{
	(void)state;
	set_value(mirror, SEM_NOTHING, 0);
	set_value(mirror, SEM_ALIVE, 0);
	must_equal(vitrine_wait_newer(mirror, 0, VITRINE_FOREVER), VITRINE_ENONE);
	set_value(mirror, SEM_ALIVE, 1);
}

static void a_claim_whose_writer_is_gone(void **state)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "x", 1, NULL);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	set_value(mirror, slot_semaphore(claim.slot, SLOT_WRITER), 0);
	must_equal(vitrine_publish(producer, &claim, &image, VITRINE_FOREVER), VITRINE_EDAMAGED);
	mutex_is_free();
	must_equal(vitrine_abandon(producer, &claim), VITRINE_EDAMAGED);
	set_value(mirror, slot_semaphore(claim.slot, SLOT_WRITER), 1);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
}

static void a_taken_image_whose_reader_is_gone(void **state)
{
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	image = take_image(consumer);
	set_value(mirror, slot_semaphore(image.slot, SLOT_READER), 0);
	must_equal(vitrine_release(consumer, &image), VITRINE_EDAMAGED);
	set_value(mirror, slot_semaphore(image.slot, SLOT_READER), 1);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	publish_image(producer, 2);
	image = take_image(consumer);
	set_value(mirror, slot_semaphore(image.slot, SLOT_READER), 0);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_EDAMAGED);
	set_value(mirror, slot_semaphore(image.slot, SLOT_READER), 1);
	must_equal(vitrine_requeue(consumer, &image), VITRINE_OK);
}

/* If a value is at the top of its range, no array can raise it: ERANGE, with the mutex held. */
static void semaphores_at_their_top(void **state)
{
	enum { TOP = 32767 };
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	vitrine_file(&image, "x", 1, NULL);
	set_value(mirror, SEM_FULL, TOP);
	must_equal(vitrine_publish(producer, &claim, &image, VITRINE_FOREVER), VITRINE_EDAMAGED);
	mutex_is_free();
	set_value(mirror, SEM_FULL, 1);
	must_equal(vitrine_publish(producer, &claim, &image, VITRINE_FOREVER), VITRINE_OK);
	for (uint32_t i = 0; i < 3; i++)
		set_value(mirror, slot_semaphore(i, SLOT_READER), TOP);
	must_equal(vitrine_take(consumer, VITRINE_FOREVER, &image), VITRINE_EDAMAGED);
	mutex_is_free();
	must_equal(value_of(mirror, SEM_FULL), 2);
}

/* Every call, with random values in the set, returns in bounded time. */
static void random_values(void **state)
{
	uint64_t random = test_seed();

	(void)state;
	for (int round = 0; round < (test_is_long() ? 2000 : 60); round++) {
		unsigned short values[SEM_SLOTS + 3 * SLOT_SEMAPHORES];
		struct vitrine_snapshot snapshot;
		struct vitrine_image image;
		struct vitrine_claim claim;

		for (unsigned i = 0; i < SEM_SLOTS + 3 * SLOT_SEMAPHORES; i++)
			values[i] = (unsigned short)(random_next(&random) % 2);
		must_equal(semctl(mirror->info.semid, 0, SETALL, values), 0);
		vitrine_file(&image, "x", 1, NULL);
		if (vitrine_claim(producer, 1, (enum vitrine_when_full)(round % 3), 0, &claim) ==
				0 &&
			vitrine_publish(producer, &claim, &image, 0) < 0)
			vitrine_abandon(producer, &claim);
		if (vitrine_take(consumer, 0, &image) == 0)
			(round % 2 ? vitrine_release : vitrine_requeue)(consumer, &image);
		vitrine_latest(mirror, &image);
		vitrine_next(mirror, 0, &image);
		vitrine_wait_newer(mirror, 1, 0);
		must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
		must(vitrine_trim(producer) <= 3);
	}
}

#define in_a_channel(f) cmocka_unit_test_setup_teardown(f, set_up, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_a_channel(each_number_of_a_descriptor),
		in_a_channel(more_than_was_ever_written),
		in_a_channel(harmless_numbers),
		in_a_channel(tampered_sequence_numbers),
		in_a_channel(links_that_lead_nowhere),
		in_a_channel(an_impossible_image_between),
		in_a_channel(the_highest_number),
		in_a_channel(a_newest_image_without_a_number),
		in_a_channel(a_wrong_count_of_pages),
		in_a_channel(a_count_of_pages_that_reaches_into_the_next_slot),
		in_a_channel(more_pages_than_there_are),
		in_a_channel(slots_that_are_no_whole_pages),
		in_a_channel(full_without_an_image),
		in_a_channel(empty_without_a_slot),
		in_a_channel(ready_without_full),
		in_a_channel(nothing_and_no_latest),
		in_a_channel(nothing_and_not_alive),
		in_a_channel(a_claim_whose_writer_is_gone),
		in_a_channel(a_taken_image_whose_reader_is_gone),
		in_a_channel(semaphores_at_their_top),
		in_a_channel(random_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
