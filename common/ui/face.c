/* face.c - see face.h. */
#include "face.h"
#include "text.h"

#include <fontconfig/fontconfig.h>
#include <stdlib.h>
#include <string.h>

#include "translate.h"

enum {
	FILES_MAX = 24, /* the four faces, then fonts with characters that these lack */
	OPEN_MAX = 96,
	LACKING_MAX = 256,
};

struct font_file {
	char *path; /* NULL: not found */
	int index;
	bool is_known;
};

struct open_font {
	size_t file;
	int size;
	TTF_Font *font;
};

struct faces {
	bool has_ttf;
	FcConfig *config; /* loaded on first use, because it reads the list of all fonts */
	struct font_file files[FILES_MAX];
	size_t file_count;
	struct open_font open[OPEN_MAX];
	size_t open_count;
	Uint32 lacking[LACKING_MAX]; /* characters that no font has */
	size_t lacking_count;
	char error[256];
};

struct faces *faces_create(void)
{
	struct faces *faces = calloc(1, sizeof(*faces));
	if (faces != NULL)
		faces->file_count = FONT_FACES;
	return faces;
}

void faces_close_fonts(struct faces *faces)
{
	for (size_t i = 0; i < faces->open_count; i++)
		TTF_CloseFont(faces->open[i].font);
	faces->open_count = 0;
}

void faces_destroy(struct faces *faces)
{
	if (faces == NULL)
		return;
	faces_close_fonts(faces);
	for (size_t i = 0; i < FILES_MAX; i++)
		free(faces->files[i].path);
	if (faces->config != NULL)
		FcConfigDestroy(faces->config);
	if (faces->has_ttf)
		TTF_Quit();
	free(faces);
}

static bool start(struct faces *faces)
{
	if (!faces->has_ttf) {
		if (TTF_Init() != 0) {
			text_print(faces->error, sizeof(faces->error), _("cannot draw text: %s"),
				TTF_GetError());
			return false;
		}
		faces->has_ttf = true;
	}
	if (faces->config == NULL)
		faces->config = FcInitLoadConfigAndFonts();
	return faces->config != NULL;
}

static FcPattern *pattern_of(enum font_face face)
{
	bool is_mono = face == FONT_MONO || face == FONT_MONO_BOLD;
	bool is_bold = face == FONT_BOLD || face == FONT_MONO_BOLD;
	FcPattern *pattern = FcPatternCreate();

	if (pattern == NULL)
		return NULL;
	FcPatternAddString(pattern, FC_FAMILY,
		(const FcChar8 *)(is_mono ? "monospace" : "sans-serif"));
	FcPatternAddInteger(pattern, FC_WEIGHT, is_bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
	FcPatternAddInteger(pattern, FC_SLANT, FC_SLANT_ROMAN);
	FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
	FcPatternAddBool(pattern, FC_COLOR, FcFalse);
	return pattern;
}

/* Takes ownership of `pattern`. `character`: a character that the font must have, or 0. */
static bool find(struct faces *faces, FcPattern *pattern, Uint32 character, struct font_file *file)
{
	FcResult result;
	FcPattern *match;
	FcChar8 *path;
	FcCharSet *has;
	FcBool scales = FcTrue;

	file->is_known = true;
	if (pattern == NULL)
		return false;
	FcConfigSubstitute(faces->config, pattern, FcMatchPattern);
	FcDefaultSubstitute(pattern);
	match = FcFontMatch(faces->config, pattern, &result);
	FcPatternDestroy(pattern);
	if (match == NULL)
		return false;
	FcPatternGetBool(match, FC_SCALABLE, 0, &scales);
	bool has_it = character == 0 ||
		      (FcPatternGetCharSet(match, FC_CHARSET, 0, &has) == FcResultMatch &&
			      FcCharSetHasChar(has, character));
	if (scales && has_it && FcPatternGetString(match, FC_FILE, 0, &path) == FcResultMatch) {
		file->path = strdup((const char *)path);
		if (FcPatternGetInteger(match, FC_INDEX, 0, &file->index) != FcResultMatch)
			file->index = 0;
		file->index &= 0xffff; /* the upper bits select an instance of a variable font */
	}
	FcPatternDestroy(match);
	return file->path != NULL;
}

static TTF_Font *open_file(struct faces *faces, size_t number, int size)
{
	const struct font_file *file = &faces->files[number];
	TTF_Font *font;

	for (size_t i = 0; i < faces->open_count; i++)
		if (faces->open[i].file == number && faces->open[i].size == size)
			return faces->open[i].font;
	if (file->path == NULL || faces->open_count == OPEN_MAX)
		return NULL;
	font = TTF_OpenFontIndex(file->path, size, file->index);
	if (font == NULL) {
		text_print(faces->error, sizeof(faces->error), _("cannot open the font %s: %s"),
			file->path, TTF_GetError());
		return NULL;
	}
	TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
	faces->open[faces->open_count++] = (struct open_font){number, size, font};
	return font;
}

TTF_Font *faces_open(struct faces *faces, enum font_face face, int size)
{
	struct font_file *file = &faces->files[face];
	TTF_Font *font;

	if (!file->is_known && start(faces))
		find(faces, pattern_of(face), 0, file);
	font = open_file(faces, face, size);
	if (font == NULL && face != FONT_SANS)
		font = faces_open(faces, FONT_SANS, size);
	if (font == NULL && faces->error[0] == '\0')
		text_print(faces->error, sizeof(faces->error),
			_("no font is installed, so no text is shown; `apt install "
			  "fonts-dejavu-core` installs one"));
	return font;
}

static bool is_lacking(const struct faces *faces, Uint32 character)
{
	for (size_t i = 0; i < LACKING_MAX && i < faces->lacking_count; i++)
		if (faces->lacking[i] == character)
			return true;
	return false;
}

/* Asks fontconfig for another font with this character; NULL if no font has it. */
static TTF_Font *find_lender(struct faces *faces, enum font_face face, int size, Uint32 character)
{
	struct font_file *file = &faces->files[faces->file_count];
	FcPattern *pattern = pattern_of(face);
	FcCharSet *needed = FcCharSetCreate();

	if (pattern != NULL && needed != NULL) {
		FcCharSetAddChar(needed, character);
		FcPatternAddCharSet(pattern, FC_CHARSET, needed);
	}
	if (needed != NULL)
		FcCharSetDestroy(needed);
	if (!find(faces, pattern, character, file))
		return NULL;
	return open_file(faces, faces->file_count++, size);
}

TTF_Font *faces_open_for(struct faces *faces, enum font_face face, int size, Uint32 character)
{
	TTF_Font *own = faces_open(faces, face, size);
	TTF_Font *font;

	if (own == NULL || TTF_GlyphIsProvided32(own, character) || is_lacking(faces, character))
		return own;
	for (size_t i = FONT_FACES; i < faces->file_count; i++) {
		font = open_file(faces, i, size);
		if (font != NULL && TTF_GlyphIsProvided32(font, character))
			return font;
	}
	font = faces->file_count < FILES_MAX ? find_lender(faces, face, size, character) : NULL;
	if (font != NULL && TTF_GlyphIsProvided32(font, character))
		return font;
	faces->lacking[faces->lacking_count++ % LACKING_MAX] = character;
	return own;
}

const char *faces_error(const struct faces *faces)
{
	return faces->error;
}
