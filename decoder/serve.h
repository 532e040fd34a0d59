/*
 * serve.h - the child's side of wire.h: receives a file, decodes it, passes its rows through the
 * shared memory, and repeats this until the parent ends. Called by main.
 */
#ifndef VITRINE_DECODER_SERVE_H
#define VITRINE_DECODER_SERVE_H

#include "raster.h"
#include "wire.h"

/* raster_decode(), or a test's double of it. */
typedef bool serve_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX]);

/*
 * From here on this process ends when its parent ends. false: the parent, which created the socket,
 * has already ended.
 */
bool serve_begin(void);

/*
 * Returns when the parent has closed the socket. `refusal`: what to answer to every request, as this
 * process is not to decode; NULL: it is.
 */
void serve(serve_decode *decode, const char *refusal);

/* Sends a message about the file in hand, under its request's number. Ends the process if it cannot. */
void serve_say(struct wire_message message);

#endif
