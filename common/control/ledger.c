/* ledger.c - see ledger.h. */
#include "ledger.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

void ledger_end(struct ledger *ledger)
{
	free(ledger->entries);
	*ledger = (struct ledger){0};
}

static struct ledger_entry *find(const struct ledger *ledger, pid_t pid, int set,
	uint32_t semaphore)
{
	for (size_t i = 0; i < ledger->count; i++) {
		struct ledger_entry *entry = &ledger->entries[i];

		if (entry->pid == pid && entry->set == set && entry->semaphore == semaphore)
			return entry;
	}
	return NULL;
}

const struct ledger_entry *ledger_find(const struct ledger *ledger, pid_t pid, int set,
	uint32_t semaphore)
{
	return find(ledger, pid, set, semaphore);
}

static struct ledger_entry *find_or_add(struct ledger *ledger, pid_t pid, int set,
	uint32_t semaphore)
{
	struct ledger_entry *entries, *entry = find(ledger, pid, set, semaphore);

	if (entry != NULL)
		return entry;
	entries = grow_array(ledger->entries, ledger->count, sizeof(*entries));
	if (entries == NULL)
		return NULL;
	ledger->entries = entries;
	entry = &entries[ledger->count++];
	memset(entry, 0, offsetof(struct ledger_entry, taken));
	entry->taken.size = 0;
	entry->pid = pid;
	entry->set = set;
	entry->semaphore = semaphore;
	return entry;
}

/*
 * Until a process has taken from the set, additions give it its initial values: a program that sets
 * these with semop() does not count as one that raises the semaphore.
 */
static bool is_in_use(const struct ledger *ledger, const struct call *call)
{
	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_op < 0)
			return true;
	for (size_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].set == call->id &&
			(ledger->entries[i].taken_at > 0 || ledger->entries[i].raised > 0))
			return true;
	return false;
}

static void note_operation(struct ledger_entry *entry, const struct sembuf *operation,
	const struct call_site *place, uint64_t when)
{
	entry->balance += operation->sem_op;
	if (operation->sem_op > 0)
		entry->raised++;
	if (operation->sem_op < 0) {
		entry->taken_at = when;
		entry->taken = *place;
	}
}

/* The value was set: what processes took before, and their undo, no longer count. */
static void clear(struct ledger *ledger, int set, const uint32_t *semaphore)
{
	for (size_t i = 0; i < ledger->count; i++) {
		struct ledger_entry *entry = &ledger->entries[i];

		if (entry->set != set || (semaphore != NULL && entry->semaphore != *semaphore))
			continue;
		entry->undo = 0;
		entry->balance = 0;
		entry->taken_at = 0;
	}
}

/* Removes the entries of a process or, if pid is 0, of a set. */
static void drop(struct ledger *ledger, pid_t pid, int set)
{
	size_t kept = 0;

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];

		if (pid != 0 ? entry->pid == pid : entry->set == set)
			continue;
		if (kept != i)
			ledger->entries[kept] = *entry;
		kept++;
	}
	ledger->count = kept;
}

void ledger_note(struct ledger *ledger, pid_t pid, const struct call *call,
	const struct call_site *place, uint64_t when)
{
	uint32_t semaphore = (uint32_t)call->semaphore;

	if (call->result < 0)
		return;
	if (call->kind == CALL_SEMOP) {
		bool is_used = is_in_use(ledger, call);

		for (uint32_t i = 0; i < call->count; i++) {
			struct ledger_entry *entry =
				find_or_add(ledger, pid, call->id, call->operations[i].sem_num);

			if (entry != NULL && is_used)
				note_operation(entry, &call->operations[i], place, when);
			if (entry != NULL && (call->operations[i].sem_flg & SEM_UNDO) != 0)
				entry->undo -= call->operations[i].sem_op;
		}
	} else if (call->kind == CALL_SEMCTL && call->command == SETVAL) {
		clear(ledger, call->id, &semaphore);
	} else if (call->kind == CALL_SEMCTL && call->command == SETALL) {
		clear(ledger, call->id, NULL);
	} else if (call->kind == CALL_SEMCTL && call->command == IPC_RMID) {
		drop(ledger, 0, call->id);
	}
}

void ledger_forget(struct ledger *ledger, pid_t pid)
{
	drop(ledger, pid, -1);
}
