/*
 * playback_window.h - the window of `vitrine play`: a recorded run, step by step, forward and back.
 * It has one thread.
 */
#ifndef VITRINE_XRAY_PLAYBACK_WINDOW_H
#define VITRINE_XRAY_PLAYBACK_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "draw.h"
#include "key_table.h"
#include "playback.h"
#include "xray.h"

/* A view of a recording, drawn in a window or into a picture. */
struct playback_view {
	struct draw *draw;
	struct playback *playback;
	struct xray *xray;
	bool is_lecture;
	/* as of the last drawing */
	struct xray_model model;
	struct curves curves;
};

/* Draws the current step of the recording. */
void playback_draw(struct playback_view *view, SDL_Rect area);

/* The appearance of a picture; each step is shown for `seconds`. */
struct playback_look {
	int width, height;
	float scale; /* pixels per logical pixel */
	bool is_lecture;
	double seconds;
};

/*
 * Writes all steps to an animated picture, with ffmpeg: GIF, APNG, WebP or MP4, according to the
 * file's name. False: `message` has the reason and the remedy.
 */
bool playback_picture(struct playback *playback, const char *path, const struct playback_look *look,
	char message[RECORDED_MESSAGE]);

enum playback_command {
	PLAYBACK_FORWARD,
	PLAYBACK_BACK,
	PLAYBACK_PAGE_FORWARD,
	PLAYBACK_PAGE_BACK,
	PLAYBACK_FIRST,
	PLAYBACK_LAST,
	PLAYBACK_SLOW,
	PLAYBACK_SLOWER,
	PLAYBACK_FASTER,
	PLAYBACK_FULL_SCREEN,
	PLAYBACK_ESCAPE,
	PLAYBACK_HELP,
	PLAYBACK_QUIT,
};

const struct key_table *playback_commands(void);

/* vitrine-xray --play [OPTION]... FILE. Returns the exit status. */
int playback_main(int argc, char **argv);

#endif
