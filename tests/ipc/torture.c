/*
 * torture.c - producers, consumers, mirrors and inspectors, killed and stopped at random moments
 * and at random events of their own; all sleep without a time-out (mirrors excepted). Then every
 * image is accounted for and every value is back at rest.
 *
 *     torture [--kills N] [--seconds S] [--seed X] [--slots N]
 *             [--mutant ARRAY.OPERATION[-]] the table without that undo (-: without the operation);
 *                                           success is then that a fault was found
 */
#include "torture.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutant.h"

static const enum part cast[] = {WAITING_PRODUCER, WAITING_PRODUCER, DROPPING_PRODUCER, CONSUMER,
	CONSUMER, CONSUMER, MIRROR, INSPECTOR};
enum { PLACES = sizeof(cast) / sizeof(cast[0]) };

static struct {
	unsigned long kills, seconds;
	uint64_t seed;
	uint32_t slots;
	bool is_mutant;
} wanted = {.kills = 1000, .seconds = 25};

static uint64_t chance;
static unsigned long kills, suicides, stops;
static struct {
	pid_t pid;
	bool kills_itself;
	uint64_t stopped_until_ns; /* 0: it runs */
} places[PLACES];

static void spawn(unsigned place)
{
	struct player player = {
		.place = place,
		.part = cast[place],
		.slots = wanted.slots,
		.random = random_next(&chance),
	};
	pid_t parent = getpid();

	places[place].kills_itself = random_next(&chance) % 3 == 0;
	places[place].stopped_until_ns = 0;
	if (places[place].kills_itself)
		player.die_at = 1 + random_next(&chance) % (1u << random_next(&chance) % 12);
	places[place].pid = fork();
	must(places[place].pid >= 0);
	if (places[place].pid > 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent)
		play_part(&player);
	_exit(1);
}

/* Waits for its end, with or without a kill. */
static void bury(unsigned place, int options)
{
	int status;

	if (waitpid(places[place].pid, &status, options) != places[place].pid)
		return;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fault("a process ended by itself, status 0x%x", status);
	unrest_ends(place);
	places[place].pid = 0;
}

static void kill_one(unsigned place)
{
	unrest_begins(place);
	kill(places[place].pid, SIGKILL);
	bury(place, 0);
	kills++;
}

static void stop_one(unsigned place)
{
	kill(places[place].pid, SIGSTOP);
	places[place].stopped_until_ns =
		clock_ns() + random_next(&chance) % (50 * (uint64_t)MILLISECOND_NS);
	stops++;
}

/* Buries who killed himself, wakes who was stopped for long enough, fills empty places. */
static void tend(void)
{
	for (unsigned i = 0; i < PLACES; i++) {
		if (places[i].pid > 0 && places[i].kills_itself) {
			bury(i, WNOHANG);
			suicides += places[i].pid == 0;
		}
		if (places[i].stopped_until_ns != 0 && clock_ns() >= places[i].stopped_until_ns) {
			kill(places[i].pid, SIGCONT);
			places[i].stopped_until_ns = 0;
		}
		if (places[i].pid == 0)
			spawn(i);
	}
}

/* Whether images still get through: nothing that any death can do may stop the others. */
static bool gets_on(void)
{
	static uint64_t seen, since_ns;
	uint64_t now = atomic_load(&book->published) + atomic_load(&book->released);
	uint64_t limit_s = wanted.is_mutant ? 3 : 10;

	if (now != seen || since_ns == 0) {
		seen = now;
		since_ns = clock_ns();
	}
	if (clock_ns() - since_ns < limit_s * (uint64_t)SECOND_NS)
		return true;
	fault("nothing moved for %llu seconds", (unsigned long long)limit_s);
	return false;
}

static void torment(uint64_t until_ns)
{
	while (kills + suicides < wanted.kills && clock_ns() < until_ns && gets_on() &&
		atomic_load(&book->ids) < IMAGES_MAX - PLACES_MAX && book->faults == 0) {
		unsigned place = (unsigned)(random_next(&chance) % PLACES);

		tend();
		poll(NULL, 0, (int)(random_next(&chance) % 8)); /* a random moment */
		if (places[place].kills_itself || places[place].stopped_until_ns != 0)
			continue;
		if (random_next(&chance) % 4 == 0)
			stop_one(place);
		else
			kill_one(place);
	}
}

static void end_all(void)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (places[i].pid > 0) {
			kill(places[i].pid, SIGKILL);
			waitpid(places[i].pid, NULL, 0);
			places[i].pid = 0;
		}
}

/* ---- the account --------------------------------------------------------------------------- */

static void drain(void)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, wanted.slots);
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
		atomic_fetch_or(&book->fate_of[image.sequence], DONE);
		vitrine_release(consumer, &image);
	}
	vitrine_close(consumer);
}

/* Every number up to the newest was published: each was released or dropped. */
static uint64_t account(struct vitrine_channel *mirror)
{
	struct vitrine_image image = {.sequence = 0};
	uint64_t lost = 0, last;

	if (!is_at_rest(mirror))
		fault("the values are not at rest");
	if (value_of(mirror, SEM_PRODUCERS) != 0 || value_of(mirror, SEM_CONSUMERS) != 0 ||
		value_of(mirror, SEM_MIRRORS) != 1)
		fault("the dead are counted in");
	drain();
	if (vitrine_latest(mirror, &image) == VITRINE_EDAMAGED)
		fault("%s", vitrine_message(mirror));
	last = image.sequence;
	for (uint64_t i = 1; i <= last && i < IMAGES_MAX; i++)
		if (book->fate_of[i] == 0 && lost++ == 0)
			fault("image number %llu is lost", (unsigned long long)i);
	if (last < IMAGES_MAX - 1 && book->id_of[last + 1] != 0)
		fault("image number %llu is newer than the newest", (unsigned long long)last + 1);
	return lost;
}

static void print_figures(uint64_t lost, double seconds)
{
	printf("%lu killed, %lu killed themselves, %lu stopped, in %.1f s\n", kills, suicides,
		stops, seconds);
	printf("%llu opened; %llu published, %llu dropped, %llu refused; %llu taken, %llu requeued, "
	       "%llu released; %llu mirrored, %llu inspected\n",
		(unsigned long long)book->opened, (unsigned long long)book->published,
		(unsigned long long)book->dropped, (unsigned long long)book->refused,
		(unsigned long long)book->taken, (unsigned long long)book->requeued,
		(unsigned long long)book->released, (unsigned long long)book->mirrored,
		(unsigned long long)book->inspected);
	printf("%llu lost, %llu faults%s%s\n", (unsigned long long)lost,
		(unsigned long long)book->faults, book->faults ? ": " : "", book->fault);
}

static void read_mutant(const char *text)
{
	char *end;

	mutation.transition = (enum transition)strtoul(text, &end, 10);
	mutation.operation = (int)strtoul(end + 1, &end, 10);
	mutation.kind = *end == '-' ? WITHOUT_OPERATION : WITHOUT_UNDO;
	wanted.is_mutant = true;
}

static void read_options(int argc, char **argv)
{
	static const struct option options[] = {{"kills", 1, NULL, 'k'}, {"seconds", 1, NULL, 's'},
		{"seed", 1, NULL, 'x'}, {"slots", 1, NULL, 'n'}, {"mutant", 1, NULL, 'm'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (option) {
		case 'k': wanted.kills = strtoul(optarg, NULL, 10); break;
		case 's': wanted.seconds = strtoul(optarg, NULL, 10); break;
		case 'x': setenv("VITRINE_TEST_SEED", optarg, 1); break;
		case 'n': wanted.slots = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 'm': read_mutant(optarg); break;
		default: exit(2);
		}
	chance = test_seed();
	if (wanted.slots == 0)
		wanted.slots = 2 + (uint32_t)(random_next(&chance) % 4);
}

int main(int argc, char **argv)
{
	struct vitrine_channel *mirror;
	uint64_t started = clock_ns(), lost;
	bool enough;

	read_options(argc, argv);
	book = mmap(NULL, sizeof(*book), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(book != MAP_FAILED);
	new_test_key();
	mirror = open_channel(VITRINE_MIRROR, wanted.slots);
	torment(started + wanted.seconds * (uint64_t)SECOND_NS);
	end_all();
	enough = kills + suicides >= wanted.kills;
	printf("%u slots, ", wanted.slots);
	lost = account(mirror);
	vitrine_remove(mirror);
	vitrine_close(mirror);
	if (!objects_are_gone())
		fault("objects were left behind");
	print_figures(lost, (double)(clock_ns() - started) / SECOND_NS);
	if (wanted.is_mutant)
		return book->faults > 0 ? 0 : 1;
	if (!enough)
		printf("fewer kills than %lu\n", wanted.kills);
	return book->faults == 0 && enough ? 0 : 1;
}
