/* published.c - see published.h. */
#include "published.h"

#include "digest.h"

void published_log(struct log *log, const struct vitrine_image *image, int64_t ns)
{
	bool is_pixels = image->kind == VITRINE_PIXELS;
	char hex[DIGEST_TEXT_MAX];
	struct log_field fields[9] = {
		LOG_STR("event", "published"),
		LOG_U64("seq", image->sequence),
		LOG_U64("slot", image->slot),
		LOG_STR("name", image->name),
		is_pixels ? LOG_U64("width", image->width) : LOG_STR("type", image->media_type),
		LOG_U64("height", image->height),
	};
	size_t count = is_pixels ? 6 : 5;

	fields[count++] = LOG_U64("bytes", image->size);
	fields[count++] = LOG_REAL("ms", (double)ns / 1e6);
	if (image->checksum != VITRINE_NO_CHECKSUM)
		fields[count++] = LOG_STR(digest_name(image->checksum),
			digest_text(hex, image->checksum, image->digest));
	log_write(log, fields, count);
}

uint64_t published_newest(const struct vitrine_snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		if (snapshot->slots[i].latest && snapshot->slots[i].has_image)
			return snapshot->slots[i].image.sequence;
	return 0;
}
