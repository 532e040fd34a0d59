/*
 * log.c - see log.h. A line is written and flushed under the stream's own lock: lines of several
 * threads never mix, and a reader of the log sees an event when it happens.
 */
#include "log.h"

#include <inttypes.h>
#include <signal.h>

#include "json.h"
#include "text.h"

void log_start(struct log *log, const char *program)
{
	*log = (struct log){.out = stdout, .err = stderr, .program = program};
	signal(SIGPIPE, SIG_IGN);
}

/*
 * Writes one character that cannot be written as it is, as escaped bytes. Returns the position
 * after it.
 */
static const char *write_escape(FILE *out, const char *c, size_t length)
{
	if (*c == '\n') {
		fputs("\\n", out);
		return c + 1;
	}
	for (; length > 0; length--, c++)
		fprintf(out, "\\x%02X", (unsigned char)*c);
	return c;
}

/*
 * Quotes any bytes. Plain text is unchanged. Characters that a terminal or a parser could
 * misinterpret are escaped: control characters, marks that change the direction of writing, bytes
 * that are not UTF-8.
 */
static void write_string(FILE *out, const char *string)
{
	putc_unlocked('"', out);
	for (const char *c = string != NULL ? string : ""; *c != '\0';) {
		size_t length;
		size_t plain = text_plain(c, &length);

		if (plain == 0) {
			c = write_escape(out, c, length);
			continue;
		}
		if (*c == '"' || *c == '\\')
			putc_unlocked('\\', out);
		fwrite(c, 1, plain, out);
		c += plain;
	}
	putc_unlocked('"', out);
}

static void write_field(FILE *out, const struct log_field *field)
{
	fprintf(out, " %s=", field->key);
	switch (field->type) {
	case LOG_TYPE_U64: fprintf(out, "%" PRIu64, field->u64); break;
	case LOG_TYPE_I64: fprintf(out, "%" PRId64, field->i64); break;
	case LOG_TYPE_HEX: fprintf(out, "0x%08" PRIx64, field->u64); break;
	case LOG_TYPE_REAL: fprintf(out, "%.3f", field->real); break;
	case LOG_TYPE_BOOL: fputs(field->boolean ? "true" : "false", out); break;
	case LOG_TYPE_STRING: write_string(out, field->string); break;
	}
}

static void write_line(FILE *out, const struct log_field fields[], size_t count)
{
	fputs(fields[0].string, out);
	for (size_t i = 1; i < count; i++)
		write_field(out, &fields[i]);
}

static void write_member(struct json *json, const struct log_field *field)
{
	char hex[20];

	switch (field->type) {
	case LOG_TYPE_U64: json_u64(json, field->key, field->u64); break;
	case LOG_TYPE_I64: json_i64(json, field->key, field->i64); break;
	case LOG_TYPE_HEX:
		snprintf(hex, sizeof(hex), "0x%08" PRIx64, field->u64);
		json_string(json, field->key, hex);
		break;
	case LOG_TYPE_REAL: json_real(json, field->key, field->real); break;
	case LOG_TYPE_BOOL: json_bool(json, field->key, field->boolean); break;
	case LOG_TYPE_STRING:
		json_string(json, field->key, field->string != NULL ? field->string : "");
		break;
	}
}

static void write_object(FILE *out, const struct log_field fields[], size_t count)
{
	struct json json = {.file = out};

	json_object(&json, NULL);
	for (size_t i = 0; i < count; i++)
		write_member(&json, &fields[i]);
	json_end_object(&json);
}

void log_write(const struct log *log, const struct log_field fields[], size_t count)
{
	flockfile(log->out);
	if (log->json)
		write_object(log->out, fields, count);
	else
		write_line(log->out, fields, count);
	putc_unlocked('\n', log->out);
	fflush(log->out);
	clearerr(log->out); /* the reader may be gone: that ends the log, not the program */
	funlockfile(log->out);
}

void log_error(const struct log *log, const char *what, const char *why)
{
	char what_text[1024];
	char why_text[1024];

	text_printable(what_text, sizeof(what_text), what);
	text_printable(why_text, sizeof(why_text), why);
	flockfile(log->err);
	fprintf(log->err, "%s: %s: %s\n", log->program, what_text, why_text);
	fflush(log->err);
	clearerr(log->err);
	funlockfile(log->err);
}
