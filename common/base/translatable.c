/* translatable.c - see translatable.h. */
#include "translatable.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "translate.h"

#define WORDS_MOST 5

void translatable_write(char *translatable, size_t size, const char *text, const char *words, ...)
{
	const size_t used = (size_t)snprintf(translatable, size, "%s\n", text);
	va_list arguments;

	va_start(arguments, words);
	if (used < size)
		vsnprintf(translatable + used, size - used, words, arguments);
	va_end(arguments);
}

static const char *translated(const char *text)
{
	return *text != '\0' ? gettext(text) : "";
}

/*
 * The place for a word at `text`: "%s" for the next one, or "%2$s" for the second. Returns its
 * length; 0: there is none.
 */
static size_t place(const char *text, size_t *word)
{
	if (strncmp(text, "%s", 2) == 0)
		return 2;
	if (text[0] != '%' || !isdigit((unsigned char)text[1]) || strncmp(text + 2, "$s", 2) != 0)
		return 0;
	*word = (size_t)(text[1] - '1');
	return 4;
}

static void add_one(char *sentence, size_t size, char *translatable)
{
	const char *text = translated(strsep(&translatable, "\n"));
	const char *words[WORDS_MOST] = {NULL};
	size_t next = 0;

	for (size_t i = 0; i < WORDS_MOST && translatable != NULL; i++)
		words[i] = strsep(&translatable, "\n");
	while (*text != '\0') {
		size_t word = next;
		const size_t length = place(text, &word);

		if (length == 0) {
			text_append(sentence, size, "%c", *text++);
			continue;
		}
		if (word < WORDS_MOST && words[word] != NULL)
			text_append(sentence, size, "%s", translated(words[word]));
		text += length;
		next++;
	}
}

char *translatable_translate(char *sentence, size_t size, const char *translatable)
{
	char copy[TEXT_REASON_MAX];
	char *rest = copy;

	snprintf(copy, sizeof(copy), "%s", translatable);
	sentence[0] = '\0';
	while (rest != NULL) {
		add_one(sentence, size, strsep(&rest, "\f"));
		if (rest != NULL)
			text_append(sentence, size, "; ");
	}
	return sentence;
}
