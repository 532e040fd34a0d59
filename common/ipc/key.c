/*
 * key.c - chooses the key. A key identifies the segment and the set for all processes of the
 * machine, so it must be the same for all programs of one user and different for different users.
 * ftok() does not guarantee different keys: it uses only 16 bits of the inode number and 8 of the
 * device number.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vitrine.h"

/* FNV-1a, 32 bits, folded to 24 bits as its authors advise (Fowler, Noll, Vo: xor-folding). */
static uint32_t hash24(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text != '\0'; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return (hash >> 24) ^ (hash & 0xffffffu);
}

static int set_number(struct vitrine_key *key, uint32_t number)
{
	key->value = (int32_t)number;
	snprintf(key->text, sizeof(key->text), "0x%08x", number);
	return number == 0 ? VITRINE_EKEY : VITRINE_OK; /* 0 is IPC_PRIVATE */
}

static int set_text(struct vitrine_key *key, const char *text)
{
	char *end;
	unsigned long long number;

	snprintf(key->text, sizeof(key->text), "%s", text);
	if (text[0] == '\0' || strlen(text) >= sizeof(key->text))
		return VITRINE_EKEY;
	if (text[0] >= '0' && text[0] <= '9') {
		/* Only 0x means hexadecimal; a leading zero does not mean octal. */
		int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;

		errno = 0;
		number = strtoull(text, &end, base);
		if (*end == '\0')
			return errno == 0 && number <= UINT32_MAX
				       ? set_number(key, (uint32_t)number)
				       : VITRINE_EKEY;
	}
	key->value = (int32_t)(0x77000000u | hash24(text));
	return VITRINE_OK;
}

/* The result of looking for a key file in one folder. */
enum key_file { KEY_FILE_NONE, KEY_FILE_READ, KEY_FILE_REFUSED };

/*
 * True if the file may decide where this user's images go: only this user or root can have written
 * it. A file with a second link is refused: if the system allows it (protected_hardlinks = 0),
 * another user can place a link to a file of this user here, and that file's first line would then
 * be visible as the name of the key.
 */
static bool is_trusted(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
	       (status.st_uid == geteuid() || status.st_uid == 0) &&
	       (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/*
 * Opens shared_memory.key in a folder that other users may be able to write to: does not follow a
 * symbolic link, and does not block on a FIFO. Returns -1 and sets errno if the file cannot be
 * opened.
 */
static int open_key_file(const char *directory)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s/shared_memory.key", directory) >=
		sizeof(path)) {
		errno = ENOENT;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

/*
 * Reads the first line of shared_memory.key in a folder. An existing file is never ignored: if it
 * is empty, the line is empty, which is not a valid key; if it cannot be opened or trusted, it is
 * refused.
 */
static enum key_file read_first_line(const char *directory, char *line, size_t size)
{
	int fd = open_key_file(directory);
	FILE *file;

	line[0] = '\0';
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? KEY_FILE_NONE : KEY_FILE_REFUSED;
	file = is_trusted(fd) ? fdopen(fd, "r") : NULL;
	if (file == NULL) {
		close(fd);
		return KEY_FILE_REFUSED;
	}
	if (fgets(line, (int)size, file) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	fclose(file);
	return KEY_FILE_READ;
}

static int user_key(struct vitrine_key *key)
{
	char text[16];
	uint32_t uid = geteuid(); /* the owner of the objects that this process creates */

	if (uid >= 1u << 24) {
		snprintf(text, sizeof(text), "%u", uid);
		uid = hash24(text);
	}
	return set_number(key, 0x76000000u + uid);
}

/* Sets the key from the folder's file; VITRINE_ENONE: there is no file. */
static int set_from_file(struct vitrine_key *key, const char *directory)
{
	char line[VITRINE_NAME_MAX + 1]; /* one byte more, to detect a line that is too long */

	switch (read_first_line(directory, line, sizeof(line))) {
	case KEY_FILE_NONE: break;
	case KEY_FILE_READ: return set_text(key, line);
	case KEY_FILE_REFUSED: return VITRINE_EFOREIGN;
	}
	return VITRINE_ENONE;
}

int vitrine_key(struct vitrine_key *key, const char *text, const char *program_dir)
{
	int rc;

	memset(key, 0, sizeof(*key));
	key->source = VITRINE_KEY_ARGUMENT;
	if (text != NULL)
		return set_text(key, text);
	key->source = VITRINE_KEY_ENVIRONMENT;
	text = getenv("VITRINE_KEY");
	if (text != NULL && text[0] != '\0')
		return set_text(key, text);
	key->source = VITRINE_KEY_FILE;
	rc = set_from_file(key, ".");
	if (rc != VITRINE_ENONE)
		return rc;
	key->source = VITRINE_KEY_PROGRAM_FILE;
	rc = program_dir != NULL ? set_from_file(key, program_dir) : VITRINE_ENONE;
	if (rc != VITRINE_ENONE)
		return rc;
	key->source = VITRINE_KEY_DEFAULT;
	return user_key(key);
}
