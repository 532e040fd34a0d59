/* sender.c - see sender.h. */
#include "sender.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "decode.h"
#include "digest.h"
#include "format.h"
#include "mediatype.h"
#include "monotonic.h"
#include "presence.h"
#include "progress.h"
#include "published.h"
#include "send_stream.h"
#include "translate.h"

#define CHUNK_BYTES ((size_t)1 << 20) /* hashed while it is still in the cache */

/* One file being sent. Each step returns 0, or an error with `reason`. */
struct parcel {
	struct sender *sender;
	struct source source;
	struct picture *picture; /* as pixels; otherwise NULL */
	struct vitrine_claim claim;
	struct vitrine_image image;
	int64_t started;
	char reason[512];
};

/* The fault is in the file itself; the library's codes are all negative. */
enum { BAD_SOURCE = 1, HAS_SAID /* why, on standard error */ };

/* Copies the library's message about its failed call. */
static int because(struct parcel *parcel, int error)
{
	snprintf(parcel->reason, sizeof(parcel->reason), "%s",
		vitrine_message(link_channel(parcel->sender->link)));
	return error;
}

static int interrupted(struct parcel *parcel)
{
	snprintf(parcel->reason, sizeof(parcel->reason), _("interrupted; it was not sent"));
	return VITRINE_EINTR;
}

/* ---- a slot --------------------------------------------------------------------------------- */

static void look(struct parcel *parcel, char why[PRESENCE_MAX])
{
	struct link_look seen;

	link_look(parcel->sender->link, &seen);
	presence_full(why, &seen);
}

static void log_waiting(struct parcel *parcel)
{
	char why[PRESENCE_MAX];

	look(parcel, why);
	log_event(&parcel->sender->tool->log, "waiting", LOG_STR("name", parcel->source.name),
		LOG_STR("reason", why));
}

static int timed_out(struct parcel *parcel)
{
	char why[PRESENCE_MAX];

	look(parcel, why);
	snprintf(parcel->reason, sizeof(parcel->reason), _("no slot became free within %g s: %s"),
		(double)parcel->sender->timeout_ns / 1e9, why);
	return VITRINE_ETIMEDOUT;
}

/* Reports that no slot is free, with --when-full=fail or if no image may be dropped. */
static int full(struct parcel *parcel)
{
	char why[PRESENCE_MAX];

	look(parcel, why);
	snprintf(parcel->reason, sizeof(parcel->reason),
		_("no slot is free: %s. Use --when-full=wait to wait for one"), why);
	return VITRINE_EFULL;
}

/* Claims a slot of `size` bytes as --when-full says. */
static int claim(struct parcel *parcel, uint64_t size)
{
	const struct sender *sender = parcel->sender;
	struct vitrine_channel *channel = link_channel(sender->link);
	int64_t deadline = tool_deadline(sender->timeout_ns);
	bool has_told = false;

	for (;;) {
		int rc = vitrine_claim(channel, size, sender->when_full, tool_nap(deadline),
			&parcel->claim);

		if (rc == VITRINE_OK)
			return rc;
		if (rc == VITRINE_EFULL)
			return full(parcel);
		if (rc != VITRINE_ETIMEDOUT && rc != VITRINE_EINTR)
			return because(parcel, rc);
		if (tool_interrupted(sender->tool))
			return interrupted(parcel);
		if (sender->gives_up != NULL && sender->gives_up(sender->data)) {
			snprintf(parcel->reason, sizeof(parcel->reason), _("was not sent"));
			return BAD_SOURCE;
		}
		if (tool_is_over(deadline))
			return timed_out(parcel);
		if (!has_told)
			log_waiting(parcel);
		has_told = true;
	}
}

/* ---- its contents --------------------------------------------------------------------------- */

/* Reads the file into the slot in chunks. */
static int fill_with_bytes(struct parcel *parcel, struct digest *digest)
{
	const struct source *source = &parcel->source;
	char *slot = parcel->claim.data;
	struct progress progress;
	int rc = VITRINE_OK;

	progress_start(&progress, source->name, source->size);
	for (uint64_t done = 0; done < source->size && rc == VITRINE_OK;) {
		uint64_t left = source->size - done;
		size_t size = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;

		if (tool_interrupted(parcel->sender->tool))
			rc = interrupted(parcel);
		else if (!source_read(source, slot + done, size, done, parcel->reason))
			rc = BAD_SOURCE;
		else if (digest != NULL)
			digest_add(digest, slot + done, size);
		done += size;
		progress_update(&progress, done);
	}
	progress_end(&progress);
	if (rc == VITRINE_OK && !source_is_unchanged(source, parcel->reason))
		rc = BAD_SOURCE;
	return rc;
}

/* Copies the rows into the slot without gaps between them. */
static void fill_with_pixels(struct parcel *parcel)
{
	const struct pixels *pixels = &parcel->picture->pixels;

	pixels_copy_rows(parcel->claim.data, pixels->data, pixels->pitch, parcel->image.pitch,
		pixels->height);
}

/* The name for standard input, from its contents: "stdin.png". */
static void describe_file(struct parcel *parcel)
{
	const struct source *source = &parcel->source;
	size_t seen = source->size < FORMAT_BYTES ? (size_t)source->size : FORMAT_BYTES;
	const char *type = mediatype_of(parcel->claim.data, seen, source->name);
	const char *extension = mediatype_extension(type);
	char name[64];

	vitrine_file(&parcel->image, source->name, source->size, type);
	if (strcmp(source->name, "stdin") == 0 && extension != NULL) {
		snprintf(name, sizeof(name), "stdin.%s", extension);
		vitrine_file(&parcel->image, name, source->size, type);
	}
}

static int fill(struct parcel *parcel)
{
	uint32_t kind = parcel->sender->checksum;
	struct digest *digest = kind != VITRINE_NO_CHECKSUM ? digest_create(kind) : NULL;
	int rc = VITRINE_OK;

	if (kind != VITRINE_NO_CHECKSUM && digest == NULL) {
		snprintf(parcel->reason, sizeof(parcel->reason), _("not enough memory"));
		return VITRINE_ENOMEM;
	}
	if (parcel->picture != NULL) {
		fill_with_pixels(parcel);
	} else {
		rc = fill_with_bytes(parcel, digest);
		if (rc == VITRINE_OK)
			describe_file(parcel);
	}
	if (rc == VITRINE_OK && digest != NULL) {
		if (parcel->image.kind == VITRINE_PIXELS)
			digest_add(digest, parcel->claim.data, (size_t)parcel->image.size);
		parcel->image.checksum = kind;
		digest_finish(digest, parcel->image.digest);
	} else {
		digest_destroy(digest);
	}
	return rc;
}

static bool stops(void *data)
{
	return tool_interrupted(data);
}

/* Decodes the source from its file or from the spool; false: `reason` says why not. */
static bool decode_source(struct parcel *parcel)
{
	const struct source *source = &parcel->source;
	const struct sender *sender = parcel->sender;
	const struct decode_wish wish = {
		.is_strict = sender->is_strict, .gives_up = stops, .data = sender->tool};
	struct decode *decode;
	char path[32];

	if (access("/proc/self/fd", X_OK) != 0) {
		snprintf(parcel->reason, sizeof(parcel->reason),
			_("cannot be decoded without /proc: mount -t proc proc /proc"));
		return false;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", source->fd);
	decode = decode_open(path, source->name, sender->memory, parcel->reason);
	if (decode != NULL)
		parcel->picture = decode_run(decode, sender->decoder, &wish, parcel->reason);
	decode_close(decode);
	return parcel->picture != NULL;
}

/* True if it is an animation to be played. */
static bool is_played(const struct parcel *parcel)
{
	return parcel->picture != NULL && parcel->picture->frames > 1 && !parcel->sender->is_still;
}

static void tell_note(const struct parcel *parcel)
{
	if (parcel->picture->note[0] != '\0' && !is_played(parcel))
		log_event(&parcel->sender->tool->log, "noted", LOG_STR("name", parcel->image.name),
			LOG_STR("note", parcel->picture->note));
}

static int decode(struct parcel *parcel)
{
	const struct source *source = &parcel->source;
	const struct pixels *pixels;

	if (!decode_source(parcel)) {
		size_t used = strlen(parcel->reason);

		snprintf(parcel->reason + used, sizeof(parcel->reason) - used,
			_("; `vitrine send` without --as-pixels sends any file unchanged"));
		return BAD_SOURCE;
	}
	pixels = &parcel->picture->pixels;
	if (vitrine_pixels(&parcel->image, source->name, pixels->width, pixels->height,
		    pixels->format) == VITRINE_OK) {
		tell_note(parcel);
		return VITRINE_OK;
	}
	snprintf(parcel->reason, sizeof(parcel->reason), _("has %u x %u pixels: too many"),
		pixels->width, pixels->height);
	return BAD_SOURCE;
}

/* ---- one file ------------------------------------------------------------------------------- */

static int publish(struct parcel *parcel)
{
	struct vitrine_channel *channel = link_channel(parcel->sender->link);
	int rc;

	do {
		rc = vitrine_publish(channel, &parcel->claim, &parcel->image, LINK_NAP_NS);
		if ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) &&
			tool_interrupted(parcel->sender->tool))
			return interrupted(parcel);
	} while (rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR);
	return rc < 0 ? because(parcel, rc) : rc;
}

/* One attempt; VITRINE_EREMOVED: the channel was removed, and another attempt may succeed. */
static int try_send(struct parcel *parcel)
{
	bool is_pixels = parcel->image.kind == VITRINE_PIXELS;
	uint64_t size = is_pixels ? parcel->image.size : parcel->source.size;
	struct vitrine_channel *channel = link_channel(parcel->sender->link);
	int rc = claim(parcel, size);

	if (rc != VITRINE_OK)
		return rc;
	if (parcel->claim.dropped != 0)
		log_event(&parcel->sender->tool->log, "dropped",
			LOG_U64("seq", parcel->claim.dropped));
	rc = fill(parcel);
	if (rc == VITRINE_OK)
		rc = publish(parcel);
	if (rc != VITRINE_OK)
		vitrine_abandon(channel, &parcel->claim);
	else
		published_log(&parcel->sender->tool->log, &parcel->image,
			monotonic_ns() - parcel->started);
	return rc;
}

static int send_parcel(struct parcel *parcel, const char *path)
{
	struct sender *sender = parcel->sender;
	int rc;

	if (!source_open(&parcel->source, sender->tool, path,
		    vitrine_info(link_channel(sender->link))->slot_size, parcel->reason))
		return BAD_SOURCE;
	rc = sender->as_pixels ? decode(parcel) : VITRINE_OK;
	if (rc == VITRINE_OK && is_played(parcel))
		return send_animation(sender, parcel->source.fd, parcel->source.name) ? VITRINE_OK
										      : HAS_SAID;
	while (rc == VITRINE_OK) {
		rc = try_send(parcel);
		if (rc != VITRINE_EREMOVED)
			return rc;
		rc = tool_recover(sender->link, rc, parcel->reason);
	}
	return rc;
}

static void tell_failure(const struct sender *sender, const char *path, const char *reason)
{
	log_error(&sender->tool->log, strcmp(path, "-") == 0 ? _("standard input") : path, reason);
}

void sender_tell_unsent(const struct sender *sender, char *const paths[], int count)
{
	for (int i = 0; i < count; i++)
		tell_failure(sender, paths[i], _("interrupted; it was not sent"));
}

bool sender_send(struct sender *sender, const char *path)
{
	struct parcel parcel = {.sender = sender, .source.fd = -1, .started = monotonic_ns()};
	int rc = send_parcel(&parcel, path);

	source_close(&parcel.source);
	picture_unref(parcel.picture);
	if (rc != VITRINE_OK && rc != HAS_SAID)
		tell_failure(sender, path, parcel.reason);
	return rc == VITRINE_OK;
}
