/*
 * written.h - caches the text of each semaphore set, as written in the last look: most sets do not
 * change between two looks, and there may be thousands.
 */
#ifndef VITRINE_TOOLS_WRITTEN_H
#define VITRINE_TOOLS_WRITTEN_H

#include "xray_command.h"

/* Writes a set, as text or as JSON. */
typedef void written_writer(FILE *file, struct xray_session *xray, const struct snapshot_set *set);

/*
 * The text of the set at this position: the previous text, unless the set has changed since, or the
 * text is older than `age_ns` (it also contains things whose changes are not noticed). NULL: no
 * memory. Valid until the next call for this position.
 */
const char *written_set(struct xray_session *xray, size_t position, written_writer *write,
	int64_t age_ns, size_t *length);

void written_end(struct xray_session *xray);

#endif
