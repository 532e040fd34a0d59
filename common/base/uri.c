/*
 * uri.c - see uri.h. RFC 8089 (file:) and the text/uri-list of RFC 2483, as desktops really send
 * them: with and without an authority, with \r\n or \n, or as a bare path.
 */
#include "uri.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "translate.h"

/* Gets the next line, without its end and leading blanks. false: there are no more. */
static bool next_line(const char **cursor, const char **line, size_t *length)
{
	const char *start = *cursor;

	if (*start == '\0')
		return false;
	size_t count = strcspn(start, "\r\n");
	*cursor = start + count + (start[count] != '\0');
	while (count > 0 && isspace((unsigned char)*start)) {
		start++;
		count--;
	}
	*line = start;
	*length = count;
	return true;
}

/*
 * The length of "http" in "http:…"; 0 if the line does not start with a scheme (RFC 3986), or is a
 * sentence, as in "Note: …".
 */
static size_t scheme_length(const char *line, size_t length)
{
	size_t i = 0;

	while (i < length && (isalnum((unsigned char)line[i]) || strchr("+-.", line[i]) != NULL))
		i++;
	return i + 1 < length && line[i] == ':' && line[i + 1] != ' ' &&
			       isalpha((unsigned char)line[0])
		       ? i
		       : 0;
}

int uri_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A % that is not followed by two hexadecimal digits is kept: some programs do not encode it. */
static const char *decode_percent(char path[PATH_MAX], const char *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '%' && i + 2 < length && uri_hex_digit(text[i + 1]) >= 0 &&
			uri_hex_digit(text[i + 2]) >= 0) {
			c = (char)(uri_hex_digit(text[i + 1]) << 4 | uri_hex_digit(text[i + 2]));
			i += 2;
		}
		if (c == '\0')
			return _("contains a zero byte, which no file name can contain");
		if (used + 1 >= PATH_MAX)
			return _("is longer than a path can be");
		path[used++] = c;
	}
	path[used] = '\0';
	return NULL;
}

/* file://HOST/: the standard asks for the name of this machine, and some programs write it. */
static bool is_this_machine(const char *host, size_t length)
{
	char name[256] = "";

	if (length == 0 || (length == 9 && strncasecmp(host, "localhost", 9) == 0))
		return true;
	return gethostname(name, sizeof(name) - 1) == 0 && strlen(name) == length &&
	       strncasecmp(host, name, length) == 0;
}

/*
 * Decodes what follows "file:". Returns NULL, or the reason why it is not a path on this machine.
 */
static const char *decode_file_uri(char path[PATH_MAX], const char *rest, size_t length)
{
	if (length >= 2 && rest[0] == '/' && rest[1] == '/') {
		const char *host = rest + 2;
		const char *slash = memchr(host, '/', length - 2);
		size_t host_length = slash != NULL ? (size_t)(slash - host) : length - 2;

		if (!is_this_machine(host, host_length))
			return _("is on another machine: copy it here first, and use the copy");
		length -= 2 + host_length;
		rest = host + host_length;
	}
	if (length == 0 || rest[0] != '/')
		return _("is not an absolute path: give the full path, such as file:///home/…");
	return decode_percent(path, rest, length);
}

/*
 * A path that was copied from a terminal may have a backslash before each special character, and
 * trailing blanks. Removes them if the path names a file only without them.
 */
static void unescape(char path[PATH_MAX])
{
	char other[PATH_MAX];
	size_t used = 0;

	if (access(path, F_OK) == 0)
		return;
	for (const char *at = path; *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		other[used++] = *at;
	}
	while (used > 0 && isspace((unsigned char)other[used - 1]))
		used--;
	other[used] = '\0';
	if (access(other, F_OK) == 0)
		memcpy(path, other, used + 1);
}

/* The home folder if the line begins with "~/"; NULL: it does not, or there is none. */
static const char *home_of(const char *line, size_t length)
{
	const char *home = getenv("HOME");

	return length > 1 && line[0] == '~' && line[1] == '/' && home != NULL && home[0] == '/'
		       ? home
		       : NULL;
}

/*
 * Copies the path. `home` replaces its "~"; NULL: it has none. Returns NULL, or the reason for a
 * failure.
 */
static const char *take_path(char path[PATH_MAX], const char *home, const char *line, size_t length)
{
	const size_t before = home != NULL ? strlen(home) : 0;

	if (home != NULL) {
		line++;
		length--;
	}
	if (before + length >= PATH_MAX)
		return _("is longer than a path can be");
	if (home != NULL)
		memcpy(path, home, before);
	memcpy(path + before, line, length);
	path[before + length] = '\0';
	unescape(path);
	return NULL;
}

/* Returns NULL, or the reason for a refusal, and its kind. */
static const char *decode_line(char path[PATH_MAX], const char *line, size_t length,
	enum uri_kind *kind)
{
	const char *home = home_of(line, length);

	*kind = URI_REFUSED;
	if (line[0] == '/' || home != NULL)
		return take_path(path, home, line, length);
	size_t scheme = scheme_length(line, length);
	if (scheme == 4 && strncasecmp(line, "file", 4) == 0)
		return decode_file_uri(path, line + 5, length - 5);
	if (scheme > 0)
		return _("is an address, not a file: save it first, then drop the file");
	*kind = URI_TEXT;
	return _("is text, not a file: drop files or folders");
}

/* Appends the character; false: the path is too long. */
static bool append(char path[PATH_MAX], size_t *used, char c)
{
	if (*used + 1 >= PATH_MAX)
		return false;
	path[(*used)++] = c;
	path[*used] = '\0';
	return true;
}

/*
 * Reads a word that begins with a quotation mark, as terminals copy and drop paths: '/a b.png' or
 * '/it'\''s.png' or "/a b.png". Advances *cursor past it. False: the closing quotation mark is
 * missing, or the word is not a path.
 */
static bool quoted_word(const char **cursor, char path[PATH_MAX])
{
	const char *at = *cursor;
	size_t used = 0;
	char quote = '\0';

	path[0] = '\0';
	for (; *at != '\0' && (quote != '\0' || !isspace((unsigned char)*at)); at++) {
		bool escapes = *at == '\\' && quote != '\'' && at[1] != '\0';

		if (escapes)
			at++;
		if (!escapes && quote == '\0' && (*at == '\'' || *at == '"'))
			quote = *at;
		else if (!escapes && *at == quote)
			quote = '\0';
		else if (!append(path, &used, *at))
			return false;
	}
	*cursor = at;
	return quote == '\0' && path[0] == '/';
}

/* Reads the quoted word at *cursor, if there is one. True: `path` is its path. */
static bool next_quoted(const char **cursor, char path[PATH_MAX])
{
	const char *start = *cursor;

	while (isspace((unsigned char)*start))
		start++;
	if ((*start != '\'' && *start != '"') || !quoted_word(&start, path))
		return false;
	*cursor = start;
	return true;
}

enum uri_kind uri_next(const char **cursor, char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	const char *line;
	size_t length;

	if (next_quoted(cursor, path))
		return URI_PATH;
	while (next_line(cursor, &line, &length)) {
		if (length == 0 || line[0] == '#') {
			if (next_quoted(cursor, path))
				return URI_PATH;
			continue;
		}
		enum uri_kind kind;
		const char *refusal = decode_line(path, line, length, &kind);
		if (refusal == NULL)
			return URI_PATH;

		char raw[TEXT_REASON_MAX];
		snprintf(raw, sizeof(raw), "%.*s",
			(int)(length < sizeof(raw) ? length : sizeof(raw)), line);
		text_printable(path, PATH_MAX, raw);
		snprintf(reason, TEXT_REASON_MAX, "%s", refusal);
		return kind;
	}
	return URI_END;
}

const char *uri_argument(const char *argument, char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	const char *refusal;

	if (strncasecmp(argument, "file:", 5) != 0 || access(argument, F_OK) == 0)
		return argument;
	refusal = decode_file_uri(path, argument + 5, strlen(argument + 5));
	if (refusal == NULL)
		return path;
	snprintf(reason, TEXT_REASON_MAX, "%s", refusal);
	return NULL;
}
