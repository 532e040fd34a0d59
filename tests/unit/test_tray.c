/* The producer's data: the row of images and the pixels that are kept, and the queue behind it. */
#include "tray.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the above first */
#include <cmocka.h>

#include "changes.h"
#include "outbox.h"
#include "vitrine.h"

#define SIDE  10u
#define BYTES (SIDE * SIDE * 4u) /* of each picture */

static struct picture *make_picture(const char *path)
{
	const struct pixels pixels = {
		.data = calloc(1, BYTES),
		.width = SIDE,
		.height = SIDE,
		.pitch = SIDE * 4,
		.format = VITRINE_XR24,
	};
	struct picture *picture = picture_new(&pixels, path, (void *)(uintptr_t)pixels.data, free);

	assert_non_null(picture);
	picture->bytes = BYTES;
	picture->width = SIDE;
	picture->height = SIDE;
	return picture;
}

static struct tray_item *add(struct tray *tray, const char *path)
{
	struct tray_item *item = tray_add(tray, path);

	assert_non_null(item);
	return item;
}

static void decode(struct tray *tray, struct tray_item *item, bool is_wanted)
{
	tray_decoded(tray, item, make_picture(item->path), make_picture(item->path), is_wanted);
}

/* A tray of `count` images, "/0", "/1" …, none decoded. */
static struct tray *tray_of(size_t count, uint64_t budget)
{
	struct tray *tray = tray_create(budget);
	char path[32];

	assert_non_null(tray);
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/%zu", i);
		add(tray, path);
	}
	return tray;
}

static void an_empty_tray_has_nothing(void **state)
{
	struct tray *tray = tray_of(0, 0);

	(void)state;
	assert_null(tray_chosen(tray));
	assert_true(tray_chosen_place(tray) == TRAY_NONE);
	assert_null(tray_lacking(tray));
	tray_choose(tray, 3);
	tray_remove(tray, 1);
	assert_null(tray_find_path(tray, "/0"));
	tray_destroy(tray);
}

static void items_are_found_by_place_id_and_path(void **state)
{
	struct tray *tray = tray_of(1000, 0);
	const struct tray_item *item = tray_find_path(tray, "/567");

	(void)state;
	assert_non_null(item);
	assert_string_equal(item->name, "567");
	assert_int_equal(tray_place(tray, item->id), 567);
	assert_ptr_equal(tray_at(tray, 567), item);
	assert_ptr_equal(tray_find(tray, item->id), item);
	tray_destroy(tray);
}

static void the_next_one_is_chosen_when_one_goes(void **state)
{
	struct tray *tray = tray_of(3, 0);

	(void)state;
	tray_choose(tray, 1);
	tray_remove(tray, tray_at(tray, 1)->id);
	assert_string_equal(tray_chosen(tray)->path, "/2");
	tray_remove(tray, tray_at(tray, 0)->id); /* one before it */
	assert_string_equal(tray_chosen(tray)->path, "/2");
	tray_remove(tray, tray_chosen(tray)->id);
	assert_null(tray_chosen(tray));
	tray_destroy(tray);
}

static void ids_are_not_used_again(void **state)
{
	struct tray *tray = tray_of(1, 0);
	uint64_t id = tray_at(tray, 0)->id;

	(void)state;
	tray_remove(tray, id);
	assert_true(add(tray, "/0")->id > id);
	assert_null(tray_find(tray, id));
	tray_destroy(tray);
}

static void an_item_is_inserted_where_it_was(void **state)
{
	struct tray *tray = tray_of(3, 0);
	uint64_t version = tray_version(tray);

	(void)state;
	tray_choose(tray, 1);
	assert_int_equal(tray_insert(tray, "/a", 0)->place, 0);
	assert_int_equal(tray_insert(tray, "/b", 99)->place, 4);
	assert_true(tray_version(tray) > version);
	assert_string_equal(tray_chosen(tray)->path, "/1");
	for (size_t i = 0; i < tray_count(tray); i++)
		assert_int_equal(tray_place(tray, tray_at(tray, i)->id), i);
	tray_destroy(tray);
}

/* Moves every item to every place: the order of the others and the choice must stay. */
static void items_can_be_moved(void **state)
{
	enum { COUNT = 5 };

	(void)state;
	for (size_t from = 0; from < COUNT; from++)
		for (size_t to = 0; to <= COUNT; to++) {
			struct tray *tray = tray_of(COUNT, 0);
			size_t place = to < COUNT ? to : COUNT - 1;
			uint64_t id = tray_at(tray, from)->id;
			int before = -1;

			tray_choose(tray, 2);
			tray_move(tray, id, to);
			assert_int_equal(tray_place(tray, id), place);
			assert_string_equal(tray_chosen(tray)->path, "/2");
			for (size_t i = 0; i < COUNT; i++) {
				int name = atoi(tray_at(tray, i)->name);

				assert_int_equal(tray_at(tray, i)->place, i);
				if (i == place)
					continue;
				assert_true(name > before);
				before = name;
			}
			tray_move(tray, 99, 0); /* there is none */
			tray_destroy(tray);
		}
}

static void a_range_is_selected_in_either_order(void **state)
{
	struct tray *tray = tray_of(6, 0);

	(void)state;
	tray_select_range(tray, 4, 2);
	assert_int_equal(tray_selected(tray), 3);
	assert_false(tray_at(tray, 1)->is_selected);
	assert_true(tray_at(tray, 2)->is_selected && tray_at(tray, 4)->is_selected);
	tray_select_all(tray, true);
	assert_int_equal(tray_selected(tray), 6);
	tray_remove(tray, tray_at(tray, 0)->id);
	assert_int_equal(tray_selected(tray), 5);
	tray_select_all(tray, false);
	tray_select_range(tray, 3, 99);
	assert_int_equal(tray_selected(tray), 2);
	tray_destroy(tray);
}

static void remove_at(struct changes *changes, struct tray *tray, size_t place)
{
	struct tray_item *item = tray_at(tray, place);

	assert_true(changes_add_removal(changes, tray, item));
	tray_remove(tray, item->id);
}

static void move_to(struct changes *changes, struct tray *tray, size_t from, size_t to)
{
	struct tray_item *item = tray_at(tray, from);

	assert_true(changes_begin(changes));
	assert_true(changes_add_move(changes, tray, item));
	tray_move(tray, item->id, to);
}

/* Undoes the last step. Returns the number of its changes. */
static int undo(struct changes *changes, struct tray *tray)
{
	struct tray_change *change = changes_pop(changes);
	int count = 0;

	for (; change != NULL; change = changes_free_one(change), count++) {
		if (change->is_move)
			tray_move(tray, tray_find_path(tray, change->path)->id, change->place);
		else
			assert_non_null(tray_insert(tray, change->path, change->place));
	}
	return count;
}

static void what_was_removed_or_moved_finds_its_place(void **state)
{
	struct changes changes = {0};
	struct tray *tray = tray_of(6, 0);
	char path[8];

	(void)state;
	tray_at(tray, 1)->by_hand = true;
	tray_at(tray, 1)->orientation = 6;
	assert_int_equal(undo(&changes, tray), 0);
	assert_true(changes_begin(&changes));
	remove_at(&changes, tray, 1);
	remove_at(&changes, tray, 3);
	move_to(&changes, tray, 0, 3);
	move_to(&changes, tray, 2, 0);
	assert_true(changes_begin(&changes));
	assert_true(changes_begin(&changes)); /* an empty step does not count */
	remove_at(&changes, tray, 0);         /* what was moved before */
	assert_int_equal(tray_count(tray), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(undo(&changes, tray), 1);
	assert_true(changes.steps[0]->before->by_hand);
	assert_int_equal(changes.steps[0]->before->orientation, 6);
	assert_int_equal(undo(&changes, tray), 2);
	assert_int_equal(undo(&changes, tray), 0);
	for (size_t i = 0; i < 6; i++) {
		snprintf(path, sizeof(path), "/%zu", i);
		assert_string_equal(tray_at(tray, i)->path, path);
	}
	assert_true(changes_begin(&changes));
	remove_at(&changes, tray, 5); /* changes_free() frees it */
	changes_free(&changes);
	tray_destroy(tray);
}

static void unwanted_pixels_are_kept_only_while_there_is_room(void **state)
{
	struct tray *tray = tray_of(5, 2 * BYTES);

	(void)state;
	for (size_t i = 0; i < 5; i++)
		decode(tray, tray_at(tray, i), false);
	assert_int_equal(tray_bytes(tray), 2 * BYTES);
	assert_non_null(tray_at(tray, 1)->pixels);
	assert_null(tray_at(tray, 2)->pixels);
	assert_non_null(tray_at(tray, 4)->thumbnail);
	tray_destroy(tray);
}

static void the_least_used_gives_up_its_pixels(void **state)
{
	struct tray *tray = tray_of(4, 2 * BYTES);

	(void)state;
	decode(tray, tray_at(tray, 0), true);
	decode(tray, tray_at(tray, 1), true);
	tray_choose(tray, 0);
	decode(tray, tray_at(tray, 2), true);
	assert_non_null(tray_at(tray, 0)->pixels); /* chosen */
	assert_null(tray_at(tray, 1)->pixels);
	assert_non_null(tray_at(tray, 2)->pixels);
	tray_destroy(tray);
}

static void the_chosen_one_stays_even_if_it_is_too_large(void **state)
{
	struct tray *tray = tray_of(2, BYTES / 2);

	(void)state;
	decode(tray, tray_at(tray, 0), true);
	decode(tray, tray_at(tray, 1), false);
	assert_non_null(tray_chosen(tray)->pixels);
	assert_null(tray_at(tray, 1)->pixels);
	tray_destroy(tray);
}

/* Decodes missing pixels until none are missing: this ends, however small the budget is. */
static void loading_what_is_lacking_ends(void **state)
{
	(void)state;
	for (uint64_t budget = 0; budget < 8; budget++) {
		struct tray *tray = tray_of(9, budget * BYTES);
		struct tray_item *lacking;
		int decoded = 0;

		for (size_t i = 0; i < 9; i++)
			decode(tray, tray_at(tray, i), false);
		for (size_t chosen = 0; chosen < 9; chosen += 4) {
			tray_choose(tray, chosen);
			while ((lacking = tray_lacking(tray)) != NULL) {
				decode(tray, lacking, true);
				assert_true(++decoded <= 9);
			}
			assert_non_null(tray_chosen(tray)->pixels);
			assert_true(tray_bytes(tray) <= (budget > 1 ? budget : 1) * BYTES);
		}
		tray_destroy(tray);
	}
}

static void the_outbox_keeps_the_order(void **state)
{
	struct outbox outbox = {0};

	(void)state;
	for (uint64_t id = 1; id <= 1000; id++) {
		assert_true(outbox_push(&outbox, id, false));
		if (id % 3 == 0)
			outbox_pop(&outbox);
	}
	assert_int_equal(outbox_count(&outbox), 667);
	for (uint64_t id = 334; id <= 1000; id++) {
		assert_int_equal(outbox_at(&outbox, 0), id);
		outbox_pop(&outbox);
	}
	outbox_pop(&outbox); /* of an empty one: nothing */
	assert_int_equal(outbox_count(&outbox), 0);
	assert_int_equal(outbox_at(&outbox, 0), 0);
	outbox_free(&outbox);
}

/* Frames are references: the outbox keeps none of an item that was taken out in any way. */
static void the_outbox_lets_go_of_its_frames(void **state)
{
	struct picture *frame = make_picture("/a.gif");
	struct outbox outbox = {0};

	(void)state;
	for (uint64_t id = 1; id <= 4; id++)
		assert_true(outbox_push_frame(&outbox, id, frame));
	assert_int_equal(atomic_load(&frame->references), 5);
	assert_ptr_equal(outbox_entry(&outbox, 0).frame, frame);
	outbox_pop(&outbox);
	outbox_remove(&outbox, 0, 3);
	assert_int_equal(atomic_load(&frame->references), 3);
	outbox_free(&outbox);
	assert_int_equal(atomic_load(&frame->references), 1);
	picture_unref(frame);
}

static void what_is_in_hand_stays_in_the_outbox(void **state)
{
	struct outbox outbox = {0};

	(void)state;
	for (uint64_t i = 0; i < 6; i++)
		assert_true(outbox_push(&outbox, 7 + i % 2, false)); /* 7 8 7 8 7 8 */
	assert_true(outbox_has(&outbox, 1, 7));
	outbox_remove(&outbox, 1, 7);
	assert_int_equal(outbox_count(&outbox), 4);
	assert_int_equal(outbox_at(&outbox, 0), 7);
	assert_false(outbox_has(&outbox, 1, 7));
	outbox_remove(&outbox, 0, 7);
	assert_int_equal(outbox_at(&outbox, 0), 8);
	outbox_free(&outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_tray_has_nothing),
		cmocka_unit_test(items_are_found_by_place_id_and_path),
		cmocka_unit_test(the_next_one_is_chosen_when_one_goes),
		cmocka_unit_test(ids_are_not_used_again),
		cmocka_unit_test(an_item_is_inserted_where_it_was),
		cmocka_unit_test(items_can_be_moved),
		cmocka_unit_test(a_range_is_selected_in_either_order),
		cmocka_unit_test(what_was_removed_or_moved_finds_its_place),
		cmocka_unit_test(unwanted_pixels_are_kept_only_while_there_is_room),
		cmocka_unit_test(the_least_used_gives_up_its_pixels),
		cmocka_unit_test(the_chosen_one_stays_even_if_it_is_too_large),
		cmocka_unit_test(loading_what_is_lacking_ends),
		cmocka_unit_test(the_outbox_keeps_the_order),
		cmocka_unit_test(the_outbox_lets_go_of_its_frames),
		cmocka_unit_test(what_is_in_hand_stays_in_the_outbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
