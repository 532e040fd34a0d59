/*
 * test_session.c - the saved list of the tray: what was written is read, and anything else is
 * refused.
 */
#include "session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka needs the above first */
#include <cmocka.h>

static char folder[] = "/tmp/vitrine-session-XXXXXX";
static char file[PATH_MAX];

static int make_folder(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("XDG_STATE_HOME", folder, 1);
	assert_true(session_file(file));
	return 0;
}

static int remove_folder(void **state)
{
	char path[PATH_MAX];

	(void)state;
	unlink(file);
	snprintf(path, sizeof(path), "%s/vitrine", folder);
	rmdir(path);
	return rmdir(folder);
}

static void the_list_has_its_place(void **state)
{
	char path[PATH_MAX];

	(void)state;
	setenv("XDG_STATE_HOME", "not/absolute", 1);
	setenv("HOME", "/home/me", 1);
	assert_true(session_file(path));
	assert_string_equal(path, "/home/me/.local/state/vitrine/tray");
	setenv("HOME", "", 1);
	assert_false(session_file(path));
	setenv("XDG_STATE_HOME", folder, 1);
	assert_true(session_file(path));
	assert_string_equal(path + strlen(folder), "/vitrine/tray");
}

static void what_is_saved_is_loaded(void **state)
{
	static const char *const paths[] = {"/a/b.png", "/with blank/100% #1?.png",
		"/new\nline\r/\xff\xfe", "/# comment", "/Gr\303\274\303\237e", "/a/%41"};
	const size_t count = sizeof(paths) / sizeof(paths[0]);
	struct tray *tray = tray_create(0);
	struct session session;
	char reason[TEXT_REASON_MAX];
	struct stat status;

	(void)state;
	unlink(file);
	assert_true(session_load(&session, file, reason)); /* none is an empty one */
	assert_int_equal(session.count, 0);
	assert_true(session_save(file, tray, reason)); /* makes the folders */
	for (size_t i = 0; i < count; i++)
		assert_non_null(tray_add(tray, paths[i]));
	assert_true(session_save(file, tray, reason)); /* replaces it */
	assert_int_equal(stat(file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_true(session_load(&session, file, reason));
	assert_int_equal(session.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(session.paths[i], paths[i]);
	session_free(&session);
	session_free(&session);
	tray_destroy(tray);
}

static void assert_refused(const char *bytes, size_t size, const char *why)
{
	FILE *list = fopen(file, "w");
	struct session session;
	char reason[TEXT_REASON_MAX] = "";

	assert_non_null(list);
	fwrite(bytes, 1, size, list);
	fclose(list);
	assert_false(session_load(&session, file, reason));
	assert_int_equal(session.count, 0);
	assert_null(session.paths);
	if (strstr(reason, why) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", why, reason);
}

#define REFUSED(bytes, why) assert_refused(bytes, sizeof(bytes) - 1, why)

/* The whole file is refused, even if it begins with a good line. */
static void what_another_program_wrote_is_refused(void **state)
{
	(void)state;
	REFUSED("file:///a.png\nhttp://example.org/a.png\n", "is an address");
	REFUSED("file:///a.png\nrelative.png\n", "is text");
	REFUSED("file://server/a.png\n", "another machine");
	REFUSED("file:///a\0b.png\n", "zero byte");
	REFUSED("file:///a%00b.png\n", "zero byte");
	REFUSED("\x1b]0;title\x07 \xff\n", "is not a list");
}

static void a_list_that_is_no_file_is_refused(void **state)
{
	struct session session;
	char reason[TEXT_REASON_MAX];

	(void)state;
	unlink(file);
	assert_int_equal(mkfifo(file, 0600), 0);
	assert_false(session_load(&session, file, reason)); /* and it does not wait for a writer */
	unlink(file);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_false(session_load(&session, file, reason));
	rmdir(file);
}

static void too_many_files_are_refused(void **state)
{
	const size_t count = SESSION_FILES_MAX + 1;
	char *list = malloc(count * 3);

	(void)state;
	assert_non_null(list);
	for (size_t i = 0; i < count; i++)
		memcpy(list + 3 * i, "/a\n", 3);
	assert_refused(list, count * 3, "more than");
	free(list);
}

static void too_long_a_list_is_refused(void **state)
{
	(void)state;
	REFUSED("x", "is text");
	assert_int_equal(truncate(file, (off_t)SESSION_BYTES_MAX + 1), 0);
	struct session session;
	char reason[TEXT_REASON_MAX];

	assert_false(session_load(&session, file, reason));
	assert_non_null(strstr(reason, "longer than"));
}

static void what_cannot_be_written_has_a_reason(void **state)
{
	struct tray *tray = tray_create(0);
	char reason[TEXT_REASON_MAX] = "";

	(void)state;
	assert_false(session_save("/proc/vitrine/tray", tray, reason));
	assert_non_null(strstr(reason, "cannot be written"));
	tray_destroy(tray);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_has_its_place),
		cmocka_unit_test(what_is_saved_is_loaded),
		cmocka_unit_test(what_another_program_wrote_is_refused),
		cmocka_unit_test(a_list_that_is_no_file_is_refused),
		cmocka_unit_test(too_many_files_are_refused),
		cmocka_unit_test(too_long_a_list_is_refused),
		cmocka_unit_test(what_cannot_be_written_has_a_reason),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
