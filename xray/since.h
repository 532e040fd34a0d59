/*
 * since.h - since when each process that is not under control has been asleep. The kernel does not
 * tell, so this is when it was first seen asleep in its current call.
 */
#ifndef VITRINE_XRAY_SINCE_H
#define VITRINE_XRAY_SINCE_H

#include <stddef.h>
#include <stdint.h>

#include "sysv/users.h"

struct since {
	struct since_sleep {
		pid_t tid;
		enum sysv_sleep sleep;
		int id;
		int64_t first_ns;
	} * sleeps;
	size_t count;
};

/* Notes which processes sleep now. */
void since_note(struct since *since, const struct sysv_users *users, int64_t now);
void since_end(struct since *since);

/* How long it has been seen asleep, in ns. */
int64_t since_get(const struct since *since, const struct sysv_sleeper *sleeper, int64_t now);

#endif
