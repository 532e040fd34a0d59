/*
 * rwbytes.c - see rwbytes.h. Read-only, and never outside of the bytes.
 */
#include "rwbytes.h"

#include <SDL_error.h>
#include <string.h>

static struct rwbytes *bytes_of(SDL_RWops *ops)
{
	return ops->hidden.unknown.data1;
}

static Sint64 SDLCALL rwbytes_size(SDL_RWops *ops)
{
	return (Sint64)bytes_of(ops)->size;
}

static Sint64 SDLCALL rwbytes_seek(SDL_RWops *ops, Sint64 offset, int whence)
{
	struct rwbytes *stream = bytes_of(ops);
	Sint64 size = (Sint64)stream->size;
	Sint64 from = whence == RW_SEEK_SET ? 0 : whence == RW_SEEK_CUR ? (Sint64)stream->at : size;
	Sint64 to;

	if (__builtin_add_overflow(from, offset, &to) || to < 0)
		to = 0;
	if (to > size)
		to = size;
	stream->at = (size_t)to;
	return to;
}

/* Missing bytes read as zeros: some decoders use the buffer without checking the count. */
static size_t SDLCALL rwbytes_read(SDL_RWops *ops, void *to, size_t size, size_t count)
{
	struct rwbytes *stream = bytes_of(ops);
	size_t left = stream->size - stream->at;
	size_t wanted;

	if (size == 0 || count == 0 || __builtin_mul_overflow(size, count, &wanted))
		return 0;
	size_t got = wanted < left ? wanted : left;
	memcpy(to, stream->bytes + stream->at, got);
	memset((uint8_t *)to + got, 0, wanted - got);
	stream->at += got;
	stream->cut_short |= got < wanted;
	stream->starved |= got == 0;
	if (got > 0 && wanted - got <= stream->padding)
		return count;
	return got / size;
}

static size_t SDLCALL rwbytes_write(SDL_RWops *ops, const void *from, size_t size, size_t count)
{
	(void)ops, (void)from, (void)size, (void)count;
	SDL_SetError("the stream is read-only");
	return 0;
}

static int SDLCALL rwbytes_close(SDL_RWops *ops)
{
	SDL_FreeRW(ops);
	return 0;
}

SDL_RWops *rwbytes_open(struct rwbytes *stream, const uint8_t *bytes, size_t size)
{
	SDL_RWops *ops = SDL_AllocRW();

	if (ops == NULL)
		return NULL;
	*stream = (struct rwbytes){.bytes = bytes, .size = size};
	ops->type = SDL_RWOPS_UNKNOWN;
	ops->size = rwbytes_size;
	ops->seek = rwbytes_seek;
	ops->read = rwbytes_read;
	ops->write = rwbytes_write;
	ops->close = rwbytes_close;
	ops->hidden.unknown.data1 = stream;
	return ops;
}
