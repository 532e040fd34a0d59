/*
 * test_links.c - links of another user. Only root can create them; otherwise the tests are skipped.
 */
#include "symlinks.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/wait.h>

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
	assert_false(symlinks_allow(path, fd, reason));
	assert_non_null(strstr(reason, "replaced"));
	close(fd);
}

static atomic_bool is_over;

/* Exchanges a link and a file of the stranger's, until told to end. */
static void *exchange(void *data)
{
	char link[512], file[512];

	(void)data;
	snprintf(link, sizeof(link), "%s", files_path(&files, "in/1.png"));
	snprintf(file, sizeof(file), "%s", files_path(&files, "in/2.png"));
	while (!atomic_load(&is_over) &&
		renameat2(AT_FDCWD, link, AT_FDCWD, file, RENAME_EXCHANGE) == 0)
		continue;
	return NULL;
}

/* The path is never a link while it is checked, only while it is opened and compared. */
static void test_a_link_that_comes_and_goes(void **state)
{
	char path[512], reason[TEXT_REASON_MAX];
	pthread_t thread;
	struct stat status;
	struct slurp slurp;
	bool is_secret = false;

	(void)state;
	files_write(&files, "in/2.png", "\x89PNG\r\n\x1a\n", 8);
	snprintf(path, sizeof(path), "%s", make_link("1.png", "private/1.png", STRANGER));
	assert_int_equal(chown(files_path(&files, "in/2.png"), STRANGER, STRANGER), 0);
	atomic_store(&is_over, false);
	assert_int_equal(pthread_create(&thread, NULL, exchange, NULL), 0);
	for (int i = 0; i < 5000 && !is_secret; i++) {
		if (!slurp_open(&slurp, path, 8, reason))
			continue;
		is_secret = fstat(slurp.fd, &status) != 0 || status.st_uid != STRANGER;
		slurp_close(&slurp);
	}
	atomic_store(&is_over, true);
	pthread_join(thread, NULL);
	assert_false(is_secret);
}

/* As a shell gives it: a pipe, by a link that leads to no path. */
static void test_what_has_no_path(void **state)
{
	char path[32], reason[TEXT_REASON_MAX];
	int ends[2], fd;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	assert_true(fd >= 0 && symlinks_allow(path, fd, reason));
	close(fd);
	close(ends[0]);
	close(ends[1]);
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(77);
	close(fd);
}

/* In a user namespace, where root is nobody and /proc/self belongs to root. */
static void test_proc_in_a_user_namespace(void **state)
{
	char path[32], map[32], reason[TEXT_REASON_MAX];
	int status, fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	pid_t child = fork();

	(void)state;
	assert_true(fd >= 0 && child >= 0);
	if (child == 0) {
		if (geteuid() == 0 && setresuid(FRIEND, FRIEND, FRIEND) != 0)
			_exit(77);
		prctl(PR_SET_DUMPABLE, 1);
		snprintf(map, sizeof(map), "7 %u 1", (unsigned)geteuid());
		if (unshare(CLONE_NEWUSER) != 0)
			_exit(77);
		write_text("/proc/self/uid_map", map);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		_exit(symlinks_allow(path, fd, reason) ? 0 : 1);
	}
	waitpid(child, &status, 0);
	close(fd);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

static void test_links_without_end(void **state)
{
	char reason[TEXT_REASON_MAX];
	int fd = open(files_path(&files, "private/1.png"), O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(symlink("1.png", files_path(&files, "in/1.png")), 0);
	assert_false(symlinks_allow(files_path(&files, "in/1.png"), fd, reason));
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
		cmocka_unit_test_setup_teardown(test_a_link_that_comes_and_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_has_no_path, set_up, tear_down),
		cmocka_unit_test(test_proc_in_a_user_namespace),
		cmocka_unit_test_setup_teardown(test_links_without_end, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
