/* mediatype.c - see mediatype.h. */
#include "mediatype.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "format.h"
#include "utf8.h"

struct type {
	const char *type;
	const char *extension; /* if a type has several, the usual one comes first */
	const char *magic;     /* what such files begin with; NULL: nothing certain */
};

/* Images are in the table of format.c. */
static const struct type types[] = {
	{"application/pdf", "pdf", "%PDF-"},
	{"application/gzip", "gz", "\x1f\x8b\x08"},
	{"application/x-xz", "xz",
		"\xfd"
		"7zXZ"},
	{"application/zstd", "zst", "\x28\xb5\x2f\xfd"},
	{"application/vnd.sqlite3", "sqlite", "SQLite format 3"},
	{"audio/flac", "flac", "fLaC"},
	{"audio/ogg", "ogg", "OggS"},
	{"application/vnd.oasis.opendocument.text", "odt", NULL}, /* before zip */
	{"application/vnd.openxmlformats-officedocument.wordprocessingml", "docx", NULL},
	{"application/epub+zip", "epub", NULL},
	{"application/zip", "zip", "PK\x03\x04"},
	{"application/x-tar", "tar", NULL},
	{"application/json", "json", NULL},
	{"audio/mpeg", "mp3", "ID3"},
	{"audio/wav", "wav", NULL},
	{"video/mp4", "mp4", NULL},
	{"video/webm", "webm", "\x1a\x45\xdf\xa3"},
	{"text/html", "html", NULL},
	{"text/css", "css", NULL},
	{"text/csv", "csv", NULL},
	{"text/markdown", "md", NULL},
	{"text/x-c", "c", NULL},
	{"text/x-c", "h", NULL},
	{"text/x-python", "py", NULL},
	{"text/x-shellscript", "sh", NULL},
	{"text/xml", "xml", NULL},
	{"text/plain", "txt", NULL},
};

#define TEXT_BYTES 512 /* the number of bytes that are examined to recognise text */
#define TYPES      (sizeof(types) / sizeof(types[0]))

static const char *type_by_magic(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < TYPES; i++) {
		size_t length = types[i].magic != NULL ? strlen(types[i].magic) : 0;

		if (length > 0 && length <= size && memcmp(bytes, types[i].magic, length) == 0)
			return types[i].type;
	}
	return NULL;
}

static const char *type_by_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (format_is_image_name(name))
		return format_info(format_of_name(name))->type;
	for (size_t i = 0; dot != NULL && i < TYPES; i++)
		if (strcasecmp(dot + 1, types[i].extension) == 0)
			return types[i].type;
	return NULL;
}

/* True if the bytes are UTF-8 without control characters; the last character may be cut. */
static bool looks_like_text(const uint8_t *bytes, size_t size)
{
	char text[TEXT_BYTES + 1];
	const char *at = text;

	size = size < TEXT_BYTES ? size : TEXT_BYTES;
	if (size == 0 || memchr(bytes, '\0', size) != NULL)
		return false;
	memcpy(text, bytes, size);
	text[size] = '\0';
	while (*at != '\0') {
		const char *start = at;
		uint32_t character = utf8_next(&at);

		if (character == 0xfffd && text + size - start >= (ptrdiff_t)UTF8_MAX)
			return false;
		if (character == ' ' && strchr(" \t\r\n\f\x1b", *start) == NULL)
			return false;
	}
	return true;
}

const char *mediatype_of(const uint8_t *bytes, size_t size, const char *name)
{
	const enum format format = format_of(bytes, size, name);
	const char *by_name = type_by_name(name);
	const char *type;

	if (format != FORMAT_UNKNOWN)
		return format_info(format)->type;
	/*
	 * Images without magic bytes, and files that are more than the container that they begin
	 * like: the name decides.
	 */
	if (by_name != NULL && strncmp(by_name, "text/", 5) != 0)
		return by_name;
	type = type_by_magic(bytes, size);
	if (type != NULL)
		return type;
	if (size > 0 && !looks_like_text(bytes, size))
		return "application/octet-stream";
	if (by_name != NULL)
		return by_name;
	return size > 0 ? "text/plain" : "application/octet-stream";
}

const char *mediatype_extension(const char *type)
{
	const char *ending = format_info(format_of_type(type))->endings;

	if (*ending != '\0')
		return ending;
	for (size_t i = 0; i < TYPES; i++)
		if (strcasecmp(types[i].type, type) == 0)
			return types[i].extension;
	return NULL;
}
