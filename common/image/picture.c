/* picture.c - see picture.h. The path is stored after the picture, in the same allocation. */
#include "picture.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

struct picture *picture_new(const struct pixels *pixels, const char *path, void *memory,
	void (*release)(void *memory))
{
	size_t path_size = strlen(path) + 1;
	struct picture *picture = calloc(1, sizeof(*picture) + path_size);

	if (picture == NULL)
		return NULL;
	char *copy = memcpy(picture + 1, path, path_size);
	picture->pixels = *pixels;
	picture->bytes = (uint64_t)pixels->pitch * pixels->height;
	picture->width = pixels->width;
	picture->height = pixels->height;
	picture->path = copy;
	picture->name = text_base_name(copy);
	picture->memory = memory;
	picture->release = release;
	atomic_init(&picture->references, 1);
	return picture;
}

struct picture *picture_ref(struct picture *picture)
{
	atomic_fetch_add_explicit(&picture->references, 1, memory_order_relaxed);
	return picture;
}

void picture_unref(struct picture *picture)
{
	/* Release what this thread did with the pixels; acquire what the others did. */
	if (picture == NULL ||
		atomic_fetch_sub_explicit(&picture->references, 1, memory_order_acq_rel) > 1)
		return;
	picture->release(picture->memory);
	free(picture);
}
