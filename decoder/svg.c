/*
 * svg.c - the reader of vitrine-decoder-svg: SVG by librsvg, with text, images, filters and styles.
 * Its libraries open font files, modules and type databases on first use, which a confined decoder
 * cannot do: start() draws once to load everything, and keeps a few fonts open for good.
 */
#include <cairo-ft.h>
#include <fontconfig/fontconfig.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"
#include "reader.h"
#include "translate.h"
#include "wire.h"

/* cairo closes font files when more than ten of them are open. */
#define FACES_MOST 8
#define SIDE_MOST  32767 /* the limit of cairo */
#define DPI        96.0

/* ---- fonts: a few, found before the decoder is confined -------------------------------------- */

static const struct {
	const char *family;
	int weight;
	int slant;
} faces[FACES_MOST] = {
	{"sans-serif", FC_WEIGHT_REGULAR, FC_SLANT_ROMAN},
	{"sans-serif", FC_WEIGHT_BOLD, FC_SLANT_ROMAN},
	{"sans-serif", FC_WEIGHT_REGULAR, FC_SLANT_ITALIC},
	{"serif", FC_WEIGHT_REGULAR, FC_SLANT_ROMAN},
	{"serif", FC_WEIGHT_BOLD, FC_SLANT_ROMAN},
	{"serif", FC_WEIGHT_REGULAR, FC_SLANT_ITALIC},
	{"monospace", FC_WEIGHT_REGULAR, FC_SLANT_ROMAN},
	{"monospace", FC_WEIGHT_BOLD, FC_SLANT_ROMAN},
};

/* The font that the system chooses for a face. NULL: there are no fonts. */
static FcPattern *match_face(FcConfig *config, size_t i)
{
	FcPattern *wanted = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, faces[i].family,
		FC_WEIGHT, FcTypeInteger, faces[i].weight, FC_SLANT, FcTypeInteger, faces[i].slant,
		FC_SCALABLE, FcTypeBool, FcTrue, (char *)NULL);
	FcResult result;

	FcConfigSubstitute(config, wanted, FcMatchPattern);
	FcDefaultSubstitute(wanted);
	FcPattern *found = FcFontMatch(config, wanted, &result);
	FcPatternDestroy(wanted);
	return found;
}

/*
 * Limits fontconfig to as many fonts as can be kept open, so that no text needs another one. The
 * rest is rejected by a pattern of whole paths, since fontconfig 2.15 takes a pattern without a
 * slash for a path in the folder of its configuration, and one with a dot, since folders are
 * matched, too.
 */
static void choose_fonts(FcPattern *found[FACES_MOST])
{
	char text[8192];
	size_t used = (size_t)snprintf(text, sizeof(text), "<fontconfig><selectfont><acceptfont>");
	FcConfig *few = FcInitLoadConfig();

	for (size_t i = 0; i < FACES_MOST; i++) {
		FcChar8 *file;

		if (found[i] != NULL &&
			FcPatternGetString(found[i], FC_FILE, 0, &file) == FcResultMatch &&
			strpbrk((const char *)file, "<>&*?") == NULL)
			used += (size_t)snprintf(text + used, sizeof(text) - used,
				"<glob>%.900s</glob>", (const char *)file);
	}
	snprintf(text + used, sizeof(text) - used,
		"</acceptfont><rejectfont><glob>/*.*</glob></rejectfont></selectfont></fontconfig>");
	if (few == NULL)
		return;
	FcConfigParseAndLoadFromMemory(few, (const FcChar8 *)text, FcFalse);
	FcConfigSetRescanInterval(few, 0);
	FcConfigSetCurrent(few);
	FcConfigDestroy(few); /* the current one is kept */
}

/* A scaled font that is never freed keeps its file open in cairo. */
static void keep_open(FcPattern *face)
{
	cairo_font_face_t *font = cairo_ft_font_face_create_for_pattern(face);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_extents_t extents;
	cairo_matrix_t size, unit;

	cairo_matrix_init_scale(&size, 16, 16);
	cairo_matrix_init_identity(&unit);
	cairo_scaled_font_extents(cairo_scaled_font_create(font, &size, &unit, options), &extents);
	cairo_font_options_destroy(options);
}

static void open_fonts(void)
{
	FcConfig *all = FcInitLoadConfigAndFonts();
	FcPattern *found[FACES_MOST] = {NULL};

	for (size_t i = 0; all != NULL && i < FACES_MOST; i++)
		found[i] = match_face(all, i);
	choose_fonts(found);
	for (size_t i = 0; i < FACES_MOST; i++) {
		if (found[i] == NULL)
			continue;
		keep_open(found[i]);
		FcPatternDestroy(found[i]);
	}
	if (all != NULL)
		FcConfigDestroy(all);
}

/* ---- size ------------------------------------------------------------------------------------ */

static bool has_side(const RsvgLength *length, bool is_there)
{
	return is_there && length->unit != RSVG_UNIT_PERCENT && length->length > 0;
}

/*
 * The size in pixels: as the drawing says; a missing side follows from the viewBox; if both are
 * missing, the size of what is drawn.
 */
static bool find_size(RsvgHandle *handle, double *width, double *height)
{
	RsvgLength w, h;
	RsvgRectangle box, ink;
	gboolean has_width, has_height, has_box;

	if (rsvg_handle_get_intrinsic_size_in_pixels(handle, width, height) && *width > 0 &&
		*height > 0)
		return true;
	rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &w, &has_height, &h, &has_box,
		&box);
	if (!has_box || !(box.width > 0) || !(box.height > 0)) {
		if (!rsvg_handle_get_geometry_for_element(handle, NULL, &ink, NULL, NULL))
			return false;
		*width = ink.x + ink.width;
		*height = ink.y + ink.height;
		return *width > 0 && *height > 0;
	}
	*width = box.width;
	*height = box.height;
	/* One side can be computed from the other only if that is in pixels. */
	if (has_side(&w, has_width) && w.unit == RSVG_UNIT_PX) {
		*width = w.length;
		*height = w.length * box.height / box.width;
	} else if (has_side(&h, has_height) && h.unit == RSVG_UNIT_PX) {
		*height = h.length;
		*width = h.length * box.width / box.height;
	}
	return true;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void make_straight(uint32_t *pixels, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const uint32_t pixel = pixels[i], a = pixel >> 24;

		if (a > 0 && a < 255)
			pixels[i] = a << 24 | straight_alpha(pixel >> 16 & 255, a) << 16 |
				    straight_alpha(pixel >> 8 & 255, a) << 8 |
				    straight_alpha(pixel & 255, a);
	}
}

/* NULL: no memory, or the reason in *error. */
static cairo_surface_t *draw(RsvgHandle *handle, int width, int height, GError **error)
{
	const RsvgRectangle all = {0, 0, width, height};
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	cairo_t *cairo = cairo_create(surface);
	bool is_drawn = rsvg_handle_render_document(handle, cairo, &all, error) &&
			cairo_status(cairo) == CAIRO_STATUS_SUCCESS;

	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	if (is_drawn && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
		return surface;
	cairo_surface_destroy(surface);
	return NULL;
}

static bool fail_library(const struct reading *reading, GError *error)
{
	const char *message = error != NULL ? error->message : N_("it cannot be drawn");
	char line[101];

	if (strstr(message, "Premature end") != NULL || strstr(message, "premature end") != NULL)
		reading_fail_cut(reading);
	else
		reading_fail_library(reading, text_printable(line, sizeof(line), message));
	g_clear_error(&error);
	return false;
}

static bool draw_all(const struct reading *reading, RsvgHandle *handle)
{
	double width, height;
	GError *error = NULL;

	rsvg_handle_set_dpi(handle, DPI);
	if (!find_size(handle, &width, &height))
		return reading_fail(reading, N_("has no size, and draws nothing"));
	width = ceil(width);
	height = ceil(height);
	if (!(width <= SIDE_MOST) || !(height <= SIDE_MOST))
		return reading_fail_with(reading,
			N_("has %s x %s pixels; the limit for a side of a drawing is %s"),
			"%.0f\n%.0f\n%d", width, height, SIDE_MOST);
	if (!size_limit_allows(reading->source->limit, (uint64_t)width, (uint64_t)height,
		    reading->source->size, reading->reason))
		return false;
	cairo_surface_t *surface = draw(handle, (int)width, (int)height, &error);
	if (surface == NULL)
		return error != NULL ? fail_library(reading, error) : reading_fail_memory(reading);
	uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(surface);
	const size_t pitch = (size_t)cairo_image_surface_get_stride(surface) / 4;
	make_straight(pixels, pitch * (size_t)height);
	bool is_begun = reading_begin(reading, (uint32_t)width, (uint32_t)height, 1);
	if (is_begun)
		reading_put_rows(reading, pixels, pitch, (uint32_t)width, (uint32_t)height);
	cairo_surface_destroy(surface);
	return is_begun;
}

static bool svg_read(const struct reading *reading)
{
	const struct raster_source *source = reading->source;
	GError *error = NULL;
	RsvgHandle *handle = rsvg_handle_new_from_data(source->bytes, source->size, &error);

	if (handle == NULL)
		return fail_library(reading, error);
	bool is_read = draw_all(reading, handle);
	g_object_unref(handle);
	return is_read;
}

/* ---- before the decoder is confined ---------------------------------------------------------- */

static void ignore_message(const gchar *domain, GLogLevelFlags level, const gchar *message,
	gpointer data)
{
	(void)domain, (void)level, (void)message, (void)data;
}

/* Draws text in each face, and an image, to load everything that is needed. */
static void draw_once(void)
{
	static const char drawing[] =
		"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>"
		"<g font-family='sans-serif'><text>a</text><text font-weight='bold'>a</text>"
		"<text font-style='italic'>a</text></g>"
		"<g font-family='serif'><text>a</text><text font-weight='bold'>a</text>"
		"<text font-style='italic'>a</text></g>"
		"<g font-family='monospace'><text>a</text><text font-weight='bold'>a</text></g>"
		"<image width='1' height='1' href='data:image/png;base64,"
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5E"
		"rkJggg=='/></svg>";
	RsvgHandle *handle =
		rsvg_handle_new_from_data((const guint8 *)drawing, sizeof(drawing) - 1, NULL);

	if (handle == NULL)
		return;
	cairo_surface_t *surface = draw(handle, 9, 9, NULL);
	if (surface != NULL)
		cairo_surface_destroy(surface);
	g_object_unref(handle);
}

static void start(void)
{
	/* The result reports what cannot be drawn; nobody would read GLib's warnings. */
	g_log_set_default_handler(ignore_message, NULL);
	open_fonts();
	draw_once();
	/*
	 * Closes what libraries have left open: the decoder has its two descriptors and no others.
	 */
	close_range(WIRE_WINDOW + 1, ~0u, 0);
}

static reader *reader_of(enum format format)
{
	return format == FORMAT_SVG || format == FORMAT_SVGZ ? svg_read : NULL;
}

/* Pango finds fonts in a thread. */
const struct reader_set svg_readers = {
	.start = start, .reader_of = reader_of, .needs = CONFINE_THREADS | CONFINE_FONTS};
