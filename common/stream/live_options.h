/*
 * live_options.h - the options that say how a stream is to be read, as an argp child like options.h's.
 * Its input is a struct live_choice. The producer and vitrine send have it.
 */
#ifndef VITRINE_STREAM_LIVE_OPTIONS_H
#define VITRINE_STREAM_LIVE_OPTIONS_H

#include <argp.h>
#include <stdint.h>

#include "frames.h"

struct live_choice {
	const char *name;   /* --name; NULL: as the stream is called */
	const char *stride; /* --stride as it was given; NULL: not */
	uint32_t format;    /* --format; 0: not given, then the stream tells */
	uint32_t width;     /* --size; given if the format is */
	uint32_t height;
	size_t strides[3]; /* … and as bytes; 0: not given */
	enum frames_matrix matrix;
	enum frames_range range;
	double fps; /* --fps; LIVE_OWN_RATE: not given */
};

extern const struct argp live_options_argp;
#define LIVE_OPTIONS_CHILD                                                                         \
	{                                                                                          \
		&live_options_argp, 0, NULL, 0                                                     \
	}

#endif
