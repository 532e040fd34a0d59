/* broadcast.c - see broadcast.h. */
#include "broadcast.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "decoder.h"
#include "live_source.h"
#include "monotonic.h"
#include "semop_log.h"
#include "text.h"
#include "translate.h"
#include "worker.h"

/* A preview costs a copy and an upload; the consumer shows every frame. */
#define PREVIEW_NS INT64_C(100000000)

struct broadcast {
	struct broadcast_options options;
	struct trace trace; /* observer of the link's handle */
	struct link *link;
	struct decoder *decoder; /* for JPEG, and for a single file */
	int fd;
	int woken; /* readable: the thread must end */

	struct worker worker; /* its lock protects the fields up to `preview` */
	bool ending;
	bool is_paused;
	unsigned steps; /* frames that may pass although it is paused */
	bool wants_previews;
	struct broadcast_look look;
	struct picture *preview;

	/* used by the thread only */
	int64_t next_preview;
	bool has_newer; /* frames were sent since the last preview */
};

/* ---- on the thread, called by live_run() ----------------------------------------------------- */

static void wake(const struct broadcast *broadcast)
{
	broadcast->options.wake(broadcast->options.wake_data);
}

static void show_preview(struct broadcast *broadcast, struct picture *preview)
{
	struct picture *before;

	worker_lock(&broadcast->worker);
	before = broadcast->preview;
	broadcast->preview = preview;
	broadcast->look.version++;
	worker_unlock(&broadcast->worker);
	broadcast->next_preview = broadcast->options.animates ? 0 : monotonic_ns() + PREVIEW_NS;
	broadcast->has_newer = false;
	picture_unref(before);
	wake(broadcast);
}

static struct picture *copy_frame(const struct vitrine_image *image, const void *data)
{
	struct pixels pixels = {NULL, image->width, image->height, image->pitch, image->format};
	void *memory = image->kind == VITRINE_PIXELS ? malloc((size_t)image->size) : NULL;
	struct picture *picture;

	if (memory == NULL)
		return NULL;
	pixels.data = memcpy(memory, data, (size_t)image->size);
	picture = picture_new(&pixels, image->name, memory, free);
	if (picture == NULL)
		free(memory);
	return picture;
}

/* Called when a frame is in its slot and about to be published. */
static void keep_preview(void *data, const struct vitrine_image *image, const void *pixels)
{
	struct broadcast *broadcast = data;
	struct picture *preview;
	bool is_wanted;

	worker_lock(&broadcast->worker);
	broadcast->look.state = BROADCAST_RUNS;
	broadcast->look.width = image->width;
	broadcast->look.height = image->height;
	is_wanted = broadcast->wants_previews || broadcast->preview == NULL;
	worker_unlock(&broadcast->worker);
	broadcast->has_newer = true;
	if (monotonic_ns() < broadcast->next_preview || !is_wanted)
		return;
	preview = copy_frame(image, pixels);
	if (preview != NULL)
		show_preview(broadcast, preview);
}

/*
 * The last frame came too soon for a preview, but is still the newest unless another producer
 * publishes.
 */
static void keep_last(void *data)
{
	struct broadcast *broadcast = data;
	struct vitrine_channel *channel =
		broadcast->link != NULL ? link_channel(broadcast->link) : NULL;
	struct vitrine_image image;
	struct picture *preview;

	if (!broadcast->has_newer || channel == NULL ||
		vitrine_latest(channel, &image) != VITRINE_OK || image.publisher != getpid() ||
		!frames_has(&image))
		return;
	preview = copy_frame(&image, image.data);
	if (preview != NULL && vitrine_unchanged(channel, &image))
		show_preview(broadcast, preview);
	else
		picture_unref(preview);
}

/* Waits while the stream is paused, unless a step is left; tells the window that nothing comes. */
static bool goes_on(void *data)
{
	struct broadcast *broadcast = data;
	bool is_kept = false;
	bool ending;

	worker_lock(&broadcast->worker);
	while (broadcast->is_paused && broadcast->steps == 0 && !broadcast->ending) {
		if (!is_kept) {
			worker_unlock(&broadcast->worker);
			keep_last(broadcast);
			is_kept = true;
			worker_lock(&broadcast->worker);
			continue;
		}
		if (!broadcast->look.stands) {
			broadcast->look.stands = true;
			wake(broadcast);
		}
		worker_wait(&broadcast->worker);
	}
	ending = broadcast->ending;
	worker_unlock(&broadcast->worker);
	return !ending;
}

/* Called when a frame is due; waits while the stream is paused, unless a step is left. */
static bool may_send(void *data)
{
	struct broadcast *broadcast = data;
	bool goes = goes_on(broadcast);

	worker_lock(&broadcast->worker);
	if (broadcast->is_paused && broadcast->steps > 0)
		broadcast->steps--;
	worker_unlock(&broadcast->worker);
	return goes;
}

/* Called after each frame; wakes the window only for figures that change once a second. */
static void count(void *data, const struct live_counts *counts)
{
	struct broadcast *broadcast = data;
	bool is_news;

	worker_lock(&broadcast->worker);
	is_news = counts->waits != broadcast->look.counts.waits ||
		  counts->fps < broadcast->look.counts.fps ||
		  counts->fps > broadcast->look.counts.fps;
	broadcast->look.counts = *counts;
	worker_unlock(&broadcast->worker);
	if (is_news)
		wake(broadcast);
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void finish(struct broadcast *broadcast, enum live_end end, const struct live_counts *counts,
	const char *reason)
{
	worker_lock(&broadcast->worker);
	broadcast->look.counts = *counts;
	broadcast->look.state = end == LIVE_FAILED ? BROADCAST_FAILED : BROADCAST_ENDED;
	snprintf(broadcast->look.reason, sizeof(broadcast->look.reason), "%s", reason);
	worker_unlock(&broadcast->worker);
	if (end == LIVE_FAILED && broadcast->options.log != NULL)
		log_error(broadcast->options.log, broadcast->look.name, reason);
	wake(broadcast);
}

static void *work(void *argument)
{
	struct broadcast *broadcast = argument;
	const struct broadcast_options *options = &broadcast->options;
	const struct live_options live = {
		.frames =
			{
				.name = broadcast->look.name,
				.fd = broadcast->fd,
				.woken = broadcast->woken,
				.format = options->choice->format,
				.width = options->choice->width,
				.height = options->choice->height,
				.strides = {options->choice->strides[0],
					options->choice->strides[1]},
				.matrix = options->choice->matrix,
				.range = options->choice->range,
				.may_be_file = true,
				.animates = options->animates,
				.loops = options->animates,
				.limit = options->memory,
				.decoder = broadcast->decoder,
			},
		.link = broadcast->link,
		.when_full = options->when_full >= 0 ? (enum vitrine_when_full)options->when_full
						     : live_source_when_full(broadcast->fd),
		.fps = options->choice->fps,
		.checksum = options->checksum,
		.log = options->log,
		.goes_on = goes_on,
		.may_send = may_send,
		.filled = keep_preview,
		.counted = count,
		.idles = keep_last,
		.data = broadcast,
	};
	struct live_counts counts = {0};
	struct link_look look;
	char reason[512] = "";
	enum live_end end = LIVE_FAILED;

	if (broadcast->link == NULL || link_open(broadcast->link, VITRINE_PRODUCER) == VITRINE_OK) {
		end = live_run(&live, &counts, reason);
	} else {
		link_look(broadcast->link, &look);
		snprintf(reason, sizeof(reason), "%s", look.message);
	}
	/* Lets the writer of the stream notice that nobody reads it any more. */
	close(broadcast->fd);
	broadcast->fd = -1;
	if (broadcast->link != NULL && link_channel(broadcast->link) != NULL)
		link_close(broadcast->link);
	finish(broadcast, end, &counts, reason);
	return NULL;
}

/* ---- the window's side ----------------------------------------------------------------------- */

static void free_broadcast(struct broadcast *broadcast)
{
	if (broadcast->fd >= 0)
		close(broadcast->fd);
	if (broadcast->woken >= 0)
		close(broadcast->woken);
	decoder_destroy(broadcast->decoder);
	link_destroy(broadcast->link);
	picture_unref(broadcast->preview);
	free(broadcast);
}

/*
 * The stream is read through a copy of the descriptor; close ours, so that the writer notices when
 * the copy is closed.
 */
static void let_go_of_stdin(const char *path)
{
	int null = strcmp(path, "-") == 0 ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;

	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	close(null);
}

/* False: errno. */
static bool connect_channel(struct broadcast *broadcast)
{
	struct vitrine_options channel;

	if (broadcast->options.channel == NULL)
		return true;
	channel = *broadcast->options.channel;
	if (channel.observer == trace_observe)
		channel.observer_data = &broadcast->trace;
	broadcast->link = link_create(&channel, broadcast->options.log, NULL, NULL);
	return broadcast->link != NULL;
}

static bool start(struct broadcast *broadcast, char reason[512])
{
	broadcast->woken = eventfd(0, EFD_CLOEXEC);
	broadcast->decoder =
		decoder_create(&(struct decoder_options){.memory = broadcast->options.memory});
	if (broadcast->woken >= 0 && connect_channel(broadcast) &&
		worker_start(&broadcast->worker, work, broadcast))
		return true;
	text_print(reason, 512, _("cannot be read: %s"), strerror(errno));
	return false;
}

struct broadcast *broadcast_create(const struct broadcast_options *options, char reason[512])
{
	struct broadcast *broadcast = calloc(1, sizeof(*broadcast));

	if (broadcast == NULL) {
		text_print(reason, 512, _("cannot be read: %s"), strerror(ENOMEM));
		return NULL;
	}
	broadcast->options = *options;
	broadcast->trace.log = options->log;
	broadcast->look.name = options->choice->name != NULL ? options->choice->name
							     : live_source_name(options->path);
	broadcast->woken = -1;
	broadcast->wants_previews = true;
	broadcast->fd = live_source_open(options->path, reason);
	if (broadcast->fd < 0 || !start(broadcast, reason)) {
		free_broadcast(broadcast);
		return NULL;
	}
	let_go_of_stdin(options->path);
	return broadcast;
}

void broadcast_stop(struct broadcast *broadcast)
{
	worker_lock(&broadcast->worker);
	broadcast->ending = true;
	worker_tell(&broadcast->worker);
	worker_unlock(&broadcast->worker);
	eventfd_write(broadcast->woken, 1);
}

void broadcast_destroy(struct broadcast *broadcast)
{
	if (broadcast == NULL)
		return;
	broadcast_stop(broadcast);
	worker_end(&broadcast->worker);
	free_broadcast(broadcast);
}

void broadcast_pause(struct broadcast *broadcast, bool is_paused)
{
	worker_lock(&broadcast->worker);
	broadcast->is_paused = is_paused;
	broadcast->steps = 0;
	broadcast->look.stands = false;
	worker_tell(&broadcast->worker);
	worker_unlock(&broadcast->worker);
}

void broadcast_step(struct broadcast *broadcast)
{
	worker_lock(&broadcast->worker);
	broadcast->steps++;
	broadcast->look.stands = false;
	worker_tell(&broadcast->worker);
	worker_unlock(&broadcast->worker);
}

void broadcast_want(struct broadcast *broadcast, bool wants_previews)
{
	worker_lock(&broadcast->worker);
	broadcast->wants_previews = wants_previews;
	worker_unlock(&broadcast->worker);
}

void broadcast_look(struct broadcast *broadcast, struct broadcast_look *look)
{
	worker_lock(&broadcast->worker);
	*look = broadcast->look;
	if (broadcast->is_paused && look->state == BROADCAST_RUNS)
		look->state = BROADCAST_PAUSED;
	worker_unlock(&broadcast->worker);
}

struct picture *broadcast_preview(struct broadcast *broadcast)
{
	struct picture *preview;

	worker_lock(&broadcast->worker);
	preview = broadcast->preview != NULL ? picture_ref(broadcast->preview) : NULL;
	worker_unlock(&broadcast->worker);
	return preview;
}

/* ---- in words -------------------------------------------------------------------------------- */

char *broadcast_status(const struct broadcast_look *look, char text[BROADCAST_TEXT_MAX])
{
	const struct live_counts *counts = &look->counts;

	switch (look->state) {
	case BROADCAST_WAITS:
		text_print(text, BROADCAST_TEXT_MAX, _("waiting for a frame"));
		return text;
	case BROADCAST_RUNS:
		text_print(text, BROADCAST_TEXT_MAX, "%s",
			counts->waits ? _("waiting for a slot") : _("live"));
		if (counts->fps > 0 && !counts->waits)
			text_print(text, BROADCAST_TEXT_MAX, _("live, %.1f fps"), counts->fps);
		break;
	case BROADCAST_PAUSED: text_print(text, BROADCAST_TEXT_MAX, "%s", _("paused")); break;
	case BROADCAST_ENDED: text_print(text, BROADCAST_TEXT_MAX, _("has ended")); break;
	case BROADCAST_FAILED:
	default: text_print(text, BROADCAST_TEXT_MAX, _("has failed")); break;
	}
	text_append(text, BROADCAST_TEXT_MAX, _(", %llu sent"), (unsigned long long)counts->sent);
	if (counts->dropped > 0)
		text_append(text, BROADCAST_TEXT_MAX, _(", %llu dropped"),
			(unsigned long long)counts->dropped);
	return text;
}
