/*
 * test_uri.c - dropped text as paths, and names as text that can be shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "uri.h"

static char path[PATH_MAX];
static char reason[TEXT_REASON_MAX];

static void assert_path(const char *text, const char *expected)
{
	assert_int_equal(uri_next(&text, path, reason), URI_PATH);
	assert_string_equal(path, expected);
	assert_int_equal(uri_next(&text, path, reason), URI_END);
}

static void assert_no_path(const char *text, const char *why)
{
	enum uri_kind kind = uri_next(&text, path, reason);

	assert_int_equal(kind, strstr(why, "text") != NULL ? URI_TEXT : URI_REFUSED);
	if (strstr(reason, why) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", why, reason);
	assert_int_equal(uri_next(&text, path, reason), URI_END);
}

static void test_paths(void **state)
{
	(void)state;
	assert_path("/a/b.png", "/a/b.png");
	assert_path("/a/100%.png\n", "/a/100%.png");
	assert_path("/a/b%20c #1 ü.png", "/a/b%20c #1 ü.png"); /* a plain path is not decoded */
	assert_path("file:///a/b.png\r\n", "/a/b.png");
	assert_path("file://localhost/a/b.png", "/a/b.png");
	assert_path("FILE:/a/b.png", "/a/b.png");
	assert_path("file:///a/b%20c%23%25%C3%BC.png", "/a/b c#%ü.png");
	assert_path("file:///a/%FF%fe.png", "/a/\xff\xfe.png");
	assert_path("file:///a/100%.png", "/a/100%.png");
	assert_path("file:///a/%4", "/a/%4");
	assert_path("  /a/b.png", "/a/b.png");
	assert_path("/a/ends with a blank \n", "/a/ends with a blank ");
}

static void test_quoted_paths(void **state)
{
	const char *text =
		" '/a b.png' '/it'\\''s.png'  \"/c \\\"d\\\".png\"\n# no\n'/e'\nfile:///f";
	static const char *const expected[] = {"/a b.png", "/it's.png", "/c \"d\".png", "/e", "/f"};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_int_equal(uri_next(&text, path, reason), URI_PATH);
		assert_string_equal(path, expected[i]);
	}
	assert_int_equal(uri_next(&text, path, reason), URI_END);
	assert_path("'/a/b.png'\r\n", "/a/b.png");
	assert_no_path("'/without an end", "text");
	assert_no_path("'relative'", "text");
	assert_no_path("''", "text");
}

/*
 * What a terminal shows of a file that exists; a name that really has a backslash is taken first.
 */
static void test_paths_from_a_terminal(void **state)
{
	char folder[] = "/tmp/vitrine uri (1) XXXXXX", shown[320], name[128] = "", there[128];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(there, sizeof(there), "%s/a b.png", folder);
	fd = open(there, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	snprintf(shown, sizeof(shown), "/tmp/vitrine\\ uri\\ \\(1\\)\\ %s/a\\ b.png  \n",
		strrchr(folder, ' ') + 1);
	assert_path(shown, there);
	snprintf(shown, sizeof(shown), "%s \r\n", there);
	assert_path(shown, there);
	assert_path("/no\\ file ", "/no\\ file ");
	setenv("HOME", folder, 1);
	assert_path("~/a\\ b.png", there);
	assert_no_path("~user/a.png", "is text, not a file");
	assert_no_path("~", "is text, not a file");
	assert_int_equal(gethostname(name, sizeof(name) - 1), 0);
	snprintf(shown, sizeof(shown), "file://%s/a%%20b", name);
	assert_path(shown, "/a b");
	unlink(there);
	rmdir(folder);
}

static void assert_argument(const char *argument, const char *expected)
{
	const char *found = uri_argument(argument, path, reason);

	assert_non_null(found);
	assert_string_equal(found, expected);
}

static void test_arguments(void **state)
{
	(void)state;
	assert_argument("a.png", "a.png");
	assert_argument("100%20.png", "100%20.png");
	assert_argument("-", "-");
	assert_argument("file:///a/b%20c.png", "/a/b c.png");
	assert_argument("file://localhost/a.png", "/a.png");
	assert_argument("FILE:/a.png", "/a.png");
	assert_argument("http://example.org/a.png",
		"http://example.org/a.png"); /* opening it fails */
	assert_null(uri_argument("file://server/a.png", path, reason));
	assert_non_null(strstr(reason, "another machine"));
	assert_null(uri_argument("file:a.png", path, reason));
	assert_non_null(strstr(reason, "absolute"));
}

static void test_lists(void **state)
{
	const char *text = "# a comment\r\nfile:///a.png\r\n\r\nhttps://b.org/c.png\r\n/d.png";

	(void)state;
	assert_int_equal(uri_next(&text, path, reason), URI_PATH);
	assert_string_equal(path, "/a.png");
	assert_int_equal(uri_next(&text, path, reason), URI_REFUSED);
	assert_string_equal(path, "https://b.org/c.png");
	assert_int_equal(uri_next(&text, path, reason), URI_PATH);
	assert_string_equal(path, "/d.png");
	assert_int_equal(uri_next(&text, path, reason), URI_END);
	assert_int_equal(uri_next(&text, path, reason), URI_END);
}

static void test_what_is_no_file_says_why(void **state)
{
	(void)state;
	assert_no_path("http://example.org/a.png",
		"is an address, not a file: save it first, then drop the file");
	assert_no_path("data:image/png;base64,AAAA", "is an address");
	assert_no_path("file://server/share/a.png", "another machine");
	assert_no_path("file:a.png", "not an absolute path");
	assert_no_path("file://localhost", "not an absolute path");
	assert_no_path("file:///a%00b", "zero byte");
	assert_no_path("hello", "is text, not a file");
	assert_no_path("a.png", "is text, not a file");
	assert_no_path(":", "is text");
	assert_no_path("Note: an example", "is text");
}

static void test_nothing_is_nothing(void **state)
{
	const char *texts[] = {"", "\n", "\r\n \r\n", "#", "   "};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *cursor = texts[i];

		assert_int_equal(uri_next(&cursor, path, reason), URI_END);
	}
}

static void test_long_lines_are_refused(void **state)
{
	static char text[3 * PATH_MAX + 16];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[0] = '/';
	assert_no_path(text, "longer than a path");
	memcpy(text, "file:///", 8);
	assert_no_path(text, "longer than a path");
	memcpy(text, "http:///", 8);
	assert_no_path(text, "is an address");
	text[PATH_MAX - 1] = '\0'; /* the longest that fits */
	text[0] = '/';
	const char *cursor = text;
	assert_int_equal(uri_next(&cursor, path, reason), URI_PATH);
	assert_int_equal(strlen(path), PATH_MAX - 1);
}

static void assert_shown(const char *bytes, const char *expected)
{
	char text[64];

	assert_string_equal(text_printable(text, sizeof(text), bytes), expected);
}

static void test_names_that_can_be_shown(void **state)
{
	(void)state;
	assert_shown("photo ü 写真.png", "photo ü 写真.png");
	assert_shown("100%.png", "100%.png");
	assert_shown("a\nb\x1b[31m", "a%0Ab%1B[31m");
	assert_shown("\xff\xfe", "%FF%FE");
	assert_shown("\xc0\xaf", "%C0%AF");        /* too long a form of '/' */
	assert_shown("\xed\xa0\x80", "%ED%A0%80"); /* half of a pair of UTF-16 */
	assert_shown("a\xe2\x80\xae"
		     "b",
		"a%E2%80%AEb"); /* turns the direction of what follows */
	assert_shown("cut \xc3", "cut %C3");
	assert_shown("", "");
}

static void test_text_is_cut_at_a_character(void **state)
{
	char text[8];

	(void)state;
	assert_string_equal(text_printable(text, 4, "abcdef"), "abc");
	assert_string_equal(text_printable(text, 4, "abü"), "ab");
	assert_string_equal(text_printable(text, 5, "abü"), "abü");
	assert_string_equal(text_printable(text, 3, "\xff"), "");
	assert_string_equal(text_printable(text, 1, "a"), "");
}

static void test_a_translation_is_cut_at_a_character(void **state)
{
	static const struct {
		const char *text, *cut; /* in 6 bytes */
	} cases[] = {{"abcde", "abcde"}, {"abcdef", "abcde"}, {"abcdü", "abcd"}, {"abcüd", "abcü"},
		{"abc…", "abc"}, {"ab…c", "ab…"}, {"ab🦉", "ab"}, {"a🦉b", "a🦉"},
		{"·····", "··"}};
	char text[6];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		text_print(text, sizeof(text), "%s", cases[i].text);
		assert_string_equal(text, cases[i].cut);
		text[0] = '\0';
		text_append(text, sizeof(text), "%s", cases[i].text);
		assert_string_equal(text, cases[i].cut);
	}
}

static void test_sizes_and_base_names(void **state)
{
	char text[TEXT_SIZE_MAX];

	(void)state;
	assert_string_equal(text_size(text, 0), "0 B");
	assert_string_equal(text_size(text, 1023), "1023 B");
	assert_string_equal(text_size(text, 1024), "1 KiB");
	assert_string_equal(text_size(text, 11184640), "10.7 MiB");
	assert_string_equal(text_size(text, UINT64_C(1) << 30), "1 GiB");
	assert_string_equal(text_size(text, (UINT64_C(1) << 30) - 1), "1 GiB");
	assert_string_equal(text_size(text, UINT64_MAX), "16 EiB");
	assert_string_equal(text_base_name("/a/b.png"), "b.png");
	assert_string_equal(text_base_name("b.png"), "b.png");
	assert_string_equal(text_base_name("/"), "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_quoted_paths),
		cmocka_unit_test(test_paths_from_a_terminal),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_what_is_no_file_says_why),
		cmocka_unit_test(test_nothing_is_nothing),
		cmocka_unit_test(test_long_lines_are_refused),
		cmocka_unit_test(test_names_that_can_be_shown),
		cmocka_unit_test(test_text_is_cut_at_a_character),
		cmocka_unit_test(test_a_translation_is_cut_at_a_character),
		cmocka_unit_test(test_sizes_and_base_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
