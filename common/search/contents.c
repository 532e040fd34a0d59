/* contents.c - see contents.h. */
#include "contents.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "control/tracer.h"
#include "search/action.h"

/*
 * Reads the file behind the memory. This does not allocate pages that no program has touched, so
 * programs see as much memory in use as without a checker (/proc/sysvipc/shm). Only root may do
 * that.
 */
static bool read_quietly(const struct attachment *attachment, void *bytes)
{
	char path[80];
	ssize_t done;
	int file;

	/*
	 * Other memory may be a file or a device. A segment of one page is touched soon after its
	 * creation, and the usual way of reading takes less time.
	 */
	if (attachment->segment < 0 || attachment->size <= (uint64_t)sysconf(_SC_PAGESIZE))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64,
		(int)attachment->pid, attachment->address,
		attachment->address + attachment_length(attachment));
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	done = pread(file, bytes, (size_t)attachment->size, (off_t)attachment->offset);
	close(file);
	return done == (ssize_t)attachment->size;
}

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
		if (!read_quietly(attachment, words) &&
			tracer_peek(attachment->pid, attachment->address, words, (size_t)own) != 0)
			return false;
		for (uint64_t word = 0; word < size / 8; word++)
			if (words[word] != 0)
				own = action_mix(own ^ word, words[word]);
		sum += own; /* independently of the order in which they were attached */
	}
	*hash = sum;
	return true;
}
