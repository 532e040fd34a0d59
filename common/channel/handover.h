/*
 * handover.h - passes paths from one program of a user to another in the same channel: files that
 * were dropped on the consumer go to a producer. Each producer has a socket in $XDG_RUNTIME_DIR, a
 * folder that only this user can write to; if the variable is not set, or other users can write
 * there, nothing is handed over. No threads, never sleeps.
 */
#ifndef VITRINE_CHANNEL_HANDOVER_H
#define VITRINE_CHANNEL_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct handover;

/* Begins to accept paths for the producers of the channel `key`. NULL: errno. */
struct handover *handover_open(int32_t key);
void handover_close(struct handover *handover); /* NULL is allowed */

/*
 * Returns paths that were handed over: NUL-terminated strings, one after the other, *size bytes in
 * all; free() them. NULL: there are none. `handover` may be NULL.
 */
char *handover_pop(struct handover *handover, size_t *size);

/*
 * Hands absolute paths to a producer. False: no path was handed over, because no producer accepts
 * them, or because together they exceed a few hundred kilobytes.
 */
bool handover_send(int32_t key, char *const paths[], size_t count);

#endif
