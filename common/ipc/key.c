/*
 * key.c - which key a program uses. A key names the segment and the set for every process of the
 * host, so it must be the same for the two programs of one user and differ between users; ftok()
 * promises neither (its own manual page: 16 bits of an inode, 8 of a device).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vitrine.h"

/* FNV-1a, 32 bits, folded to 24 as its authors advise (Fowler, Noll, Vo: xor-folding). */
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
	return number == 0 ? VITRINE_EKEY : VITRINE_OK; /* 0 is IPC_PRIVATE: nobody else finds it */
}

static int set_text(struct vitrine_key *key, const char *text)
{
	char *end;
	unsigned long long number;

	snprintf(key->text, sizeof(key->text), "%s", text);
	if (text[0] == '\0' || strlen(text) >= sizeof(key->text))
		return VITRINE_EKEY;
	if (text[0] >= '0' && text[0] <= '9') {
		/* 0x is hexadecimal, all else decimal: a leading zero must not mean octal. */
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

/*
 * The first line of shared_memory.key in a folder. False: there is no such file. One that is there
 * decides, and must have a key: an empty one, or one that cannot be read, gives an empty line.
 */
static bool read_first_line(const char *directory, char *line, size_t size)
{
	char path[4096];
	FILE *file;

	if ((size_t)snprintf(path, sizeof(path), "%s/shared_memory.key", directory) >= sizeof(path))
		return false;
	file = fopen(path, "re");
	if (file == NULL && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (file == NULL || fgets(line, (int)size, file) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (file != NULL)
		fclose(file);
	return true;
}

static int user_key(struct vitrine_key *key)
{
	char text[16];
	uint32_t uid = getuid();

	if (uid >= 1u << 24) {
		snprintf(text, sizeof(text), "%u", uid);
		uid = hash24(text);
	}
	return set_number(key, 0x76000000u + uid);
}

int vitrine_key(struct vitrine_key *key, const char *text, const char *program_dir)
{
	char line[VITRINE_NAME_MAX + 1]; /* one more, so that a line that is too long shows */

	memset(key, 0, sizeof(*key));
	key->source = VITRINE_KEY_ARGUMENT;
	if (text != NULL)
		return set_text(key, text);
	key->source = VITRINE_KEY_ENVIRONMENT;
	text = getenv("VITRINE_KEY");
	if (text != NULL && text[0] != '\0')
		return set_text(key, text);
	key->source = VITRINE_KEY_FILE;
	if (read_first_line(".", line, sizeof(line)))
		return set_text(key, line);
	key->source = VITRINE_KEY_PROGRAM_FILE;
	if (program_dir != NULL && read_first_line(program_dir, line, sizeof(line)))
		return set_text(key, line);
	key->source = VITRINE_KEY_DEFAULT;
	return user_key(key);
}
