/*
 * decode.c - see decode.h. First it determines the format (slurp, format); then the decoder reports
 * the size before it produces pixels. Only magic bytes are examined here.
 */
#include "decode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "foreign_format.h"
#include "mediatype.h"
#include "size_limit.h"
#include "slurp.h"
#include "translatable.h"
#include "translate.h"
#include "vitrine.h"

/* A drawing may begin with a long comment. */
#define HEAD_BYTES ((size_t)64 << 10)

struct decode {
	struct slurp file;
	enum format format;
	uint64_t limit;
	uint64_t identity; /* unique in this process */
	char *path;
};

static _Atomic uint64_t opened;

static struct decode *new_decode(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = calloc(1, sizeof(*decode));

	if (decode == NULL || (decode->path = strdup(path)) == NULL) {
		free(decode);
		snprintf(reason, TEXT_REASON_MAX, _("not enough memory"));
		return NULL;
	}
	decode->limit = limit;
	decode->identity = atomic_fetch_add(&opened, 1);
	decode->file.fd = -1;
	return decode;
}

/* Says what the name of a file promises, or what a file without known magic bytes is. */
static bool why_unknown(const char *name, const char *type, char reason[TEXT_REASON_MAX])
{
	const struct foreign_format *foreign = foreign_format_of_name(name);
	const enum format format = format_of_name(name);

	if (foreign != NULL)
		snprintf(reason, TEXT_REASON_MAX,
			_("is named like %s images, which cannot be opened here; this converts it: "
			  "%s"),
			foreign->name, foreign->cure);
	else if (format != FORMAT_UNKNOWN)
		snprintf(reason, TEXT_REASON_MAX,
			_("is named like %s images, but has different contents (%s)"),
			format_info(format)->name, type);
	else
		snprintf(reason, TEXT_REASON_MAX, _("is not an image that Vitrine can read (%s)"),
			type);
	return false;
}

/* Determines from the beginning of a file whether it is an image that may be decoded. */
static bool look(struct decode *decode, const char *name, const uint8_t *bytes, size_t size,
	char reason[TEXT_REASON_MAX])
{
	char translatable[TEXT_REASON_MAX];

	name = text_base_name(name);
	decode->format = format_of(bytes, size, name);
	if (decode->format != FORMAT_UNKNOWN) {
		if (size_limit_allows(decode->limit, 0, 0, decode->file.file_size, translatable))
			return true;
		translatable_translate(reason, TEXT_REASON_MAX, translatable);
		return false;
	}
	return why_unknown(name, mediatype_of(bytes, size, format_is_image_name(name) ? "" : name),
		reason);
}

struct decode *decode_open(const char *path, const char *name, uint64_t limit,
	char reason[TEXT_REASON_MAX])
{
	struct decode *decode = new_decode(path, limit, reason);

	if (decode != NULL && slurp_open(&decode->file, path, HEAD_BYTES, reason) &&
		look(decode, name != NULL ? name : path, decode->file.bytes, decode->file.size,
			reason))
		return decode;
	decode_close(decode);
	return NULL;
}

static struct decoder_request request_of(const struct decode *decode,
	const struct decode_wish *wish)
{
	return (struct decoder_request){
		.file = decode->file.fd,
		.file_size = decode->file.file_size,
		.limit = decode->limit,
		.format = decode->format,
		.box_width = wish->box_width,
		.box_height = wish->box_height,
		.animates = wish->animates,
		.frame = wish->frame,
		.identity = decode->identity,
		.admits = wish->admits,
		.gives_up = wish->gives_up,
		.data = wish->data,
	};
}

static struct picture *make_picture(const struct decode *decode,
	const struct decoder_answer *answer, char reason[TEXT_REASON_MAX])
{
	const struct pixels pixels = {answer->pixels, answer->width, answer->height,
		answer->width * 4, answer->is_opaque ? VITRINE_XR24 : VITRINE_AR24};
	struct picture *picture = picture_new(&pixels, decode->path, answer->pixels, free);

	if (picture == NULL) {
		free(answer->pixels);
		snprintf(reason, TEXT_REASON_MAX, _("not enough memory"));
		return NULL;
	}
	picture->width = answer->whole_width;
	picture->height = answer->whole_height;
	picture->file_size = decode->file.file_size;
	picture->mtime = decode->file.mtime;
	picture->frames = answer->frames;
	picture->duration_ms = answer->duration_ms;
	picture->is_damaged = answer->is_damaged;
	picture->is_incomplete = answer->is_incomplete;
	snprintf(picture->note, PICTURE_NOTE_MAX, "%s", answer->note);
	return picture;
}

struct picture *decode_run(struct decode *decode, struct decoder *decoder,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX])
{
	const struct decoder_request request = request_of(decode, wish);
	struct decoder_answer answer;

	if (!decoder_run(decoder, &request, &answer, reason))
		return NULL;
	if (wish->is_strict && answer.is_damaged) {
		snprintf(reason, TEXT_REASON_MAX, "%s", answer.note);
		free(answer.pixels);
		return NULL;
	}
	return make_picture(decode, &answer, reason);
}

void decode_close(struct decode *decode)
{
	if (decode == NULL)
		return;
	slurp_close(&decode->file);
	free(decode->path);
	free(decode);
}

struct picture *decode_file(struct decoder *decoder, const char *path, uint64_t limit,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = decode_open(path, NULL, limit, reason);
	struct picture *picture = decode != NULL ? decode_run(decode, decoder, wish, reason) : NULL;

	decode_close(decode);
	return picture;
}

/* Creates a file in memory with these bytes; -1: errno. */
static int file_of_bytes(const uint8_t *bytes, size_t size)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	int fd = memfd_create("vitrine-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	while (fd >= 0 && size > 0) {
		ssize_t count = write(fd, bytes, size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			int error = errno;

			close(fd);
			errno = error;
			return -1;
		}
		bytes += count;
		size -= (size_t)count;
	}
	if (fd >= 0)
		fcntl(fd, F_ADD_SEALS, seals); /* the decoder must not be able to change it */
	return fd;
}

struct picture *decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = new_decode(name, limit, reason);
	struct picture *picture = NULL;

	if (decode == NULL)
		return NULL;
	decode->file.file_size = size;
	if (look(decode, name, bytes, size < HEAD_BYTES ? size : HEAD_BYTES, reason)) {
		decode->file.fd = file_of_bytes(bytes, size);
		if (decode->file.fd >= 0)
			picture = decode_run(decode, decoder, wish, reason);
		else
			snprintf(reason, TEXT_REASON_MAX, _("cannot be handed to the decoder: %s"),
				strerror(errno));
	}
	decode_close(decode);
	return picture;
}

bool decode_look(struct decoder *decoder, const char *name, const uint8_t *bytes, size_t size,
	uint64_t limit, struct decode_look *seen, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = new_decode(name, limit, reason);
	struct decoder_request request;
	struct decoder_answer answer = {0};
	bool is_seen = false;

	if (decode == NULL)
		return false;
	decode->file.file_size = size;
	if (look(decode, name, bytes, size < HEAD_BYTES ? size : HEAD_BYTES, reason)) {
		decode->file.fd = file_of_bytes(bytes, size);
		request = request_of(decode, &(struct decode_wish){0});
		request.looks = true;
		is_seen = decode->file.fd >= 0 && decoder_run(decoder, &request, &answer, reason);
		if (decode->file.fd < 0)
			snprintf(reason, TEXT_REASON_MAX, _("cannot be handed to the decoder: %s"),
				strerror(errno));
	}
	*seen = (struct decode_look){answer.width, answer.height, answer.ends_early};
	decode_close(decode);
	return is_seen;
}
