/*
 * theme.h - the appearance of all windows: colours, type sizes and spacings. Each colour has a
 * value in the dark and in the light theme; a program shows one theme at a time, and its drawing
 * thread may change it between two frames. Sizes are logical pixels: draw_px() converts them to
 * pixels of the output.
 */
#ifndef VITRINE_UI_THEME_H
#define VITRINE_UI_THEME_H

#include "font.h"

#include <SDL_pixels.h>
#include <stdbool.h>

enum theme_kind { THEME_DARK, THEME_LIGHT };

enum theme_colour {
	/* grounds */
	COLOUR_BACKGROUND, /* behind the picture, inside of cards */
	COLOUR_TRAY,
	COLOUR_PANEL,   /* the side panel */
	COLOUR_BAR,     /* the status bar */
	COLOUR_RAISED,  /* overlays above a panel: help, notices */
	COLOUR_BADGE,   /* under a tick */
	COLOUR_DIM,     /* over everything, under a dialog; translucent */
	COLOUR_GLASS,   /* under text over a picture; translucent */
	COLOUR_CHECK_1, /* the checkerboard under transparent pictures */
	COLOUR_CHECK_2,
	/* frames */
	COLOUR_EDGE,    /* between panes */
	COLOUR_OUTLINE, /* around cards and empty places */
	/* writing */
	COLOUR_TEXT,
	COLOUR_TEXT_DIM, /* less important text; asleep */
	COLOUR_INK,      /* on a coloured pill */
	/* meanings */
	COLOUR_AMBER,  /* writing; chosen */
	COLOUR_BLUE,   /* ready: waits for a consumer */
	COLOUR_TEAL,   /* reading; done */
	COLOUR_VIOLET, /* kept: the newest image, after it was consumed */
	COLOUR_RED,    /* an error; nothing left */
	COLOURS
};

/* The colour in the current theme, which is dark until theme_use() says otherwise. */
SDL_Color theme_colour(enum theme_colour colour);
void theme_use(enum theme_kind kind);
enum theme_kind theme_kind(void);

/*
 * The theme that the desktop prefers, from $GTK_THEME or else from the settings portal, for whose
 * answer it waits up to two seconds. THEME_DARK if there is no answer.
 */
enum theme_kind theme_of_desktop(void);

#define THEME_BACKGROUND theme_colour(COLOUR_BACKGROUND)
#define THEME_TRAY       theme_colour(COLOUR_TRAY)
#define THEME_PANEL      theme_colour(COLOUR_PANEL)
#define THEME_BAR        theme_colour(COLOUR_BAR)
#define THEME_RAISED     theme_colour(COLOUR_RAISED)
#define THEME_BADGE      theme_colour(COLOUR_BADGE)
#define THEME_DIM        theme_colour(COLOUR_DIM)
#define THEME_GLASS      theme_colour(COLOUR_GLASS)
#define THEME_CHECK_1    theme_colour(COLOUR_CHECK_1)
#define THEME_CHECK_2    theme_colour(COLOUR_CHECK_2)
#define THEME_EDGE       theme_colour(COLOUR_EDGE)
#define THEME_OUTLINE    theme_colour(COLOUR_OUTLINE)
#define THEME_TEXT       theme_colour(COLOUR_TEXT)
#define THEME_TEXT_DIM   theme_colour(COLOUR_TEXT_DIM)
#define THEME_INK        theme_colour(COLOUR_INK)
#define THEME_AMBER      theme_colour(COLOUR_AMBER)
#define THEME_BLUE       theme_colour(COLOUR_BLUE)
#define THEME_TEAL       theme_colour(COLOUR_TEAL)
#define THEME_VIOLET     theme_colour(COLOUR_VIOLET)
#define THEME_RED        theme_colour(COLOUR_RED)

/* type; at 200 %, the smallest size is readable from the last row of a classroom */
#define THEME_SIZE_LEAST  12
#define THEME_BODY        ((struct font_style){FONT_SANS, 13})
#define THEME_BODY_BOLD   ((struct font_style){FONT_BOLD, 13})
#define THEME_HEAD        ((struct font_style){FONT_BOLD, 15})
#define THEME_LABEL       ((struct font_style){FONT_SANS, 12})
#define THEME_BAR_TEXT    ((struct font_style){FONT_SANS, 13})
#define THEME_BAR_NAME    ((struct font_style){FONT_BOLD, 14})
#define THEME_MONO        ((struct font_style){FONT_MONO, 12})
#define THEME_PILL        ((struct font_style){FONT_SANS, 12})
#define THEME_NOTICE      ((struct font_style){FONT_SANS, 13})
#define THEME_NOTICE_NAME ((struct font_style){FONT_BOLD, 13})
#define THEME_MONO_SMALL  ((struct font_style){FONT_MONO, 12})
#define THEME_FIGURE      ((struct font_style){FONT_MONO_BOLD, 24}) /* a semaphore's value */

/* sizes, logical pixels */
#define THEME_MARGIN        24 /* from the window's edge to tray and bar contents */
#define THEME_GAP           12 /* between texts of a row */
#define THEME_HINT_GAP      17 /* between the key hints of the bar */
#define THEME_RADIUS        8  /* of cards and dialogs */
#define THEME_LINE          2  /* of a card's border */
#define THEME_BAR_HEIGHT    54
#define THEME_TRAY_HEIGHT   136
#define THEME_THUMB_WIDTH   128 /* a picture in the tray … */
#define THEME_THUMB_HEIGHT  80
#define THEME_THUMB_STEP    148 /* … and to the next one */
#define THEME_THUMB_TOP     18  /* below the tray's upper edge */
#define THEME_THUMB_LABEL   107 /* its name, below the tray's upper edge */
#define THEME_PICTURE_SPACE 16  /* kept free around a fitted picture */
#define THEME_PANEL_WIDTH   380 /* as in the design: 1180 wide, of which the picture gets 800 */
#define THEME_BADGE_SIZE    18

#endif
