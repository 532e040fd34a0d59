/*
 * handover.h - paths that go from one program of a user to another of the same channel: what was
 * dropped on the consumer goes to a producer. Each producer has a socket in $XDG_RUNTIME_DIR, which
 * is the user's own; where that is not set, or others may write there, nothing is handed over. No
 * threads, never sleeps.
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
 * Hands absolute paths to a producer. False: there is none that accepts them, or they are more than
 * some hundred kilobytes; none of them was handed over then.
 */
bool handover_send(int32_t key, char *const paths[], size_t count);

#endif
