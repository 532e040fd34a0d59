/*
 * translatable.h - a sentence that one process writes and another one translates: the decoder has
 * no catalogue. It consists of a text in English, in which each "%s" is a place for a word, and of
 * the words, each after a newline. Several such sentences are joined by form feeds. Any sentence
 * without words is translatable as it is. Pure; any thread.
 */
#ifndef VITRINE_BASE_TRANSLATABLE_H
#define VITRINE_BASE_TRANSLATABLE_H

#include <stddef.h>

/* `words` and what follows: as for printf(), with a newline between two words. */
__attribute__((format(printf, 4, 5))) void translatable_write(char *translatable, size_t size,
	const char *text, const char *words, ...);

/*
 * Translates the texts and those words that are in the catalogue, and puts the words into their
 * places. What another process said is never a format of printf(). Returns `sentence`.
 */
char *translatable_translate(char *sentence, size_t size, const char *translatable);

#endif
