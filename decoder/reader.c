/* reader.c - see reader.h: the steps that all readers take. */
#include "reader.h"
#include "translate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GREY UINT32_C(0xff808080)

bool reading_begin_shape(const struct reading *reading, const struct raster_shape *shape)
{
	if (shape->width == 0 || shape->height == 0)
		return reading_fail(reading, N_("has no pixels"));
	if (!size_limit_allows(reading->source->limit, shape->whole_width, shape->whole_height,
		    reading->source->size, reading->reason))
		return false;
	reading->result->is_opaque = true;
	return reading->sink->begin(reading->sink, shape, reading->reason);
}

bool reading_begin(const struct reading *reading, uint32_t width, uint32_t height,
	uint32_t orientation)
{
	const struct raster_shape shape = {width, height, width, height, orientation};

	return reading_begin_shape(reading, &shape);
}

bool reading_are_opaque(const uint32_t *pixels, size_t count)
{
	uint32_t all = UINT32_MAX;

	for (size_t i = 0; i < count; i++)
		all &= pixels[i];
	return all >= UINT32_C(0xff000000);
}

void reading_put_rows(const struct reading *reading, const uint32_t *rows, size_t pitch,
	uint32_t width, uint32_t height)
{
	while (height > 0) {
		uint32_t count = height;
		uint32_t *to = reading->sink->room(reading->sink, &count);

		for (uint32_t y = 0; y < count; y++, rows += pitch)
			memcpy(to + (size_t)y * width, rows, (size_t)width * 4);
		reading->result->is_opaque &= reading_are_opaque(to, (size_t)count * width);
		reading->sink->put(reading->sink, count);
		height -= count;
	}
}

void reading_put_grey(const struct reading *reading, uint32_t width, uint32_t height)
{
	while (height > 0) {
		uint32_t count = height;
		uint32_t *to = reading->sink->room(reading->sink, &count);

		for (size_t i = 0; i < (size_t)count * width; i++)
			to[i] = GREY;
		reading->sink->put(reading->sink, count);
		height -= count;
	}
}

/* Adds a translatable text behind those that are there. */
static void write_words(char *translatables, size_t size, const char *text, const char *words,
	va_list arguments)
{
	char said[TEXT_REASON_MAX];

	vsnprintf(said, sizeof(said), words, arguments);
	text_append(translatables, size, "%s%s\n%s", translatables[0] != '\0' ? "\f" : "", text,
		said);
}

void reading_note(const struct reading *reading, const char *text)
{
	text_append(reading->result->note, sizeof(reading->result->note), "%s%s",
		reading->result->note[0] != '\0' ? "\f" : "", text);
}

void reading_note_with(const struct reading *reading, const char *text, const char *words, ...)
{
	va_list arguments;

	va_start(arguments, words);
	write_words(reading->result->note, sizeof(reading->result->note), text, words, arguments);
	va_end(arguments);
}

void reading_note_incomplete(const struct reading *reading)
{
	reading->result->is_damaged = true;
	reading->result->is_incomplete = true;
	reading_note(reading, N_("incomplete: the file ends early"));
}

void reading_note_frames(const struct reading *reading, uint32_t frames)
{
	if (frames > 1)
		reading_note_with(reading, N_("first of %s frames"), "%u", frames);
}

bool reading_fail(const struct reading *reading, const char *text)
{
	snprintf(reading->reason, TEXT_REASON_MAX, "%s", text);
	return false;
}

bool reading_fail_with(const struct reading *reading, const char *text, const char *words, ...)
{
	va_list arguments;

	reading->reason[0] = '\0';
	va_start(arguments, words);
	write_words(reading->reason, TEXT_REASON_MAX, text, words, arguments);
	va_end(arguments);
	return false;
}

static bool is_an(const struct reading *reading)
{
	return strcmp(format_article(reading->source->format), "an") == 0;
}

bool reading_fail_kind(const struct reading *reading, const char *message)
{
	return reading_fail_with(reading,
		is_an(reading)
			? N_("is an %s image of a kind that cannot be opened here (%s); this "
			     "may convert it: %s")
			: N_("is a %s image of a kind that cannot be opened here (%s); this "
			     "may convert it: %s"),
		"%s\n%.80s\n%s", format_info(reading->source->format)->name, message,
		"convert FILE image.png (package imagemagick)");
}

bool reading_fail_library(const struct reading *reading, const char *message)
{
	/* Words by which a library's message says what it lacks, not that the file is damaged. */
	static const char *const kinds[] = {
		"support", "not configured", "handle", "implemented", "unknown compression"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcasestr(message, kinds[i]) != NULL)
			return reading_fail_kind(reading, message);
	return reading_fail_with(reading,
		is_an(reading) ? N_("is not an %s image that can be opened (%s)")
			       : N_("is not a %s image that can be opened (%s)"),
		"%s\n%.150s", format_info(reading->source->format)->name, message);
}

bool reading_fail_cut(const struct reading *reading)
{
	return reading_fail(reading, N_("is incomplete: the file ends too early"));
}

bool reading_fail_memory(const struct reading *reading)
{
	return reading_fail(reading, N_("not enough memory for its pixels"));
}

void reading_note_damaged(const struct reading *reading, const char *message)
{
	reading->result->is_damaged = true;
	reading_note_with(reading, N_("damaged: %s"), "%.50s",
		message != NULL ? message : N_("its data is invalid"));
}
