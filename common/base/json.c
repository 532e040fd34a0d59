/* json.c - see json.h. */
#include "json.h"

#include <stddef.h>

#include "utf8.h"

static void begin_member(struct json *json, const char *name)
{
	if (json->has_members)
		fputs(", ", json->file);
	json->has_members = true;
	if (name == NULL)
		return;
	putc('"', json->file);
	fputs(name, json->file);
	fputs("\": ", json->file);
}

/* Much faster than fprintf(): some objects have a hundred thousand members. */
static void put_digits(struct json *json, uint64_t number)
{
	char digits[20];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	fwrite(&digits[first], 1, sizeof(digits) - first, json->file);
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
	if (number < 0)
		putc('-', json->file);
	put_digits(json, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void json_u64(struct json *json, const char *name, uint64_t number)
{
	begin_member(json, name);
	put_digits(json, number);
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

void json_written(struct json *json, const char *name, const char *text, size_t length)
{
	begin_member(json, name);
	fwrite(text, 1, length, json->file);
}
