/*
 * serve.h - the child's side of wire.h: receives a file, decodes it, passes its rows through the
 * shared memory, and repeats this until the parent ends. Called by main.
 */
#ifndef VITRINE_DECODER_SERVE_H
#define VITRINE_DECODER_SERVE_H

#include "raster.h"
#include "wire.h"

/* raster_decode(), or a test's replacement. */
typedef bool serve_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX]);

/*
 * From here on this process ends when its parent ends. false: the parent, which created the socket,
 * has already ended.
 */
bool serve_begin(void);

/*
 * Handles requests until the parent closes the socket. If `refusal` is not NULL, this process must
 * not decode, and answers every request with this text.
 */
void serve(serve_decode *decode, const char *refusal);

/*
 * Sends a message about the current file, with its request's number. Ends the process if that
 * fails.
 */
void serve_say(struct wire_message message);

#endif
