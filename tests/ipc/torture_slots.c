/*
 * torture_slots.c - see torture.h: the first act. Producers, consumers, mirrors and inspectors
 * share a channel and are killed and stopped at random moments and at random events. All except
 * mirrors sleep without a timeout; a sleeping process is killed only after the others have come to
 * rest. In the end every image is accounted for, and every value is back at rest.
 */
#include "torture.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const enum part cast[] = {WAITING_PRODUCER, WAITING_PRODUCER, DROPPING_PRODUCER, CONSUMER,
	CONSUMER, CONSUMER, MIRROR, MIRROR, INSPECTOR, INSPECTOR};
enum { PLACES = sizeof(cast) / sizeof(cast[0]) };

/* The state of one act. */
struct act {
	struct torture *torture;
	struct vitrine_channel *mirror; /* the master's */
	uint64_t progress, progress_ns;
	struct place {
		pid_t pid; /* 0: to be filled */
		bool kills_itself;
		uint64_t stopped_ns, continue_ns; /* 0: it runs */
	} places[PLACES];
};

static void spawn(struct act *act, unsigned at)
{
	uint64_t *chance = &act->torture->chance;
	struct place *place = &act->places[at];
	struct player player = {
		.place = at,
		.part = cast[at],
		.slots = act->torture->slots,
		.random = random_next(chance),
	};
	pid_t parent = getpid();

	*place = (struct place){.kills_itself = random_next(chance) % 3 == 0};
	if (place->kills_itself)
		player.die_at = 1 + random_next(chance) % (1u << random_next(chance) % 12);
	atomic_store(&book->doing[at], ACTING);
	place->pid = fork();
	must(place->pid >= 0);
	if (place->pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpriority(PRIO_PROCESS, 0, act->torture->priority);
	if (getppid() == parent)
		play_part(&player);
	_exit(1);
}

/* Waits for the end of a process, with or without a kill. */
static bool bury(struct act *act, unsigned at, int options)
{
	struct place *place = &act->places[at];
	int status;

	if (waitpid(place->pid, &status, options) != place->pid)
		return false;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fault("a process ended by itself, status 0x%x", status);
	unrest_ends(at);
	atomic_store(&book->doing[at], NOTHING);
	place->pid = 0;
	return true;
}

static void bury_suicides(struct act *act)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (act->places[i].pid > 0 && act->places[i].kills_itself && bury(act, i, WNOHANG))
			act->torture->suicides++;
}

/* Continues the processes that were stopped for long enough, or all that are stopped (`now`). */
static void continue_stopped(struct act *act, bool now)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct place *place = &act->places[i];

		if (place->continue_ns == 0 || (!now && clock_ns() < place->continue_ns))
			continue;
		kill(place->pid, SIGCONT);
		torture_count_stop(act->torture, clock_ns() - place->stopped_ns);
		place->continue_ns = 0;
	}
}

/* ---- rest ---------------------------------------------------------------------------------- */

/* Brings all processes to rest and checks the values. False: they do not come to rest. */
static bool come_to_rest(struct act *act)
{
	uint64_t limit_ns = (act->torture->is_mutant ? 3 : 20) * (uint64_t)SECOND_NS;
	uint64_t since_ns = clock_ns();

	atomic_store(&book->rest, true);
	continue_stopped(act, true);
	while (!rest_is_reached(act->mirror, cast, PLACES)) {
		bury_suicides(act);
		if (clock_ns() - since_ns > limit_ns) {
			fault("they do not come to rest");
			return false;
		}
		poll(NULL, 0, 1);
	}
	act->torture->rests++;
	check_rest(act->mirror, cast, PLACES);
	return true;
}

static void end_rest(struct act *act)
{
	atomic_store(&book->rest, false);
	act->progress_ns = 0;
}

/* ---- the master's deeds -------------------------------------------------------------------- */

static void kill_one(struct act *act, unsigned at)
{
	bool sleeps = atomic_load(&book->doing[at]) == SLEEPING && cast[at] != MIRROR;

	if (sleeps && !come_to_rest(act))
		return;
	unrest_begins(at);
	kill(act->places[at].pid, SIGKILL);
	bury(act, at, 0);
	act->torture->kills++;
	if (!sleeps)
		return;
	check_rest(act->mirror, cast, PLACES); /* the death of a sleeper changes nothing */
	end_rest(act);
}

static void stop_one(struct act *act, unsigned at)
{
	struct place *place = &act->places[at];

	place->stopped_ns = clock_ns();
	place->continue_ns = place->stopped_ns +
			     random_next(&act->torture->chance) % (30 * (uint64_t)MILLISECOND_NS);
	kill(place->pid, SIGSTOP);
}

/* True if images still pass: no death may stop the other processes. */
static bool gets_on(struct act *act)
{
	uint64_t now = atomic_load(&book->published) + atomic_load(&book->released);
	uint64_t limit_s = act->torture->is_mutant ? 3 : 10;

	if (now != act->progress || act->progress_ns == 0) {
		act->progress = now;
		act->progress_ns = clock_ns();
	}
	if (clock_ns() - act->progress_ns < limit_s * (uint64_t)SECOND_NS)
		return true;
	fault("nothing moved for %llu seconds", (unsigned long long)limit_s);
	return false;
}

static void torment(struct act *act, unsigned long until)
{
	struct torture *torture = act->torture;

	while (torture->kills + torture->suicides < until && torture_goes_on(torture) &&
		gets_on(act) && atomic_load(&book->ids) < IMAGES_MAX - PLACES_MAX) {
		unsigned at = (unsigned)(random_next(&torture->chance) % PLACES);

		bury_suicides(act);
		continue_stopped(act, false);
		for (unsigned i = 0; i < PLACES; i++)
			if (act->places[i].pid == 0)
				spawn(act, i);
		poll(NULL, 0, (int)(random_next(&torture->chance) % 8)); /* a random moment */
		if (act->places[at].kills_itself || act->places[at].continue_ns != 0)
			continue;
		if (random_next(&torture->chance) % 4 == 0)
			stop_one(act, at);
		else
			kill_one(act, at);
	}
}

static void end_all(struct act *act)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (act->places[i].pid > 0) {
			kill(act->places[i].pid, SIGKILL);
			waitpid(act->places[i].pid, NULL, 0);
			unrest_ends(i);
			atomic_store(&book->doing[i], NOTHING);
		}
}

/* ---- the account --------------------------------------------------------------------------- */

static void drain(uint32_t slots)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, slots);
	struct vitrine_channel *consumer;
	struct vitrine_image image;
	uint64_t id;

	if (vitrine_open(&consumer, &options) != VITRINE_OK) {
		fault("%s", vitrine_message(consumer));
		vitrine_close(consumer);
		return;
	}
	while (vitrine_take(consumer, 0, &image) == VITRINE_OK) {
		if (!image_is_true(&image, &id))
			fault("image number %llu is torn", (unsigned long long)image.sequence);
		note_id(image.sequence, id);
		write_fate(image.sequence, DONE, 0);
		vitrine_release(consumer, &image);
	}
	vitrine_close(consumer);
}

/* Checks that every number up to the newest was published, and was released or dropped. */
static void account(struct act *act)
{
	struct vitrine_image image = {.sequence = 0};
	uint64_t last, lost = 0;

	check_rest(act->mirror, cast, PLACES);
	if (value_of(act->mirror, SEM_MIRRORS) != 1)
		fault("a dead mirror is counted");
	drain(act->torture->slots);
	if (vitrine_latest(act->mirror, &image) == VITRINE_EDAMAGED)
		fault("%s", vitrine_message(act->mirror));
	last = image.sequence;
	for (uint64_t i = 1; i <= last && i < IMAGES_MAX; i++)
		if (ledger->fate_of[i] == 0 && lost++ == 0)
			fault("image number %llu is lost", (unsigned long long)i);
	if (last < IMAGES_MAX - 1 && ledger->id_of[last + 1] != 0)
		fault("image number %llu is newer than the newest", (unsigned long long)last + 1);
	act->torture->lost += lost;
}

bool torture_slots(struct torture *torture, unsigned long kills)
{
	struct act act = {.torture = torture};

	open_ledger();
	new_test_key();
	act.mirror = open_channel(VITRINE_MIRROR, torture->slots);
	torment(&act, torture->kills + torture->suicides + kills);
	if (book->faults == 0)
		come_to_rest(&act);
	end_all(&act);
	end_rest(&act);
	account(&act);
	vitrine_remove(act.mirror);
	vitrine_close(act.mirror);
	if (!objects_are_gone())
		fault("objects were left behind");
	return torture_goes_on(torture);
}
