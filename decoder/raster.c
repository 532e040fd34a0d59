/*
 * raster.c - see raster.h. Reads the size from the header (sniff.c), checks it (size_limit.c), and
 * calls the reader of the format.
 */
#include "raster.h"

#include <malloc.h>
#include <stdio.h>

#include "reader.h"
#include "size_limit.h"
#include "sniff.h"
#include "translate.h"

static const struct reader_set *readers;

void raster_start(const struct reader_set *set)
{
	readers = set;
	/* Large blocks return to the system when they are freed, regardless of earlier frees. */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	/*
	 * One heap for all threads, because each further one would reserve address space, which is
	 * limited.
	 */
	mallopt(M_ARENA_MAX, 1);
	if (readers->start != NULL)
		readers->start();
}

void raster_look(struct raster_header *header, const struct raster_source *source, bool whole)
{
	const struct sniff sniff = sniff_bytes(source->format, source->bytes, source->size);

	header->width = sniff.width;
	header->height = sniff.height;
	header->ends_early = whole && sniff_ends_early(source->format, source->bytes, source->size);
}

static bool read_with(reader *read, const struct reading *reading)
{
	const struct sniff *sniff = reading->sniff;
	const struct raster_source *source = reading->source;

	return size_limit_allows(source->limit, sniff->width, sniff->height, source->size,
		       reading->reason) &&
	       read(reading);
}

bool raster_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	const struct sniff sniff = sniff_bytes(source->format, source->bytes, source->size);
	const struct reading reading = {source, &sniff, sink, result, reason};
	reader *read = readers->reader_of(source->format);

	*result = (struct raster_result){.frames = sniff.frames};
	if (read == NULL)
		return reading_fail_kind(&reading, N_("this decoder does not open it"));
	if (source->animates && sniff.frames > 1 && readers->animate != NULL)
		read = readers->animate;
	return read_with(read, &reading);
}

void raster_forget(void)
{
	if (readers->forget != NULL)
		readers->forget();
}

bool reading_part(const struct reading *reading, enum format format, const uint8_t *bytes,
	size_t size)
{
	struct raster_source source = *reading->source;
	const struct sniff sniff = sniff_bytes(format, bytes, size);
	const struct reading part = {
		&source, &sniff, reading->sink, reading->result, reading->reason};
	reader *read = readers->reader_of(format);

	source.bytes = bytes;
	source.size = size;
	source.format = format;
	return read != NULL ? read_with(read, &part)
			    : reading_fail(reading, N_("holds an image that cannot be opened"));
}
