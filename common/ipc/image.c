/* image.c - see image.h. */
#include "image.h"

#include <string.h>

#include "clean_text.h"
#include "handle.h"
#include "segment.h"

/* SDL and most decoders count rows and bytes in an int. */
#define SIDE_MAX  (UINT32_C(1) << 24)
#define PITCH_MAX (UINT32_C(1) << 30)

/*
 * Payloads up to this size are accepted without asking the kernel how much memory the segment has.
 */
#define MODEST (UINT64_C(32) << 20)

/* Bytes per pixel of the first plane; 0: unknown format. */
static uint32_t bytes_a_pixel(uint32_t format)
{
	switch (format) {
	case VITRINE_XR24:
	case VITRINE_AR24:
	case VITRINE_XB24:
	case VITRINE_AB24: return 4;
	case VITRINE_RG24:
	case VITRINE_BG24: return 3;
	case VITRINE_R8:
	case VITRINE_NV12:
	case VITRINE_YU12: return 1;
	default: return 0;
	}
}

/* The size of `height` rows of `pitch` bytes, all planes together. */
static uint64_t bytes_in_all(uint32_t format, uint32_t pitch, uint32_t height)
{
	uint64_t rows = (uint64_t)pitch * height;
	uint64_t half_height = (height + 1) / 2;

	if (format == VITRINE_NV12) /* U and V alternate, in whole pairs */
		return rows + (uint64_t)((pitch + 1) / 2 * 2) * half_height;
	if (format == VITRINE_YU12)
		return rows + 2 * (uint64_t)((pitch + 1) / 2) * half_height;
	return rows;
}

static bool pixels_fit(const struct vitrine_image *image)
{
	uint32_t bytes = bytes_a_pixel(image->format);

	return bytes != 0 && image->width >= 1 && image->width <= SIDE_MAX && image->height >= 1 &&
	       image->height <= SIDE_MAX && image->pitch <= PITCH_MAX &&
	       image->pitch >= (uint64_t)image->width * bytes &&
	       image->size >= bytes_in_all(image->format, image->pitch, image->height);
}

bool image_fits(const struct vitrine_image *image, uint64_t room)
{
	if (image->size > room || image->checksum > VITRINE_XXH3)
		return false;
	return image->kind == VITRINE_PIXELS ? pixels_fit(image) : image->kind == VITRINE_FILE;
}

bool image_is_sound(const struct vitrine_image *image, const struct vitrine_info *info)
{
	return image_fits(image, info->slot_size) &&
	       (image->size <= MODEST || image->size <= segment_memory(info->shmid));
}

int vitrine_pixels(struct vitrine_image *image, const char *path, uint32_t width, uint32_t height,
	uint32_t format)
{
	uint64_t pitch = (uint64_t)width * bytes_a_pixel(format);
	size_t length;
	const char *name = base_name(path, &length);

	memset(image, 0, sizeof(*image));
	if (pitch == 0 || pitch > PITCH_MAX || width > SIDE_MAX || height == 0 || height > SIDE_MAX)
		return VITRINE_EINVAL;
	image->kind = VITRINE_PIXELS;
	image->format = format;
	image->width = width;
	image->height = height;
	image->pitch = (uint32_t)pitch;
	image->size = bytes_in_all(format, (uint32_t)pitch, height);
	clean_text(image->name, sizeof(image->name), name, length);
	return VITRINE_OK;
}

int vitrine_file(struct vitrine_image *image, const char *path, uint64_t size,
	const char *media_type)
{
	size_t length;
	const char *name = base_name(path, &length);

	memset(image, 0, sizeof(*image));
	image->kind = VITRINE_FILE;
	image->size = size;
	clean_text(image->name, sizeof(image->name), name, length);
	strncpy(image->media_type, media_type ? media_type : "application/octet-stream",
		sizeof(image->media_type) - 1);
	return VITRINE_OK;
}

int64_t vitrine_age_ns(const struct vitrine_image *image)
{
	int64_t age, now = (int64_t)clock_ns();

	if (__builtin_sub_overflow(now, image->published_ns, &age))
		return image->published_ns < 0 ? INT64_MAX : 0;
	return age > 0 ? age : 0;
}

void image_store(struct descriptor *descriptor, const struct vitrine_image *image)
{
	descriptor->published_ns = image->published_ns;
	descriptor->size = image->size;
	descriptor->kind = image->kind;
	descriptor->format = image->format;
	descriptor->width = image->width;
	descriptor->height = image->height;
	descriptor->pitch = image->pitch;
	descriptor->publisher = image->publisher;
	descriptor->checksum = image->checksum;
	memcpy(descriptor->digest, image->digest, sizeof(descriptor->digest));
	/* Clear the whole field, so that nothing of a longer old name remains. */
	memset(descriptor->name, 0, sizeof(descriptor->name));
	clean_text(descriptor->name, sizeof(descriptor->name), image->name, sizeof(image->name));
	memcpy(descriptor->media_type, image->media_type, sizeof(descriptor->media_type));
}

void image_load(struct vitrine_image *image, const struct descriptor *descriptor)
{
	struct descriptor copy;
	size_t length;

	memcpy(&copy, descriptor, sizeof(copy));
	memset(image, 0, sizeof(*image));
	image->sequence = copy.sequence;
	image->published_ns = copy.published_ns;
	image->size = copy.size;
	image->kind = copy.kind;
	image->format = copy.format;
	image->width = copy.width;
	image->height = copy.height;
	image->pitch = copy.pitch;
	image->publisher = copy.publisher;
	image->checksum = copy.checksum;
	memcpy(image->digest, copy.digest, sizeof(image->digest));
	clean_text(image->name, sizeof(image->name), copy.name, sizeof(copy.name));
	/* A media type is printable ASCII (RFC 6838); cut it at the first other byte. */
	for (length = 0; length < sizeof(copy.media_type) - 1; length++) {
		if (copy.media_type[length] <= ' ' || copy.media_type[length] > '~')
			break;
		image->media_type[length] = copy.media_type[length];
	}
}
