/*
 * decode.c - see decode.h. The order is: what is it (slurp), what does it promise (sniff, promise), and
 * then the decoder. Only the beginning of the file is looked at here.
 */
#include "decode.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "promise.h"
#include "slurp.h"
#include "sniff.h"
#include "thumbnail.h"
#include "vitrine.h"

/* Photographs have their size within this much, behind thumbnails and colour profiles. */
#define HEAD_BYTES ((size_t)256 << 10)

struct decode {
	struct slurp file;
	struct sniff sniff;
	uint64_t limit;
	const char *type; /* for SDL_image, where bytes do not tell; else "" */
	char *path;
};

/* What SDL_image needs to be told, since these files have no magic bytes. */
static const char *type_by_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL && strcasecmp(dot, ".tga") == 0 ? "TGA" : "";
}

static struct decode *new_decode(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = calloc(1, sizeof(*decode));

	if (decode == NULL || (decode->path = strdup(path)) == NULL) {
		free(decode);
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	decode->limit = limit;
	decode->type = type_by_name(path);
	decode->file.fd = -1;
	return decode;
}

/* Looks at a file's beginning: whether it is an image, and one that may be decoded. */
static bool look(struct decode *decode, const uint8_t *bytes, size_t size,
	char reason[TEXT_REASON_MAX])
{
	decode->sniff = sniff_bytes(bytes, size);
	if (decode->sniff.format != SNIFF_UNKNOWN || decode->type[0] != '\0')
		return promise_is_within(decode->limit, &decode->sniff, decode->file.file_size,
			reason);
	snprintf(reason, TEXT_REASON_MAX, "is not an image, or of a kind that is not known");
	return false;
}

struct decode *decode_open(const char *path, uint64_t limit, char reason[TEXT_REASON_MAX])
{
	struct decode *decode = new_decode(path, limit, reason);

	if (decode != NULL && slurp_open(&decode->file, path, HEAD_BYTES, reason) &&
		look(decode, decode->file.bytes, decode->file.size, reason))
		return decode;
	decode_close(decode);
	return NULL;
}

/* Whether the decoder can leave out what is not wanted. */
static bool is_reducible(const struct decode *decode, const struct decode_wish *wish)
{
	return wish->box_width > 0 && decode->sniff.format == SNIFF_JPEG && decode->sniff.width > 0;
}

uint64_t decode_need(const struct decode *decode, const struct decode_wish *wish)
{
	uint64_t need = promise_need(decode->limit, &decode->sniff, decode->file.file_size);

	/* A progressive one is kept in coefficients until all of it was read. */
	return is_reducible(decode, wish) ? need / 2 : need;
}

static void fill_request(struct decoder_request *request, const struct decode *decode,
	const struct decode_wish *wish)
{
	*request = (struct decoder_request){
		.file = decode->file.fd,
		.file_size = decode->file.file_size,
		.limit = decode->limit,
		.type = decode->type,
		.gives_up = wish->gives_up,
		.data = wish->data,
	};
	if (!is_reducible(decode, wish))
		return;
	/* Turned or not: the larger of both ways. */
	uint32_t width = (uint32_t)decode->sniff.width, height = (uint32_t)decode->sniff.height;
	uint32_t fit[4];
	thumbnail_fit(width, height, wish->box_width, wish->box_height, &fit[0], &fit[1]);
	thumbnail_fit(height, width, wish->box_width, wish->box_height, &fit[2], &fit[3]);
	request->least_width = fit[0] > fit[2] ? fit[0] : fit[2];
	request->least_height = fit[1] > fit[3] ? fit[1] : fit[3];
}

static struct picture *make_picture(const struct decode *decode,
	const struct decoder_answer *answer, char reason[TEXT_REASON_MAX])
{
	const struct pixels pixels = {answer->pixels, answer->width, answer->height,
		answer->width * 4, answer->is_opaque ? VITRINE_XR24 : VITRINE_AR24};
	struct picture *picture = picture_new(&pixels, decode->path, answer->pixels, free);

	if (picture == NULL) {
		free(answer->pixels);
		snprintf(reason, TEXT_REASON_MAX, "there is not enough memory");
		return NULL;
	}
	picture->width = answer->whole_width;
	picture->height = answer->whole_height;
	picture->file_size = decode->file.file_size;
	picture->mtime = decode->file.mtime;
	snprintf(picture->note, PICTURE_NOTE_MAX, "%s", answer->note);
	return picture;
}

struct picture *decode_run(struct decode *decode, struct decoder *decoder,
	const struct decode_wish *wish, char reason[TEXT_REASON_MAX])
{
	struct decoder_request request;
	struct decoder_answer answer;

	fill_request(&request, decode, wish);
	if (!decoder_run(decoder, &request, &answer, reason))
		return NULL;
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
	struct decode *decode = decode_open(path, limit, reason);
	struct picture *picture = decode != NULL ? decode_run(decode, decoder, wish, reason) : NULL;

	decode_close(decode);
	return picture;
}

/* A file in memory with these bytes; -1: errno. */
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
		fcntl(fd, F_ADD_SEALS, seals); /* the decoder may read it, as any other file */
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
	if (look(decode, bytes, size < HEAD_BYTES ? size : HEAD_BYTES, reason)) {
		decode->file.fd = file_of_bytes(bytes, size);
		if (decode->file.fd >= 0)
			picture = decode_run(decode, decoder, wish, reason);
		else
			snprintf(reason, TEXT_REASON_MAX, "cannot be handed to the decoder: %s",
				strerror(errno));
	}
	decode_close(decode);
	return picture;
}
