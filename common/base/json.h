/*
 * json.h - writes JSON directly to a stream, one member at a time, with commas in the right places;
 * it keeps no tree in memory. The names of members come from the program and need no quoting; texts
 * may hold any bytes and are written as valid UTF-8. Not for two threads at once.
 */
#ifndef VITRINE_BASE_JSON_H
#define VITRINE_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *file;
	bool has_members; /* the innermost object or array has one: the next needs a comma */
};

/* `name` is NULL for the outermost value and for elements of an array. */
void json_object(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_array(struct json *json, const char *name);
void json_end_array(struct json *json);

void json_string(struct json *json, const char *name, const char *text); /* NULL: null */
void json_i64(struct json *json, const char *name, int64_t number);
void json_u64(struct json *json, const char *name, uint64_t number);
void json_real(struct json *json, const char *name, double number); /* three decimal places */
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

/* A value that another struct json has written. */
void json_written(struct json *json, const char *name, const char *text, size_t length);

#endif
