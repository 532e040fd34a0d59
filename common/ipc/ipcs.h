/*
 * ipcs.h - reads the lists of segments and sets in /proc/sysvipc, and determines which segments are
 * channels. The library needs only these columns of these two lists; sysv/objects.h, which the
 * library cannot use, reads all of them for the X-ray. It changes nothing. Private to common/ipc
 * and tools.
 */
#ifndef VITRINE_IPC_IPCS_H
#define VITRINE_IPC_IPCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "vitrine.h"

enum ipcs_kind { IPCS_SEGMENTS, IPCS_SETS };

struct ipcs_object {
	int32_t key;
	int32_t id;
	uid_t owner;
	uint64_t size;     /* segments: bytes; sets: number of semaphores */
	uint64_t attached; /* segments: number of attachments */
	uint64_t resident; /* segments: bytes in memory and in swap */
};

struct ipcs_list {
	struct ipcs_object *objects;
	size_t count;
};

/*
 * Reads the list from `root`/proc/sysvipc; `root` is "" except in tests. false: see errno; the
 * kernel may have been built without System V IPC.
 */
bool ipcs_read(struct ipcs_list *list, const char *root, enum ipcs_kind kind);
void ipcs_free(struct ipcs_list *list);

/* The object with this key, or with this id; NULL if there is none. */
const struct ipcs_object *ipcs_with_key(const struct ipcs_list *list, int32_t key);
const struct ipcs_object *ipcs_with_id(const struct ipcs_list *list, int32_t id);

/*
 * True if this user owns the segment and it has the magic of a channel. *semid receives the id of
 * the set that it names. Reads the header through a read-only mapping.
 */
bool ipcs_is_channel(const struct ipcs_object *segment, int32_t *semid);

#endif
