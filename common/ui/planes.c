/* planes.c - see planes.h. */
#include "planes.h"

#include <string.h>

#include "expand.h"
#include "vitrine.h"

/* The samples at one position. NV12 has U and V in one plane, which is `u`; `v` is NULL. */
struct place {
	const uint8_t *y, *u, *v;
	int y_pitch, u_pitch;
};

bool planes_has(const struct pixels *pixels)
{
	return pixels->format == VITRINE_NV12 || pixels->format == VITRINE_YU12;
}

static struct place place_of(const struct pixels *pixels, uint32_t x, uint32_t y)
{
	const uint8_t *planes = pixels->data + (size_t)pixels->pitch * pixels->height;
	const size_t half = (pixels->pitch + 1) / 2;
	const size_t size = half * ((pixels->height + 1) / 2);
	struct place place = {
		.y = pixels->data + (size_t)pixels->pitch * y + x,
		.y_pitch = (int)pixels->pitch,
	};

	if (pixels->format == VITRINE_NV12) {
		place.u_pitch = (int)(2 * half);
		place.u = planes + 2 * half * (y / 2) + x / 2 * 2;
	} else {
		place.u_pitch = (int)half;
		place.u = planes + half * (y / 2) + x / 2;
		place.v = place.u + size;
	}
	return place;
}

Uint32 planes_format(SDL_Renderer *renderer, const struct pixels *pixels)
{
	Uint32 wanted =
		pixels->format == VITRINE_NV12 ? SDL_PIXELFORMAT_NV12 : SDL_PIXELFORMAT_IYUV;
	SDL_RendererInfo info;

	if (SDL_GetRendererInfo(renderer, &info) == 0)
		for (Uint32 i = 0; i < info.num_texture_formats; i++)
			if (info.texture_formats[i] == wanted)
				return wanted;
	return SDL_PIXELFORMAT_XRGB8888;
}

void planes_use_matrix(uint32_t height)
{
	SDL_SetYUVConversionMode(expand_has_bt709(height) ? SDL_YUV_CONVERSION_BT709
							  : SDL_YUV_CONVERSION_BT601);
}

bool planes_upload(SDL_Texture *texture, SDL_Rect to, const struct pixels *pixels, uint32_t x,
	uint32_t y)
{
	struct place from = place_of(pixels, x, y);

	if (from.v == NULL)
		return SDL_UpdateNVTexture(texture, &to, from.y, from.y_pitch, from.u,
			       from.u_pitch) == 0;
	return SDL_UpdateYUVTexture(texture, &to, from.y, from.y_pitch, from.u, from.u_pitch,
		       from.v, from.u_pitch) == 0;
}

/* SDL converts only whole images, so the part is copied into an image of its own. */
bool planes_convert(const struct pixels *pixels, uint32_t x, uint32_t y, uint32_t width,
	uint32_t height, uint32_t *out, uint8_t *room)
{
	struct place from = place_of(pixels, x, y);
	const size_t half = (width + 1) / 2;
	const uint32_t half_height = (height + 1) / 2;
	uint8_t *to = pixels_copy_rows(room, from.y, (size_t)from.y_pitch, width, height);

	to = pixels_copy_rows(to, from.u, (size_t)from.u_pitch, from.v == NULL ? 2 * half : half,
		half_height);
	if (from.v != NULL)
		pixels_copy_rows(to, from.v, (size_t)from.u_pitch, half, half_height);
	planes_use_matrix(pixels->height);
	return SDL_ConvertPixels((int)width, (int)height,
		       from.v == NULL ? SDL_PIXELFORMAT_NV12 : SDL_PIXELFORMAT_IYUV, room,
		       (int)width, SDL_PIXELFORMAT_XRGB8888, out, (int)width * 4) == 0;
}
