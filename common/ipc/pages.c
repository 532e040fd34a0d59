/* pages.c - see pages.h. */
#include "pages.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14; musl 1.2.3 does not define it */
#endif

/* One thread needs 60 ms to allocate 100 MiB of pages, so large spans are divided among threads. */
enum { THREADS_MOST = 4, THREAD_WORTH = 16 << 20, HUGE_PAGE = 2 << 20 };

struct span {
	uint8_t *data;
	uint64_t size;
	int result; /* 0 or -errno */
	pthread_t thread;
};

static void *populate_span(void *argument)
{
	struct span *span = argument;

	span->result =
		madvise(span->data, (size_t)span->size, MADV_POPULATE_WRITE) < 0 ? -errno : 0;
	return NULL;
}

/* The number of threads worth using, including the caller's. */
static unsigned threads_for(uint64_t size)
{
	uint64_t worth = size / THREAD_WORTH;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (worth > THREADS_MOST)
		worth = THREADS_MOST;
	if (processors > 0 && worth > (uint64_t)processors)
		worth = (uint64_t)processors;
	return worth > 1 ? (unsigned)worth : 1;
}

/* Starts the threads with all signals blocked: signals are for the caller's threads. */
static void start_threads(struct span spans[], unsigned count, bool started[])
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (unsigned i = 1; i < count; i++)
		started[i] = pthread_create(&spans[i].thread, NULL, populate_span, &spans[i]) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Allocates the pages and maps them. Returns 0 or -errno. */
static int populate(struct span whole, uint64_t page)
{
	struct span spans[THREADS_MOST];
	bool started[THREADS_MOST] = {false};
	unsigned count = threads_for(whole.size);
	uint64_t share = whole.size / count / page * page;
	int rc = 0;

	for (unsigned i = 0; i < count; i++)
		spans[i] = (struct span){
			.data = whole.data + i * share,
			.size = i + 1 < count ? share : whole.size - i * share,
		};
	if (count > 1)
		start_threads(spans, count, started);
	for (unsigned i = 0; i < count; i++) {
		if (started[i])
			pthread_join(spans[i].thread, NULL);
		else
			populate_span(&spans[i]);
		if (rc == 0)
			rc = spans[i].result;
	}
	return rc;
}

/* True if the system gives huge pages to shared memory on request ("[advise]"). */
static bool gives_huge_pages(void)
{
	FILE *file = fopen("/sys/kernel/mm/transparent_hugepage/shmem_enabled", "re");
	char line[128] = "";
	bool gives;

	if (file == NULL)
		return false;
	gives = fgets(line, sizeof(line), file) != NULL && strstr(line, "[advise]") != NULL;
	fclose(file);
	return gives;
}

/*
 * Asks for huge pages, once, for the whole segment. Advice for a part of it would split the
 * mapping, and the kernel counts each part in nattch. On a system that provides huge pages
 * (docs/memory.md), allocation is twenty times as fast, and a slot may use up to one huge page more
 * than it needs. On other systems this does nothing.
 */
static void advise_huge(struct vitrine_channel *channel, uint64_t size)
{
	if (channel->has_advised || size < HUGE_PAGE)
		return;
	channel->has_advised = true;
	if (gives_huge_pages())
		madvise((void *)channel->base, (size_t)channel->info.segment_size, MADV_HUGEPAGE);
}

static uint64_t whole_pages(uint64_t size, uint64_t page)
{
	return (size + page - 1) / page * page;
}

static uint64_t at_most(uint64_t size, uint64_t most)
{
	return size < most ? size : most;
}

static int prepare(struct vitrine_channel *channel, uint32_t slot, uint64_t size)
{
	struct descriptor *descriptor = &channel->base->descriptors[slot];
	uint8_t *data = slot_data(channel, slot);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t need = whole_pages(size, page);
	uint64_t resident = at_most(descriptor->resident, channel->info.slot_size);
	uint64_t populated = at_most(descriptor->populated, resident);
	int rc;

	/*
	 * `resident` must be an upper bound and `populated` a lower bound at every point at which
	 * the process may be killed.
	 */
	if (resident > need) {
		descriptor->populated = populated = at_most(populated, need);
		atomic_signal_fence(memory_order_seq_cst);
		if (madvise(data + need, (size_t)(resident - need), MADV_REMOVE) == 0)
			descriptor->resident = resident = need;
		channel->touched[slot] = at_most(channel->touched[slot], need);
	}
	if (populated >= need && channel->touched[slot] >= need)
		return 0;
	if (resident < need)
		descriptor->resident = need;
	atomic_signal_fence(memory_order_seq_cst);
	advise_huge(channel, need);
	rc = populate((struct span){.data = data, .size = need}, page);
	if (rc < 0 && rc != -EINVAL) /* EINVAL: Linux < 5.14 */
		return rc == -EFAULT || rc == -EHWPOISON ? -ENOMEM : rc;
	channel->touched[slot] = need;
	if (rc == 0)
		descriptor->populated = need;
	return 0;
}

bool pages_are_ready(const struct vitrine_channel *channel, uint32_t slot, uint64_t size)
{
	const struct descriptor *descriptor = &channel->base->descriptors[slot];
	uint64_t need = whole_pages(size, (uint64_t)sysconf(_SC_PAGESIZE));

	return descriptor->resident == need && descriptor->populated == need &&
	       channel->touched[slot] >= need;
}

/*
 * Delays cancellation of the calling thread until the end of this call: the helper threads use its
 * stack, and a claim that is cancelled here would never give the slot back.
 */
int pages_prepare(struct vitrine_channel *channel, uint32_t slot, uint64_t size)
{
	int before, rc;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	rc = prepare(channel, slot, size);
	pthread_setcancelstate(before, NULL);
	return rc;
}
