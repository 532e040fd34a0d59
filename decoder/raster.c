/*
 * raster.c - see raster.h. Reads the size from the header (file_header.c), checks it
 * (size_limit.c), and calls the reader of the format.
 */
#include "raster.h"

#include <malloc.h>
#include <stdio.h>

#include "file_header.h"
#include "reader.h"
#include "size_limit.h"
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
	const struct file_header file_header =
		file_header_of(source->format, source->bytes, source->size);

	header->width = file_header.width;
	header->height = file_header.height;
	header->ends_early = whole && file_ends_early(source->format, source->bytes, source->size);
}

static bool read_with(reader *read, const struct reading *reading)
{
	const struct file_header *file_header = reading->header;
	const struct raster_source *source = reading->source;

	return size_limit_allows(source->limit, file_header->width, file_header->height,
		       source->size, reading->reason) &&
	       read(reading);
}

bool raster_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	const struct file_header file_header =
		file_header_of(source->format, source->bytes, source->size);
	const struct reading reading = {source, &file_header, sink, result, reason};
	reader *read = readers->reader_of(source->format);

	*result = (struct raster_result){.frames = file_header.frames};
	if (read == NULL)
		return reading_fail_kind(&reading, N_("this decoder does not open it"));
	if (source->animates && file_header.frames > 1 && readers->animate != NULL)
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
	const struct file_header file_header = file_header_of(format, bytes, size);
	const struct reading part = {
		&source, &file_header, reading->sink, reading->result, reading->reason};
	reader *read = readers->reader_of(format);

	source.bytes = bytes;
	source.size = size;
	source.format = format;
	return read != NULL ? read_with(read, &part)
			    : reading_fail(reading, N_("contains an image that cannot be opened"));
}
