/*
 * test_naming.c - files get a name on every file system, whatever names it refuses. It is linked
 * with --wrap=linkat and renameat2, to imitate file systems that this machine does not have.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cmocka.h>

#include "naming.h"
#include "save.h"

static char folder[] = "/tmp/vitrine-naming-XXXXXX";

/* The errno with which the file system refuses a name; 0: it accepts it. */
static int (*refusal)(const char *name);

int __wrap_linkat(int from, const char *old, int to, const char *new, int flags);
int __real_linkat(int from, const char *old, int to, const char *new, int flags);
int __wrap_linkat(int from, const char *old, int to, const char *new, int flags)
{
	errno = refusal(new);
	return errno != 0 ? -1 : __real_linkat(from, old, to, new, flags);
}

int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
int __real_renameat2(int from, const char *old, int to, const char *new, unsigned flags);
int __wrap_renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	errno = refusal(new);
	return errno != 0 ? -1 : __real_renameat2(from, old, to, new, flags);
}

static int takes_all(const char *name)
{
	(void)name;
	return 0;
}

/* vfat, exfat, NTFS. */
static int refuses_as_fat(const char *name)
{
	return strpbrk(name, ":*?\"<>|\\") != NULL || strchr(". ", name[strlen(name) - 1]) != NULL
		       ? EINVAL
		       : 0;
}

static int refuses_devices(const char *name)
{
	return strncasecmp(name, "con.", 4) == 0 || strcasecmp(name, "lpt1") == 0 ? EACCES : 0;
}

static int refuses_long_names(const char *name)
{
	return strlen(name) > 143 ? ENAMETOOLONG : 0;
}

static int refuses_what_is_not_ascii(const char *name)
{
	for (; *name != '\0'; name++)
		if (!isascii(*name))
			return EILSEQ;
	return 0;
}

static int refuses_all_but_file(const char *name)
{
	return strncmp(name, "file", 4) == 0 && strchr(name, '.') == NULL ? 0 : EPERM;
}

static int refuses_all(const char *name)
{
	(void)name;
	return EPERM;
}

static int is_full(const char *name)
{
	(void)name;
	return ENOSPC;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;

	(void)state;
	while (directory != NULL && (entry = readdir(directory)) != NULL)
		unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	return rmdir(folder);
}

/* Gives a file the name `wanted` or a similar one. Returns the result of naming_give(). */
static int give(struct naming *naming, const char *wanted, char name[SAFENAME_MAX])
{
	int directory = newfile_folder(folder);
	struct newfile file;
	int rc;

	assert_true(directory >= 0);
	assert_int_equal(newfile_open(&file, directory), 0);
	rc = naming_give(naming, &file, wanted, name);
	newfile_close(&file);
	close(directory);
	return rc;
}

static void gives(struct naming *naming, const char *wanted, const char *expected)
{
	char name[SAFENAME_MAX];

	assert_int_equal(give(naming, wanted, name), 0);
	assert_string_equal(name, expected);
}

static void test_a_name_that_is_refused_becomes_plainer(void **state)
{
	struct naming naming = {0};
	char longest[SAFENAME_MAX], shorter[SAFENAME_MAX];

	(void)state;
	refusal = takes_all;
	gives(&naming, "12:30.txt", "12:30.txt");
	refusal = refuses_as_fat;
	gives(&naming, "12:30.png", "12_30.png");
	gives(&naming, "12:30.png", "12_30-2.png");
	gives(&naming, "12_30.png", "12_30-3.png");
	gives(&naming, "a\\b?<c>|\"*. .", "a_b__c_______");
	refusal = refuses_devices;
	gives(&naming, "con.jpg", "_on.jpg");
	gives(&naming, "LPT1", "_PT1");
	refusal = refuses_what_is_not_ascii;
	gives(&naming, "hü.jpg", "h__.jpg");
	refusal = refuses_all_but_file;
	gives(&naming, "hü.jpg", "file");
	refusal = refuses_long_names;
	memset(longest, 'x', NAME_MAX);
	strcpy(longest + NAME_MAX - 4, ".png");
	snprintf(shorter, sizeof(shorter), "%.124s.png", longest);
	gives(&naming, longest, shorter);
}

/* Errors that do not depend on the name are returned, without further attempts. */
static void test_other_errors_stay(void **state)
{
	struct naming naming = {0};
	char name[SAFENAME_MAX];

	(void)state;
	refusal = is_full;
	assert_int_equal(give(&naming, "a.png", name), -ENOSPC);
	refusal = refuses_all;
	assert_int_equal(give(&naming, "a:b.png", name), -EPERM);
	refusal = refuses_as_fat; /* after a failure it begins anew */
	gives(&naming, "a.png", "a.png");
}

/* The consumer's key S uses the same function. */
static void test_saving_finds_a_name(void **state)
{
	char path[PATH_MAX], reason[TEXT_REASON_MAX], expected[64];

	(void)state;
	refusal = refuses_as_fat;
	assert_true(save_bytes(folder, "what?.txt", "abc", 3, path, reason));
	snprintf(expected, sizeof(expected), "%s/what_.txt", folder);
	assert_string_equal(path, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_name_that_is_refused_becomes_plainer),
		cmocka_unit_test(test_other_errors_stay),
		cmocka_unit_test(test_saving_finds_a_name),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
