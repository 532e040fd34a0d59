/* bulletin.c - see bulletin.h. */
#include "bulletin.h"

#include <string.h>
#include <time.h>

static const char *const words[] = {
	[BULLETIN_UNKNOWN] = "",
	[BULLETIN_HERE] = "here",
	[BULLETIN_LEFT] = "left",
	[BULLETIN_LOST] = "lost",
};

const char *bulletin_word(enum bulletin bulletin)
{
	return words[bulletin];
}

enum bulletin bulletin_of_word(const void *word, size_t size)
{
	for (enum bulletin i = BULLETIN_HERE; i <= BULLETIN_LOST; i++)
		if (strlen(words[i]) == size && memcmp(words[i], word, size) == 0)
			return i;
	return BULLETIN_UNKNOWN;
}

uint64_t bulletin_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
