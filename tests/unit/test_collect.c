/*
 * test_collect.c - folders become lists of files, in order, without surprises.
 */
#include "collect.h"
#include "files.h"

static struct files files;
static struct collection collection;

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	collect_free(&collection);
	collect_free(&collection);
	files_close(&files);
	return 0;
}

static void make_folder(const char *name)
{
	assert_int_equal(mkdir(files_path(&files, name), 0700), 0);
}

static void make_file(const char *name)
{
	files_write(&files, name, "x", 1);
}

static void assert_collected(const char *const names[], size_t count)
{
	assert_int_equal(collection.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(collection.files[i], files_path(&files, names[i]));
}

static void test_a_file_is_taken_as_it_is(void **state)
{
	(void)state;
	make_file("notes.txt");
	assert_true(collect_path(&collection, files_path(&files, "notes.txt"), NULL));
	assert_true(collect_path(&collection, files_path(&files, "missing"), NULL));
	assert_collected((const char *[]){"notes.txt", "missing"}, 2);
	assert_int_equal(collection.refused_count, 0);
}

static void test_a_folder_in_the_order_of_people(void **state)
{
	static const char *const names[] = {"d/10.png", "d/2.png", "d/1.JPG", "d/sub/b.webp",
		"d/sub/a.gif", "d/.hidden.png", "d/text.txt", "d/.git/x.png"};

	(void)state;
	make_folder("d");
	make_folder("d/sub");
	make_folder("d/.git");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		make_file(names[i]);
	files_write(&files, "d/magic", "\x89PNG\r\n\x1a\n", 8);
	assert_true(collect_path(&collection, files_path(&files, "d"), NULL));
	assert_collected((const char *[]){"d/1.JPG", "d/2.png", "d/10.png", "d/magic",
				 "d/sub/a.gif", "d/sub/b.webp"},
		6);
	assert_int_equal(collection.skipped, 1);
	assert_int_equal(collection.refused_count, 0);
}

static void test_a_closing_slash_is_not_doubled(void **state)
{
	(void)state;
	make_folder("d");
	make_file("d/a.png");
	assert_true(collect_path(&collection, files_path(&files, "d/"), NULL));
	assert_collected((const char *[]){"d/a.png"}, 1);
}

static void test_a_folder_without_images_says_so(void **state)
{
	(void)state;
	make_folder("empty");
	make_file("empty/text.txt");
	assert_true(collect_path(&collection, files_path(&files, "empty"), NULL));
	assert_int_equal(collection.count, 0);
	assert_int_equal(collection.refused_count, 1);
	assert_string_equal(collection.refused[0].path, files_path(&files, "empty"));
	assert_string_equal(collection.refused[0].reason, "is a folder without images");
}

static void test_links_that_go_round_end(void **state)
{
	(void)state;
	make_folder("d");
	make_folder("d/e");
	make_file("d/e/a.png");
	assert_int_equal(symlink("..", files_path(&files, "d/e/up")), 0);
	assert_int_equal(symlink(".", files_path(&files, "d/self")), 0);
	assert_int_equal(symlink("nowhere", files_path(&files, "d/dangling.png")), 0);
	assert_true(collect_path(&collection, files_path(&files, "d"), NULL));
	assert_collected((const char *[]){"d/e/a.png"}, 1);
	assert_int_equal(collection.refused_count, 0);
}

static void test_a_link_to_a_folder_is_followed(void **state)
{
	(void)state;
	make_folder("d");
	make_folder("elsewhere");
	make_file("elsewhere/a.png");
	assert_int_equal(symlink("../elsewhere", files_path(&files, "d/link")), 0);
	assert_true(collect_path(&collection, files_path(&files, "d"), NULL));
	assert_collected((const char *[]){"d/link/a.png"}, 1);
}

static void test_pipes_in_folders_do_not_block(void **state)
{
	(void)state;
	make_folder("d");
	assert_int_equal(mkfifo(files_path(&files, "d/pipe.png"), 0600), 0);
	make_file("d/a.png");
	assert_true(collect_path(&collection, files_path(&files, "d"), NULL));
	assert_collected((const char *[]){"d/a.png"}, 1);
	assert_int_equal(collection.skipped, 1);
}

static void test_depth_is_bounded(void **state)
{
	char name[256] = "d";

	(void)state;
	make_folder(name);
	for (int i = 0; i <= COLLECT_DEPTH_MAX; i++) {
		strcat(name, "/d");
		make_folder(name);
	}
	strcat(name, "/a.png");
	make_file(name);
	assert_true(collect_path(&collection, files_path(&files, "d"), NULL));
	assert_int_equal(collection.count, 0);
	assert_int_equal(collection.refused_count, 1);
	assert_non_null(strstr(collection.refused[0].reason, "folders deep"));
}

static void test_it_can_be_cancelled(void **state)
{
	atomic_bool cancel = true;

	(void)state;
	make_folder("d");
	make_file("d/a.png");
	assert_true(collect_path(&collection, files_path(&files, "d"), &cancel));
	assert_int_equal(collection.count, 0);
	assert_int_equal(collection.refused_count, 0);
}

static void test_many_files(void **state)
{
	(void)state;
	make_folder("d");
	for (int i = 0; i < 1000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "d/%d.png", i);
		make_file(name);
	}
	assert_true(collect_path(&collection, files_path(&files, "d"), NULL));
	assert_int_equal(collection.count, 1000);
	assert_string_equal(collection.files[999], files_path(&files, "d/999.png"));
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_a_file_is_taken_as_it_is),
		EACH(test_a_folder_in_the_order_of_people),
		EACH(test_a_closing_slash_is_not_doubled),
		EACH(test_a_folder_without_images_says_so),
		EACH(test_links_that_go_round_end),
		EACH(test_a_link_to_a_folder_is_followed),
		EACH(test_pipes_in_folders_do_not_block),
		EACH(test_depth_is_bounded),
		EACH(test_it_can_be_cancelled),
		EACH(test_many_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
