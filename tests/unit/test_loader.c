/*
 * test_loader.c - many files at once: all results arrive, memory stays bounded, and cancelled files
 * do not arrive. No test depends on speed.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "files.h"
#include "loader.h"
#include "samples.h"
#include "vitrine.h"

#define LIMIT (UINT64_C(64) << 20)

static struct files files;

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	return SDL_Init(0);
}

static int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	SDL_Quit();
	return 0;
}

static struct loader *create(uint64_t room, uint32_t threads)
{
	struct loader *loader = loader_create(&(struct loader_options){
		.limit = LIMIT,
		.room = room,
		.thumbnail_width = 32,
		.thumbnail_height = 32,
		.decoder = VITRINE_DECODER,
		.threads = threads,
	});

	assert_non_null(loader);
	return loader;
}

static void test_a_picture_and_its_thumbnail(void **state)
{
	const char *path = sample_save_png(&files, "one.png", 120, 60);
	struct loader *loader = create(LIMIT, 0);
	struct loader_result result;

	(void)state;
	assert_true(loader_load(loader, 7, path, LOADER_THUMBNAIL | LOADER_PIXELS));
	assert_true(loader_wait(loader, &result));
	assert_int_equal(result.id, 7);
	assert_int_equal(result.outcome, LOADER_LOADED);
	assert_string_equal(result.path, path);
	assert_int_equal(result.picture->pixels.width, 120);
	assert_int_equal(result.thumbnail->pixels.width, 32);
	assert_int_equal(result.thumbnail->pixels.height, 16);
	assert_int_equal(result.thumbnail->width, 120); /* of the file */
	assert_string_equal(result.thumbnail->name, "one.png");
	assert_true(result.duration_ns > 0);
	loader_result_free(&result);
	loader_result_free(&result);

	assert_true(loader_load(loader, 8, path, LOADER_PIXELS));
	assert_true(loader_wait(loader, &result));
	assert_non_null(result.picture);
	assert_null(result.thumbnail);
	loader_result_free(&result);

	assert_true(loader_load(loader, 9, path, LOADER_THUMBNAIL));
	assert_true(loader_wait(loader, &result));
	assert_null(result.picture);
	assert_non_null(result.thumbnail);
	loader_result_free(&result);

	assert_false(loader_wait(loader, &result)); /* nothing is left: it does not sleep */
	assert_false(loader_pop(loader, &result));
	loader_destroy(loader);
	loader_destroy(NULL);
}

static void test_a_small_picture_is_its_own_thumbnail(void **state)
{
	struct loader *loader = create(LIMIT, 1);
	struct loader_result result;

	(void)state;
	loader_load(loader, 1, sample_save_png(&files, "small.png", 8, 8),
		LOADER_THUMBNAIL | LOADER_PIXELS);
	assert_true(loader_wait(loader, &result));
	assert_ptr_equal(result.picture, result.thumbnail);
	loader_result_free(&result);
	assert_int_equal(loader_progress(loader).bytes, 0);
	loader_destroy(loader);
}

static void test_a_bad_file_has_its_reason_and_the_rest_goes_on(void **state)
{
	const char *good = sample_save_png(&files, "good.png", 10, 10);
	const char *bad = sample_save_text(&files, "bad.png", "no image");
	struct loader *loader = create(LIMIT, 2);
	struct loader_result result;
	int loaded = 0, refused = 0;

	(void)state;
	for (uint64_t id = 0; id < 10; id++)
		assert_true(loader_load(loader, id, id == 4 ? bad : good, LOADER_THUMBNAIL));
	while (loader_wait(loader, &result)) {
		if (result.outcome == LOADER_REFUSED) {
			assert_int_equal(result.id, 4);
			assert_non_null(strstr(result.reason, "has different contents"));
			refused++;
		} else {
			loaded++;
		}
		loader_result_free(&result);
	}
	assert_int_equal(loaded, 9);
	assert_int_equal(refused, 1);
	loader_destroy(loader);
}

/*
 * 200 pictures of 480,000 bytes, of which two and a half fit. Memory is checked at every look at
 * the loader.
 */
static void test_memory_in_flight_is_bounded(void **state)
{
	const uint64_t room = 1300000;
	const char *path = sample_save_png(&files, "large.png", 400, 300);
	struct loader *loader = create(room, 4);
	struct loader_result result;
	unsigned count = 0;

	(void)state;
	for (uint64_t id = 0; id < 200; id++)
		assert_true(loader_load(loader, id, path, LOADER_THUMBNAIL | LOADER_PIXELS));
	assert_in_range(loader_progress(loader).total, 190, 200); /* some may be done */
	while (loader_wait(loader, &result)) {
		assert_non_null(result.picture);
		assert_true(loader_progress(loader).bytes <= room);
		loader_result_free(&result);
		count++;
	}
	assert_int_equal(count, 200);
	assert_int_equal(loader_progress(loader).total, 0);
	assert_int_equal(loader_progress(loader).bytes, 0);
	loader_destroy(loader);
}

/*
 * No result is taken: what fits is loaded completely, the rest as thumbnails, and no worker waits
 * for ever.
 */
static void test_pixels_are_left_out_when_there_is_no_room(void **state)
{
	const uint64_t room = 3000000;
	const char *path = sample_save_png(&files, "room.png", 400, 300);
	struct loader *loader = create(room, 3);
	struct loader_result result;
	unsigned whole = 0, small = 0;

	(void)state;
	for (uint64_t id = 0; id < 40; id++)
		assert_true(loader_load(loader, id, path,
			LOADER_THUMBNAIL | LOADER_PIXELS_IF_ROOM));
	while (loader_progress(loader).total != 0 && loader_progress(loader).done < 3)
		sched_yield();
	while (loader_wait(loader, &result)) {
		assert_true(loader_progress(loader).bytes <= room);
		assert_non_null(result.thumbnail);
		*(result.picture != NULL ? &whole : &small) += 1;
		loader_result_free(&result);
	}
	assert_int_equal(whole + small, 40);
	assert_true(whole >= 1);
	loader_destroy(loader);
}

static void test_what_is_larger_than_the_room_is_decoded_alone(void **state)
{
	const char *path = sample_save_png(&files, "alone.png", 400, 300);
	struct loader *loader = create(1000, 4);
	struct loader_result result;
	int count = 0;

	(void)state;
	for (uint64_t id = 0; id < 5; id++)
		assert_true(loader_load(loader, id, path, LOADER_PIXELS));
	for (; loader_wait(loader, &result); count++)
		loader_result_free(&result);
	assert_int_equal(count, 5);
	loader_destroy(loader);
}

/* ---- order and cancelling: one worker, held at a gate in wake() ------------------------------ */

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool reached;
	bool open;
};

static void stop_at_gate(void *data)
{
	struct gate *gate = data;

	pthread_mutex_lock(&gate->lock);
	gate->reached = true;
	pthread_cond_broadcast(&gate->changed);
	while (!gate->open)
		pthread_cond_wait(&gate->changed, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void await_gate(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	while (!gate->reached)
		pthread_cond_wait(&gate->changed, &gate->lock);
	pthread_mutex_unlock(&gate->lock);
}

static void open_gate(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->open = true;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

/* A loader whose only worker has finished job 0 and is blocked; jobs 1 to 5 wait. */
static struct loader *create_held(struct gate *gate)
{
	const char *path = sample_save_png(&files, "held.png", 10, 10);
	struct loader *loader = loader_create(&(struct loader_options){
		.limit = LIMIT,
		.room = LIMIT,
		.thumbnail_width = 4,
		.thumbnail_height = 4,
		.decoder = VITRINE_DECODER,
		.threads = 1,
		.wake = stop_at_gate,
		.wake_data = gate,
	});

	*gate = (struct gate){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};
	assert_non_null(loader);
	for (uint64_t id = 0; id <= 5; id++)
		assert_true(loader_load(loader, id, path, LOADER_THUMBNAIL));
	await_gate(gate);
	return loader;
}

static void assert_order(struct loader *loader, const uint64_t *ids, size_t count)
{
	struct loader_result result;

	for (size_t i = 0; i < count; i++) {
		assert_true(loader_wait(loader, &result));
		assert_int_equal(result.id, ids[i]);
		loader_result_free(&result);
	}
	assert_false(loader_wait(loader, &result));
}

static void test_the_chosen_one_comes_first(void **state)
{
	struct gate gate;
	struct loader *loader = create_held(&gate);

	(void)state;
	loader_hurry(loader, 3);
	loader_hurry(loader, 5);
	loader_hurry(loader, 99);
	open_gate(&gate);
	assert_order(loader, (uint64_t[]){0, 5, 3, 1, 2, 4}, 6);
	loader_destroy(loader);
}

/*
 * The number of files still to come. Job 0 may be done before the others are requested; then it
 * does not count.
 */
static uint32_t files_left(struct loader *loader)
{
	struct loader_progress progress = loader_progress(loader);

	return progress.total - progress.done;
}

static void test_cancelled_jobs_do_not_come(void **state)
{
	struct gate gate;
	struct loader *loader = create_held(&gate);

	(void)state;
	assert_int_equal(files_left(loader), 5);
	loader_cancel(loader, 0); /* finished, not popped */
	loader_cancel(loader, 2);
	loader_cancel(loader, 99);
	assert_int_equal(files_left(loader), 4);
	open_gate(&gate);
	assert_order(loader, (uint64_t[]){1, 3, 4, 5}, 4);
	assert_int_equal(loader_progress(loader).bytes, 0);
	loader_destroy(loader);
}

static void test_all_can_be_cancelled_and_it_goes_on(void **state)
{
	struct gate gate;
	struct loader *loader = create_held(&gate);
	struct loader_result result;

	(void)state;
	loader_cancel_all(loader);
	assert_int_equal(loader_progress(loader).total, 0);
	open_gate(&gate);
	assert_false(loader_wait(loader, &result));
	loader_load(loader, 50, sample_save_png(&files, "after.png", 10, 10), LOADER_PIXELS);
	assert_order(loader, (uint64_t[]){50}, 1);
	loader_destroy(loader);
}

static void test_folders_are_expanded_first(void **state)
{
	struct gate gate;
	struct loader *loader = create_held(&gate);
	const char *paths[] = {files.folder, "/nowhere/at/all.png"};
	struct loader_result result;

	(void)state;
	assert_true(loader_expand(loader, 60, paths, 2));
	assert_true(loader_progress(loader).expanding);
	open_gate(&gate);
	assert_true(loader_wait(loader, &result));
	loader_result_free(&result);
	assert_true(loader_wait(loader, &result));
	assert_int_equal(result.id, 60);
	assert_int_equal(result.outcome, LOADER_EXPANDED);
	assert_null(result.path);
	assert_true(result.collection.count >= 2);
	assert_string_equal(result.collection.files[result.collection.count - 1],
		"/nowhere/at/all.png");
	loader_result_free(&result);
	assert_order(loader, (uint64_t[]){1, 2, 3, 4, 5}, 5);
	assert_false(loader_progress(loader).expanding);
	loader_destroy(loader);
}

/* The window is closed in the middle of the work: nothing leaks or hangs. */
static void test_it_can_be_ended_at_any_time(void **state)
{
	const char *path = sample_save_png(&files, "end.png", 200, 200);

	(void)state;
	for (unsigned round = 0; round < 30; round++) {
		struct loader *loader = create(500000, 3);
		struct loader_result result;

		for (uint64_t id = 0; id < 20; id++)
			assert_true(loader_load(loader, id, path,
				LOADER_THUMBNAIL | LOADER_PIXELS));
		for (unsigned i = 0; i < round % 5; i++)
			if (loader_wait(loader, &result))
				loader_result_free(&result);
		loader_destroy(loader);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_picture_and_its_thumbnail),
		cmocka_unit_test(test_a_small_picture_is_its_own_thumbnail),
		cmocka_unit_test(test_a_bad_file_has_its_reason_and_the_rest_goes_on),
		cmocka_unit_test(test_memory_in_flight_is_bounded),
		cmocka_unit_test(test_pixels_are_left_out_when_there_is_no_room),
		cmocka_unit_test(test_what_is_larger_than_the_room_is_decoded_alone),
		cmocka_unit_test(test_the_chosen_one_comes_first),
		cmocka_unit_test(test_cancelled_jobs_do_not_come),
		cmocka_unit_test(test_all_can_be_cancelled_and_it_goes_on),
		cmocka_unit_test(test_folders_are_expanded_first),
		cmocka_unit_test(test_it_can_be_ended_at_any_time),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
