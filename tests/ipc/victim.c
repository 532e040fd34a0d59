/* victim.c - see victim.h. */
#include "victim.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the victim's own process. */
static struct deeds *deeds_here;
static unsigned end_at;
static int end_signal;

static bool is_done(const struct vitrine_event *event, const char *name)
{
	return !event->before && event->result == 0 && strcmp(event->name, name) == 0;
}

/* The transition of this event. */
static enum transition transition_of(const struct vitrine_event *event, const struct victim *victim)
{
	const struct binding binding = {
		.role = victim->options.role,
		.slots = victim->options.slots,
		.slot = event->slot,
		.latest = event->latest,
	};
	struct sembuf operations[OPERATIONS_MOST];
	enum transition transition = T_BEGIN;

	while (transition < T_COUNT &&
		(transition_bind(transition, &binding, operations) != event->count ||
			memcmp(operations, event->operations,
				event->count * sizeof(operations[0])) != 0))
		transition++;
	return transition;
}

/* Between lock and steal the victim's other handle makes room. */
static struct {
	struct vitrine_channel *consumer;
	struct vitrine_image image;
} makes_room;

static void make_room(void)
{
	struct vitrine_channel *consumer = makes_room.consumer;

	makes_room.consumer = NULL;
	must_equal(vitrine_release(consumer, &makes_room.image), VITRINE_OK);
	deeds_here->released++;
}

static void observe(const struct vitrine_event *event, void *data)
{
	const struct victim *victim = data;

	deeds_here->last = transition_of(event, victim);
	deeds_here->before = event->before;
	deeds_here->result = event->result;
	snprintf(deeds_here->name, sizeof(deeds_here->name), "%s", event->name);
	deeds_here->published += is_done(event, "publish");
	deeds_here->dropped += is_done(event, "steal");
	deeds_here->released += is_done(event, "release");
	deeds_here->removed_sets += is_done(event, "remove set");
	if (makes_room.consumer != NULL && is_done(event, "lock"))
		make_room();
	if (++deeds_here->events == end_at)
		raise(end_signal);
}

enum end run_victim(script *play, enum vitrine_role role, uint32_t slots, unsigned at, int signal,
	struct deeds **deeds, int *pid)
{
	static struct deeds *shared;
	struct wait wait = {0};
	int status, ended;

	if (shared == NULL)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED);
	memset(shared, 0, sizeof(*shared));
	*deeds = shared;
	*pid = fork_bounded();
	if (*pid == 0) {
		struct victim victim = {.options = usual_options(role, slots)};

		deeds_here = shared;
		end_at = at;
		end_signal = signal;
		victim.options.observer = observe;
		victim.options.observer_data = &victim;
		victim.options.patience_ns = 20 * MILLISECOND_NS;
		play(&victim);
		_exit(0);
	}
	while ((ended = waitpid(*pid, &status, WNOHANG | WUNTRACED)) == 0)
		wait_a_little(&wait);
	must_equal(ended, *pid);
	if (WIFSTOPPED(status))
		return STOPPED;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return DIED;
	return status == 0 ? RAN_TO_ITS_END : FAILED;
}

/* ---- the scripts --------------------------------------------------------------------------- */

static void enter(struct victim *victim)
{
	must_equal(vitrine_open(&victim->channel, &victim->options), VITRINE_OK);
}

static void claim(struct victim *victim, enum vitrine_when_full when, struct vitrine_claim *claim)
{
	must_equal(vitrine_claim(victim->channel, 64, when, VITRINE_FOREVER, claim), VITRINE_OK);
	pattern_fill(claim->data, 64, 99);
}

static void publish(struct victim *victim, enum vitrine_when_full when)
{
	struct vitrine_claim at;
	struct vitrine_image image;

	claim(victim, when, &at);
	vitrine_file(&image, "victim", 64, NULL);
	must_equal(vitrine_publish(victim->channel, &at, &image, VITRINE_FOREVER), VITRINE_OK);
}

void produces(struct victim *victim)
{
	enter(victim);
	publish(victim, VITRINE_WAIT);
	publish(victim, VITRINE_WAIT);
	vitrine_close(victim->channel);
}

/* Reserves and claims in one array. */
void produces_in_a_hurry(struct victim *victim)
{
	struct vitrine_claim at;

	enter(victim);
	claim(victim, VITRINE_WAIT, &at);
	must_equal(vitrine_abandon(victim->channel, &at), VITRINE_OK);
	hurry(victim->channel);
	publish(victim, VITRINE_WAIT);
	vitrine_close(victim->channel);
}

void produces_dropping(struct victim *victim)
{
	enter(victim);
	for (int i = 0; i < 4; i++)
		publish(victim, VITRINE_DROP_OLDEST);
	vitrine_close(victim->channel);
}

/* Nothing may be dropped: one slot of two is the newest, the other one is claimed. */
void produces_dropping_nothing(struct victim *victim)
{
	struct vitrine_claim mine, none;

	enter(victim);
	claim(victim, VITRINE_WAIT, &mine);
	must_equal(vitrine_claim(victim->channel, 64, VITRINE_DROP_OLDEST, VITRINE_FOREVER, &none),
		VITRINE_EFULL);
	vitrine_close(victim->channel);
}

/* The victim's second handle, which is not observed. */
static struct vitrine_channel *consume_beside(const struct victim *victim,
	struct vitrine_image *image)
{
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, victim->options.slots);

	*image = take_image(consumer);
	return consumer;
}

/* It starts to drop an image, and finds a slot that has just become free. */
void produces_dropping_late(struct victim *victim)
{
	struct vitrine_channel *consumer;

	enter(victim);
	consumer = consume_beside(victim, &makes_room.image);
	makes_room.consumer = consumer;
	publish(victim, VITRINE_DROP_OLDEST);
	vitrine_close(victim->channel);
	vitrine_close(consumer);
}

void produces_while_it_reads(struct victim *victim)
{
	struct vitrine_channel *consumer;
	struct vitrine_image image;

	enter(victim);
	consumer = consume_beside(victim, &image);
	publish(victim, VITRINE_WAIT);
	vitrine_close(victim->channel);
	vitrine_close(consumer);
}

void produces_after_it_read(struct victim *victim)
{
	struct vitrine_channel *consumer;
	struct vitrine_image image;

	enter(victim);
	consumer = consume_beside(victim, &image);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	deeds_here->released++;
	publish(victim, VITRINE_WAIT);
	vitrine_close(victim->channel);
	vitrine_close(consumer);
}

void produces_and_abandons(struct victim *victim)
{
	struct vitrine_claim first, second;

	enter(victim);
	claim(victim, VITRINE_WAIT, &first);
	claim(victim, VITRINE_WAIT, &second);
	must_equal(vitrine_abandon(victim->channel, &first), VITRINE_OK);
	vitrine_close(victim->channel); /* abandons the second */
}

void trims(struct victim *victim)
{
	struct vitrine_claim at;

	enter(victim);
	claim(victim, VITRINE_WAIT, &at);
	must_equal(vitrine_abandon(victim->channel, &at), VITRINE_OK);
	must_equal(vitrine_trim(victim->channel), 1);
	vitrine_close(victim->channel);
}

void prepares(struct victim *victim)
{
	struct vitrine_claim at;

	enter(victim);
	must_equal(vitrine_prepare(victim->channel, SMALL), VITRINE_OK);
	must_equal(vitrine_prepare(victim->channel, SMALL / 2), VITRINE_OK);
	must_equal(vitrine_trim(victim->channel), 0);
	claim(victim, VITRINE_WAIT, &at);
	must_equal(vitrine_abandon(victim->channel, &at), VITRINE_OK);
	vitrine_close(victim->channel);
}

static void take(struct victim *victim, struct vitrine_image *image)
{
	must_equal(vitrine_take(victim->channel, VITRINE_FOREVER, image), VITRINE_OK);
}

void consumes(struct victim *victim)
{
	struct vitrine_image first, second;

	enter(victim);
	take(victim, &first);
	take(victim, &second); /* the newest */
	must_equal(vitrine_release(victim->channel, &second), VITRINE_OK);
	must_equal(vitrine_release(victim->channel, &first), VITRINE_OK);
	vitrine_close(victim->channel);
}

void consumes_and_requeues(struct victim *victim)
{
	struct vitrine_image first, second;

	enter(victim);
	take(victim, &first);
	take(victim, &second);
	must_equal(vitrine_requeue(victim->channel, &first), VITRINE_OK);
	vitrine_close(victim->channel); /* requeues the second */
}

void mirrors(struct victim *victim)
{
	struct vitrine_image image;

	enter(victim);
	must_equal(vitrine_latest(victim->channel, &image), VITRINE_OK);
	must_equal(vitrine_wait_newer(victim->channel, image.sequence, MILLISECOND_NS),
		VITRINE_ETIMEDOUT);
	vitrine_close(victim->channel);
}

void mirrors_nothing(struct victim *victim)
{
	enter(victim);
	must_equal(vitrine_wait_newer(victim->channel, 0, MILLISECOND_NS), VITRINE_ETIMEDOUT);
	vitrine_close(victim->channel);
}

void comes_and_goes(struct victim *victim)
{
	enter(victim);
	vitrine_close(victim->channel);
}

void comes_publishes_and_goes(struct victim *victim)
{
	enter(victim);
	publish(victim, VITRINE_WAIT);
	vitrine_close(victim->channel);
}

void removes(struct victim *victim)
{
	enter(victim);
	must_equal(vitrine_remove(victim->channel), VITRINE_OK);
	vitrine_close(victim->channel);
}
