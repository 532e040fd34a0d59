/* optimistic_copy.c - see optimistic_copy.h. */
#include "optimistic_copy.h"

#include <stddef.h>
#include <string.h>

#define PIECE_BYTES ((uint64_t)4 << 20)

bool optimistic_copy(const struct vitrine_channel *channel, const struct vitrine_image *image,
	void *to)
{
	const char *from = image->data;
	uint64_t done = 0;

	do {
		uint64_t left = image->size - done;
		uint64_t piece = left < PIECE_BYTES ? left : PIECE_BYTES;

		memcpy((char *)to + done, from + done, (size_t)piece);
		if (!vitrine_unchanged(channel, image))
			return false;
		done += piece;
	} while (done < image->size);
	return true;
}
