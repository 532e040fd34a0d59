/*
 * test_clipboard.c - the clipboard and the file chooser, with scripts in place of the external
 * programs: what is started, what they return, and what happens if none is installed.
 */
#include "chooser.h"
#include "clipboard.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "files.h"

#define PATIENCE_MS 30000

static struct files files;
static int woken;

static void wake(void *data)
{
	(void)data;
	eventfd_write(woken, 1);
}

static void wait_for_wake(void)
{
	struct pollfd readable = {.fd = woken, .events = POLLIN};
	eventfd_t ignored;

	assert_int_equal(poll(&readable, 1, PATIENCE_MS), 1);
	eventfd_read(woken, &ignored);
}

/* Writes a program into the only folder of PATH. */
static void install(const char *name, const char *script)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", files.folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", script);
	fclose(file);
	assert_int_equal(chmod(path, 0700), 0);
}

static int set_up(void **state)
{
	woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_true(woken >= 0);
	files_open(&files);
	setenv("PATH", files.folder, 1);
	setenv("DISPLAY", ":7", 1);
	unsetenv("WAYLAND_DISPLAY");
	*state = clipboard_create(wake, NULL);
	return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	clipboard_destroy(*state);
	setenv("PATH", "/usr/bin:/bin", 1);
	files_close(&files);
	close(woken);
	return 0;
}

static struct clipboard_end wait_for_end(struct clipboard *clipboard)
{
	struct clipboard_end end;

	while (!clipboard_pop(clipboard, &end))
		wait_for_wake();
	return end;
}

/* Pastes from an X11 clipboard that offers these types, each with its name as the contents. */
static void assert_pastes(struct clipboard *clipboard, const char *types, const char *type)
{
	char script[1024];
	struct clipboard_end end;

	snprintf(script, sizeof(script),
		"[ \"$4\" = TARGETS ] || { printf 'it is %%s' \"$4\"; exit; }\nprintf '%s'", types);
	install("xclip", script);
	assert_int_equal(clipboard_paste(clipboard), CLIPBOARD_STARTED);
	end = wait_for_end(clipboard);
	assert_true(end.is_paste);
	assert_int_equal(end.status, 0);
	assert_string_equal(end.type, type);
	if (*type != '\0') {
		assert_memory_equal(end.bytes, "it is ", 6);
		assert_string_equal(end.bytes + 6, type);
		assert_int_equal(end.size, 6 + strlen(type));
	} else {
		assert_null(end.bytes);
	}
	clipboard_end_free(&end);
}

static void pastes_the_best_type(void **state)
{
	assert_pastes(*state, "TARGETS\\ntext/html\\nimage/jpeg\\nimage/png\\n", "image/png");
	assert_pastes(*state, "text/plain\\ntext/uri-list\\nimage/webp\\n", "text/uri-list");
	assert_pastes(*state, "STRING\\nUTF8_STRING\\nimage/webp", "image/webp");
	assert_pastes(*state, "STRING\\nUTF8_STRING\\n", "UTF8_STRING");
	assert_pastes(*state, "text/html\\nimage/pngx-no\\n", "image/pngx-no");
	assert_pastes(*state, "text/html\\n", "");
}

static void an_empty_clipboard_is_no_failure(void **state)
{
	struct clipboard_end end;

	install("xclip", "exit 1");
	assert_int_equal(clipboard_paste(*state), CLIPBOARD_STARTED);
	end = wait_for_end(*state);
	assert_string_equal(end.type, "");
	assert_int_equal(end.status, 0);
}

static void what_was_copied_is_served_by_a_process_that_stays(void **state)
{
	int fd = memfd_create("clipboard", MFD_CLOEXEC);
	char path[PATH_MAX], got[64] = "";
	struct clipboard_end end;
	FILE *file;

	setenv("WAYLAND_DISPLAY", "wayland-7", 1);
	install("wl-copy",
		"echo $* > \"$0.got\"; /bin/cat >> \"$0.got\"; /bin/sleep 100 & echo $! > \"$0.pid\"");
	assert_int_equal(write(fd, "a picture", 9), 9);
	assert_int_equal(clipboard_copy(*state, "image/png", fd), CLIPBOARD_STARTED);
	end = wait_for_end(*state);
	assert_false(end.is_paste);
	assert_int_equal(end.status, 0);
	assert_string_equal(end.program, "wl-copy");
	snprintf(path, sizeof(path), "%s/wl-copy.got", files.folder);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fread(got, 1, sizeof(got) - 1, file),
		strlen("--type image/png\na picture"));
	assert_string_equal(got, "--type image/png\na picture");
	fclose(file);
	snprintf(path, sizeof(path), "%s/wl-copy.pid", files.folder);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_non_null(fgets(got, sizeof(got), file));
	fclose(file);
	assert_int_equal(kill((pid_t)strtol(got, NULL, 10), SIGTERM), 0);
	close(fd);
}

static void a_program_that_hangs_is_given_up(void **state)
{
	struct clipboard_end end;

	install("xclip", "exec /bin/sleep 100");
	assert_int_equal(clipboard_paste(*state), CLIPBOARD_STARTED);
	assert_pastes(*state, "image/png", "image/png");
	assert_false(clipboard_pop(*state, &end));
}

static void without_a_program_there_is_a_remedy(void **state)
{
	assert_int_equal(clipboard_paste(*state), CLIPBOARD_MISSING);
	assert_non_null(strstr(clipboard_remedy(), "apt install xclip"));
	setenv("WAYLAND_DISPLAY", "wayland-7", 1);
	assert_int_equal(clipboard_paste(*state), CLIPBOARD_MISSING);
	assert_non_null(strstr(clipboard_remedy(), "apt install wl-clipboard"));
	/* The emulated X11 display has the same clipboard. */
	assert_pastes(*state, "image/png", "image/png");
}

static void the_chooser_asks_where_to_save(void **state)
{
	struct chooser *chooser = chooser_create(wake, NULL);
	struct chosen chosen;

	(void)state;
	install("kdialog", "echo \"$1 $2\"");
	assert_int_equal(chooser_save(chooser, "Save", "/tmp/a b.png"), CHOOSER_STARTED);
	assert_int_equal(chooser_save(chooser, "Save", "/tmp/a b.png"), CHOOSER_IS_OPEN);
	while (!chooser_pop(chooser, &chosen))
		wait_for_wake();
	assert_int_equal(chosen.count, 1);
	assert_string_equal(chosen.paths[0], "--getsavefilename /tmp/a b.png");
	chosen_free(&chosen);
	install("zenity", "echo \"$5\"");
	assert_int_equal(chooser_save(chooser, "Save", "/tmp/a b.png"), CHOOSER_STARTED);
	while (!chooser_pop(chooser, &chosen))
		wait_for_wake();
	assert_string_equal(chosen.paths[0], "--title=Save");
	assert_string_equal(chosen.program, "zenity");
	chosen_free(&chosen);
	chooser_destroy(chooser);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pastes_the_best_type),
		TEST(an_empty_clipboard_is_no_failure),
		TEST(what_was_copied_is_served_by_a_process_that_stays),
		TEST(a_program_that_hangs_is_given_up),
		TEST(without_a_program_there_is_a_remedy),
		TEST(the_chooser_asks_where_to_save),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
