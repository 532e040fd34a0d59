/*
 * fuzz_stream.c - streams of frames as somebody may pipe them in: headers, sizes, and the bytes
 * behind them. The first byte of an input says how the stream is read; a slot has not a byte more
 * than was asked for. No picture is decoded here: fuzz_file and the decoder's own tests do that.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decode.h"
#include "frames.h"
#include "hostile.h"

/* larger frames are skipped, as with slots that are too small */
#define SLOT_MOST (UINT64_C(1) << 20)

enum { IS_RAW = 1, MAY_BE_FILE = 2, SKIPS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);
struct picture *__wrap_decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX]);

struct picture *__wrap_decode_bytes(struct decoder *decoder, const char *name, const uint8_t *bytes,
	size_t size, uint64_t limit, const struct decode_wish *wish, char reason[TEXT_REASON_MAX])
{
	(void)decoder, (void)name, (void)wish;
	must(bytes != NULL && size > 0 && size <= limit);
	snprintf(reason, TEXT_REASON_MAX, "is not decoded here");
	return NULL;
}

static void judge(const struct vitrine_image *image)
{
	must(image->size > 0 || image->kind == VITRINE_FILE);
	must(memchr(image->name, '\0', sizeof(image->name)) != NULL);
	if (image->kind == VITRINE_PIXELS)
		must(image->width > 0 && image->height > 0 &&
			image->size >= (uint64_t)image->pitch * image->height);
}

static enum frames_result read_frame(struct frames *frames, bool skips)
{
	struct vitrine_image image;
	enum frames_result result = frames_next(frames, &image);
	void *slot;

	if (result != FRAMES_OK)
		return result;
	judge(&image);
	if (skips || image.size > SLOT_MOST)
		return frames_skip(frames);
	slot = malloc(image.size > 0 ? image.size : 1);
	must(slot != NULL);
	result = frames_fill(frames, slot, VITRINE_FOREVER);
	free(slot);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	const uint8_t how = size > 0 ? input[0] : 0;
	struct frames_options options = {
		.name = "fuzz",
		.woken = -1,
		.limit = SLOT_MOST,
		.may_be_file = (how & MAY_BE_FILE) != 0,
		.fd = memfd_create("fuzz", MFD_CLOEXEC),
	};
	struct frames *frames;
	enum frames_result result = FRAMES_OK;

	must(options.fd >= 0);
	if (size > 0)
		must(write(options.fd, input + 1, size - 1) == (ssize_t)(size - 1));
	must(lseek(options.fd, 0, SEEK_SET) == 0);
	if (how & IS_RAW) {
		options.format = VITRINE_YU12;
		options.width = 1 + (how >> 4);
		options.height = 3;
	}
	frames = frames_open(&options);
	must(frames != NULL);
	while (result == FRAMES_OK)
		result = read_frame(frames, (how & SKIPS) != 0);
	must(result == FRAMES_END || result == FRAMES_BAD);
	must(result == FRAMES_END || frames_reason(frames)[0] != '\0');
	frames_close(frames);
	close(options.fd);
	return 0;
}
