/* test_pieces.c - the parts that tools and windows share: digests, names, files, types, JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "json.h"
#include "mediatype.h"
#include "newfile.h"
#include "safename.h"

/* ---- digests -------------------------------------------------------------------------------- */

static void check_digest(uint32_t kind, const char *bytes, const char *expected)
{
	char text[DIGEST_TEXT_MAX];
	uint8_t result[DIGEST_BYTES];

	if (digest_missing(kind) != NULL)
		skip();
	/* Byte by byte, and at once. */
	for (int at_once = 0; at_once < 2; at_once++) {
		struct digest *digest = digest_create(kind);
		size_t step = at_once ? strlen(bytes) + 1 : 1;

		assert_non_null(digest);
		for (size_t at = 0; at < strlen(bytes); at += step) {
			size_t left = strlen(bytes) - at;

			digest_add(digest, bytes + at, left < step ? left : step);
		}
		digest_finish(digest, result);
		assert_string_equal(digest_text(text, kind, result), expected);
	}
}

static void test_md5(void **state)
{
	(void)state;
	check_digest(VITRINE_MD5, "", "d41d8cd98f00b204e9800998ecf8427e");
	check_digest(VITRINE_MD5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0");
}

static void test_xxh3(void **state)
{
	(void)state;
	check_digest(VITRINE_XXH3, "", "2d06800538d394c2");
}

static void test_digest_names(void **state)
{
	uint32_t kind;

	(void)state;
	assert_true(digest_kind("MD5", &kind) && kind == VITRINE_MD5);
	assert_true(digest_kind("xxh3", &kind) && kind == VITRINE_XXH3);
	assert_false(digest_kind("sha1", &kind));
	assert_string_equal(digest_name(VITRINE_NO_CHECKSUM), "none");
	assert_non_null(digest_missing(99));
	assert_null(digest_create(99));
	digest_destroy(NULL);
}

/* ---- names ---------------------------------------------------------------------------------- */

static void check_name(const char *untrusted, const char *extension, const char *expected)
{
	char name[SAFENAME_MAX];

	assert_string_equal(safename_make(name, untrusted, extension), expected);
}

static void test_safe_names(void **state)
{
	(void)state;
	check_name("photo.jpg", NULL, "photo.jpg");
	check_name("photo.jpg", "png", "photo.png");
	check_name("photo", "png", "photo.png");
	check_name("a.b c.d", NULL, "a.b c.d");
	check_name("", NULL, "file");
	check_name("", "png", "file.png");
	check_name(".", NULL, "_");
	check_name("..", NULL, "_.");
	check_name(".bashrc", NULL, "_bashrc");
	check_name("-rf", NULL, "_rf");
	check_name("../../x", NULL, "_.%2F..%2Fx");
	check_name("a\nb\033c", NULL, "a%0Ab%1Bc");
	check_name("\xc3\xa9\xff", NULL, "\xc3\xa9%FF");
}

static void test_long_names(void **state)
{
	char untrusted[1000], name[SAFENAME_MAX], numbered[SAFENAME_MAX];

	(void)state;
	memset(untrusted, '/', sizeof(untrusted) - 1);
	untrusted[sizeof(untrusted) - 1] = '\0';
	assert_true(strlen(safename_make(name, untrusted, NULL)) <= NAME_MAX);
	assert_null(strchr(name, '/'));
	/* Characters of two bytes are cut whole. */
	for (size_t i = 0; i < 248; i += 2)
		memcpy(untrusted + i, "\xc3\xa9", 2);
	strcpy(untrusted + 248, "x.jpeg");
	safename_make(name, untrusted, NULL);
	assert_int_equal(strlen(name), 254);
	safename_number(numbered, name, 1);
	assert_string_equal(numbered, name);
	safename_number(numbered, name, 12345);
	assert_true(strlen(numbered) <= NAME_MAX);
	assert_string_equal(numbered + strlen(numbered) - 13, "\xc3\xa9-12345.jpeg");
}

static void test_extensions(void **state)
{
	(void)state;
	assert_true(safename_is_extension("jpg"));
	assert_true(safename_is_extension("tar.gz"));
	assert_false(safename_is_extension(""));
	assert_false(safename_is_extension("a/b"));
	assert_false(safename_is_extension(".."));
	assert_false(safename_is_extension("a b"));
	assert_false(safename_is_extension("abcdefghijklmnopq"));
}

/* ---- files ---------------------------------------------------------------------------------- */

static void check_content(int folder, const char *name, const char *expected)
{
	char bytes[64] = "";
	int fd = openat(folder, name, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, bytes, sizeof(bytes) - 1) >= 0);
	assert_string_equal(bytes, expected);
	close(fd);
}

static void write_file(struct newfile *file, const char *text)
{
	assert_int_equal(newfile_write(file, text, strlen(text)), 0);
	assert_int_equal(newfile_sync(file), 0);
}

/* With a hidden name, as on file systems without O_TMPFILE. */
static void name_it(struct newfile *file)
{
	strcpy(file->temporary, ".vitrine-test.part");
	close(file->fd);
	file->fd = openat(file->folder, file->temporary, O_RDWR | O_CREAT | O_EXCL, 0600);
	assert_true(file->fd >= 0);
}

static void test_new_files(void **state)
{
	char path[] = "/tmp/vitrine-newfile-XXXXXX";
	struct newfile file;
	int folder;

	(void)state;
	assert_non_null(mkdtemp(path));
	folder = newfile_folder(path);
	assert_true(folder >= 0);
	for (int hidden = 0; hidden < 2; hidden++) {
		assert_int_equal(newfile_open(&file, folder), 0);
		if (hidden)
			name_it(&file);
		write_file(&file, hidden ? "two" : "one");
		assert_int_equal(newfile_name(&file, "name"), hidden ? -EEXIST : 0);
		if (hidden)
			assert_int_equal(newfile_name(&file, "name-2"), 0);
		newfile_close(&file);
		newfile_close(&file);
	}
	check_content(folder, "name", "one");
	check_content(folder, "name-2", "two");
	/* Given up: nothing is left. */
	assert_int_equal(newfile_open(&file, folder), 0);
	name_it(&file);
	newfile_close(&file);
	assert_int_equal(unlinkat(folder, ".vitrine-test.part", 0), -1);
	unlinkat(folder, "name", 0);
	unlinkat(folder, "name-2", 0);
	assert_int_equal(rmdir(path), 0);
	close(folder);
}

static void test_folders(void **state)
{
	char reason[TEXT_REASON_MAX];

	(void)state;
	assert_int_equal(newfile_folder("/nonexistent"), -ENOENT);
	assert_int_equal(newfile_folder("/dev/null"), -ENOTDIR);
	assert_non_null(strstr(newfile_reason(reason, -ENOSPC), "disk is full"));
}

/* ---- types and JSON ------------------------------------------------------------------------- */

static void check_type(const char *bytes, size_t size, const char *name, const char *expected)
{
	assert_string_equal(mediatype_of((const uint8_t *)bytes, size, name), expected);
}

static void test_media_types(void **state)
{
	(void)state;
	check_type("\x89PNG\r\n\x1a\n", 8, "liar.jpg", "image/png");
	check_type("%PDF-1.7", 8, "x", "application/pdf");
	check_type("hello\n", 6, "x", "text/plain");
	check_type("int x;\n", 7, "x.c", "text/x-c");
	check_type("{}", 2, "x.json", "application/json");
	check_type("\0\1\2", 3, "x.txt", "application/octet-stream");
	check_type("\xff\xfe gr\xfc", 6, "x", "application/octet-stream");
	check_type("", 0, "x", "application/octet-stream");
	check_type("", 0, "x.txt", "text/plain");
	check_type("gr\xc3", 3, "x", "text/plain"); /* cut inside of a character */
	assert_string_equal(mediatype_extension("image/jpeg"), "jpg");
	assert_string_equal(mediatype_extension("text/plain"), "txt");
	assert_null(mediatype_extension("application/x-unheard-of"));
}

static void test_json(void **state)
{
	char *text = NULL;
	size_t size;
	struct json json = {.file = open_memstream(&text, &size)};

	(void)state;
	json_object(&json, NULL);
	json_string(&json, "s", "a\"b\\c\n\xff\xc3\xa9");
	json_string(&json, "n", NULL);
	json_array(&json, "a");
	json_i64(&json, NULL, -1);
	json_u64(&json, NULL, UINT64_MAX);
	json_object(&json, NULL);
	json_end_object(&json);
	json_end_array(&json);
	json_real(&json, "r", 0.5);
	json_bool(&json, "b", true);
	json_end_object(&json);
	fclose(json.file);
	assert_string_equal(text,
		"{\"s\": \"a\\\"b\\\\c\\u000a\xef\xbf\xbd\xc3\xa9\", \"n\": null, "
		"\"a\": [-1, 18446744073709551615, {}], \"r\": 0.500, \"b\": true}");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_md5),
		cmocka_unit_test(test_xxh3),
		cmocka_unit_test(test_digest_names),
		cmocka_unit_test(test_safe_names),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_new_files),
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_media_types),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
