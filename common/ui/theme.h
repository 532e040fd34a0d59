/*
 * theme.h - the looks of both windows: colours, spacings and type sizes, measured from the design's
 * two pictures. No code. Sizes are logical pixels: draw_px() makes them pixels of the screen.
 */
#ifndef VITRINE_UI_THEME_H
#define VITRINE_UI_THEME_H

#include "font.h"

#include <SDL_pixels.h>

#define THEME_RGBA(rgb, a)                                                                         \
	((SDL_Color){(Uint8)((rgb) >> 16 & 0xff), (Uint8)((rgb) >> 8 & 0xff), (Uint8)((rgb)&0xff), \
		(a)})
#define THEME_RGB(rgb) THEME_RGBA(rgb, 0xff)

/* grounds */
#define THEME_BACKGROUND THEME_RGB(0x15171b) /* behind the picture, inside of cards */
#define THEME_TRAY       THEME_RGB(0x191b20)
#define THEME_PANEL      THEME_RGB(0x1c1f25)        /* the side panel */
#define THEME_BAR        THEME_RGB(0x111317)        /* the status bar */
#define THEME_RAISED     THEME_RGB(0x22252b)        /* what lies above a panel: help, notices */
#define THEME_EDGE       THEME_RGB(0x24272e)        /* between panels, round quiet cards */
#define THEME_OUTLINE    THEME_RGB(0x2c3038)        /* the place that says "drop images here" */
#define THEME_BADGE      THEME_RGB(0x10151b)        /* under a tick */
#define THEME_DIM        THEME_RGBA(0x0b0c0e, 0xb4) /* over everything, under a dialog */
#define THEME_GLASS      THEME_RGBA(0x111317, 0xdc) /* text over a picture lies on this */
#define THEME_CHECK_1    THEME_RGB(0x3a3d44) /* the checkerboard under transparent pictures */
#define THEME_CHECK_2    THEME_RGB(0x2e3137)

/* writing */
#define THEME_TEXT     THEME_RGB(0xe9e6df)
#define THEME_TEXT_DIM THEME_RGB(0x8d9199)
#define THEME_INK      THEME_RGB(0x15171b) /* on a coloured pill */

/* meanings */
#define THEME_AMBER  THEME_RGB(0xf2b134) /* writing; chosen */
#define THEME_BLUE   THEME_RGB(0x5b9cf5) /* ready: waiting for a consumer */
#define THEME_TEAL   THEME_RGB(0x45c4b0) /* reading; done */
#define THEME_VIOLET THEME_RGB(0xb59ce8) /* kept: the newest image, which all have seen */
#define THEME_RED    THEME_RGB(0xef6351) /* error; nothing left */

/* type */
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
#define THEME_MONO_SMALL  ((struct font_style){FONT_MONO, 10})
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
#define THEME_PICTURE_SPACE 36  /* kept free round the producer's picture */
#define THEME_PANEL_WIDTH   380 /* the design's pictures: 1180 wide, of which the picture gets 800 */
#define THEME_BADGE_SIZE    16

#endif
