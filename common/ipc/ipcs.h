/*
 * ipcs.h - the System V objects of this machine, as /proc/sysvipc lists them, and which of the
 * segments are channels of ours. It reads; it changes nothing. Private to common/ipc and tools.
 */
#ifndef VITRINE_IPCS_H
#define VITRINE_IPCS_H

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
	uint64_t size;     /* of a segment, bytes; of a set, semaphores */
	uint64_t attached; /* segments: how often */
	uint64_t resident; /* segments: bytes in memory and swapped out */
};

struct ipcs_list {
	struct ipcs_object *objects;
	size_t count;
};

/* `root` stands before /proc: "" on a real system. false: errno; the kernel may have no such IPC. */
bool ipcs_read(struct ipcs_list *list, const char *root, enum ipcs_kind kind);
void ipcs_free(struct ipcs_list *list);

/* The object with this key, or this id; NULL: none. */
const struct ipcs_object *ipcs_with_key(const struct ipcs_list *list, int32_t key);
const struct ipcs_object *ipcs_with_id(const struct ipcs_list *list, int32_t id);

/*
 * Whether a segment is a channel of this user: the owner and the magic are ours. *semid receives the
 * set that it names. Looks at it through a read-only mapping.
 */
bool ipcs_is_channel(const struct ipcs_object *segment, int32_t *semid);

#endif
