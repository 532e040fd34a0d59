/*
 * test_slots.c - a slot's life on the producer's side: claim, publish, abandon, and a full buffer.
 */
#include "support.h"

#include <string.h>
#include <unistd.h>

static struct vitrine_channel *producer, *consumer;

static int set_up(void **state)
{
	(void)state;
	new_test_key();
	producer = open_channel(VITRINE_PRODUCER, 3);
	consumer = open_channel(VITRINE_CONSUMER, 3);
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

static struct vitrine_claim claim_now(enum vitrine_when_full when_full)
{
	struct vitrine_claim claim;

	must_equal(vitrine_claim(producer, 64, when_full, 0, &claim), VITRINE_OK);
	return claim;
}

static void drain(void)
{
	while (value_of(consumer, SEM_FULL) > 0) {
		struct vitrine_image image = take_image(consumer);

		must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	}
}

static void starts_empty(void **state)
{
	struct values values = values_of(producer);

	(void)state;
	must(is_at_rest(producer));
	must_equal(values.semaphore[SEM_EMPTY], 3);
	must_equal(values.semaphore[SEM_NOTHING], 1);
	must_equal(values.semaphore[SEM_PRODUCERS], 1);
	must_equal(values.semaphore[SEM_CONSUMERS], 1);
	must_equal(values.semaphore[SEM_MIRRORS], 0);
}

static void claim_gives_a_slot_of_ones_own(void **state)
{
	struct vitrine_claim first, second;

	(void)state;
	first = claim_now(VITRINE_FAIL);
	second = claim_now(VITRINE_FAIL);
	must(first.slot != second.slot);
	must_equal(first.size, 64);
	must_equal(first.dropped, 0);
	must_equal((uintptr_t)first.data % 4096, 0);
	must(first.data == slot_data(producer, first.slot));
	must_equal(value_of(producer, SEM_EMPTY), 1);
	must_equal(value_of(producer, slot_semaphore(first.slot, SLOT_WRITER)), 1);
	must_equal(vitrine_abandon(producer, &first), VITRINE_OK);
	must_equal(vitrine_abandon(producer, &second), VITRINE_OK);
	must(is_at_rest(producer));
}

static void a_slot_takes_a_whole_slot_and_no_more(void **state)
{
	struct values before = values_of(producer), after;
	struct vitrine_claim claim = {.slot = 77};

	(void)state;
	must_equal(vitrine_claim(producer, SMALL + 1, VITRINE_WAIT, VITRINE_FOREVER, &claim),
		VITRINE_ETOOLARGE);
	must_equal(claim.slot, 77);
	after = values_of(producer);
	assert_memory_equal(before.semaphore, after.semaphore, semaphore_count(3) * 2);
	must(strstr(vitrine_message(producer), "65537 bytes") != NULL);
	must(strstr(vitrine_message(producer), "64 KiB") != NULL);
	must(strstr(vitrine_message(producer), "--slot-size") != NULL);
	must_equal(vitrine_claim(producer, UINT64_MAX, VITRINE_FAIL, 0, &claim), VITRINE_ETOOLARGE);
	must_equal(vitrine_claim(producer, SMALL, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	memset(claim.data, 1, SMALL);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	must_equal(vitrine_claim(producer, 0, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
}

static void publish_says_what_it_published(void **state)
{
	struct vitrine_claim claim = claim_now(VITRINE_FAIL);
	struct vitrine_image image, taken;
	int64_t before = (int64_t)clock_ns();

	(void)state;
	must_equal(vitrine_pixels(&image, "/tmp/a.png", 4, 4, VITRINE_AB24), VITRINE_OK);
	pattern_fill(claim.data, 64, 5);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must_equal(image.sequence, 1);
	must_equal(image.slot, claim.slot);
	must_equal(image.publisher, getpid());
	must(image.published_ns >= before && image.published_ns <= (int64_t)clock_ns());
	must_equal(value_of(producer, SEM_NOTHING), 0);
	taken = take_image(consumer);
	must(taken.data == slot_data(consumer, claim.slot));
	taken.data = image.data;
	assert_memory_equal(&taken, &image, sizeof(image));
}

/* An image from a relay keeps its time, unless that is in the future. */
static void publish_keeps_an_earlier_time(void **state)
{
	struct vitrine_claim claim = claim_now(VITRINE_FAIL);
	struct vitrine_image image;
	int64_t before = (int64_t)clock_ns();

	(void)state;
	vitrine_file(&image, "x", 64, NULL);
	image.published_ns = before - 1000;
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must_equal(image.published_ns, before - 1000);
	claim = claim_now(VITRINE_FAIL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK); /* once more: now */
	must(image.published_ns >= before && image.published_ns <= (int64_t)clock_ns());
	claim = claim_now(VITRINE_FAIL);
	image.sequence = 0;
	image.published_ns = INT64_MAX;
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must(image.published_ns >= before && image.published_ns <= (int64_t)clock_ns());
}

static void publish_keeps_a_time_before_the_boot(void **state)
{
	struct vitrine_claim claim = claim_now(VITRINE_FAIL);
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "x", 64, NULL);
	image.published_ns = -1000;
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must_equal(vitrine_latest(consumer, &image), VITRINE_OK);
	must_equal(image.published_ns, -1000);
	must(vitrine_age_ns(&image) > 1000);
}

/* published_ns comes from another process: for any value, the age must be valid. */
static void ages_do_not_overflow(void **state)
{
	struct vitrine_image image = {.published_ns = INT64_MIN};

	(void)state;
	must_equal(vitrine_age_ns(&image), INT64_MAX);
	image.published_ns = INT64_MAX;
	must_equal(vitrine_age_ns(&image), 0);
	image.published_ns = (int64_t)clock_ns() - 1000;
	must(vitrine_age_ns(&image) >= 1000);
}

static void what_does_not_fit_is_not_published(void **state)
{
	struct vitrine_claim claim = claim_now(VITRINE_FAIL);
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "x", 65, NULL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EINVAL);
	vitrine_pixels(&image, "x", 4, 5, VITRINE_AB24);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EINVAL);
	must(strstr(vitrine_message(producer), "4 x 5 pixels") != NULL);
	image.size = 64;
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EINVAL);
	must_equal(value_of(producer, SEM_FULL), 0);
	vitrine_file(&image, "x", 64, NULL); /* the claim is still held */
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
}

static void only_what_is_claimed(void **state)
{
	const struct vitrine_claim free_slot = {.slot = 0, .size = 64}, none = {.slot = 64};
	struct vitrine_claim claim = claim_now(VITRINE_FAIL);
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "x", 64, NULL);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_EINVAL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EINVAL);
	must_equal(vitrine_abandon(producer, &free_slot), VITRINE_EINVAL);
	must_equal(vitrine_abandon(producer, &none), VITRINE_EINVAL);
	must_equal(vitrine_publish(producer, &none, &image, 0), VITRINE_EINVAL);
	claim = claim_now(VITRINE_FAIL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_EINVAL);
	must_equal(vitrine_abandon(producer, &claim), VITRINE_EINVAL);
}

static void other_roles_are_refused(void **state)
{
	struct vitrine_image image;
	struct vitrine_claim claim;

	(void)state;
	must_equal(vitrine_claim(consumer, 1, VITRINE_FAIL, 0, &claim), VITRINE_EINVAL);
	must_equal(vitrine_publish(consumer, &claim, &image, 0), VITRINE_EINVAL);
	must_equal(vitrine_abandon(consumer, &claim), VITRINE_EINVAL);
	must_equal(vitrine_trim(consumer), VITRINE_EINVAL);
	must_equal(vitrine_take(producer, 0, &image), VITRINE_EINVAL);
	must_equal(vitrine_release(producer, &image), VITRINE_EINVAL);
	must_equal(vitrine_requeue(producer, &image), VITRINE_EINVAL);
	must_equal(vitrine_claim(NULL, 1, VITRINE_FAIL, 0, &claim), VITRINE_EINVAL);
	must_equal(vitrine_take(NULL, 0, &image), VITRINE_EINVAL);
}

/* ---- a full buffer ------------------------------------------------------------------------- */

static void fill_buffer(unsigned images)
{
	for (unsigned i = 1; i <= images; i++)
		must_equal(publish_image(producer, i), i);
}

static void full_and_told_to_fail(void **state)
{
	struct vitrine_claim claim;
	uint64_t before;

	(void)state;
	fill_buffer(3);
	must_equal(vitrine_claim(producer, 1, VITRINE_FAIL, VITRINE_FOREVER, &claim),
		VITRINE_EFULL);
	must(strstr(vitrine_message(producer), "all 3 slots") != NULL);
	must_equal(vitrine_claim(producer, 1, VITRINE_WAIT, 0, &claim), VITRINE_ETIMEDOUT);
	before = clock_ns();
	must_equal(vitrine_claim(producer, 1, VITRINE_WAIT, 20 * MILLISECOND_NS, &claim),
		VITRINE_ETIMEDOUT);
	must(clock_ns() - before >= 20 * (uint64_t)MILLISECOND_NS);
	must_equal(value_of(producer, SEM_FULL), 3);
	must(is_at_rest(producer));
}

static void full_and_told_to_drop(void **state)
{
	struct vitrine_claim first, second, third;
	struct vitrine_image image;

	(void)state;
	fill_buffer(3);
	first = claim_now(VITRINE_DROP_OLDEST);
	must_equal(first.dropped, 1);
	second = claim_now(VITRINE_DROP_OLDEST);
	must_equal(second.dropped, 2);
	must_equal(value_of(producer, SEM_FULL), 1);
	/* The third waits too, but it is the newest, which mirrors need. */
	must_equal(vitrine_claim(producer, 64, VITRINE_DROP_OLDEST, 0, &third), VITRINE_EFULL);
	must(strstr(vitrine_message(producer), "no image may be dropped") != NULL);
	must_equal(vitrine_abandon(producer, &first), VITRINE_OK);
	must_equal(vitrine_abandon(producer, &second), VITRINE_OK);
	third = claim_now(VITRINE_DROP_OLDEST); /* a free slot is taken first */
	must_equal(third.dropped, 0);
	must_equal(vitrine_abandon(producer, &third), VITRINE_OK);
	image = take_image(consumer);
	must_equal(image.sequence, 3);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	must(is_at_rest(producer));
}

static void what_is_read_is_not_dropped(void **state)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	(void)state;
	fill_buffer(3);
	image = take_image(consumer);
	claim = claim_now(VITRINE_DROP_OLDEST);
	must_equal(claim.dropped, 2);
	must_equal(vitrine_claim(producer, 64, VITRINE_DROP_OLDEST, 0, &claim), VITRINE_EFULL);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
}

/* ---- what becomes of the newest image when a newer one comes ------------------------------- */

static void publish_over_done(void **state)
{
	(void)state;
	fill_buffer(1);
	drain();
	must_equal(value_of(producer, SEM_EMPTY), 2); /* the newest keeps its slot */
	must_equal(publish_image(producer, 2), 2);
	must_equal(value_of(producer, SEM_EMPTY), 2);
	drain();
	must(is_at_rest(producer));
}

static void publish_over_waiting(void **state)
{
	struct vitrine_image image;

	(void)state;
	fill_buffer(2);
	must_equal(value_of(producer, SEM_EMPTY), 1);
	image = take_image(consumer);
	must_equal(image.sequence, 1);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	must_equal(value_of(producer, SEM_EMPTY), 2);
	drain();
	must(is_at_rest(producer));
}

static void publish_over_reading(void **state)
{
	struct vitrine_image image;

	(void)state;
	fill_buffer(1);
	image = take_image(consumer);
	must_equal(publish_image(producer, 2), 2);
	must_equal(value_of(producer, SEM_EMPTY), 1);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	must_equal(value_of(producer, SEM_EMPTY), 2);
	drain();
	must(is_at_rest(producer));
}

static void two_claims_in_any_order(void **state)
{
	struct vitrine_claim first = claim_now(VITRINE_FAIL), second = claim_now(VITRINE_FAIL);
	struct vitrine_image image;

	(void)state;
	vitrine_file(&image, "second", 8, NULL);
	pattern_fill(second.data, 8, 2);
	must_equal(vitrine_publish(producer, &second, &image, 0), VITRINE_OK);
	must_equal(image.sequence, 1);
	vitrine_file(&image, "first", 8, NULL);
	pattern_fill(first.data, 8, 1);
	must_equal(vitrine_publish(producer, &first, &image, 0), VITRINE_OK);
	must_equal(image.sequence, 2);
	assert_string_equal(take_image(consumer).name, "second");
	assert_string_equal(take_image(consumer).name, "first");
}

/* ---- which slot is claimed ------------------------------------------------------------------- */

/* Publishes images and consumes each of them. Returns the slots that were used, as bits. */
static uint64_t publish_in_turn(unsigned images, bool hurried)
{
	struct vitrine_image image;
	uint64_t used = 0;

	for (unsigned i = 0; i < images; i++) {
		if (hurried)
			hurry(producer);
		publish_image(producer, i);
		must_equal(vitrine_latest(producer, &image), VITRINE_OK);
		used |= UINT64_C(1) << image.slot;
		drain();
	}
	return used;
}

/* As after a quarter of a second. */
static void look_again(void)
{
	producer->fast_path.looked_ns = 0;
}

static void the_warm_slot_is_claimed(void **state)
{
	uint64_t used;

	(void)state;
	used = publish_in_turn(9, false);
	must_equal(__builtin_popcountll(used), 2);
	must_equal(publish_in_turn(9, true), used);
	must_equal(vitrine_trim(producer), 1); /* the newest image keeps its slot */
}

/*
 * With a mirror: while a slot is being written, the images before it are whole, as many as there
 * are other slots.
 */
static void images_stay_for_a_mirror(bool hurried)
{
	struct vitrine_image seen[13], image;
	struct vitrine_claim claim;

	for (unsigned n = 0; n < 13; n++) {
		if (hurried)
			hurry(producer);
		if (n == 0)
			look_again();
		claim = claim_now(VITRINE_FAIL);
		if (n % 4 == 3) { /* the next claim takes the same slot */
			must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
			if (n % 8 == 3)
				look_again();
			claim = claim_now(VITRINE_FAIL);
		}
		for (unsigned back = 1; back <= 2 && back <= n; back++)
			must(vitrine_unchanged(consumer, &seen[n - back]));
		pattern_fill(claim.data, 64, n);
		vitrine_file(&image, "x", 64, NULL);
		must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
		must_equal(vitrine_latest(consumer, &seen[n]), VITRINE_OK);
		drain();
	}
}

static void the_oldest_image_is_overwritten_under_a_mirror(void **state)
{
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 3);

	(void)state;
	images_stay_for_a_mirror(false);
	images_stay_for_a_mirror(true);
	must_equal(vitrine_close(mirror), 0);
	must(is_at_rest(producer));
}

static void mirrors_are_seen_to_come_and_go(void **state)
{
	struct vitrine_channel *mirror;

	(void)state;
	publish_in_turn(9, true);
	mirror = open_channel(VITRINE_MIRROR, 3);
	images_stay_for_a_mirror(true);
	must_equal(vitrine_close(mirror), 0);
	look_again();
	publish_in_turn(1, false);
	must_equal(__builtin_popcountll(publish_in_turn(9, true)), 2);
}

/* For a program that looks late, a prepared slot is still the next one. */
static void a_prepared_slot_is_claimed_first(void **state)
{
	struct vitrine_claim claim;

	(void)state;
	publish_in_turn(9, false);
	must_equal(vitrine_prepare(producer, SMALL), VITRINE_OK);
	look_again();
	must_equal(producer->prepared.size, SMALL);
	claim.slot = producer->prepared.slot;
	must_equal(claim_now(VITRINE_FAIL).slot, claim.slot);
}

#define in_a_channel(f) cmocka_unit_test_setup_teardown(f, set_up, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_a_channel(starts_empty),
		in_a_channel(claim_gives_a_slot_of_ones_own),
		in_a_channel(a_slot_takes_a_whole_slot_and_no_more),
		in_a_channel(publish_says_what_it_published),
		in_a_channel(publish_keeps_an_earlier_time),
		in_a_channel(publish_keeps_a_time_before_the_boot),
		in_a_channel(ages_do_not_overflow),
		in_a_channel(what_does_not_fit_is_not_published),
		in_a_channel(only_what_is_claimed),
		in_a_channel(other_roles_are_refused),
		in_a_channel(full_and_told_to_fail),
		in_a_channel(full_and_told_to_drop),
		in_a_channel(what_is_read_is_not_dropped),
		in_a_channel(publish_over_done),
		in_a_channel(publish_over_waiting),
		in_a_channel(publish_over_reading),
		in_a_channel(two_claims_in_any_order),
		in_a_channel(the_warm_slot_is_claimed),
		in_a_channel(the_oldest_image_is_overwritten_under_a_mirror),
		in_a_channel(mirrors_are_seen_to_come_and_go),
		in_a_channel(a_prepared_slot_is_claimed_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
