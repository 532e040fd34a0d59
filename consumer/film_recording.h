/*
 * film_recording.h - records the channel's newest images as a film, with two other programs:
 * `vitrine recv --mirror --stream` writes them to a pipe, and ffmpeg encodes them. The window is
 * not slowed down, and both end with it. Called on the window's thread, which must live as long
 * as the program.
 */
#ifndef VITRINE_CONSUMER_FILM_RECORDING_H
#define VITRINE_CONSUMER_FILM_RECORDING_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "text.h"

enum recording_state {
	RECORDING_OFF,
	RECORDING_ON,
	RECORDING_ENDING, /* ffmpeg finishes the file */
	RECORDING_DONE,   /* it is complete; reported once */
	RECORDING_FAILED, /* reported once */
};

struct recording { /* all zeros: off */
	enum recording_state state;
	pid_t source;  /* vitrine recv */
	pid_t encoder; /* ffmpeg */
	int64_t started_ns;
	char path[PATH_MAX]; /* the whole path of the file */
};

/*
 * Starts a recording of the channel with this key into a new file in `folder`. false: `reason` says
 * why not, and the remedy.
 */
bool recording_start(struct recording *recording, const char *key, const char *folder, double fps,
	char reason[TEXT_REASON_MAX]);

/* Requests the end; recording_look() reports when the file is complete. */
void recording_stop(struct recording *recording);

/* Looks at the two programs, and returns the state. */
enum recording_state recording_look(struct recording *recording);

/*
 * Stops, and waits until the file is complete, or until ffmpeg has written nothing for some
 * seconds. Returns the last state.
 */
enum recording_state recording_finish(struct recording *recording);

#endif
