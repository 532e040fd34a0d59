/*
 * copies.c - counts the bytes that a program copies. LD_PRELOAD=bench-copies.so replaces the C
 * library's memcpy, memmove and shmat. Copies of 2 KiB and more count, so that rows of pictures are
 * included. The counters are in the file VITRINE_COPIES, which bench/copies.py reads.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#define LEAST 2048

/* The counters in bytes, as bench/copies.py reads them. */
struct counters {
	_Atomic uint64_t into_segment;
	_Atomic uint64_t out_of_segment_drawing; /* by the thread that draws: the first one */
	_Atomic uint64_t out_of_segment_others;
	_Atomic uint64_t elsewhere;
};

typedef void *copy(void *to, const void *from, size_t size);

static struct counters *counters;
static copy *next_memmove;
static _Atomic uintptr_t segment_start, segment_end;

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("VITRINE_COPIES");
	int file = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *memory;

	next_memmove = (copy *)dlsym(RTLD_NEXT, "memmove");
	if (file < 0)
		return;
	memory = mmap(NULL, sizeof(*counters), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (memory != MAP_FAILED)
		counters = memory;
}

static int is_in_segment(const void *place)
{
	return (uintptr_t)place >= segment_start && (uintptr_t)place < segment_end;
}

static void count(const void *to, const void *from, size_t size)
{
	if (is_in_segment(to))
		counters->into_segment += size;
	else if (!is_in_segment(from))
		counters->elsewhere += size;
	else if (gettid() == getpid())
		counters->out_of_segment_drawing += size;
	else
		counters->out_of_segment_others += size;
}

/* Copies byte by byte until the constructor has found the C library's function. */
static void *move(void *to, const void *from, size_t size)
{
	volatile unsigned char *out = to;
	const unsigned char *in = from;

	if (size >= LEAST && counters != NULL)
		count(to, from, size);
	if (next_memmove != NULL)
		return next_memmove(to, from, size);
	if ((uintptr_t)to <= (uintptr_t)from)
		for (size_t i = 0; i < size; i++)
			out[i] = in[i];
	else
		for (size_t i = size; i-- > 0;)
			out[i] = in[i];
	return to;
}

__attribute__((visibility("default"))) void *memmove(void *to, const void *from, size_t size)
{
	return move(to, from, size);
}

__attribute__((visibility("default"))) void *memcpy(void *restrict to, const void *restrict from,
	size_t size)
{
	return move(to, from, size);
}

/* Only the segment of the images counts: X's shared pixmaps are smaller than this. */
__attribute__((visibility("default"))) void *shmat(int id, const void *where, int flags)
{
	void *(*next)(int, const void *, int) = NULL;
	struct shmid_ds status;
	void *memory;

	*(void **)&next = dlsym(RTLD_NEXT, "shmat");
	memory = next(id, where, flags);
	if (memory != (void *)-1 && shmctl(id, IPC_STAT, &status) == 0 &&
		status.shm_segsz >= (size_t)256 << 20) {
		segment_start = (uintptr_t)memory;
		segment_end = (uintptr_t)memory + status.shm_segsz;
	}
	return memory;
}
