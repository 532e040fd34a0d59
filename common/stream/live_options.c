/* live_options.c - see live_options.h. */
#include "live_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live.h"
#include "translate.h"

enum { KEY_SIZE = 0x4000, KEY_FORMAT, KEY_STRIDE, KEY_MATRIX, KEY_RANGE, KEY_NAME, KEY_FPS };

enum { GROUP_STREAMS = 5 }; /* after a program's own, before "Look inside" */

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, N_("Streams:"), GROUP_STREAMS},
	{"format", KEY_FORMAT, "FORMAT", 0,
		N_("Read raw frames, without headers, in this format: rgb24, bgr24, rgba, "
		   "rgb0, bgra, bgr0, gray, gray16le, yuv420p, yuv422p, nv12, nv21, yuyv422, "
		   "uyvy422"),
		GROUP_STREAMS},
	{"size", KEY_SIZE, "WxH", 0, N_("Read raw frames of this size, in pixels"), GROUP_STREAMS},
	{"stride", KEY_STRIDE, "BYTES[,BYTES]", 0,
		N_("Read raw frames with this number of bytes per row, including padding "
		   "(GStreamer pads to a multiple of 4); the second number is for the chroma "
		   "planes. Default: no padding; second number: half of the first or, for "
		   "nv12 and nv21, the same"),
		GROUP_STREAMS},
	{"matrix", KEY_MATRIX, "MATRIX", 0,
		N_("Interpret video with this colour matrix: bt601, bt709 or bt2020. Default: "
		   "bt709 from 720 rows up, bt601 below (when ffmpeg converts colours, it "
		   "uses bt601 unless told otherwise)"),
		GROUP_STREAMS},
	{"range", KEY_RANGE, "RANGE", 0,
		N_("Interpret video with this value range: full or limited. Default: the "
		   "range that the stream states; if it states none, limited"),
		GROUP_STREAMS},
	{"name", KEY_NAME, "NAME", 0,
		N_("Give the frames this name. Default: the name of the file, or \"stdin\""),
		GROUP_STREAMS},
	{"fps", KEY_FPS, "NUMBER", 0,
		N_("Play at most this many frames per second; 0: as fast as they arrive. "
		   "Default: the rate that the stream states"),
		GROUP_STREAMS},
	{0},
};

static void parse_size(struct argp_state *state, const char *text, struct live_choice *choice)
{
	char end;

	if (sscanf(text, "%8u%*1[xX]%8u%c", &choice->width, &choice->height, &end) != 2 ||
		strspn(text, "0123456789xX") != strlen(text) || choice->width == 0 ||
		choice->height == 0)
		argp_error(state, _("--size %s: give width and height in pixels, such as 640x480"),
			text);
}

static void parse_stride(struct argp_state *state, const char *text, struct live_choice *choice)
{
	size_t *strides = choice->strides;
	int count = sscanf(text, "%8zu,%8zu", &strides[0], &strides[1]);

	if (count < 1 || strspn(text, "0123456789,") != strlen(text) || strides[0] == 0)
		argp_error(state, _("--stride %s: give the bytes of a row, such as 644 or 324,164"),
			text);
	if (count == 1)
		strides[1] = choice->format == VITRINE_NV12 ||
					     choice->format == VITRINE_FOURCC('N', 'V', '2', '1')
				     ? strides[0]
				     : (strides[0] + 1) / 2;
}

static void parse_matrix(struct argp_state *state, const char *text, struct live_choice *choice)
{
	static const char *const names[] = {
		[FRAMES_BT601] = "bt601", [FRAMES_BT709] = "bt709", [FRAMES_BT2020] = "bt2020"};

	for (unsigned i = FRAMES_BT601; i <= FRAMES_BT2020; i++)
		if (strcmp(text, names[i]) == 0)
			choice->matrix = (enum frames_matrix)i;
	if (choice->matrix == FRAMES_OWN_MATRIX)
		argp_error(state, _("--matrix %s: give bt601, bt709 or bt2020"), text);
}

static void parse_range(struct argp_state *state, const char *text, struct live_choice *choice)
{
	if (strcmp(text, "full") == 0 || strcmp(text, "pc") == 0)
		choice->range = FRAMES_FULL;
	else if (strcmp(text, "limited") == 0 || strcmp(text, "tv") == 0)
		choice->range = FRAMES_LIMITED;
	else
		argp_error(state, _("--range %s: give full or limited"), text);
}

static void parse_fps(struct argp_state *state, const char *text, struct live_choice *choice)
{
	char *end;

	choice->fps = strtod(text, &end);
	if (*text == '\0' || strspn(text, "0123456789.") != strlen(text) || *end != '\0' ||
		choice->fps > 1000)
		argp_error(state,
			_("--fps %s: give frames per second up to 1000, such as 25 or 29.97"),
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
			argp_error(state, _("--format %s: give one of %s"), text, FRAMES_FORMATS);
		break;
	case KEY_FPS: parse_fps(state, text, choice); break;
	case KEY_NAME: choice->name = text; break;
	case KEY_STRIDE: choice->stride = text; break;
	case KEY_MATRIX: parse_matrix(state, text, choice); break;
	case KEY_RANGE: parse_range(state, text, choice); break;
	case ARGP_KEY_END:
		if (choice->stride != NULL && choice->format == 0)
			argp_error(state,
				_("--stride is for raw frames: give --size and --format, too"));
		else if (choice->stride != NULL)
			parse_stride(state, choice->stride, choice);
		if ((choice->width == 0) != (choice->format == 0))
			argp_error(state, _("raw frames need both --size and --format"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp live_options_argp = {.options = table, .parser = parse_option};
