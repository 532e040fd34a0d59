/* live_options.c - see live_options.h. */
#include "live_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"

enum { KEY_SIZE = 0x4000, KEY_FORMAT, KEY_FPS };

static const struct argp_option table[] = {
	{"format", KEY_FORMAT, "FORMAT", 0,
		"The frames of a stream are raw, without headers, and of this format: \"yuv420p\", "
		"\"nv12\", \"gray\", \"rgba\", \"rgb0\", \"bgra\" or \"bgr0\"",
		0},
	{"size", KEY_SIZE, "WxH", 0, "The size of raw frames, in pixels", 0},
	{"fps", KEY_FPS, "NUMBER", 0,
		"Of a stream, at most so many frames a second; 0: as they come (default: what the stream says)",
		0},
	{0},
};

static void parse_size(struct argp_state *state, const char *text, struct live_choice *choice)
{
	char end;

	if (sscanf(text, "%8u%*1[xX]%8u%c", &choice->width, &choice->height, &end) != 2 ||
		strspn(text, "0123456789xX") != strlen(text) || choice->width == 0 ||
		choice->height == 0)
		argp_error(state, "--size %s: give width and height in pixels, such as 640x480",
			text);
}

static void parse_fps(struct argp_state *state, const char *text, struct live_choice *choice)
{
	char *end;

	choice->fps = strtod(text, &end);
	if (*text == '\0' || strspn(text, "0123456789.") != strlen(text) || *end != '\0' ||
		choice->fps > 1000)
		argp_error(state, "--fps %s: give frames a second up to 1000, such as 25 or 29.97",
			text);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct live_choice *choice = state->input;

	switch (key) {
	case ARGP_KEY_INIT: *choice = (struct live_choice){.fps = LIVE_OWN_RATE}; break;
	case KEY_SIZE: parse_size(state, text, choice); break;
	case KEY_FORMAT:
		if (!frames_format(text, &choice->format))
			argp_error(state, "--format %s: give one of %s", text, FRAMES_FORMATS);
		break;
	case KEY_FPS: parse_fps(state, text, choice); break;
	case ARGP_KEY_END:
		if ((choice->width == 0) != (choice->format == 0))
			argp_error(state, "raw frames need both --size and --format");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp live_options_argp = {.options = table, .parser = parse_option};
