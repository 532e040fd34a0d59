/* theme.c - see theme.h: the two palettes, 0xRRGGBBAA, dark and light. */
#include "theme.h"

static const Uint32 palette[COLOURS][2] = {
	[COLOUR_BACKGROUND] = {0x15171bff, 0xf6f5f2ff},
	[COLOUR_TRAY] = {0x191b20ff, 0xefeeeaff},
	[COLOUR_PANEL] = {0x1c1f25ff, 0xffffffff},
	[COLOUR_BAR] = {0x111317ff, 0xeae8e3ff},
	[COLOUR_RAISED] = {0x22252bff, 0xffffffff},
	[COLOUR_BADGE] = {0x10151bff, 0xffffffff},
	[COLOUR_DIM] = {0x0b0c0eb4, 0x16181b80},
	[COLOUR_GLASS] = {0x111317ec, 0xfffffff0},
	[COLOUR_CHECK_1] = {0x5a5e66ff, 0xcbcbcbff},
	[COLOUR_CHECK_2] = {0x3a3d44ff, 0xffffffff},
	[COLOUR_EDGE] = {0x4d525cff, 0x9d9c97ff},
	[COLOUR_OUTLINE] = {0x747983ff, 0x7f8084ff},
	[COLOUR_TEXT] = {0xe9e6dfff, 0x16181bff},
	[COLOUR_TEXT_DIM] = {0x9a9ea6ff, 0x45484eff},
	[COLOUR_INK] = {0x15171bff, 0xffffffff},
	[COLOUR_AMBER] = {0xf2b134ff, 0x8a5800ff},
	[COLOUR_BLUE] = {0x5b9cf5ff, 0x0b57c9ff},
	[COLOUR_TEAL] = {0x6fe3cfff, 0x00756bff},
	[COLOUR_VIOLET] = {0xc9a8f0ff, 0x7b3fa0ff},
	[COLOUR_RED] = {0xf0705fff, 0x9e1430ff},
};

static enum theme_kind current;

SDL_Color theme_colour(enum theme_colour colour)
{
	const Uint32 rgba = palette[colour][current];

	return (SDL_Color){(Uint8)(rgba >> 24), (Uint8)(rgba >> 16 & 0xff),
		(Uint8)(rgba >> 8 & 0xff), (Uint8)(rgba & 0xff)};
}

void theme_use(enum theme_kind kind)
{
	current = kind;
}

enum theme_kind theme_kind(void)
{
	return current;
}
