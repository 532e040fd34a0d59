/* hostile.c - see hostile.h: the channel. What happens at system calls is in hostile_calls.c. */
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include "clean_text.h"
#include "hostile.h"
#include "hostile_calls.h"
#include "layout.h"
#include "transitions.h"

enum { PAGE = 4096 };

/* An image of CHANGE_HONESTLY: its numbers follow from its sequence number. */
enum { HONEST_BYTES = 64 };
#define HONEST_TIME INT64_C(1000003)

union semun {
	unsigned short *array;
};

static struct hostile now;
static struct patch patches[PATCHES_MAX];
static unsigned calls;
static uint64_t last_sequence;
static pthread_t thread;
static bool has_thread;
static atomic_bool is_ending;

_Noreturn void hostile_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not true: %s\n", file, line, condition);
	abort();
}

/* ---- parts of an input ---------------------------------------------------------------------- */

struct input {
	const uint8_t *at;
	size_t left;
};

/* The next bytes; zeros where the input is over. */
static void take_bytes(struct input *input, void *to, size_t size)
{
	size_t count = size < input->left ? size : input->left;

	memset(to, 0, size);
	memcpy(to, input->at, count);
	input->at += count;
	input->left -= count;
}

static uint64_t segment_bytes(const struct plan *plan)
{
	uint64_t size = plan->size % HOSTILE_BYTES + 1;

	return plan->shift == 0 ? size : size << plan->shift % (SHIFT_MAX + 1);
}

static unsigned set_count(const struct plan *plan)
{
	return SEM_SLOTS + SLOT_SEMAPHORES * plan->slots + (plan->extra > 127 ? plan->extra : 0u);
}

/* ---- making it ------------------------------------------------------------------------------ */

static bool make_set(struct input *input)
{
	unsigned count = set_count(&now.plan);
	unsigned short *values = calloc(count, sizeof(*values));
	bool is_made;

	must(values != NULL);
	take_bytes(input, values, count * sizeof(*values));
	for (unsigned i = 0; i < count; i++)
		values[i] &= 0x7fff; /* SEMVMX */
	now.semid = semget(now.key.value, (int)count, IPC_CREAT | IPC_EXCL | 0600);
	is_made = now.semid >= 0 && semctl(now.semid, 0, SETALL, (union semun){values}) == 0;
	if (is_made && now.plan.extra % 2 == 0) { /* sem_otime: somebody was at work here */
		struct sembuf nothing[] = {{0, +1, 0}, {0, -1, 0}};

		is_made = values[0] == 0x7fff || semop(now.semid, nothing, 2) == 0;
	}
	free(values);
	return is_made;
}

static bool make_segment(void)
{
	now.size = segment_bytes(&now.plan);
	now.shmid = shmget(now.key.value, now.size, IPC_CREAT | IPC_EXCL | SHM_NORESERVE | 0600);
	now.bytes = now.shmid < 0 ? (void *)-1 : __real_shmat(now.shmid, NULL, 0);
	if (now.bytes != (void *)-1)
		return true;
	now.bytes = NULL;
	return false;
}

/* Slots of whole pages behind a header of whole pages, as a creator makes them. */
static void mend_sizes(struct header *header)
{
	uint64_t head = sizeof(*header) + header->slot_count * sizeof(struct descriptor);

	header->header_size = (uint32_t)((head + PAGE - 1) / PAGE * PAGE);
	if (header->slot_count == 0 || header->header_size >= now.size)
		return;
	header->slot_size = (now.size - header->header_size) / header->slot_count / PAGE * PAGE;
	/* What is left over belongs to the header. */
	header->header_size = (uint32_t)(now.size - header->slot_size * header->slot_count);
}

static void mend(void)
{
	struct header *header = (struct header *)now.bytes;

	if (now.size < sizeof(*header))
		return;
	if (now.plan.mends & MEND_MAGIC) {
		header->magic = LAYOUT_MAGIC;
		header->layout_version = LAYOUT_VERSION;
		header->descriptor_size = sizeof(struct descriptor);
	}
	if (now.plan.mends & MEND_SEMID)
		header->semid = now.semid;
	if (now.plan.mends & MEND_COUNT)
		header->slot_count = now.slots;
	if (now.plan.mends & MEND_SIZES)
		mend_sizes(header);
}

/* ---- changes -------------------------------------------------------------------------------- */

static void swap_bytes(uint8_t *one, uint8_t *other, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t byte = one[i];

		one[i] = other[i];
		other[i] = byte;
	}
}

/* The patch's bytes go into the segment, and what was there into the patch. */
static void apply(struct patch *patch)
{
	uint64_t at = patch->at % now.size;
	uint64_t count = patch->count % (sizeof(patch->bytes) + 1);

	if (count > now.size - at)
		count = now.size - at;
	swap_bytes(now.bytes + at, patch->bytes, count);
}

/* A new image in `slot`, as a producer writes one: no reader may ever see half of it. */
static void write_honestly(uint32_t slot)
{
	struct header *header = (struct header *)now.bytes;
	struct descriptor *descriptor = &header->descriptors[slot];
	uint64_t sequence = ++last_sequence;

	atomic_store_explicit(&descriptor->sequence, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	descriptor->kind = VITRINE_PIXELS;
	descriptor->format = VITRINE_R8;
	descriptor->width = 1 + (uint32_t)(sequence % HONEST_BYTES);
	descriptor->height = 1;
	descriptor->pitch = descriptor->width;
	descriptor->size = descriptor->width;
	descriptor->published_ns = (int64_t)sequence * HONEST_TIME;
	memset(now.bytes + now.size - header->slot_size * (header->slot_count - slot),
		(int)(sequence & 0xff), HONEST_BYTES);
	atomic_store_explicit(&descriptor->sequence, sequence, memory_order_release);
}

/* True if an honest producer could work here. */
static bool can_be_honest(void)
{
	const struct header *header = (const struct header *)now.bytes;
	const uint8_t all = MEND_MAGIC | MEND_SEMID | MEND_SIZES | MEND_COUNT;

	return (now.plan.mends & all) == all && now.slots >= VITRINE_SLOTS_MIN &&
	       now.slots <= VITRINE_SLOTS_MAX && now.size > sizeof(*header) &&
	       header->header_size < now.size && header->slot_size >= HONEST_BYTES &&
	       header->slot_size * header->slot_count + header->header_size == now.size;
}

void hostile_change(void)
{
	unsigned call = calls++;

	if (now.bytes == NULL)
		return;
	if (now.plan.change == CHANGE_AT_CALLS)
		for (unsigned i = 0; i < now.plan.patches; i++)
			if (patches[i].call % 16 == call % 16)
				apply(&patches[i]);
	if (now.plan.change == CHANGE_HONESTLY && call % 8 < now.plan.patches)
		write_honestly(patches[call % 8].at % now.slots);
}

static void *scribble(void *unused)
{
	(void)unused;
	while (!atomic_load_explicit(&is_ending, memory_order_relaxed))
		for (unsigned i = 0; i < now.plan.patches; i++)
			apply(&patches[i]);
	return NULL;
}

static void start_changes(void)
{
	calls = 0;
	last_sequence = 0;
	if (now.plan.change == CHANGE_HONESTLY) {
		if (can_be_honest())
			for (uint32_t i = 0; i < now.slots; i++)
				write_honestly(i);
		else
			now.plan.change = CHANGE_NEVER;
	}
	atomic_store(&is_ending, false);
	has_thread = now.plan.change == CHANGE_BY_THREAD && now.plan.patches > 0 &&
		     pthread_create(&thread, NULL, scribble, NULL) == 0;
}

/* ---- its life ------------------------------------------------------------------------------- */

const struct hostile *hostile_make(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};

	if (size < sizeof(now.plan))
		return NULL;
	now = (struct hostile){.key = {.value = hostile_key()}, .semid = -1, .shmid = -1};
	snprintf(now.key.text, sizeof(now.key.text), "0x%08x", (unsigned)now.key.value);
	take_bytes(&input, &now.plan, sizeof(now.plan));
	now.plan.change %= CHANGES;
	now.plan.patches %= PATCHES_MAX + 1;
	now.slots = now.plan.slots;
	hostile_remove_all();
	if (!make_set(&input) || !make_segment()) {
		hostile_unmake();
		return NULL;
	}
	take_bytes(&input, patches, now.plan.patches * sizeof(patches[0]));
	memcpy(now.bytes, input.at, input.left < now.size ? input.left : now.size);
	mend();
	start_changes();
	return &now;
}

static void empty_folder(void)
{
	DIR *folder = opendir(hostile_folder());
	const struct dirent *entry;

	must(folder != NULL);
	while ((entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
}

void hostile_unmake(void)
{
	atomic_store(&is_ending, true);
	if (has_thread)
		pthread_join(thread, NULL);
	has_thread = false;
	if (now.bytes != NULL)
		__real_shmdt(now.bytes);
	now.bytes = NULL;
	hostile_remove_all();
	empty_folder();
}

/* ---- judging -------------------------------------------------------------------------------- */

void hostile_judge_text(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	must(length < size);
	for (size_t i = 0; i < length; i++)
		must((uint8_t)text[i] >= ' ' && text[i] != 0x7f);
}

void hostile_judge_name(const char *name, size_t size)
{
	char clean[VITRINE_NAME_MAX];

	must(strnlen(name, size) < size);
	clean_text(clean, sizeof(clean), name, size);
	must(strcmp(clean, name) == 0); /* what is clean already stays as it is */
}

/* Every byte of a small payload; of a large one the ends. Returns their sum. */
static uint32_t read_payload(const struct vitrine_image *image)
{
	enum { END = 1 << 16 };
	const volatile uint8_t *data = image->data;
	uint64_t head = image->size < END ? image->size : END;
	uint32_t sum = 0;

	for (uint64_t i = 0; i < head; i++)
		sum += data[i];
	for (uint64_t i = image->size - head; i < image->size; i++)
		sum += data[i];
	return sum;
}

/*
 * A description is whole, whatever became of the slot; so are pixels of an image that is unchanged.
 */
static void judge_honest(const struct vitrine_channel *channel, const struct vitrine_image *image)
{
	const volatile uint8_t *data = image->data;
	uint8_t first = data[0], last;

	must(image->published_ns == (int64_t)image->sequence * HONEST_TIME);
	must(image->width == 1 + image->sequence % HONEST_BYTES);
	hostile_change();
	last = data[image->width - 1];
	if (!vitrine_unchanged(channel, image))
		return;
	must(first == (image->sequence & 0xff) && last == first);
}

void hostile_judge(const struct vitrine_channel *channel, const struct vitrine_image *image,
	bool is_held)
{
	const struct vitrine_info *info = vitrine_info(channel);

	must(image->slot < info->slots && image->size <= info->slot_size);
	must(image->kind == VITRINE_PIXELS || image->kind == VITRINE_FILE);
	must(image->checksum <= VITRINE_XXH3);
	hostile_judge_name(image->name, sizeof(image->name));
	hostile_judge_text(image->media_type, sizeof(image->media_type));
	if (image->kind == VITRINE_PIXELS)
		must(image->width > 0 && image->height > 0 && image->pitch >= image->width &&
			image->size >= (uint64_t)image->pitch * image->height);
	read_payload(image);
	if (now.plan.change == CHANGE_HONESTLY && !is_held)
		judge_honest(channel, image);
}
