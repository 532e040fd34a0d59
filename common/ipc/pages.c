/* pages.c - see pages.h. */
#include "pages.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t whole_pages(uint64_t size)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

int pages_prepare(struct vitrine_channel *channel, uint32_t slot, uint64_t size)
{
	struct descriptor *descriptor = &channel->base->descriptors[slot];
	uint8_t *data = slot_data(channel, slot);
	uint64_t need = whole_pages(size);
	uint64_t resident = descriptor->resident;

	if (resident > channel->info.slot_size)
		resident = channel->info.slot_size; /* damaged; an upper bound is always sound */
	if (resident > need) {
		if (madvise(data + need, resident - need, MADV_REMOVE) == 0)
			descriptor->resident = resident = need;
		if (channel->touched[slot] > need)
			channel->touched[slot] = need;
	}
	if (resident >= need && channel->touched[slot] >= need)
		return 0;
	/* Noted before the pages exist: if we die in between, it is still an upper bound. */
	if (resident < need)
		descriptor->resident = need;
	if (madvise(data, need, MADV_POPULATE_WRITE) < 0 && errno != EINVAL) /* Linux < 5.14 */
		return errno == EFAULT || errno == EHWPOISON ? -ENOMEM : -errno;
	channel->touched[slot] = need;
	return 0;
}
