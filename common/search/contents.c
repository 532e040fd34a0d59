/* contents.c - see contents.h. */
#include "contents.h"

#include "control/tracer.h"
#include "search/action.h"

/* True if an earlier attachment is of the same segment. */
static bool is_repeated(const struct attachments *attachments, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (attachments->list[i].segment == attachments->list[at].segment)
			return true;
	return false;
}

bool contents_hash(const struct attachments *attachments, uint64_t *hash)
{
	static uint64_t words[CONTENTS_HASHED / sizeof(uint64_t)];
	uint64_t left = CONTENTS_HASHED, sum = 0;

	if (attachments->is_incomplete)
		return false;
	for (size_t i = 0; i < attachments->count; i++) {
		const struct attachment *attachment = &attachments->list[i];
		uint64_t size = (attachment->size + 7) / 8 * 8, own = attachment->size;

		if (is_repeated(attachments, i))
			continue;
		if (size > left)
			return false;
		left -= size;
		words[size / 8 - 1] = 0;
		if (tracer_peek(attachment->pid, attachment->address, words, (size_t)own) != 0)
			return false;
		for (uint64_t word = 0; word < size / 8; word++)
			if (words[word] != 0)
				own = action_mix(own ^ word, words[word]);
		sum += own; /* independently of the order in which they were attached */
	}
	*hash = sum;
	return true;
}
