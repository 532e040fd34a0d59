/* pngfile.c - see pngfile.h. SDL_image does the work; it does not tell why writing failed, we do. */
#include "pngfile.h"

#include <SDL_image.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "expand.h"
#include "newfile.h"
#include "vitrine.h"

struct target {
	int fd;
	int error; /* -errno; 0: none */
};

static size_t SDLCALL write_bytes(SDL_RWops *stream, const void *data, size_t size, size_t count)
{
	struct target *target = stream->hidden.unknown.data1;
	const struct newfile file = {.fd = target->fd};

	if (target->error == 0)
		target->error = newfile_write(&file, data, size * count);
	return target->error == 0 ? count : 0;
}

static int SDLCALL close_stream(SDL_RWops *stream)
{
	SDL_FreeRW(stream);
	return 0;
}

static SDL_RWops *open_stream(struct target *target)
{
	SDL_RWops *stream = SDL_AllocRW();

	if (stream == NULL)
		return NULL;
	stream->type = SDL_RWOPS_UNKNOWN;
	stream->write = write_bytes;
	stream->close = close_stream;
	stream->hidden.unknown.data1 = target;
	return stream;
}

static Uint32 sdl_format(uint32_t format)
{
	switch (format) {
	case VITRINE_AR24: return SDL_PIXELFORMAT_ARGB8888;
	case VITRINE_XB24: return SDL_PIXELFORMAT_XBGR8888;
	case VITRINE_AB24: return SDL_PIXELFORMAT_ABGR8888;
	default: return SDL_PIXELFORMAT_XRGB8888;
	}
}

/* The image as a surface: around the pixels themselves, or around a copy in XR24. */
static SDL_Surface *surface_of(const struct pixels *pixels)
{
	SDL_Surface *surface;

	if (!expand_needed(pixels->format))
		return SDL_CreateRGBSurfaceWithFormatFrom((void *)(uintptr_t)pixels->data,
			(int)pixels->width, (int)pixels->height, 32, (int)pixels->pitch,
			sdl_format(pixels->format));
	surface = SDL_CreateRGBSurfaceWithFormat(0, (int)pixels->width, (int)pixels->height, 32,
		SDL_PIXELFORMAT_XRGB8888);
	if (surface != NULL)
		expand_rows(pixels, 0, 0, pixels->width, pixels->height, surface->pixels);
	return surface;
}

/* `quality` of JPEG, 1 to 100; 0: PNG. */
static bool write_as(int fd, const struct pixels *pixels, int quality, char reason[TEXT_REASON_MAX])
{
	struct target target = {.fd = fd};
	SDL_RWops *stream = open_stream(&target);
	SDL_Surface *surface = surface_of(pixels);
	bool is_written = stream != NULL && surface != NULL;

	if (is_written)
		is_written = (quality > 0 ? IMG_SaveJPG_RW(surface, stream, 0, quality)
					  : IMG_SavePNG_RW(surface, stream, 0)) == 0 &&
			     target.error == 0;
	if (!is_written && target.error != 0)
		newfile_reason(reason, target.error);
	else if (!is_written)
		snprintf(reason, TEXT_REASON_MAX, "cannot become %s: %s",
			quality > 0 ? "JPEG" : "PNG", SDL_GetError());
	SDL_FreeSurface(surface);
	if (stream != NULL)
		SDL_RWclose(stream);
	return is_written;
}

bool pngfile_write(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX])
{
	return write_as(fd, pixels, 0, reason);
}

bool pngfile_write_jpeg(int fd, const struct pixels *pixels, int quality,
	char reason[TEXT_REASON_MAX])
{
	return write_as(fd, pixels, quality, reason);
}
