/*
 * test_links.c - links of another user. Only root can create them; otherwise the tests are skipped.
 */
#include "links.h"

#include "collect.h"
#include "files.h"
#include "slurp.h"

enum { STRANGER = 65534, FRIEND = 65533 };

static struct files files;

static int set_up(void **state)
{
	(void)state;
	files_open(&files);
	mkdir(files_path(&files, "in"), 0755);
	mkdir(files_path(&files, "private"), 0700);
	files_write(&files, "private/1.png", "\x89PNG\r\n\x1a\n", 8);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	files_close(&files);
	return 0;
}

/* Makes in/NAME, a link that belongs to that user. */
static const char *make_link(const char *name, const char *target, uid_t maker)
{
	char path[32];

	if (geteuid() != 0)
		skip();
	snprintf(path, sizeof(path), "in/%s", name);
	assert_int_equal(symlink(files_path(&files, target), files_path(&files, path)), 0);
	assert_int_equal(lchown(files_path(&files, path), maker, maker), 0);
	return files_path(&files, path);
}

static bool is_opened(const char *path)
{
	char reason[TEXT_REASON_MAX] = "";
	struct slurp slurp;

	if (slurp_open(&slurp, path, 8, reason)) {
		slurp_close(&slurp);
		return true;
	}
	assert_non_null(strstr(reason, "another user (uid 65534)"));
	return false;
}

static void test_ones_own_link_is_followed(void **state)
{
	(void)state;
	assert_true(is_opened(make_link("1.png", "private/1.png", geteuid())));
}

static void test_a_strangers_link_to_what_is_mine(void **state)
{
	(void)state;
	assert_false(is_opened(make_link("1.png", "private/1.png", STRANGER)));
}

static void test_a_strangers_link_to_what_is_theirs(void **state)
{
	const char *path = make_link("1.png", "private/1.png", STRANGER);

	(void)state;
	assert_int_equal(chown(files_path(&files, "private/1.png"), STRANGER, STRANGER), 0);
	assert_true(is_opened(path));
	assert_int_equal(chown(files_path(&files, "private/1.png"), FRIEND, FRIEND), 0);
	assert_false(is_opened(path));
}

static void test_a_strangers_link_on_the_way(void **state)
{
	struct collection collection = {0};

	(void)state;
	make_link("pictures", "private", STRANGER);
	assert_false(is_opened(files_path(&files, "in/pictures/1.png")));
	assert_true(collect_path(&collection, files_path(&files, "in"), NULL));
	assert_int_equal(collection.count, 0);
	assert_int_equal(collection.refused_count, 1);
	assert_non_null(strstr(collection.refused[0].reason, "another user"));
	collect_free(&collection);
}

/* Between opening and checking, a link was replaced by a file. */
static void test_what_was_opened_is_what_is_there(void **state)
{
	char reason[TEXT_REASON_MAX] = "";
	const char *path = files_path(&files, "in/1.png");
	int fd = open(files_path(&files, "private/1.png"), O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	files_write(&files, "in/1.png", "x", 1);
	assert_false(links_allow(path, fd, reason));
	assert_non_null(strstr(reason, "replaced"));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ones_own_link_is_followed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_strangers_link_to_what_is_mine, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_strangers_link_to_what_is_theirs, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_strangers_link_on_the_way, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_what_was_opened_is_what_is_there, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
