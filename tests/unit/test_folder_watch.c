/* test_folder_watch.c - files that appear in a folder, and the folder itself that comes and goes. */
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

/* Waits for the next event, which is of this kind; its path is `path`, unless that is NULL. */
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
	static const char *const wanted[] = {"a.png", "a b.JPEG", "frame0001.webp"};
	static const char *const others[] = {".hidden.png", "a.png~", "a.png.part", "a.tmp",
		"a.png.crdownload", "notes.odt", ""};

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
	write_file(part); /* not told: the next event is of another file */
	write_file(a);
	expect(watch, FOLDER_FILE, a);
	assert_int_equal(rename(part, b), 0);
	expect(watch, FOLDER_FILE, b);
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
		cmocka_unit_test(test_a_folder_that_comes_and_goes),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
