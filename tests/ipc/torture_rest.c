/*
 * torture_rest.c - see torture.h: the rest, in which no process acts. While others run, the next
 * process that comes by can hide a lost wake-up, and if a sleeping process is killed, the evidence
 * is gone. At rest, a lost wake-up shows as a process that sleeps although what it waits for is
 * there.
 */
#include "torture.h"

#include "choose_slot.h"
#include "semset.h"

static bool alters_slots(enum part part)
{
	return part != MIRROR && part != INSPECTOR;
}

bool rest_is_reached(const struct vitrine_channel *mirror, const enum part *cast, unsigned places)
{
	uint64_t awakenings = atomic_load(&book->awakenings);
	int semid = mirror->info.semid, asleep = 0;

	for (unsigned i = 0; i < places; i++) {
		uint8_t doing = atomic_load(&book->doing[i]);

		if (!alters_slots(cast[i]))
			continue;
		if (doing == ACTING)
			return false;
		asleep += doing == SLEEPING;
	}
	if (asleep != semset_ncnt(semid, SEM_MUTEX) + semset_ncnt(semid, SEM_EMPTY) +
			      semset_ncnt(semid, SEM_FULL))
		return false; /* a process is about to fall asleep, or has just been woken */
	return awakenings == atomic_load(&book->awakenings);
}

void check_rest(const struct vitrine_channel *mirror, const enum part *cast, unsigned places)
{
	struct values values = values_of(mirror);
	int semid = mirror->info.semid;
	unsigned producers = 0, consumers = 0;

	for (unsigned i = 0; i < places; i++) {
		bool lives = atomic_load(&book->doing[i]) != NOTHING;

		producers += lives && (cast[i] == WAITING_PRODUCER || cast[i] == DROPPING_PRODUCER);
		consumers += lives && cast[i] == CONSUMER;
	}
	if (!is_at_rest(mirror))
		fault("the values are not at rest while everybody rests");
	if (values.semaphore[SEM_PRODUCERS] != producers ||
		values.semaphore[SEM_CONSUMERS] != consumers)
		fault("%u producers and %u consumers live, %u and %u are counted", producers,
			consumers, values.semaphore[SEM_PRODUCERS],
			values.semaphore[SEM_CONSUMERS]);
	if (semset_ncnt(semid, SEM_MUTEX) > 0)
		fault("somebody sleeps for the mutex, which nobody holds");
	if (semset_ncnt(semid, SEM_EMPTY) > 0 && values.semaphore[SEM_EMPTY] > 0)
		fault("a producer sleeps although %u slots are free", values.semaphore[SEM_EMPTY]);
	if (semset_ncnt(semid, SEM_FULL) > 0 && values.semaphore[SEM_FULL] > 0)
		fault("a consumer sleeps although %u images wait", values.semaphore[SEM_FULL]);
}
