/* bidi.c - see bidi.h. */
#include "bidi.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"
#ifdef HAVE_FRIBIDI
#include <fribidi.h>
#endif

#ifdef HAVE_FRIBIDI
enum {
	CHARACTERS = 1024,
	FIRST_LEAD = 0xd6, /* of U+0580; the first letter from right to left is U+05BE */
};

struct line {
	FriBidiChar characters[CHARACTERS];
	FriBidiLevel levels[CHARACTERS]; /* odd: from right to left */
	size_t starts[CHARACTERS + 1];   /* in the text */
	size_t count;
};

static bool may_have_rtl(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= FIRST_LEAD)
			return true;
	return false;
}

static bool read_line(struct line *line, const char *text)
{
	const char *at = text;

	for (line->count = 0; *at != '\0'; line->count++) {
		if (line->count == CHARACTERS)
			return false;
		line->starts[line->count] = (size_t)(at - text);
		line->characters[line->count] = utf8_next(&at);
	}
	line->starts[line->count] = (size_t)(at - text);
	return true;
}

static bool find_levels(struct line *line)
{
	const FriBidiStrIndex count = (FriBidiStrIndex)line->count;
	FriBidiParType direction = FRIBIDI_PAR_ON; /* neutral: the first letter decides */
	FriBidiCharType types[CHARACTERS];
	FriBidiBracketType brackets[CHARACTERS];

	fribidi_get_bidi_types(line->characters, count, types);
	fribidi_get_bracket_types(line->characters, count, types, brackets);
	return fribidi_get_par_embedding_levels_ex(types, brackets, count, &direction,
		       line->levels) != 0;
}

static void reverse(struct bidi_run *runs, FriBidiLevel *levels, size_t first, size_t end)
{
	for (; first + 1 < end; first++, end--) {
		const struct bidi_run run = runs[first];
		const FriBidiLevel level = levels[first];

		runs[first] = runs[end - 1];
		levels[first] = levels[end - 1];
		runs[end - 1] = run;
		levels[end - 1] = level;
	}
}

/*
 * Rule L2: from the highest level down to 1, reverses each sequence of runs at that level or above.
 */
static void order(struct bidi_run *runs, FriBidiLevel *levels, size_t count)
{
	FriBidiLevel highest = 0;

	for (size_t i = 0; i < count; i++)
		highest = levels[i] > highest ? levels[i] : highest;
	for (FriBidiLevel level = highest; level >= 1; level--)
		for (size_t first = 0, end; first < count; first = end + 1) {
			end = first;
			while (end < count && levels[end] >= level)
				end++;
			reverse(runs, levels, first, end);
		}
}

/* Returns 0 if there are too many. */
static size_t make_runs(const struct line *line, struct bidi_run *runs, FriBidiLevel *levels)
{
	size_t count = 0;

	for (size_t i = 0, end; i < line->count; i = end) {
		for (end = i + 1; end < line->count && line->levels[end] == line->levels[i];)
			end++;
		if (count == BIDI_RUNS_MAX)
			return 0;
		levels[count] = line->levels[i];
		runs[count++] = (struct bidi_run){line->starts[i],
			line->starts[end] - line->starts[i], FRIBIDI_LEVEL_IS_RTL(line->levels[i])};
	}
	return count;
}

static size_t split(const char *text, struct bidi_run *runs)
{
	FriBidiLevel levels[BIDI_RUNS_MAX];
	struct line line;
	size_t count;

	if (!may_have_rtl(text) || !read_line(&line, text) || !find_levels(&line))
		return 0;
	count = make_runs(&line, runs, levels);
	order(runs, levels, count);
	return count;
}
#else
static size_t split(const char *text, struct bidi_run *runs)
{
	(void)text;
	(void)runs;
	return 0;
}
#endif

size_t bidi_runs(const char *text, struct bidi_run runs[BIDI_RUNS_MAX])
{
	size_t count = split(text, runs);

	if (count > 0 || *text == '\0')
		return count;
	runs[0] = (struct bidi_run){0, strlen(text), false};
	return 1;
}
