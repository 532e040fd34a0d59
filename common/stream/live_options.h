/*
 * live_options.h - the options that say how to read a stream, as an argp child like those in
 * options.h. Its input is a struct live_choice. The producer and vitrine send use it.
 */
#ifndef VITRINE_STREAM_LIVE_OPTIONS_H
#define VITRINE_STREAM_LIVE_OPTIONS_H

#include <argp.h>
#include <stdint.h>

#include "frames.h"

struct live_choice {
	const char *name;   /* --name; NULL: the stream's own name */
	const char *stride; /* --stride as given; NULL: not given */
	uint32_t format;    /* --format; 0: not given, detect it */
	uint32_t width;     /* --size; given if the format is */
	uint32_t height;
	size_t strides[3]; /* the same, parsed; 0: not given */
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
