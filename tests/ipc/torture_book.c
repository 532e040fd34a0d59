/* torture_book.c - see torture.h: the book. */
#include "torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct book *book;

void fault(const char *format, ...)
{
	char text[sizeof(book->fault) - 32];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (atomic_fetch_add(&book->faults, 1) == 0)
		snprintf(book->fault, sizeof(book->fault), "process %d: %s", (int)getpid(), text);
}

void unrest_begins(unsigned place)
{
	atomic_store(&book->unrest[place], true);
	atomic_fetch_add(&book->unrests, 1);
}

void unrest_ends(unsigned place)
{
	atomic_store(&book->unrest[place], false);
}

void note_id(uint64_t sequence, uint64_t id)
{
	uint64_t none = 0;

	if (sequence == 0 || sequence >= IMAGES_MAX)
		fault("image number %llu", (unsigned long long)sequence);
	else if (!atomic_compare_exchange_strong(&book->id_of[sequence], &none, id) && none != id)
		fault("number %llu is image %llu and image %llu", (unsigned long long)sequence,
			(unsigned long long)none, (unsigned long long)id);
}

bool image_is_true(const struct vitrine_image *image, uint64_t *id)
{
	return pattern_is_whole(image->data, image->size, id) &&
	       strtoull(image->name, NULL, 10) == *id;
}
