/* prefault.c - see prefault.h. */
#include "prefault.h"

#include <sys/mman.h>

#define WORTH_IT (UINT64_C(4) << 20)
#define STRIDE   (UINT64_C(4) << 20)

static void *run_ahead(void *argument)
{
	struct prefault *prefault = argument;
	char *data = (char *)(uintptr_t)prefault->data;

	for (uint64_t at = 0; at < prefault->size && !atomic_load(&prefault->stop); at += STRIDE) {
		const size_t left = (size_t)(prefault->size - at);

		/* Linux before 5.14 does not support it. */
		if (madvise(data + at, left < STRIDE ? left : STRIDE, MADV_POPULATE_READ) != 0)
			break;
	}
	return NULL;
}

void prefault_start(struct prefault *prefault, const void *data, uint64_t size)
{
	prefault->data = data;
	prefault->size = size;
	atomic_init(&prefault->stop, false);
	prefault->is_running = size >= WORTH_IT &&
			       pthread_create(&prefault->thread, NULL, run_ahead, prefault) == 0;
}

void prefault_end(struct prefault *prefault)
{
	atomic_store(&prefault->stop, true);
	if (prefault->is_running)
		pthread_join(prefault->thread, NULL);
	prefault->is_running = false;
}
