/*
 * saying.h - a sentence that one process says and another one translates: the decoder has no
 * catalogue. A saying is a text in English, in which each "%s" is a place for a word, and the
 * words, each after a newline. Several sayings are joined by form feeds. Any sentence is a saying
 * without words. Pure; any thread.
 */
#ifndef VITRINE_BASE_SAYING_H
#define VITRINE_BASE_SAYING_H

#include <stddef.h>

/* `words` and what follows: as for printf(), with a newline between two words. */
__attribute__((format(printf, 4, 5))) void saying_write(char *saying, size_t size, const char *text,
	const char *words, ...);

/*
 * Translates the texts and those words that are in the catalogue, and puts the words into their
 * places. What another process said is never a format of printf(). Returns `sentence`.
 */
char *saying_translate(char *sentence, size_t size, const char *saying);

#endif
