/*
 * recorded.h - reads a file of --record or --trace into memory: the calls of all programs, the
 * states that they saw, the names of the images. It trusts nothing in the file. Any thread; a
 * struct is for one thread at a time.
 */
#ifndef VITRINE_PLAYBACK_RECORDED_H
#define VITRINE_PLAYBACK_RECORDED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attached.h"
#include "semaphores.h"
#include "semop_calls.h"

#define RECORDED_MESSAGE 256

struct recorded_program {
	pid_t pid;
	char name[ATTACHED_NAME_MAX];
};

struct recorded_call {
	pid_t pid;
	struct semop_call call; /* real_ns, number and switches are 0 */
};

/* The values of all semaphores at some moment between the two times. */
struct recorded_state {
	int64_t from_ns, to_ns;
	int64_t set; /* the id of the set, which identifies the channel */
	int32_t key;
	uint32_t slot_count;
	int16_t values[SEMAPHORES_MAX];
};

/* An image, and when it was first seen in a slot. */
struct recorded_image {
	int64_t ns;
	uint32_t slot;
	uint64_t sequence;
	char name[VITRINE_NAME_MAX];
};

struct recorded {
	struct recorded_program *programs;
	struct recorded_call *calls;   /* in the order in which they ended */
	struct recorded_state *states; /* in chronological order, like the images */
	struct recorded_image *images;
	size_t program_count, call_count, state_count, image_count;
};

/*
 * Reads the file. False: `message` has the reason and the remedy; there is nothing to free. Of a
 * file whose programs still run or were killed, reads what was written.
 */
bool recorded_read(struct recorded *recorded, const char *path, char message[RECORDED_MESSAGE]);
void recorded_free(struct recorded *recorded);

#endif
