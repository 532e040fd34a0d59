/*
 * send_stream.h - vitrine send --stream: sends a stream of frames from standard input, a file or a
 * FIFO, using live.h. Called by send.
 */
#ifndef VITRINE_TOOLS_SEND_STREAM_H
#define VITRINE_TOOLS_SEND_STREAM_H

#include "live_options.h"
#include "sender.h"

/*
 * Sends the whole stream; `path` may be "-". `when_full` -1: the default for this kind of stream.
 * False: no frame was sent, or some are missing; the reason has been printed on standard error.
 */
bool send_stream(const struct sender *sender, const char *path, const struct live_choice *choice,
	int when_full);

/*
 * Plays an animated image once: sends its frames at their own rate, all under one name. `fd` is its
 * file. The oldest frames are dropped if no consumer takes them, unless sender->when_full says
 * otherwise. False: as above.
 */
bool send_animation(const struct sender *sender, int fd, const char *name);

#endif
