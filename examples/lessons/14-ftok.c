/*
 * 14-ftok.c - ftok() makes a key of a file and a number: what it does when there is no such file, when
 * the file is replaced, and why two keys may be the same.
 *
 *	cc -g -std=c17 -pedantic -o ftok 14-ftok.c lesson.c
 *	./ftok
 *
 * The key is made of 8 bits of the number, 8 bits of the device, and 16 bits of the file's inode.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <unistd.h>

#include "lesson.h"

static void write_file(const char *name)
{
	int file = open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);

	if (file < 0)
		lesson_fail(name);
	close(file);
}

static const char *same(key_t one, key_t other)
{
	return one == other ? "the same key" : "another key";
}

static bool compare(void)
{
	key_t missing = ftok("missing", 1), key, high, other_name, replaced;

	printf("no such file: ftok() gives %d (%s)\n", (int)missing, strerror(errno));
	printf("used as a key, %d is 0x%08x: the same key in all programs that do not check\n",
		(int)missing, (unsigned)missing);
	write_file("file");
	key = ftok("file", 1);
	high = ftok("file", 257);
	printf("numbers 1 and 257:                %s\n", same(key, high));
	if (link("file", "name") != 0)
		lesson_fail("link");
	other_name = ftok("name", 1);
	printf("another name of the file:         %s\n", same(key, other_name));
	write_file("new");
	if (rename("new", "file") != 0)
		lesson_fail("rename");
	replaced = ftok("file", 1);
	printf("the file is saved by an editor:   %s\n", same(key, replaced));
	return missing == -1 && key == high && key == other_name && key != replaced;
}

int main(void)
{
	char folder[] = "/tmp/lesson-14-XXXXXX";
	bool is_as_told;

	lesson_start();
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		lesson_fail(folder);
	is_as_told = compare();
	unlink("file");
	unlink("name");
	rmdir(folder);
	return is_as_told ? EXIT_SUCCESS : EXIT_FAILURE;
}
