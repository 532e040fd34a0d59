/*
 * tiles_draw.c - see tiles.h: drawing. Every edge between two source pixels has one position on the
 * screen, computed from the whole image, so adjacent tiles meet exactly at any zoom.
 */
#include "tiles.h"

/* A piece of one axis: source pixels, and their position on the screen. */
struct span {
	int from, from_size;
	int to, to_size;
};

enum { SPANS = 3 };

/* One axis of the image: `size` source pixels on `to_size` screen pixels that begin at `to`. */
struct axis {
	int64_t size, to, to_size;
};

static int64_t screen_of(const struct axis *axis, int64_t source)
{
	return axis->to + (source * axis->to_size + axis->size / 2) / axis->size;
}

static int64_t source_below(const struct axis *axis, int64_t screen)
{
	int64_t scaled = (screen - axis->to) * axis->size;
	int64_t source = scaled / axis->to_size;
	return scaled < 0 ? 0 : source;
}

static struct span span_of(const struct axis *axis, int64_t first, int64_t first_source,
	int64_t last, const int64_t clip[2])
{
	int64_t from = screen_of(axis, first);
	int64_t to = screen_of(axis, last);
	if (clip != NULL) {
		from = from > clip[0] ? from : clip[0];
		to = to < clip[1] ? to : clip[1];
	}
	return (struct span){
		(int)(first - first_source), (int)(last - first), (int)from, (int)(to - from)};
}

/*
 * Cuts what `clip` shows of the source pixels [first, end) into spans. Enlarged, the first and last
 * pixel may be visible in part: they get spans of their own, because a renderer that has to clip
 * a scaled copy by itself rounds to whole source pixels, and the picture would jump while panned.
 */
static int make_spans(const struct axis *axis, int64_t first, int64_t end, const int64_t clip[2],
	struct span spans[SPANS])
{
	int64_t low = source_below(axis, clip[0]) - 1;
	int64_t high = source_below(axis, clip[1]) + 2;
	int count = 0;

	low = low > first ? low : first;
	high = high < end ? high : end;
	while (low < high && screen_of(axis, low + 1) <= clip[0])
		low++;
	while (low < high && screen_of(axis, high - 1) >= clip[1])
		high--;
	if (low >= high)
		return 0;
	if (axis->to_size <= axis->size) {
		spans[0] = span_of(axis, low, first, high, NULL);
		return 1;
	}
	if (screen_of(axis, low) < clip[0])
		spans[count++] = span_of(axis, low, first, low + 1, clip), low++;
	bool has_part = high > low && screen_of(axis, high) > clip[1];
	if (high - has_part > low)
		spans[count++] = span_of(axis, low, first, high - has_part, NULL);
	if (has_part)
		spans[count++] = span_of(axis, high - 1, first, high, clip);
	return count;
}

static void copy_spans(SDL_Renderer *renderer, SDL_Texture *texture, const struct span *x,
	int columns, const struct span *y, int rows)
{
	for (int i = 0; i < columns * rows; i++) {
		const struct span *h = &x[i % columns];
		const struct span *v = &y[i / columns];
		SDL_Rect from = {h->from, v->from, h->from_size, v->from_size};
		SDL_Rect to = {h->to, v->to, h->to_size, v->to_size};
		if (to.w > 0 && to.h > 0)
			SDL_RenderCopy(renderer, texture, &from, &to);
	}
}

/*
 * From zoom 2 up, pixels are squares, so that they can be counted; below 2 they are filtered; zoom
 * 1 needs no filter.
 */
static SDL_ScaleMode scale_mode(const struct tiles *tiles, SDL_Rect to)
{
	bool is_same = (uint32_t)to.w == tiles->width && (uint32_t)to.h == tiles->height;
	bool is_large = (uint32_t)to.w >= 2 * tiles->width || (uint32_t)to.h >= 2 * tiles->height;
	return is_same || is_large ? SDL_ScaleModeNearest : SDL_ScaleModeLinear;
}

uint32_t tiles_draw(const struct tiles *tiles, SDL_Renderer *renderer,
	const struct tiles_place *place)
{
	const struct axis across = {tiles->width, place->to.x, place->to.w};
	const struct axis down = {tiles->height, place->to.y, place->to.h};
	const int64_t clip_x[2] = {place->clip.x, place->clip.x + place->clip.w};
	const int64_t clip_y[2] = {place->clip.y, place->clip.y + place->clip.h};
	SDL_ScaleMode mode = scale_mode(tiles, place->to);
	uint32_t drawn = 0;

	if (SDL_ISPIXELFORMAT_FOURCC(tiles->format))
		planes_use_matrix(tiles->height);
	for (uint32_t i = 0; i < tiles->columns * tiles->rows; i++) {
		int64_t x = (int64_t)(i % tiles->columns) * tiles->side;
		int64_t y = (int64_t)(i / tiles->columns) * tiles->side;
		struct span xs[SPANS], ys[SPANS];
		int columns =
			make_spans(&across, x, SDL_min(x + tiles->side, across.size), clip_x, xs);
		int rows = make_spans(&down, y, SDL_min(y + tiles->side, down.size), clip_y, ys);
		if (columns == 0 || rows == 0)
			continue;
		SDL_Texture *texture = tiles->textures[i].texture;
		SDL_SetTextureBlendMode(texture,
			tiles->has_alpha ? SDL_BLENDMODE_BLEND : SDL_BLENDMODE_NONE);
		SDL_SetTextureScaleMode(texture, mode);
		copy_spans(renderer, texture, xs, columns, ys, rows);
		drawn++;
	}
	return drawn;
}
