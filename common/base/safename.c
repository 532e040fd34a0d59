/* safename.c - see safename.h. */
#include "safename.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "text.h"

#define EXTENSION_MAX 16

/* The length of the name without its extension and the dot. */
static size_t stem_length(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot == name || strlen(dot + 1) > EXTENSION_MAX)
		return strlen(name);
	return (size_t)(dot - name);
}

/* The length of a text of `length` bytes when cut to at most `most`, at a whole character. */
static size_t cut(const char *text, size_t length, size_t most)
{
	if (length <= most)
		return length;
	while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

/* Joins stem, "-2" and ".png"; cuts the stem if the name would be too long. */
static void join(char name[SAFENAME_MAX], const char *stem, size_t length, const char *middle,
	const char *ending)
{
	size_t room = NAME_MAX - strlen(middle) - strlen(ending);

	snprintf(name, SAFENAME_MAX, "%.*s%s%s", (int)cut(stem, length, room), stem, middle,
		ending);
}

char *safename_make(char name[SAFENAME_MAX], const char *untrusted, const char *extension)
{
	char plain[3 * NAME_MAX + 1]; /* each slash may become three bytes */
	char printable[SAFENAME_MAX];
	char ending[EXTENSION_MAX + 2] = "";
	size_t used = 0;

	text_printable(printable, sizeof(printable), untrusted);
	for (const char *c = printable; *c != '\0'; c++) {
		if (*c == '/') {
			memcpy(plain + used, "%2F", 3);
			used += 3;
		} else {
			plain[used++] = *c;
		}
	}
	plain[used] = '\0';
	if (plain[0] == '.' || plain[0] == '-')
		plain[0] = '_';
	if (plain[0] == '\0')
		strcpy(plain, "file");
	size_t stem = stem_length(plain);
	if (extension != NULL)
		snprintf(ending, sizeof(ending), ".%s", extension);
	else
		snprintf(ending, sizeof(ending), "%s", plain + stem);
	join(name, plain, stem, "", ending);
	return name;
}

char *safename_number(char numbered[SAFENAME_MAX], const char *name, unsigned number)
{
	size_t stem = stem_length(name);
	char middle[16] = "";

	if (number > 1)
		snprintf(middle, sizeof(middle), "-%u", number);
	join(numbered, name, stem, middle, name + stem);
	return numbered;
}

/* ---- for file systems that take less --------------------------------------------------------- */

/* Fits eCryptfs's 143 bytes with room for "-1000000". */
#define PLAIN_BYTES 128

/* The device names of DOS, which are not allowed as file names with any extension. */
static bool is_device(const char *name, size_t length)
{
	static const char *const devices[] = {"CON", "PRN", "AUX", "NUL"};
	static const char *const ports[] = {"COM", "LPT"};

	for (size_t i = 0; length == 3 && i < sizeof(devices) / sizeof(devices[0]); i++)
		if (strncasecmp(name, devices[i], 3) == 0)
			return true;
	for (size_t i = 0; length == 4 && i < sizeof(ports) / sizeof(ports[0]); i++)
		if (strncasecmp(name, ports[i], 3) == 0 && isdigit((unsigned char)name[3]))
			return true;
	return false;
}

static void replace_characters(char *name, bool to_ascii)
{
	for (char *c = name; *c != '\0'; c++)
		if (to_ascii ? !isascii(*c) || (!isalnum(*c) && strchr("._-", *c) == NULL)
			     : strchr(":*?\"<>|\\", *c) != NULL)
			*c = '_';
	for (size_t end = strlen(name); end > 0 && strchr(". ", name[end - 1]) != NULL; end--)
		name[end - 1] = '_';
	if (is_device(name, strcspn(name, ".")))
		name[0] = '_';
}

/* Cuts the stem so that the whole name has at most PLAIN_BYTES. */
static void shorten(char name[SAFENAME_MAX])
{
	char ending[EXTENSION_MAX + 2];
	size_t stem = stem_length(name);

	snprintf(ending, sizeof(ending), "%s", name + stem);
	strcpy(name + cut(name, stem, PLAIN_BYTES - strlen(ending)), ending);
}

bool safename_plainer(char name[SAFENAME_MAX], unsigned plainness)
{
	char ending[EXTENSION_MAX + 2];

	switch (plainness) {
	case 0:
	case 1:
		replace_characters(name, plainness == 1);
		shorten(name);
		return true;
	case 2:
		snprintf(ending, sizeof(ending), "%s", name + stem_length(name));
		snprintf(name, SAFENAME_MAX, "file%s", ending);
		return true;
	case 3: strcpy(name, "file"); return true;
	default: return false;
	}
}

bool safename_is_extension(const char *text)
{
	size_t length = strlen(text);

	if (length == 0 || length > EXTENSION_MAX || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (; *text != '\0'; text++)
		if (!isascii(*text) || (!isalnum(*text) && strchr("._-", *text) == NULL))
			return false;
	return true;
}
