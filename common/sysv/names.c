/* names.c - see names.h. */
#include "names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/readfile.h"
#include "base/translate.h"

#define FILE_MAX 1048576 /* bytes to read of a source file */

static bool refuse(char reason[256], const char *why)
{
	snprintf(reason, 256, "%s", why);
	return false;
}

bool sysv_names_parse(struct sysv_names *names, const char *list, char reason[256])
{
	*names = (struct sysv_names){0};
	while (true) {
		size_t length = strcspn(list, ",");

		if (length == 0)
			return refuse(reason,
				_("a name is empty; give them as mutex,empty,full, in the order of the "
				  "semaphores' numbers"));
		if (length >= SYSV_LABEL_MAX)
			return refuse(reason, _("a name has more than 31 bytes"));
		if (names->count == SYSV_NAMES_MAX)
			return refuse(reason, _("there are more than 64 names"));
		memcpy(names->names[names->count++], list, length);
		if (list[length] == '\0')
			return true;
		list += length + 1;
	}
}

/* ---- from a source -------------------------------------------------------------------------- */

/* Replaces comments, strings and preprocessor lines with blanks. */
static void blank(char *text)
{
	bool is_line_start = true;

	for (char *at = text; *at != '\0'; at++) {
		char *end = NULL;

		if (strncmp(at, "/*", 2) == 0) {
			end = strstr(at + 2, "*/");
			end = end != NULL ? end + 2 : at + strlen(at);
		} else if (strncmp(at, "//", 2) == 0 || (is_line_start && *at == '#')) {
			end = at + strcspn(at, "\n");
		} else if (*at == '"' || *at == '\'') {
			end = at + 1;
			while (*end != '\0' && *end != '\n' && *end != *at)
				end += *end == '\\' && end[1] != '\0' ? 2 : 1;
			end += *end == *at;
		}
		is_line_start = *at == '\n' || (is_line_start && isspace((unsigned char)*at));
		if (end == NULL)
			continue;
		memset(at, ' ', (size_t)(end - at));
		at = end - 1;
	}
}

static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

static const char *skip_blanks(const char *at)
{
	while (isspace((unsigned char)*at))
		at++;
	return at;
}

/* Parses "MUTEX, EMPTY = 1, FULL }". false: it has something else, or no names numbered from 0. */
static bool read_enumerators(struct sysv_names *names, const char *at)
{
	long number = 0;

	*names = (struct sysv_names){0};
	for (at = skip_blanks(at); is_word(*at); at = skip_blanks(at)) {
		const char *start = at;
		size_t length;

		while (is_word(*at))
			at++;
		length = (size_t)(at - start);
		at = skip_blanks(at);
		if (*at == '=') {
			char *end;

			number = strtol(at + 1, &end, 0);
			at = skip_blanks(end);
		}
		if (number != (long)names->count || number >= SYSV_NAMES_MAX ||
			length >= SYSV_LABEL_MAX)
			return false;
		for (size_t i = 0; i < length; i++)
			names->names[number][i] = (char)tolower((unsigned char)start[i]);
		names->count = (size_t)++number;
		if (*at == ',')
			at++;
		else if (*at != '}')
			return false;
	}
	return names->count >= 2;
}

static bool find_enum(struct sysv_names *names, char *text)
{
	blank(text);
	for (const char *at = text; (at = strstr(at, "enum")) != NULL; at += 4) {
		const char *brace = at + 4;

		if ((at > text && is_word(at[-1])) || is_word(*brace))
			continue;
		brace = skip_blanks(brace);
		while (is_word(*brace))
			brace++;
		brace = skip_blanks(brace);
		if (*brace == '{' && read_enumerators(names, brace + 1))
			return true;
	}
	return false;
}

bool sysv_names_from_file(struct sysv_names *names, const char *path, char reason[256])
{
	char *text;
	size_t size;
	int rc = readfile(path, FILE_MAX, &text, &size);
	bool is_found = rc == 0 && find_enum(names, text);

	if (rc < 0)
		snprintf(reason, 256, _("cannot be read: %s"), strerror(-rc));
	else if (!is_found)
		snprintf(reason, 256,
			_("has no enum that numbers semaphores from 0; use --names "
			  "mutex,empty,full"));
	free(text);
	return is_found;
}

/* ---- asking --------------------------------------------------------------------------------- */

/* The index of this set among the sets of one semaphore. */
static size_t single(struct sysv_names *names, int set)
{
	for (size_t i = 0; i < names->single_count; i++)
		if (names->singles[i] == set)
			return i;
	if (names->single_count < SYSV_SINGLE_MAX)
		names->singles[names->single_count] = set;
	else
		return SYSV_SINGLE_MAX;
	return names->single_count++;
}

void sysv_names_get(struct sysv_names *names, int set, uint32_t set_size, uint32_t semaphore,
	char *text, size_t size)
{
	size_t number = semaphore;

	if (set_size == 1 && names->count > 1)
		number = single(names, set);
	if (number < names->count)
		snprintf(text, size, "%s", names->names[number]);
	else
		snprintf(text, size, "%u", semaphore);
}
