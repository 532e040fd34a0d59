/*
 * readers_window.c - see hostile.h: the consumer, all of it but its window. The receiver's thread
 * takes, this one uploads what it shows into textures in memory, and saves it.
 */
#include <SDL.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

#include "decode.h"
#include "draw.h"
#include "history.h"
#include "hostile.h"
#include "receiver.h"
#include "save.h"
#include "view.h"

enum {
	MEMORY = 3 << 20,    /* --memory */
	WORTH_SIDE = 1024,   /* pixels: larger ones only cost time */
	WAIT_NS = 1000000,   /* for the next image */
	PATIENCE_NS = 50000, /* with a creator */
	IMAGES = 2,
};

static struct draw *draw;
static struct view *view;

/* A window of memory, once: SDL makes no noise about it. */
static void open_view(void)
{
	SDL_Surface *surface;

	if (view != NULL)
		return;
	surface = SDL_CreateRGBSurfaceWithFormat(0, 64, 64, 32, SDL_PIXELFORMAT_XRGB8888);
	must(surface != NULL);
	draw = draw_create(SDL_CreateSoftwareRenderer(surface), 1);
	must(draw != NULL);
	view = view_create(draw);
	must(view != NULL);
	view_place(view, (SDL_Rect){0, 0, 64, 64});
}

static void wake(void *data)
{
	sem_post(data);
}

/* True if something came. */
static bool wait_for_more(sem_t *woken)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WAIT_NS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return sem_timedwait(woken, &until) == 0;
}

static void save(const struct hand *hand)
{
	char path[PATH_MAX], reason[TEXT_REASON_MAX];
	const struct content *content = &hand->content;

	if (content->bytes != NULL)
		save_bytes(hostile_folder(), hand->image.name, content->bytes, hand->image.size,
			path, reason);
	else if (content->pixels.data != NULL)
		save_png(hostile_folder(), hand->image.name, hand->image.sequence, &content->pixels,
			NULL, path, reason);
}

/* As viewer.c does it. */
static void show(struct receiver *receiver, const struct hostile *hostile, const struct hand *hand)
{
	const struct pixels *pixels = &hand->content.pixels;
	bool is_small = pixels->width <= WORTH_SIDE && pixels->height <= WORTH_SIDE;

	hostile_judge_text(hand->content.note, sizeof(hand->content.note));
	if (hand->content.kind == CONTENT_PIXELS && is_small && view_begin(view, pixels) != 0) {
		while (view_upload(view, 1000000) == VIEW_MORE) {
		}
		view_draw(view);
	}
	view_clear(view);
	receiver_read(receiver, hand->number);
	if (is_small && hand->image.size <= MEMORY && hostile->plan.options & 1)
		save(hand);
	receiver_done(receiver, hand->number, 0);
}

static void read_all(const struct hostile *hostile, struct receiver *receiver, sem_t *woken)
{
	int images = 0;
	struct hand hand;

	while (images < IMAGES && wait_for_more(woken))
		if (receiver_look(receiver, &hand)) {
			hostile_judge_name(hand.image.name, sizeof(hand.image.name));
			show(receiver, hostile, &hand);
			images++;
		}
}

void read_as_window(const struct hostile *hostile)
{
	static FILE *nowhere;
	const struct vitrine_options options = {.key = &hostile->key, .patience_ns = PATIENCE_NS};
	struct log log = {.program = "consumer", .json = hostile->plan.options >> 1 & 1};
	sem_t woken;

	open_view();
	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "we");
	log.out = log.err = nowhere;
	must(nowhere != NULL && sem_init(&woken, 0, 0) == 0);
	struct history *history = history_create(MEMORY);
	struct link *link = link_create(&options, &log, wake, &woken);
	struct receiver *receiver = receiver_create(&(struct receiver_options){
		.link = link,
		.history = history,
		.log = &log,
		.mirror = hostile->plan.options >> 2 & 1,
		.verify = hostile->plan.options >> 3 & 1,
		.wake = wake,
		.wake_data = &woken,
	});
	must(history != NULL && link != NULL && receiver != NULL);
	read_all(hostile, receiver, &woken);
	receiver_destroy(receiver);
	link_destroy(link);
	history_destroy(history);
	sem_destroy(&woken);
}

/* A mirror's nap is many calls: the first is enough. */
int __real_vitrine_wait_newer(struct vitrine_channel *channel, uint64_t sequence,
	int64_t timeout_ns);
int __wrap_vitrine_wait_newer(struct vitrine_channel *channel, uint64_t sequence,
	int64_t timeout_ns);
int __wrap_vitrine_wait_newer(struct vitrine_channel *channel, uint64_t sequence,
	int64_t timeout_ns)
{
	return __real_vitrine_wait_newer(channel, sequence, timeout_ns > 0 ? 1 : timeout_ns);
}

/* Image files are decoded by others, behind limits: that is not what is looked at here. */
struct picture *__wrap_decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);
struct picture *__wrap_decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX])
{
	(void)decoder, (void)name, (void)bytes, (void)size, (void)limit, (void)wish;
	snprintf(reason, TEXT_REASON_MAX, "is not decoded here");
	return NULL;
}
