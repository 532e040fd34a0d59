/* readers_library.c - see hostile.h: the library's own four roles. */
#include <stdio.h>
#include <string.h>

#include "hostile.h"

/* As long as it pleases: hostile_calls.c makes every sleep a short one. */
enum { ROUNDS = 3, TIMEOUT_NS = 20000, PATIENCE_NS = 50000 };

static struct vitrine_channel *open_as(const struct hostile *hostile, enum vitrine_role role)
{
	const struct vitrine_options options = {
		.role = role,
		.key = &hostile->key,
		.slots = 2,
		.slot_size = hostile->plan.options & 1 ? 65536 : 0,
		.patience_ns = PATIENCE_NS,
	};
	struct vitrine_channel *channel;
	int rc = vitrine_open(&channel, &options);

	must(channel != NULL);
	hostile_judge_text(vitrine_message(channel), 512);
	if (rc == VITRINE_OK) {
		const struct vitrine_info *info = vitrine_info(channel);

		must(info->slots >= VITRINE_SLOTS_MIN && info->slots <= VITRINE_SLOTS_MAX);
		must(info->slot_size <= info->segment_size / info->slots);
		hostile_judge_name(info->key_text, sizeof(info->key_text));
		return channel;
	}
	must(rc < 0);
	vitrine_close(channel);
	return NULL;
}

/* vitrine_open() may have found nothing of the enemy's and made a channel of its own. */
static bool is_enemys(const struct hostile *hostile, const struct vitrine_channel *channel)
{
	return vitrine_info(channel)->shmid == hostile->shmid;
}

static void judge_snapshot(const struct vitrine_channel *channel)
{
	static struct vitrine_snapshot snapshot;

	if (vitrine_inspect(channel, &snapshot) != VITRINE_OK)
		return;
	must(snapshot.slot_count == vitrine_info(channel)->slots);
	must(snapshot.resident <= vitrine_info(channel)->segment_size);
	for (uint32_t i = 0; i < snapshot.slot_count; i++)
		if (snapshot.slots[i].has_image)
			hostile_judge(channel, &snapshot.slots[i].image, false);
}

static void look_at_all(struct vitrine_channel *channel)
{
	struct vitrine_image image;

	for (uint32_t i = 0; i <= vitrine_info(channel)->slots; i++)
		if (vitrine_look(channel, i, &image) == VITRINE_OK)
			hostile_judge(channel, &image, false);
}

static void judge_latest(struct vitrine_channel *channel)
{
	struct vitrine_image image;
	uint64_t sequence = 0;

	for (int i = 0; i < ROUNDS; i++) {
		if (vitrine_latest(channel, &image) == VITRINE_OK) {
			hostile_judge(channel, &image, false);
			sequence = image.sequence;
		}
		if (vitrine_next(channel, (uint64_t)i, &image) == VITRINE_OK) {
			must(image.sequence > (uint64_t)i);
			hostile_judge(channel, &image, false);
		}
		vitrine_wait_newer(channel, sequence, TIMEOUT_NS);
	}
	hostile_judge_text(vitrine_message(channel), 512);
}

void read_as_inspector(const struct hostile *hostile)
{
	struct vitrine_channel *channel = open_as(hostile, VITRINE_INSPECTOR);

	if (channel == NULL)
		return;
	judge_snapshot(channel);
	look_at_all(channel);
	judge_latest(channel);
	vitrine_close(channel);
}

void read_as_mirror(const struct hostile *hostile)
{
	struct vitrine_channel *channel = open_as(hostile, VITRINE_MIRROR);

	if (channel == NULL)
		return;
	if (is_enemys(hostile, channel)) {
		judge_latest(channel);
		judge_snapshot(channel);
	}
	vitrine_close(channel);
}

void read_as_consumer(const struct hostile *hostile)
{
	struct vitrine_channel *channel = open_as(hostile, VITRINE_CONSUMER);
	struct vitrine_image image;

	if (channel == NULL)
		return;
	for (int i = 0; i < ROUNDS; i++)
		if (vitrine_take(channel, TIMEOUT_NS, &image) == VITRINE_OK) {
			hostile_judge(channel, &image, true);
			if (hostile->plan.options >> 1 & 1)
				vitrine_requeue(channel, &image);
			else
				vitrine_release(channel, &image);
		}
	hostile_judge_text(vitrine_message(channel), 512);
	vitrine_close(channel);
}

/* Writes into what it claimed, all of it. */
static void publish(struct vitrine_channel *channel, enum vitrine_when_full when_full)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	must(vitrine_pixels(&image, "x", 60, 80, VITRINE_R8) == VITRINE_OK);
	if (vitrine_claim(channel, image.size, when_full, TIMEOUT_NS, &claim) != VITRINE_OK)
		return;
	must(claim.size >= image.size);
	memset(claim.data, 'x', image.size);
	vitrine_publish(channel, &claim, &image, TIMEOUT_NS);
}

void read_as_producer(const struct hostile *hostile)
{
	struct vitrine_channel *channel = open_as(hostile, VITRINE_PRODUCER);

	if (channel == NULL)
		return;
	publish(channel, VITRINE_FAIL);
	publish(channel, VITRINE_WAIT);
	publish(channel, VITRINE_DROP_OLDEST);
	vitrine_prepare(channel, 4096);
	vitrine_trim(channel);
	hostile_judge_text(vitrine_message(channel), 512);
	vitrine_close(channel);
}
