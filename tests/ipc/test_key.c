/*
 * test_key.c - which key a program uses: the five sources, and what is refused. It is linked with
 * --wrap=getuid, to test user ids that do not exist on this machine.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uid_t pretended_uid;

uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
	return pretended_uid;
}

static char working[] = "/tmp/vitrine-key-XXXXXX"; /* the working directory */
static char program[] = "/tmp/vitrine-key-XXXXXX"; /* the program's directory */

static void write_key_file(const char *directory, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/shared_memory.key", directory);
	unlink(path);
	if (text == NULL)
		return;
	file = fopen(path, "w");
	must(file != NULL);
	fputs(text, file);
	fclose(file);
}

static int set_up(void **state)
{
	(void)state;
	umask(022); /* a key file that others may write is not trusted */
	must(mkdtemp(working) != NULL && mkdtemp(program) != NULL);
	must_equal(chdir(working), 0);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	write_key_file(working, NULL);
	write_key_file(program, NULL);
	must_equal(rmdir(working) | rmdir(program), 0);
	return 0;
}

static int nothing_set(void **state)
{
	(void)state;
	unsetenv("VITRINE_KEY");
	write_key_file(working, NULL);
	write_key_file(program, NULL);
	pretended_uid = getuid();
	return 0;
}

static void finds(const char *text, uint32_t value, const char *kept, unsigned source)
{
	struct vitrine_key key;

	must_equal(vitrine_key(&key, text, program), VITRINE_OK);
	must_equal((uint32_t)key.value, value);
	must_equal(key.source, source);
	assert_string_equal(key.text, kept);
}

static void refuses(const char *text, unsigned source, const char *kept)
{
	struct vitrine_key key;

	must_equal(vitrine_key(&key, text, program), VITRINE_EKEY);
	must_equal(key.source, source);
	assert_string_equal(key.text, kept);
}

static void sources_in_their_order(void **state)
{
	(void)state;
	pretended_uid = 1000;
	finds(NULL, 0x760003e8, "0x760003e8", VITRINE_KEY_DEFAULT);
	pretended_uid = getuid(); /* owns the files */
	write_key_file(program, "5\n");
	finds(NULL, 5, "0x00000005", VITRINE_KEY_PROGRAM_FILE);
	write_key_file(working, "6\nsecond line\n");
	finds(NULL, 6, "0x00000006", VITRINE_KEY_FILE);
	setenv("VITRINE_KEY", "7", 1);
	finds(NULL, 7, "0x00000007", VITRINE_KEY_ENVIRONMENT);
	finds("8", 8, "0x00000008", VITRINE_KEY_ARGUMENT);
	setenv("VITRINE_KEY", "", 1); /* set to nothing is not set */
	finds(NULL, 6, "0x00000006", VITRINE_KEY_FILE);
}

/* An existing file decides: if a damaged file were ignored, images would go to another channel. */
static void a_file_without_a_key(void **state)
{
	(void)state;
	write_key_file(program, "5\n");
	write_key_file(working, "");
	refuses(NULL, VITRINE_KEY_FILE, "");
	write_key_file(working, "\n6\n");
	refuses(NULL, VITRINE_KEY_FILE, "");
	write_key_file(working, NULL);
	finds(NULL, 5, "0x00000005", VITRINE_KEY_PROGRAM_FILE);
}

/* ---- files that strangers may have laid ---------------------------------------------------- */

#define KEY_FILE "shared_memory.key"
#define OTHER    "other"

static void lay_fifo(void)
{
	must_equal(mkfifo(KEY_FILE, 0600), 0);
}

static void lay_folder(void)
{
	must_equal(mkdir(KEY_FILE, 0700), 0);
}

static void lay_link(void)
{
	write_key_file(".", "6\n");
	must_equal(rename(KEY_FILE, OTHER), 0);
	must_equal(symlink(OTHER, KEY_FILE), 0);
}

static void lay_dangling_link(void)
{
	must_equal(symlink("/nonexistent", KEY_FILE), 0);
}

static void lay_second_name(void)
{
	write_key_file(".", "6\n");
	must_equal(link(KEY_FILE, OTHER), 0);
}

static void lay_writable_by_group(void)
{
	write_key_file(".", "6\n");
	must_equal(chmod(KEY_FILE, 0620), 0);
}

static void lay_writable_by_all(void)
{
	write_key_file(".", "6\n");
	must_equal(chmod(KEY_FILE, 0602), 0);
}

static void lay_anothers(void)
{
	write_key_file(".", "6\n");
	if (getuid() != 0 || chown(KEY_FILE, 65534, 65534) < 0) /* only root can */
		must_equal(chmod(KEY_FILE, 0620), 0);
}

static void (*const layings[])(void) = {lay_fifo, lay_folder, lay_link, lay_dangling_link,
	lay_second_name, lay_writable_by_group, lay_writable_by_all, lay_anothers};

/* Each is refused at once, in both folders; no other source is used instead. */
static void files_that_are_not_trusted(void **state)
{
	struct vitrine_key key;

	(void)state;
	for (size_t i = 0; i < sizeof(layings) / sizeof(layings[0]); i++) {
		layings[i]();
		alarm(10); /* who opens a FIFO without O_NONBLOCK waits for ever */
		must_equal(vitrine_key(&key, NULL, program), VITRINE_EFOREIGN);
		must_equal(key.source, VITRINE_KEY_FILE);
		assert_string_equal(key.text, "");
		must_equal(chdir("/"), 0);
		must_equal(vitrine_key(&key, NULL, working), VITRINE_EFOREIGN);
		must_equal(key.source, VITRINE_KEY_PROGRAM_FILE);
		alarm(0);
		must_equal(chdir(working), 0);
		must_equal(remove(KEY_FILE), 0);
		must(remove(OTHER) == 0 || errno == ENOENT);
	}
}

static void a_file_of_root(void **state)
{
	(void)state;
	write_key_file(working, "6\n");
	if (chown(KEY_FILE, 0, 0) < 0)
		skip();
	must_equal(chmod(KEY_FILE, 0644) | chmod(working, 0755), 0);
	must_equal(setegid(65534) | seteuid(65534), 0);
	pretended_uid = 65534;
	finds(NULL, 6, "0x00000006", VITRINE_KEY_FILE);
	must_equal(seteuid(0) | setegid(0), 0);
}

/* A file that only its owner may read is not ignored. */
static void a_file_that_cannot_be_read(void **state)
{
	struct vitrine_key key;

	(void)state;
	write_key_file(working, "6\n");
	must_equal(chmod(KEY_FILE, 0), 0);
	if (getuid() == 0)
		must_equal(chmod(working, 0755) | setegid(65534) | seteuid(65534), 0);
	must_equal(vitrine_key(&key, NULL, NULL), VITRINE_EFOREIGN);
	if (getuid() == 0)
		must_equal(seteuid(0) | setegid(0), 0);
}

static void without_a_program_directory(void **state)
{
	struct vitrine_key key;

	(void)state;
	write_key_file(program, "5\n");
	must_equal(vitrine_key(&key, NULL, NULL), VITRINE_OK);
	must_equal(key.source, VITRINE_KEY_DEFAULT);
}

static void numbers(void **state)
{
	(void)state;
	finds("1", 1, "0x00000001", VITRINE_KEY_ARGUMENT);
	finds("010", 10, "0x0000000a", VITRINE_KEY_ARGUMENT);
	finds("0x10", 16, "0x00000010", VITRINE_KEY_ARGUMENT);
	finds("0XaBcD", 0xabcd, "0x0000abcd", VITRINE_KEY_ARGUMENT);
	finds("4294967295", 0xffffffff, "0xffffffff", VITRINE_KEY_ARGUMENT);
	refuses("0", VITRINE_KEY_ARGUMENT, "0x00000000");
	refuses("0x0", VITRINE_KEY_ARGUMENT, "0x00000000");
	refuses("4294967296", VITRINE_KEY_ARGUMENT, "4294967296");
	refuses("99999999999999999999999", VITRINE_KEY_ARGUMENT, "99999999999999999999999");
}

/*
 * The published test vectors of FNV-1a with 32 bits ("a" e40c292c, "foobar" bf9cf968), folded to 24
 * bits.
 */
static void names(void **state)
{
	(void)state;
	finds("a", 0x77000000 | (0xe4 ^ 0x0c292c), "a", VITRINE_KEY_ARGUMENT);
	finds("foobar", 0x77000000 | (0xbf ^ 0x9cf968), "foobar", VITRINE_KEY_ARGUMENT);
	finds("3 cats", 0x77000000 | (0x4f ^ 0x0595fb), "3 cats", VITRINE_KEY_ARGUMENT);
}

static void too_short_or_too_long(void **state)
{
	char longest[VITRINE_NAME_MAX], longer[VITRINE_NAME_MAX + 1], line[VITRINE_NAME_MAX + 300];
	struct vitrine_key key;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	must_equal(vitrine_key(&key, longest, NULL), VITRINE_OK);
	assert_string_equal(key.text, longest);
	refuses(longer, VITRINE_KEY_ARGUMENT, longest);
	refuses("", VITRINE_KEY_ARGUMENT, "");
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	write_key_file(working, line);
	refuses(NULL, VITRINE_KEY_FILE, longest);
	write_key_file(working, "\n5\n");
	refuses(NULL, VITRINE_KEY_FILE, "");
}

static void lines_of_other_systems(void **state)
{
	(void)state;
	write_key_file(working, "name\r\n");
	finds(NULL, 0x77000000 | (0x8d ^ 0x39bde6), "name", VITRINE_KEY_FILE);
}

static void users(void **state)
{
	struct vitrine_key key;

	(void)state;
	pretended_uid = 0;
	finds(NULL, 0x76000000, "0x76000000", VITRINE_KEY_DEFAULT);
	pretended_uid = 0xffffff;
	finds(NULL, 0x76ffffff, "0x76ffffff", VITRINE_KEY_DEFAULT);
	pretended_uid = 0x1000000; /* more than 24 bits: hashed */
	must_equal(vitrine_key(&key, NULL, NULL), VITRINE_OK);
	must_equal((uint32_t)key.value >> 24, 0x76);
	must(key.value != 0x76000000);
	pretended_uid = (uid_t)-2;
	must_equal(vitrine_key(&key, NULL, NULL), VITRINE_OK);
	must_equal((uint32_t)key.value >> 24, 0x76);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(sources_in_their_order, nothing_set),
		cmocka_unit_test_setup(without_a_program_directory, nothing_set),
		cmocka_unit_test_setup(numbers, nothing_set),
		cmocka_unit_test_setup(names, nothing_set),
		cmocka_unit_test_setup(too_short_or_too_long, nothing_set),
		cmocka_unit_test_setup(a_file_without_a_key, nothing_set),
		cmocka_unit_test_setup(files_that_are_not_trusted, nothing_set),
		cmocka_unit_test_setup(a_file_of_root, nothing_set),
		cmocka_unit_test_setup(a_file_that_cannot_be_read, nothing_set),
		cmocka_unit_test_setup(lines_of_other_systems, nothing_set),
		cmocka_unit_test_setup(users, nothing_set),
	};

	return cmocka_run_group_tests(tests, set_up, clean_up);
}
