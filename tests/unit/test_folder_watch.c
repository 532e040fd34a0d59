/*
 * test_folder_watch.c - files that appear in a folder, and the folder itself that comes and goes.
 */
#include "folder_watch.h"

#include <poll.h>
#include <sys/eventfd.h>

#include "files.h"

#define PATIENCE_MS 30000

static struct files files;
static int woken;

static void wake(void *data)
{
	(void)data;
	eventfd_write(woken, 1);
}

/* Waits for the next event; asserts its kind and, unless `path` is NULL, its path. */
static void expect(struct folder_watch *watch, enum folder_news news, const char *path)
{
	struct pollfd readable = {.fd = woken, .events = POLLIN};
	struct folder_event event;
	eventfd_t ignored;

	while (!folder_watch_pop(watch, &event)) {
		assert_int_equal(poll(&readable, 1, PATIENCE_MS), 1);
		eventfd_read(woken, &ignored);
	}
	assert_int_equal(event.news, news);
	if (path != NULL)
		assert_string_equal(event.path, path);
	free(event.path);
}

static void write_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
}

static void test_names(void **state)
{
	static const char *const wanted[] = {"a.png", "a b.JPEG", "frame0001.webp", "picture"};
	static const char *const others[] = {
		".hidden.png", "a.png~", "a.png.part", "a.tmp", "a.png.crdownload", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		assert_true(folder_watch_wants(wanted[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(folder_watch_wants(others[i]));
}

static void test_files_that_are_written_or_renamed(void **state)
{
	struct folder_watch *watch;
	char a[PATH_MAX], b[PATH_MAX], part[PATH_MAX];

	(void)state;
	snprintf(a, sizeof(a), "%s/a.png", files.folder);
	snprintf(b, sizeof(b), "%s/b.png", files.folder);
	snprintf(part, sizeof(part), "%s/b.png.part", files.folder);
	watch = folder_watch_create(files.folder, wake, NULL);
	assert_non_null(watch);
	expect(watch, FOLDER_BACK, files.folder);
	write_file(part); /* not reported: the next event is about another file */
	write_file(a);
	expect(watch, FOLDER_FILE, a);
	assert_int_equal(rename(part, b), 0);
	expect(watch, FOLDER_FILE, b);
	folder_watch_destroy(watch);
}

static const char *in(char path[PATH_MAX], const char *name)
{
	snprintf(path, PATH_MAX, "%s/%s", files.folder, name);
	return path;
}

/* The first look at a folder treats them in the same way. */
static void test_links_and_files_without_an_ending(void **state)
{
	char a[PATH_MAX], b[PATH_MAX], c[PATH_MAX], elsewhere[PATH_MAX], text[PATH_MAX];
	const char gif[] = "GIF89a\1\0\1\0";
	struct folder_watch *watch;
	int fd;

	(void)state;
	assert_int_equal(mkdir(in(elsewhere, ".elsewhere"), 0700), 0);
	write_file(in(elsewhere, ".elsewhere/x.png"));
	watch = folder_watch_create(files.folder, wake, NULL);
	expect(watch, FOLDER_BACK, files.folder);
	assert_int_equal(link(elsewhere, in(a, "hard.png")), 0);
	expect(watch, FOLDER_FILE, a);
	assert_int_equal(symlink(elsewhere, in(b, "soft.png")), 0);
	expect(watch, FOLDER_FILE, b);
	write_file(in(text, "text")); /* not told */
	fd = open(in(c, "picture"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, gif, sizeof(gif)), sizeof(gif));
	close(fd);
	expect(watch, FOLDER_FILE, c);
	folder_watch_destroy(watch);
}

static void test_subfolders(void **state)
{
	char old[PATH_MAX], new[PATH_MAX], deep[PATH_MAX], moved[PATH_MAX], away[PATH_MAX],
		a[PATH_MAX], loop[PATH_MAX];
	struct folder_watch *watch;

	(void)state;
	assert_int_equal(mkdir(in(old, "old"), 0700), 0);
	assert_int_equal(mkdir(in(deep, "old/deep"), 0700), 0);
	assert_int_equal(symlink(files.folder, in(loop, "old/loop")), 0);
	watch = folder_watch_create(files.folder, wake, NULL);
	expect(watch, FOLDER_BACK, files.folder);
	/* A link to a folder above it is not read again; the next event is about another file. */
	assert_int_equal(symlink(files.folder, in(loop, "loop")), 0);
	assert_int_equal(symlink("..", in(loop, "old/deep/up")), 0);
	write_file(in(a, "old/deep/a.png"));
	expect(watch, FOLDER_FILE, a);
	assert_int_equal(mkdir(in(new, "new"), 0700), 0);
	expect(watch, FOLDER_READ, new);
	write_file(in(a, "new/a.png"));
	expect(watch, FOLDER_FILE, a);
	assert_int_equal(rename(deep, in(moved, "new/moved")), 0); /* its names change */
	expect(watch, FOLDER_READ, moved);
	write_file(in(a, "new/moved/b.png"));
	expect(watch, FOLDER_FILE, a);
	assert_int_equal(rename(moved, in(away, ".away")), 0); /* and then it is not watched */
	write_file(in(a, ".away/c.png"));
	write_file(in(a, "old/d.png"));
	expect(watch, FOLDER_FILE, a);
	folder_watch_destroy(watch);
}

static void test_a_folder_that_comes_and_goes(void **state)
{
	struct folder_watch *watch;
	char folder[PATH_MAX];

	(void)state;
	snprintf(folder, sizeof(folder), "%s/late", files.folder);
	watch = folder_watch_create(folder, wake, NULL);
	assert_non_null(watch);
	expect(watch, FOLDER_GONE, folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	expect(watch, FOLDER_BACK, folder);
	assert_int_equal(rmdir(folder), 0);
	expect(watch, FOLDER_GONE, folder);
	folder_watch_destroy(watch);
	folder_watch_destroy(NULL);
}

static int open_all(void **state)
{
	(void)state;
	woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	files_open(&files);
	return woken < 0;
}

static int close_all(void **state)
{
	(void)state;
	files_close(&files);
	return close(woken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_files_that_are_written_or_renamed),
		cmocka_unit_test(test_links_and_files_without_an_ending),
		cmocka_unit_test(test_subfolders),
		cmocka_unit_test(test_a_folder_that_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
