/*
 * lifetimes.c - programs that open, publish or take, and close at random, several at once, and are
 * killed at random: nobody stays for good, so the channel is made, retired, left half-made and
 * condemned all the time. No published image may be lost, and in the end nothing is left.
 *
 *     lifetimes [ROUNDS]      a round is the life of one program; 1,000, with --long 20,000
 */
#include "support.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 5, IMAGES_MAX = 1 << 20 };
enum fate { PUBLISHED = 1, DONE = 2, MAYBE_DONE = 4 };

static struct book {
	_Atomic uint64_t ids, created, taken, faults, busy;
	_Atomic uint8_t fate_of[IMAGES_MAX];
} * book;

/* Of one program. */
struct life {
	struct vitrine_channel *channel;
	uint64_t random;
	uint64_t events, die_at;
	uint64_t publishing, releasing; /* ids */
};

static void fault(const struct life *life, const char *what, int rc)
{
	if (atomic_fetch_add(&book->faults, 1) == 0)
		printf("process %d: %s gave %d: %s\n", (int)getpid(), what, rc,
			life ? vitrine_message(life->channel) : "");
}

static void observe(const struct vitrine_event *event, void *data)
{
	struct life *life = data;
	bool done = !event->before && event->result == 0;

	if (strcmp(event->name, "publish") == 0 && done)
		atomic_fetch_or(&book->fate_of[life->publishing], PUBLISHED);
	if (strcmp(event->name, "release") == 0 && event->before)
		atomic_fetch_or(&book->fate_of[life->releasing], MAYBE_DONE);
	if (strcmp(event->name, "release") == 0 && done)
		atomic_fetch_or(&book->fate_of[life->releasing], DONE);
	if (++life->events == life->die_at)
		raise(SIGKILL);
}

static void publish(struct life *life)
{
	struct vitrine_claim claim;
	struct vitrine_image image;
	int rc = vitrine_claim(life->channel, 64, VITRINE_FAIL, 0, &claim);

	if (rc == VITRINE_EFULL)
		return;
	if (rc != VITRINE_OK) {
		fault(life, "claim", rc);
		return;
	}
	life->publishing = atomic_fetch_add(&book->ids, 1) + 1;
	vitrine_file(&image, "life", 64, NULL);
	pattern_fill(claim.data, 64, life->publishing);
	rc = vitrine_publish(life->channel, &claim, &image, VITRINE_FOREVER);
	if (rc != VITRINE_OK)
		fault(life, "publish", rc);
}

static void take(struct life *life)
{
	struct vitrine_image image;
	uint64_t id;
	int rc = vitrine_take(life->channel, 0, &image);

	if (rc == VITRINE_ETIMEDOUT)
		return;
	if (rc != VITRINE_OK) {
		fault(life, "take", rc);
		return;
	}
	atomic_fetch_add(&book->taken, 1);
	if (!pattern_is_whole(image.data, image.size, &id) || id >= IMAGES_MAX) {
		fault(life, "a torn image", (int)image.sequence);
		return;
	}
	if (atomic_load(&book->fate_of[id]) & DONE)
		fault(life, "an image again that was released", (int)image.sequence);
	life->releasing = id;
	rc = (random_next(&life->random) % 4 == 0 ? vitrine_requeue
						  : vitrine_release)(life->channel, &image);
	if (rc != VITRINE_OK)
		fault(life, "release", rc);
}

static void live(struct life *life)
{
	enum vitrine_role role = (enum vitrine_role)(random_next(&life->random) % 3);
	struct vitrine_options options = usual_options(role, 3);
	int rc;

	options.observer = observe;
	options.observer_data = life;
	options.patience_ns = 100 * MILLISECOND_NS;
	while ((rc = vitrine_open(&life->channel, &options)) == VITRINE_EBUSY) {
		vitrine_close(
			life->channel); /* the machine is slow, or its creator was killed late */
		atomic_fetch_add(&book->busy, 1);
	}
	if (rc != VITRINE_OK) {
		fault(life, "open", rc);
		return;
	}
	atomic_fetch_add(&book->created, vitrine_info(life->channel)->created);
	for (uint64_t acts = random_next(&life->random) % 4; acts > 0; acts--) {
		if (role == VITRINE_PRODUCER)
			publish(life);
		if (role == VITRINE_CONSUMER)
			take(life);
	}
	vitrine_close(life->channel);
}

static pid_t begin_life(uint64_t *chance)
{
	struct life life = {.random = random_next(chance)};
	pid_t parent = getpid(), pid;

	if (random_next(chance) % 2 == 0)
		life.die_at = 1 + random_next(chance) % 24;
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(LIMIT_S);
	if (getppid() == parent)
		live(&life);
	_exit(0);
}

static unsigned long run(unsigned long rounds, uint64_t *chance)
{
	unsigned long begun = 0, ended = 0, killed = 0;
	int status;

	while (ended < rounds && book->faults == 0) {
		pid_t pid = 0;

		for (; begun < rounds && begun - ended < AT_ONCE; begun++) {
			pid = begin_life(chance);
			must(pid > 0);
		}
		if (pid > 0 && random_next(chance) % 4 == 0) {
			poll(NULL, 0, (int)(random_next(chance) % 2)); /* a random moment */
			kill(pid, SIGKILL);
		}
		must(wait(&status) > 0);
		ended++;
		killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		if (status != 0 && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
			fault(NULL, "a program ended with status", status);
	}
	while (wait(NULL) > 0 || errno != ECHILD)
		;
	return killed;
}

/* Whoever comes last finds all that was published and that nobody was done with. */
static uint64_t account(void)
{
	struct life life = {.random = 1};
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 3);
	uint64_t lost = 0;

	options.observer = observe;
	options.observer_data = &life;
	must_equal(vitrine_open(&life.channel, &options), VITRINE_OK);
	if (!is_at_rest(life.channel))
		fault(&life, "the set", 0);
	while (value_of(life.channel, SEM_FULL) > 0 && book->faults == 0)
		take(&life);
	vitrine_close(life.channel);
	for (uint64_t id = 1; id <= book->ids; id++)
		lost += book->fate_of[id] == PUBLISHED;
	return lost;
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1         ? strtoul(argv[1], NULL, 10)
			       : test_is_long() ? 20000
						: 1000;
	uint64_t chance = test_seed(), lost;
	unsigned long killed;
	bool gone;

	book = mmap(NULL, sizeof(*book), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(book != MAP_FAILED);
	new_test_key();
	killed = run(rounds, &chance);
	lost = account();
	gone = objects_are_gone();
	printf("%lu programs, %lu killed; %llu channels made; %llu images begun, %llu taken; "
	       "%llu lost, %llu faults, %llu times busy\n",
		rounds, killed, (unsigned long long)book->created, (unsigned long long)book->ids,
		(unsigned long long)book->taken, (unsigned long long)lost,
		(unsigned long long)book->faults, (unsigned long long)book->busy);
	return lost == 0 && book->faults == 0 && gone ? 0 : 1;
}
