/* json.c - see json.h. */
#include "json.h"

#include <inttypes.h>
#include <stddef.h>

#include "utf8.h"

static void begin_member(struct json *json, const char *name)
{
	if (json->has_members)
		fputs(", ", json->file);
	json->has_members = true;
	if (name != NULL)
		fprintf(json->file, "\"%s\": ", name);
}

void json_object(struct json *json, const char *name)
{
	begin_member(json, name);
	putc('{', json->file);
	json->has_members = false;
}

void json_end_object(struct json *json)
{
	putc('}', json->file);
	json->has_members = true;
}

void json_array(struct json *json, const char *name)
{
	begin_member(json, name);
	putc('[', json->file);
	json->has_members = false;
}

void json_end_array(struct json *json)
{
	putc(']', json->file);
	json->has_members = true;
}

void json_string(struct json *json, const char *name, const char *text)
{
	if (text == NULL) {
		json_null(json, name);
		return;
	}
	begin_member(json, name);
	putc('"', json->file);
	while (*text != '\0') {
		const unsigned char first = (unsigned char)*text;
		char bytes[UTF8_MAX];

		if (first < 0x20 || first == 0x7f || first == '"' || first == '\\') {
			fprintf(json->file, first == '"' || first == '\\' ? "\\%c" : "\\u%04x",
				first);
			text++;
		} else {
			size_t length = utf8_put(bytes, utf8_next(&text));

			fwrite(bytes, 1, length, json->file);
		}
	}
	putc('"', json->file);
}

void json_i64(struct json *json, const char *name, int64_t number)
{
	begin_member(json, name);
	fprintf(json->file, "%" PRId64, number);
}

void json_u64(struct json *json, const char *name, uint64_t number)
{
	begin_member(json, name);
	fprintf(json->file, "%" PRIu64, number);
}

void json_real(struct json *json, const char *name, double number)
{
	begin_member(json, name);
	fprintf(json->file, "%.3f", number);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin_member(json, name);
	fputs(value ? "true" : "false", json->file);
}

void json_null(struct json *json, const char *name)
{
	begin_member(json, name);
	fputs("null", json->file);
}
