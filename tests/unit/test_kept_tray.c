/* test_kept_tray.c - when the tray is written for the next start, and when it is not. */
#include "kept_tray.h"

#include "files.h"

#define DELAY INT64_C(3000000000)

static struct files files;
static struct log reports;
static struct kept_tray kept;
static struct tray *tray;

static int set_up(void **state)
{
	char reason[TEXT_REASON_MAX];

	(void)state;
	files_open(&files);
	setenv("XDG_STATE_HOME", files.folder, 1);
	log_start(&reports, "test_kept_tray");
	kept = (struct kept_tray){0};
	tray = tray_create(0);
	assert_non_null(tray);
	assert_true(kept_tray_begin(&kept, reason));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kept_tray_end(&kept, NULL, &reports);
	tray_destroy(tray);
	files_close(&files);
	return 0;
}

static struct tray_item *add(const char *path, bool by_hand)
{
	struct tray_item *item = tray_add(tray, path);

	assert_non_null(item);
	item->by_hand = by_hand;
	return item;
}

static void work(int64_t now)
{
	kept_tray_work(&kept, tray, now, &reports);
}

/* How many files the list has that is on the disk; -1: there is none. */
static int written(void)
{
	struct session session;
	char reason[TEXT_REASON_MAX];
	int count = -1;

	if (access(kept.file, F_OK) != 0)
		return count;
	assert_true(session_load(&session, kept.file, reason));
	count = (int)session.count;
	session_free(&session);
	return count;
}

static void it_is_written_some_seconds_after_a_change(void **state)
{
	(void)state;
	work(10);
	assert_true(kept_tray_deadline(&kept) == KEPT_TRAY_NEVER);
	add("/a.png", true);
	work(20);
	assert_true(kept_tray_deadline(&kept) == 20 + DELAY);
	add("/b.png", false);
	work(20 + DELAY - 1); /* a later change waits no longer */
	assert_int_equal(written(), -1);
	work(20 + DELAY);
	assert_int_equal(written(), 2);
	assert_true(kept_tray_deadline(&kept) == KEPT_TRAY_NEVER);
	add("/c.png", true);
	kept_tray_end(&kept, tray, &reports); /* at the end it does not wait */
	assert_int_equal(written(), 3);
}

static void what_stood_on_the_command_line_replaces_nothing(void **state)
{
	(void)state;
	add("/a.png", false);
	work(20);
	assert_true(kept_tray_deadline(&kept) == KEPT_TRAY_NEVER);
	kept_tray_end(&kept, tray, &reports);
	assert_int_equal(written(), -1);
}

/* There is then nothing to do, and the window may sleep. */
static void a_tray_that_is_emptied_before_it_is_written_is_not(void **state)
{
	(void)state;
	uint64_t id = add("/a.png", true)->id;

	work(20);
	tray_remove(tray, id);
	work(20 + DELAY);
	assert_true(kept_tray_deadline(&kept) == KEPT_TRAY_NEVER);
	assert_int_equal(written(), -1);
}

static void a_failure_is_reported_once(void **state)
{
	(void)state;
	strcpy(kept.file, "/dev/null/tray");
	add("/a.png", true);
	work(20);
	work(20 + DELAY);
	assert_string_equal(kept.file, "");
	add("/b.png", true);
	work(30 + DELAY);
	assert_true(kept_tray_deadline(&kept) == KEPT_TRAY_NEVER);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_written_some_seconds_after_a_change),
		TEST(what_stood_on_the_command_line_replaces_nothing),
		TEST(a_tray_that_is_emptied_before_it_is_written_is_not),
		TEST(a_failure_is_reported_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
