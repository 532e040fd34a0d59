/*
 * hostile.h - a hostile channel: a real segment and a real semaphore set whose bytes, values and
 * sizes come from the fuzzer, and which may change while they are read. Readers use the system
 * calls that hostile.c wraps (ld's --wrap): a mapping ends exactly where the segment ends, so that
 * a read beyond the end ends the program, and no sleep is longer than 20 microseconds.
 *
 * Only one exists at a time. hostile_unmake() removes all its kernel objects, including those that
 * readers created.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

/* How the segment changes while it is read. */
enum change {
	CHANGE_NEVER,
	CHANGE_AT_CALLS,  /* a patch at each of the reader's semop and GETALL calls: repeatable */
	CHANGE_BY_THREAD, /* a second thread writes patches and reverts them, without a pause */
	CHANGE_HONESTLY,  /* a new image at each call, correctly published: see hostile_holds */
	CHANGES,
};

/* The first bytes of an input; tests/fuzz/seeds.py writes the same. */
struct plan {
	uint8_t readers; /* bit i: reader i of fuzz_segment.c */
	uint8_t mends;   /* enum mend: fields to make valid; a fuzzer would hardly find them */
	uint8_t slots;   /* the set has 8 + 4 * slots semaphores … */
	uint8_t extra;  /* … and this many more, if above 127; odd: no semop was executed on it */
	uint32_t size;  /* of the segment in bytes, modulo HOSTILE_BYTES */
	uint8_t shift;  /* the segment is 2^shift times as large; its end is sparse */
	uint8_t change; /* enum change */
	uint8_t patches; /* number of patches, modulo PATCHES_MAX + 1 */
	uint8_t options; /* of the readers; each interprets them itself */
};

enum mend {
	MEND_MAGIC = 1, /* magic, layout version and size of a descriptor */
	MEND_SEMID = 2, /* the header names the set */
	MEND_SIZES = 4, /* header, slots and the segment agree */
	MEND_COUNT = 8, /* the header has as many slots as the set */
};

enum {
	HOSTILE_BYTES = 128 << 10,
	SHIFT_MAX = 24,
	PATCHES_MAX = 8,
};

struct patch {
	uint8_t call;  /* number of the reader's call, modulo 16 */
	uint8_t count; /* number of bytes, modulo 9 */
	uint16_t unused;
	uint32_t at; /* modulo the segment's size */
	uint8_t bytes[8];
};

struct hostile {
	struct plan plan;
	struct vitrine_key key;
	int semid, shmid;
	uint64_t size; /* of the segment */
	uint32_t slots;
	uint8_t *bytes; /* our own mapping, writable */
};

/*
 * Creates the channel that an input describes. NULL: the input is too short, or the kernel refused
 * its sizes.
 */
const struct hostile *hostile_make(const uint8_t *input, size_t size);
void hostile_unmake(void);

/* Changes the segment now, as at a call. */
void hostile_change(void);

/*
 * Ends the program if `image`, which the library returned, violates what vitrine.h guarantees, or
 * if a byte of its payload cannot be read. `is_held`: the image was taken, so it need not be
 * checked for changes.
 */
void hostile_judge(const struct vitrine_channel *channel, const struct vitrine_image *image,
	bool is_held);

/*
 * Ends the program unless `text` is one line without control characters that ends within `size`
 * bytes.
 */
void hostile_judge_text(const char *text, size_t size);

/* The same, and valid UTF-8 without a slash. */
void hostile_judge_name(const char *name, size_t size);

#define must(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			hostile_fail(#condition, __FILE__, __LINE__);                              \
	} while (0)
_Noreturn void hostile_fail(const char *condition, const char *file, int line);

/* ---- readers: each opens, reads and closes; see fuzz_segment.c ----------------------------- */

void read_as_inspector(const struct hostile *hostile);
void read_as_mirror(const struct hostile *hostile);
void read_as_consumer(const struct hostile *hostile);
void read_as_producer(const struct hostile *hostile);
void read_as_status(const struct hostile *hostile);
void read_as_xray(const struct hostile *hostile);
void read_as_recv(const struct hostile *hostile);
void read_as_window(const struct hostile *hostile);

/* A folder for the files that readers write; emptied after each input. */
const char *hostile_folder(void);

#endif
