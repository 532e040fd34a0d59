/*
 * serve.h - the child's side of the conversation in wire.h: takes a file, has it decoded, hands its
 * rows over through the window, and so on until the parent is gone. main calls it.
 */
#ifndef VITRINE_DECODER_SERVE_H
#define VITRINE_DECODER_SERVE_H

#include "raster.h"
#include "wire.h"

/* raster_decode(), or a test's double of it. */
typedef bool serve_decode(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX]);

/*
 * From here on this process ends with its parent, whatever it is at. false: the parent, who made the
 * socket, is dead already.
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
