/* title.c - see title.h. */
#include "title.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bidi.h"
#include "text.h"

static bool is_empty(const char *text)
{
	return text == NULL || *text == '\0';
}

static bool has_rtl(const char *text)
{
	struct bidi_run runs[BIDI_RUNS_MAX];
	const size_t count = bidi_runs(text, runs);

	for (size_t i = 0; i < count; i++)
		if (runs[i].is_rtl)
			return true;
	return false;
}

/* Left-to-right mark, isolate, name, end of the isolate: the name does not turn the rest around. */
static void put_isolated(char text[TITLE_MAX], const char *name)
{
	snprintf(text, TITLE_MAX, "\u200e\u2068%s\u2069", name);
}

char *title_make(char text[TITLE_MAX], const struct title *title)
{
	char name[TITLE_MAX / 2];

	text_printable(name, sizeof(name), is_empty(title->picture) ? "Vitrine" : title->picture);
	if (has_rtl(name))
		put_isolated(text, name);
	else
		snprintf(text, TITLE_MAX, "%s", name);
	text_append(text, TITLE_MAX, " – %s", title->role);
	if (!is_empty(title->state))
		text_append(text, TITLE_MAX, ", %s", title->state);
	if (!is_empty(title->channel))
		text_append(text, TITLE_MAX, " – %s", title->channel);
	return text;
}
