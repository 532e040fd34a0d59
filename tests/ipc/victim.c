/* victim.c - see victim.h. */
#include "victim.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the victim's own process. */
static struct deeds *deeds_here;
static unsigned end_at;
static int end_signal;

static bool is_done(const struct vitrine_event *event, const char *name)
{
	return !event->before && event->result == 0 && strcmp(event->name, name) == 0;
}

static void observe(const struct vitrine_event *event, void *data)
{
	(void)data;
	deeds_here->published += is_done(event, "publish");
	deeds_here->dropped += is_done(event, "steal");
	deeds_here->released += is_done(event, "release");
	deeds_here->removed_sets += is_done(event, "remove set");
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

void produces_dropping(struct victim *victim)
{
	enter(victim);
	for (int i = 0; i < 4; i++)
		publish(victim, VITRINE_DROP_OLDEST);
	vitrine_close(victim->channel);
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
