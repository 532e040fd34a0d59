/*
 * text_message.c - see text_message.h. JSON is parsed by libjansson, base64 decoded by the C
 * library.
 */
#include "text_message.h"

#include <jansson.h>
#include <resolv.h> /* b64_pton() */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "translate.h"

#define VALUES_MOST 100000 /* of a JSON text: each takes some hundred bytes of memory */
#define PATH_MOST   128    /* bytes of a field's path, with its NUL */
#define DEPTH_MOST  16     /* the depth to which an image is searched */
#define BLANKS      " \t\r\n"

static enum text_message_verdict refuse(char reason[TEXT_REASON_MAX], const char *why)
{
	snprintf(reason, TEXT_REASON_MAX, "%s", why);
	return TEXT_MESSAGE_REFUSED;
}

static bool is_image(const uint8_t *bytes, size_t size)
{
	return format_is_decoded(format_of(bytes, size < FORMAT_BYTES ? size : FORMAT_BYTES, ""));
}

/* ---- base64 ---------------------------------------------------------------------------------- */

/* True if the text begins with an image in base64. Decodes only as much as necessary. */
static bool begins_with_image(const char *text)
{
	char start[FORMAT_BYTES + 1];
	uint8_t bytes[FORMAT_BYTES];
	size_t length = 0;
	int count;

	for (; *text != '\0' && length < FORMAT_BYTES; text++)
		if (strchr(BLANKS, *text) == NULL)
			start[length++] = *text;
	start[length] = '\0';
	count = b64_pton(start, bytes, sizeof(bytes));
	return count > 0 && is_image(bytes, (size_t)count);
}

/* The base64 text of a data: URI, or the text itself. NULL: a URI without base64. */
static const char *base64_of(const char *text)
{
	static const char mark[] = ";base64";
	const char *comma;

	text += strspn(text, BLANKS);
	if (strncasecmp(text, "data:", 5) != 0)
		return text;
	comma = strchr(text, ',');
	if (comma == NULL || comma - text < (ptrdiff_t)strlen(mark) ||
		strncasecmp(comma - strlen(mark), mark, strlen(mark)) != 0)
		return NULL;
	return comma + 1;
}

static enum text_message_verdict image_in_base64(const char *text, void **bytes, size_t *count,
	char reason[TEXT_REASON_MAX])
{
	const char *base64 = base64_of(text);
	size_t room;
	int got;

	if (base64 == NULL)
		return refuse(reason, _("it is a data: URI that is not in base64"));
	if (!begins_with_image(base64))
		return base64 == text + strspn(text, BLANKS)
			       ? TEXT_MESSAGE_NOTHING
			       : refuse(reason, _("its data: URI has no image in base64"));
	room = strlen(base64) / 4 * 3 + 3;
	*bytes = malloc(room);
	if (*bytes == NULL)
		return refuse(reason, _("not enough memory for it"));
	got = b64_pton(base64, *bytes, room);
	*count = (size_t)got;
	if (got > 0)
		return TEXT_MESSAGE_DONE;
	free(*bytes);
	*bytes = NULL;
	return refuse(reason, _("its base64 is damaged, or ends too early"));
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* The value with this path; a name may contain dots itself. NULL: there is none. */
static const json_t *find(const json_t *value, const char *path)
{
	const char *dot = strchr(path, '.');
	const json_t *found = json_object_get(value, path);
	char name[PATH_MOST];
	char *end;
	size_t index;

	if (found == NULL && json_is_array(value)) {
		index = strtoul(path, &end, 10);
		found = end != path ? json_array_get(value, index) : NULL;
		return found != NULL && *end == '.'  ? find(found, end + 1)
		       : end != path && *end == '\0' ? found
						     : NULL;
	}
	if (found != NULL || dot == NULL || dot - path >= PATH_MOST)
		return found;
	memcpy(name, path, (size_t)(dot - path));
	name[dot - path] = '\0';
	found = json_object_get(value, name);
	return found != NULL ? find(found, dot + 1) : NULL;
}

/* Looks for a text with an image. Writes its path; false: there is none. */
static bool find_image(json_t *value, char path[PATH_MOST], unsigned depth)
{
	const size_t length = strlen(path);
	const char *base64, *name;
	json_t *member;
	size_t index;

	if (json_is_string(value)) {
		base64 = base64_of(json_string_value(value));
		return base64 != NULL && begins_with_image(base64);
	}
	if (depth == 0)
		return false;
	json_object_foreach(value, name, member)
	{
		snprintf(path + length, PATH_MOST - length, "%s%s", length > 0 ? "." : "", name);
		if (find_image(member, path, depth - 1))
			return true;
	}
	json_array_foreach(value, index, member)
	{
		snprintf(path + length, PATH_MOST - length, "%s%zu", length > 0 ? "." : "", index);
		if (find_image(member, path, depth - 1))
			return true;
	}
	path[length] = '\0';
	return false;
}

static enum text_message_verdict refuse_field(json_t *root, const char *field,
	char reason[TEXT_REASON_MAX])
{
	char path[PATH_MOST] = "", printable[PATH_MOST];

	if (find_image(root, path, DEPTH_MOST))
		snprintf(reason, TEXT_REASON_MAX,
			field != NULL ? _("its field has no image; give --field %s")
				      : _("it is JSON; give --field %s"),
			text_printable(printable, sizeof(printable), path));
	else
		snprintf(reason, TEXT_REASON_MAX, _("it is JSON without an image in base64"));
	return TEXT_MESSAGE_REFUSED;
}

static enum text_message_verdict image_in_field(json_t *root, const char *field, void **bytes,
	size_t *count, char reason[TEXT_REASON_MAX])
{
	const json_t *value = field != NULL ? find(root, field) : NULL;
	enum text_message_verdict verdict = TEXT_MESSAGE_NOTHING;

	if (json_is_string(value))
		verdict = image_in_base64(json_string_value(value), bytes, count, reason);
	return verdict != TEXT_MESSAGE_NOTHING ? verdict : refuse_field(root, field, reason);
}

static bool has_many_values(const char *text)
{
	unsigned commas = 0;

	for (; (text = strchr(text, ',')) != NULL; text++)
		if (++commas > VALUES_MOST)
			return true;
	return false;
}

static enum text_message_verdict image_in_json(const char *text, size_t size, const char *field,
	void **bytes, size_t *count, char reason[TEXT_REASON_MAX])
{
	enum text_message_verdict verdict;
	json_error_t error;
	json_t *root;

	if (has_many_values(text))
		return refuse(reason, _("it begins like JSON and has more than 100,000 values"));
	root = json_loadb(text, size, 0, &error);
	if (root == NULL) {
		snprintf(reason, TEXT_REASON_MAX,
			_("it begins like JSON, but line %d is wrong: %.160s"), error.line,
			error.text);
		return TEXT_MESSAGE_REFUSED;
	}
	verdict = image_in_field(root, field, bytes, count, reason);
	json_decref(root);
	return verdict;
}

enum text_message_verdict text_message_image(const char *text, size_t size, const char *field,
	void **bytes, size_t *count, char reason[TEXT_REASON_MAX])
{
	const char *start = text + strspn(text, BLANKS);

	if (strlen(text) != size || is_image((const uint8_t *)text, size))
		return TEXT_MESSAGE_NOTHING;
	if (*start == '{' || *start == '[')
		return image_in_json(text, size, field, bytes, count, reason);
	return image_in_base64(text, bytes, count, reason);
}
