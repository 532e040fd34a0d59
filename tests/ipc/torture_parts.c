/*
 * torture_parts.c - see torture.h: what each process does until it is killed. A stop and a
 * continuation interrupt a sleep (signal(7)), so VITRINE_EINTR is not a fault here.
 */
#include "torture.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* An inspector never has to wait, so without a pause it would use up the processor. */
enum { INSPECTOR_PAUSE_NS = 200000 };

static bool one_in(struct player *player, unsigned n)
{
	return random_next(&player->random) % n == 0;
}

/* True if the process may sleep in this array. */
static bool may_sleep(const struct vitrine_event *event)
{
	for (uint32_t i = 0; i < event->count; i++)
		if (event->operations[i].sem_op <= 0 &&
			(event->operations[i].sem_flg & IPC_NOWAIT) == 0)
			return true;
	return false;
}

static void note_sleep(const struct player *player, bool begins)
{
	atomic_store(&book->doing[player->place], begins ? SLEEPING : ACTING);
	if (!begins)
		atomic_fetch_add(&book->awakenings, 1);
}

/* Records in the ledger what ends the life of an image, and kills this process at its event. */
static void observe(const struct vitrine_event *event, void *data)
{
	struct player *player = data;
	bool done = !event->before && event->result == 0;

	if (may_sleep(event))
		note_sleep(player, event->before);
	if (strcmp(event->name, "steal") == 0) {
		if (event->before)
			player->stealing =
				atomic_load(&player->channel->base->descriptors[event->slot]
						     .sequence);
		write_fate(player->stealing,
			event->before ? MAYBE_DROPPED
			: done        ? DROPPED
				      : 0,
			event->before ? 0 : MAYBE_DROPPED);
	}
	if (strcmp(event->name, "release") == 0)
		write_fate(player->releasing,
			event->before ? MAYBE_DONE
			: done        ? DONE
				      : 0,
			event->before ? 0 : MAYBE_DONE);
	if (++player->events == player->die_at) {
		unrest_begins(player->place);
		raise(SIGKILL);
	}
}

static void enter(struct player *player)
{
	static const enum vitrine_role roles[PARTS] = {VITRINE_PRODUCER, VITRINE_PRODUCER,
		VITRINE_CONSUMER, VITRINE_MIRROR, VITRINE_INSPECTOR};
	struct vitrine_options options = usual_options(roles[player->part], player->slots);
	int rc;

	options.observer = observe;
	options.observer_data = player;
	while ((rc = vitrine_open(&player->channel, &options)) == VITRINE_EINTR)
		vitrine_close(player->channel);
	if (rc != VITRINE_OK) {
		fault("open: %s", vitrine_message(player->channel));
		_exit(1);
	}
	atomic_fetch_add(&book->opened, 1);
}

static void leave(struct player *player)
{
	unrest_begins(player->place); /* what it holds waits again */
	vitrine_close(player->channel);
	unrest_ends(player->place);
}

static bool must_do(const struct player *player, int rc)
{
	if (rc != VITRINE_OK)
		fault("%s (%d)", vitrine_message(player->channel), rc);
	return rc == VITRINE_OK;
}

/* ---- producers ----------------------------------------------------------------------------- */

static void publish_one(struct player *player, struct vitrine_claim *claim, uint64_t size)
{
	uint64_t id = atomic_fetch_add(&book->ids, 1) + 1;
	struct vitrine_image image;
	char name[24];
	int rc;

	snprintf(name, sizeof(name), "%llu", (unsigned long long)id);
	vitrine_file(&image, name, size, NULL);
	pattern_fill(claim->data, size, id);
	do
		rc = vitrine_publish(player->channel, claim, &image, VITRINE_FOREVER);
	while (rc == VITRINE_EINTR);
	if (!must_do(player, rc))
		return;
	note_id(image.sequence, id);
	atomic_fetch_add(&book->published, 1);
}

static void produce(struct player *player)
{
	static const enum vitrine_when_full when[] = {VITRINE_WAIT, VITRINE_DROP_OLDEST};
	uint64_t size =
		8 + random_next(&player->random) % (one_in(player, 8) ? SMALL : 4096) / 8 * 8;
	struct vitrine_claim claim;
	int rc;

	if (size > SMALL)
		size = SMALL;
	rc = vitrine_claim(player->channel, size, when[player->part], VITRINE_FOREVER, &claim);
	if (rc == VITRINE_EINTR)
		return;
	if (rc == VITRINE_EFULL && player->part == DROPPING_PRODUCER) {
		atomic_fetch_add(&book->refused, 1);
		return;
	}
	if (!must_do(player, rc))
		return;
	if (claim.dropped != 0)
		atomic_fetch_add(&book->dropped, 1);
	if (one_in(player, 16))
		must_do(player, vitrine_abandon(player->channel, &claim));
	else
		publish_one(player, &claim, size);
	if (one_in(player, 20) && (rc = vitrine_prepare(player->channel, size)) != VITRINE_EFULL)
		must_do(player, rc);
	if (one_in(player, 200) && vitrine_trim(player->channel) < 0)
		fault("trim: %s", vitrine_message(player->channel));
}

/* ---- consumers ----------------------------------------------------------------------------- */

/* The last take of a consumer, and whether no image was given back since just before it. */
struct last_take {
	uint64_t sequence;
	uint64_t unrests;
	bool quiet;
};

static struct last_take sample(void)
{
	struct last_take now = {.unrests = atomic_load(&book->unrests), .quiet = true};

	for (unsigned i = 0; i < PLACES_MAX; i++)
		now.quiet = now.quiet && !atomic_load(&book->unrest[i]);
	return now;
}

static void check_taken(const struct vitrine_image *image, const struct last_take *last)
{
	unsigned long long number = image->sequence;
	unsigned fate;
	uint64_t id;

	if (!image_is_true(image, &id)) {
		fault("image number %llu, named %s, is torn", number, image->name);
		return;
	}
	note_id(image->sequence, id);
	fate = atomic_fetch_and(&ledger->fate_of[image->sequence], (uint8_t)~MAYBE_DONE);
	if (fate & DONE)
		fault("image number %llu was handed out after its release", number);
	if (fate & DROPPED)
		fault("image number %llu was handed out after it was dropped", number);
	if (last->sequence == 0 || !last->quiet || last->unrests != atomic_load(&book->unrests))
		return;
	atomic_fetch_add(&book->compared, 1);
	if (image->sequence < last->sequence)
		fault("image number %llu came after number %llu", number,
			(unsigned long long)last->sequence);
}

static void consume(struct player *player, struct last_take *last)
{
	struct last_take now = sample();
	struct vitrine_image image;
	uint64_t id;
	int rc = vitrine_take(player->channel, VITRINE_FOREVER, &image);

	if (rc == VITRINE_EINTR || !must_do(player, rc))
		return;
	atomic_fetch_add(&book->taken, 1);
	check_taken(&image, last);
	now.sequence = image.sequence;
	*last = now;
	if (one_in(player, 16)) {
		unrest_begins(player->place);
		must_do(player, vitrine_requeue(player->channel, &image));
		unrest_ends(player->place);
		atomic_fetch_add(&book->requeued, 1);
		return;
	}
	if (!image_is_true(&image, &id))
		fault("image number %llu changed while it was read",
			(unsigned long long)image.sequence);
	player->releasing = image.sequence;
	if (must_do(player, vitrine_release(player->channel, &image)))
		atomic_fetch_add(&book->released, 1);
}

/* ---- who only looks ------------------------------------------------------------------------ */

static void look_at(struct player *player, const struct vitrine_image *image)
{
	uint64_t id;
	bool is_true = image_is_true(image, &id);

	if (!vitrine_unchanged(player->channel, image))
		return;
	if (is_true)
		note_id(image->sequence, id);
	else
		fault("image number %llu was shown torn", (unsigned long long)image->sequence);
}

/* Looks at the newest image, or at the one after the last one seen. */
static void mirror(struct player *player, uint64_t *seen)
{
	struct vitrine_image image;
	int rc = vitrine_wait_newer(player->channel, *seen, 100 * MILLISECOND_NS);

	if (rc == VITRINE_OK)
		rc = one_in(player, 2) ? vitrine_latest(player->channel, &image)
				       : vitrine_next(player->channel, *seen, &image);
	if (rc == VITRINE_ETIMEDOUT || rc == VITRINE_ENONE || rc == VITRINE_EINTR ||
		!must_do(player, rc))
		return;
	if (image.sequence < *seen)
		fault("the newest image was number %llu, then number %llu",
			(unsigned long long)*seen, (unsigned long long)image.sequence);
	*seen = image.sequence;
	look_at(player, &image);
	atomic_fetch_add(&book->mirrored, 1);
}

static void inspect(struct player *player)
{
	struct vitrine_snapshot snapshot;
	unsigned latest = 0;

	if (!must_do(player, vitrine_inspect(player->channel, &snapshot)))
		return;
	for (uint32_t i = 0; i < snapshot.slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot.slots[i];

		latest += slot->latest;
		if (slot->state == VITRINE_SLOT_DAMAGED)
			fault("slot %u was seen damaged", i);
		if (slot->has_image)
			look_at(player, &slot->image);
	}
	if (latest + (unsigned)snapshot.nothing.value != 1 || snapshot.mutex.value > 1)
		fault("%u newest images, nothing %d, mutex %d", latest, snapshot.nothing.value,
			snapshot.mutex.value);
	atomic_fetch_add(&book->inspected, 1);
	nanosleep(&(struct timespec){.tv_nsec = INSPECTOR_PAUSE_NS}, NULL);
}

/* Waits here between two acts until the rest is over. */
static void rest(const struct player *player)
{
	while (atomic_load(&book->rest)) {
		atomic_store(&book->doing[player->place], RESTING);
		while (atomic_load(&book->rest))
			nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
		/*
		 * Stored before the last look, so that the start of a new rest sees one of the two.
		 */
		atomic_store(&book->doing[player->place], ACTING);
	}
}

void play_part(struct player *player)
{
	struct last_take last = {0};
	uint64_t seen = 0;

	for (;;) {
		enter(player);
		do {
			rest(player);
			switch (player->part) {
			case WAITING_PRODUCER:
			case DROPPING_PRODUCER: produce(player); break;
			case CONSUMER: consume(player, &last); break;
			case MIRROR: mirror(player, &seen); break;
			case INSPECTOR:
			case PARTS: inspect(player); break;
			}
		} while (!one_in(player, 300));
		leave(player);
	}
}
