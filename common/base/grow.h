/* grow.h - makes room in arrays to which elements are appended one at a time. Any thread. */
#ifndef VITRINE_BASE_GROW_H
#define VITRINE_BASE_GROW_H

#include <stddef.h>
#include <stdlib.h>

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

#endif
