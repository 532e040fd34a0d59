/*
 * grow.h - arrays to which elements are appended one at a time, and lists of texts made of them.
 * Any thread.
 */
#ifndef VITRINE_BASE_GROW_H
#define VITRINE_BASE_GROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/*
 * Returns the array, which may have moved, with room for one more element. NULL: no memory; the
 * array stays as it is. The room doubles, so an array is full when its count is a power of two. An
 * array that has become shorter may be made smaller, and loses what is behind its last element.
 */
static inline void *grow_array(void *array, size_t count, size_t element_size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return reallocarray(array, count > 0 ? 2 * count : 1, element_size);
}

/* Appends a copy of `text` to a list of texts. False: no memory; the list stays as it is. */
static inline bool grow_texts(char ***texts, size_t *count, const char *text)
{
	char **grown = (char **)grow_array(*texts, *count, sizeof(char *));

	if (grown == NULL)
		return false;
	*texts = grown;
	grown[*count] = strdup(text);
	if (grown[*count] == NULL)
		return false;
	(*count)++;
	return true;
}

static inline void grow_free_texts(char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(texts[i]);
	free(texts);
}

#endif
