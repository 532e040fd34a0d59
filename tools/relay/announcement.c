/* announcement.c - see announcement.h. */
#include "announcement.h"

#include <string.h>
#include <time.h>

static const char *const words[] = {
	[ANNOUNCEMENT_UNKNOWN] = "",
	[ANNOUNCEMENT_HERE] = "here",
	[ANNOUNCEMENT_LEFT] = "left",
	[ANNOUNCEMENT_LOST] = "lost",
};

const char *announcement_word(enum announcement announcement)
{
	return words[announcement];
}

enum announcement announcement_of_word(const void *word, size_t size)
{
	for (enum announcement i = ANNOUNCEMENT_HERE; i <= ANNOUNCEMENT_LOST; i++)
		if (strlen(words[i]) == size && memcmp(words[i], word, size) == 0)
			return i;
	return ANNOUNCEMENT_UNKNOWN;
}

uint64_t announcement_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
