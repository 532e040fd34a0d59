/* race_sides.c - the two loops of a race, each in its own process; see race.h. */
#include <errno.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "monotonic.h"
#include "race.h"

enum {
	MARKS_MOST = 64,
	MARKS_APART = 1024, /* bytes, at least */
	PAUSE_NS = 100000,  /* long enough for the consumer to fall asleep again */
	FRAMES_LEAST = 2,   /* of a measurement, even if they are slow */
};

/*
 * The longest warm-up, for a slow peer. The first use of each page of every slot must fit into it:
 * a virtual machine may need a quarter of a second for a frame of 24 megapixels.
 */
#define WARM_NS INT64_C(5000000000)

/* What a frame says about the frames after it. */
enum flag {
	NONE,
	FAST, /* the warm-up is over, the next ones come at full speed */
	SLOW, /* the next ones come one at a time */
	LAST,
};

static struct race_usage usage_now(void)
{
	struct rusage used;
	struct timespec cpu;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	getrusage(RUSAGE_SELF, &used);
	return (struct race_usage){
		.cpu_ns = (uint64_t)cpu.tv_sec * 1000000000u + (uint64_t)cpu.tv_nsec,
		.switches = (uint64_t)(used.ru_nvcsw + used.ru_nivcsw),
		.faults = (uint64_t)(used.ru_minflt + used.ru_majflt),
	};
}

static struct race_usage usage_since(struct race_usage before)
{
	struct race_usage now = usage_now();

	return (struct race_usage){now.cpu_ns - before.cpu_ns, now.switches - before.switches,
		now.faults - before.faults};
}

/* ---- marks --------------------------------------------------------------------------------- */

static size_t mark_count(size_t size)
{
	size_t count = size / MARKS_APART;

	return count < 2 ? 2 : count > MARKS_MOST ? MARKS_MOST : count;
}

/*
 * The position of mark `i` of a frame; the first mark is its first bytes, the last its last bytes.
 */
static size_t mark_place(size_t size, size_t i)
{
	size_t last = size - sizeof(uint64_t);

	return i == mark_count(size) - 1 ? last : i * (last / (mark_count(size) - 1) & ~(size_t)7);
}

static uint64_t mark_value(uint64_t word, size_t i)
{
	return word ^ (uint64_t)i << 48;
}

static void mark(uint8_t *frame, size_t size, uint64_t number, enum flag flag)
{
	uint64_t word = number << 2 | flag;

	for (size_t i = 0; i < mark_count(size); i++) {
		uint64_t value = mark_value(word, i);
		memcpy(frame + mark_place(size, i), &value, sizeof(value));
	}
}

/* True if the frame has all marks of `number`; also gets its flag. */
static bool is_whole(const uint8_t *frame, size_t size, uint64_t number, enum flag *flag)
{
	uint64_t word, value;

	memcpy(&word, frame, sizeof(word));
	for (size_t i = 0; i < mark_count(size); i++) {
		memcpy(&value, frame + mark_place(size, i), sizeof(value));
		if (value != mark_value(word, i))
			return false;
	}
	*flag = (enum flag)(word & 3);
	return word >> 2 == number;
}

static size_t frame_size(const struct race_plan *plan)
{
	return (size_t)plan->width * plan->height * 4;
}

/* Creates pixels that are neither uniform nor random, because a peer may compress them. */
static uint8_t *make_frame(const struct race_plan *plan)
{
	size_t size = frame_size(plan);
	uint8_t *frame = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	uint32_t *pixels = (uint32_t *)(void *)frame;
	uint32_t noise = 1;

	if (frame == MAP_FAILED)
		return NULL;
	for (size_t i = 0; i < size / 4; i++) {
		noise = noise * 1664525u + 1013904223u;
		pixels[i] = 0xff000000u | (uint32_t)(i % plan->width) << 12 |
			    (uint32_t)(i / plan->width) << 4 | noise >> 28;
	}
	return frame;
}

/* ---- the producer -------------------------------------------------------------------------- */

static void tell(_Atomic uint32_t *counter, uint64_t count)
{
	atomic_store(counter, (uint32_t)count);
	syscall(SYS_futex, counter, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void wait_for_copy(struct race_area *area, uint32_t count)
{
	uint32_t seen;
	uint64_t end;

	while ((seen = atomic_load(&area->copied)) < count)
		syscall(SYS_futex, &area->copied, FUTEX_WAIT, seen, NULL, NULL, 0);
	for (end = (uint64_t)monotonic_ns() + PAUSE_NS; (uint64_t)monotonic_ns() < end;)
		continue;
}

struct times {
	uint64_t have_ns, publish_ns;
};

static bool hand_over(const struct peer *peer, void *self, const struct race_plan *plan,
	uint8_t *frame, uint64_t number, enum flag flag, struct times *times)
{
	size_t size = frame_size(plan);
	uint8_t *place;

	if (plan->way == RACE_COPIED) {
		mark(frame, size, number, flag);
		times->have_ns = times->publish_ns = (uint64_t)monotonic_ns();
		if (peer->send != NULL)
			return peer->send(self, frame);
		place = peer->claim(self);
		if (place == NULL)
			return false;
		memcpy(place, frame, size);
	} else {
		place = peer->claim(self);
		if (place == NULL)
			return false;
		if (plan->way == RACE_DRAWN)
			memset(place, (int)number, size);
		mark(place, size, number, flag);
		times->have_ns = (uint64_t)monotonic_ns();
	}
	times->publish_ns = (uint64_t)monotonic_ns();
	return peer->publish(self);
}

/* The producer's progress: warm-up frames, fast frames, frames one at a time. */
struct way {
	enum flag last_flag; /* the last flag other than NONE */
	uint64_t end_ns;     /* end of this phase */
	uint64_t count;      /* frames in this phase */
};

/* The flag of the next frame: one that starts the next phase, or NONE. */
static enum flag next_flag(struct way *way, const struct race_plan *plan)
{
	uint64_t now = (uint64_t)monotonic_ns();
	uint64_t stretch = (uint64_t)(plan->seconds * 1e9);

	way->count++;
	if (way->last_flag == NONE) {
		if (way->count <= 1 || (way->count <= plan->slots + 1 && now < way->end_ns))
			return NONE;
	} else if (now < way->end_ns || way->count <= FRAMES_LEAST) {
		return NONE;
	}
	way->last_flag++;
	way->end_ns = now + (way->last_flag == FAST ? stretch : stretch / 2);
	way->count = 0;
	return way->last_flag;
}

bool race_produce(const struct peer *peer, void *self, const struct race_plan *plan,
	struct race_area *area)
{
	uint8_t *frame = make_frame(plan);
	struct way way = {.end_ns = (uint64_t)(monotonic_ns() + WARM_NS)};
	struct race_usage before = {0};
	uint64_t sample = 0;
	struct times times;
	enum flag flag = NONE;

	for (uint64_t number = 0; frame != NULL && flag != LAST; number++) {
		bool is_slow = way.last_flag == SLOW;

		if (is_slow)
			wait_for_copy(area, (uint32_t)number);
		flag = next_flag(&way, plan);
		if (!hand_over(peer, self, plan, frame, number, flag, &times))
			return false;
		if (way.last_flag == NONE)
			tell(&area->handed, number + 1);
		if (flag == FAST)
			before = usage_now();
		else if (flag == SLOW)
			area->usage[PEER_PRODUCER] = usage_since(before);
		if (is_slow && sample < RACE_SAMPLES) {
			area->have_ns[sample] = times.have_ns;
			area->publish_ns[sample++] = times.publish_ns;
		}
	}
	return frame != NULL;
}

/* ---- the consumer -------------------------------------------------------------------------- */

static bool get_copy(const struct peer *peer, void *self, uint8_t *copy, size_t size,
	uint64_t *pointer_ns, uint64_t *copied_ns)
{
	const void *data;

	if (peer->receive != NULL) {
		if (!peer->receive(self, copy))
			return false;
		*pointer_ns = *copied_ns = (uint64_t)monotonic_ns();
		return true;
	}
	data = peer->take(self);
	*pointer_ns = (uint64_t)monotonic_ns();
	if (data == NULL)
		return false;
	memcpy(copy, data, size);
	*copied_ns = (uint64_t)monotonic_ns();
	return peer->release(self);
}

/*
 * Keeps the first frames until every slot has been used once, or until no more arrive, because some
 * peers have room for fewer. So both sides have touched all pages before the measurement.
 */
static void let_it_fill(struct race_area *area, uint32_t slots)
{
	const struct timespec patience = {.tv_nsec = 200000000};
	uint32_t seen;

	while ((seen = atomic_load(&area->handed)) < slots)
		if (syscall(SYS_futex, &area->handed, FUTEX_WAIT, seen, &patience, NULL, 0) != 0 &&
			errno == ETIMEDOUT)
			return;
}

bool race_consume(const struct peer *peer, void *self, const struct race_plan *plan,
	struct race_area *area)
{
	uint8_t *copy = make_frame(plan);
	uint64_t first = 0, pointer_ns, copied_ns;
	struct race_usage before = {0};
	enum flag flag, last_flag = NONE;

	let_it_fill(area, plan->slots);
	for (uint64_t number = 0; copy != NULL && last_flag != LAST; number++) {
		if (!get_copy(peer, self, copy, frame_size(plan), &pointer_ns, &copied_ns))
			return false;
		if (!is_whole(copy, frame_size(plan), number, &flag)) {
			snprintf(area->error, sizeof(area->error), "frame %llu is incomplete",
				(unsigned long long)number);
			return false;
		}
		if (last_flag == SLOW && area->samples < RACE_SAMPLES) {
			area->pointer_ns[area->samples] = pointer_ns;
			area->copied_ns[area->samples++] = copied_ns;
		}
		if (flag == FAST) {
			first = number;
			area->start_ns = copied_ns;
			before = usage_now();
		} else if (flag == SLOW) {
			area->frames = number - first;
			area->end_ns = copied_ns;
			area->usage[PEER_CONSUMER] = usage_since(before);
		}
		last_flag = flag != NONE ? flag : last_flag;
		if (last_flag == SLOW)
			tell(&area->copied, number + 1);
	}
	return copy != NULL;
}
