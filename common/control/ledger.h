/*
 * ledger.h - what each process did to each semaphore, computed from its calls: the kernel's undo
 * entry for it (semadj, which the kernel does not show), its balance, and whether it ever raised
 * the semaphore. Pure: the caller reports each executed call in the order in which the kernel
 * executed them.
 *
 * Threads share the undo of their process; a fork()ed child starts with none; exec() keeps it.
 */
#ifndef VITRINE_CONTROL_LEDGER_H
#define VITRINE_CONTROL_LEDGER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control/call.h"
#include "control/source_line.h"

struct ledger_entry {
	pid_t pid;
	int set;
	uint32_t semaphore;
	int32_t undo;           /* what the kernel adds when the process ends */
	int32_t balance;        /* the sum of its operations; below 0: it took more than it gave */
	uint64_t raised;        /* how often it raised the semaphore while the set was in use */
	uint64_t taken_at;      /* `when` of its last negative operation; 0: never */
	struct call_site taken; /* where that was made */
};

struct ledger {
	struct ledger_entry *entries;
	size_t count;
};

void ledger_end(struct ledger *ledger);

/*
 * Notes that a call of process `pid` returned. `place` is where it was made, `when` a number that
 * grows. Handles semop, SETVAL and SETALL (which clear the undo of every process), and IPC_RMID.
 */
void ledger_note(struct ledger *ledger, pid_t pid, const struct call *call,
	const struct call_site *place, uint64_t when);

/* Notes that the process has ended and the kernel has applied its undo. */
void ledger_forget(struct ledger *ledger, pid_t pid);

/* NULL: the process never operated on the semaphore. */
const struct ledger_entry *ledger_find(const struct ledger *ledger, pid_t pid, int set,
	uint32_t semaphore);

#endif
