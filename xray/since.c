/* since.c - see since.h. */
#include "since.h"

#include <stdlib.h>

static const struct since_sleep *find(const struct since *since, const struct sysv_sleeper *sleeper)
{
	for (size_t i = 0; i < since->count; i++)
		if (since->sleeps[i].tid == sleeper->tid &&
			since->sleeps[i].sleep == sleeper->sleep &&
			since->sleeps[i].id == sleeper->id)
			return &since->sleeps[i];
	return NULL;
}

void since_note(struct since *since, const struct sysv_users *users, int64_t now)
{
	struct since_sleep *sleeps = calloc(users->sleeper_count + 1, sizeof(*sleeps));

	if (sleeps == NULL)
		return;
	for (size_t i = 0; i < users->sleeper_count; i++) {
		const struct sysv_sleeper *sleeper = &users->sleepers[i];
		const struct since_sleep *former = find(since, sleeper);

		sleeps[i] = (struct since_sleep){sleeper->tid, sleeper->sleep, sleeper->id,
			former != NULL ? former->first_ns : now};
	}
	free(since->sleeps);
	since->sleeps = sleeps;
	since->count = users->sleeper_count;
}

void since_end(struct since *since)
{
	free(since->sleeps);
	*since = (struct since){0};
}

int64_t since_get(const struct since *since, const struct sysv_sleeper *sleeper, int64_t now)
{
	const struct since_sleep *found = find(since, sleeper);

	return found != NULL ? now - found->first_ns : 0;
}
