/* size_limit.c - see size_limit.h. */
#include "size_limit.h"

#include <inttypes.h>

#include "translatable.h"
#include "translate.h"

static void why_too_large(uint64_t limit, uint64_t width, uint64_t height,
	char reason[TEXT_REASON_MAX])
{
	char needs[TEXT_SIZE_MAX];
	char most[TEXT_SIZE_MAX];

	translatable_write(reason, TEXT_REASON_MAX,
		N_("%s x %s pixels would need %s; the limit is %s (--memory)"),
		"%" PRIu64 "\n%" PRIu64 "\n%s\n%s", width, height,
		text_size(needs, width * height * 4), text_size(most, limit));
}

bool size_limit_allows(uint64_t limit, uint64_t width, uint64_t height, uint64_t file_size,
	char reason[TEXT_REASON_MAX])
{
	char size[TEXT_SIZE_MAX];
	char most[TEXT_SIZE_MAX];

	/* SDL stores a side in an int, and with smaller sides no product here overflows. */
	if (width > INT32_MAX || height > INT32_MAX) {
		translatable_write(reason, TEXT_REASON_MAX,
			N_("declares %s x %s pixels: its header is damaged"),
			"%" PRIu64 "\n%" PRIu64, width, height);
		return false;
	}
	if (width * height > limit / 4) {
		why_too_large(limit, width, height, reason);
		return false;
	}
	if (file_size > limit) {
		translatable_write(reason, TEXT_REASON_MAX,
			N_("is a file of %s; the limit is %s (--memory)"), "%s\n%s",
			text_size(size, file_size), text_size(most, limit));
		return false;
	}
	return true;
}

uint64_t size_limit_need(uint64_t limit, uint64_t width, uint64_t height, uint64_t file_size)
{
	uint64_t pixels = width * height;

	/*
	 * The surface and the picture; or, if the header does not give the size, a guess from the
	 * file's size.
	 */
	uint64_t guess = pixels > 0 ? pixels * 8 : file_size * 16;
	uint64_t most = limit < UINT64_MAX / 4 ? limit * 2 : UINT64_MAX / 2;

	return file_size + (guess < most ? guess : most);
}
