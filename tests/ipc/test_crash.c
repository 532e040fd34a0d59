/*
 * test_crash.c - SIGKILL at every transition boundary. The victim (victim.h) dies at its first
 * event, then at its second, and so on until it runs to its end. After each death, no published
 * image is lost, every value is back at rest, and the remaining processes continue.
 */
#include "support.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "actor.h"
#include "semset.h"
#include "victim.h"

static unsigned deaths;
static unsigned deaths_at[T_COUNT][2]; /* before it, after it */

/* The other calls that change a channel. */
static const char *const calls[] = {"create set", "create segment", "remove set", "remove segment"};
enum { CALLS = sizeof(calls) / sizeof(calls[0]) };
static unsigned deaths_at_call[CALLS][2];

static void count_death(const struct deeds *deeds)
{
	deaths++;
	if (deeds->last < T_COUNT) {
		deaths_at[deeds->last][deeds->before ? 0 : 1]++;
		return;
	}
	for (unsigned call = 0; call < CALLS; call++)
		if (strcmp(calls[call], deeds->name) == 0) {
			deaths_at_call[call][deeds->before ? 0 : 1]++;
			return;
		}
	must(false); /* a call that is not in the list */
}

static int tell_deaths(void **state)
{
	(void)state;
	printf("figures: %u processes killed, at every boundary\n", deaths);
	return 0;
}

/* ---- in a channel with others -------------------------------------------------------------- */

struct others {
	struct vitrine_channel *producer, *consumer, *mirror;
};

static struct others enter(uint32_t slots, unsigned images)
{
	struct others others;

	new_test_key();
	others.producer = open_channel(VITRINE_PRODUCER, slots);
	others.consumer = open_channel(VITRINE_CONSUMER, slots);
	others.mirror = open_channel(VITRINE_MIRROR, slots);
	for (uint64_t i = 1; i <= images; i++)
		must_equal(publish_image(others.producer, i), i);
	return others;
}

/* Takes the `waiting` images in order; the last one has number `last` (0: any). */
static void drain(const struct others *others, unsigned waiting, uint64_t last)
{
	uint64_t sequence = 0;

	must_equal(value_of(others->mirror, SEM_FULL), waiting);
	for (; waiting > 0; waiting--) {
		struct vitrine_image image = take_image(others->consumer);

		must(image.sequence > sequence);
		sequence = image.sequence;
		must_equal(vitrine_release(others->consumer, &image), VITRINE_OK);
		if (waiting == 1 && last != 0)
			must_equal(sequence, last);
	}
}

/*
 * `published` is the number of all images so far, `waiting` the number of those not yet released.
 */
static void go_on(const struct others *others, unsigned published, unsigned waiting, uint64_t last)
{
	struct values values = values_of(others->mirror);
	struct vitrine_image image;

	must(is_at_rest(others->mirror));
	for (unsigned role = SEM_PRODUCERS; role <= SEM_MIRRORS; role++)
		must_equal(values.semaphore[role], 1);
	must_equal(vitrine_latest(others->mirror, &image), VITRINE_OK);
	must_equal(image.sequence, published);
	drain(others, waiting, last);
	must_equal(publish_image(others->producer, 1), published + 1);
	drain(others, 1, published + 1);
	must(is_at_rest(others->mirror));
	vitrine_close(others->mirror);
	vitrine_close(others->consumer);
	must_equal(vitrine_close(others->producer), 0);
	must(objects_are_gone());
}

/* When the victim starts, `images` images wait in `slots` slots. */
static void kill_everywhere(script *play, enum vitrine_role role, uint32_t slots, unsigned images)
{
	enum end end = DIED;

	for (unsigned at = 1; end == DIED; at++) {
		struct others others = enter(slots, images);
		struct deeds *deeds;
		unsigned published;
		int pid;

		end = run_victim(play, role, slots, at, SIGKILL, &deeds, &pid);
		must(end != FAILED);
		if (end == DIED)
			count_death(deeds);
		published = images + deeds->published;
		go_on(&others, published, published - deeds->dropped - deeds->released,
			deeds->released > 0 ? 0 : published);
	}
}

static void producers(void **state)
{
	(void)state;
	kill_everywhere(produces, VITRINE_PRODUCER, 4, 1);
	kill_everywhere(produces, VITRINE_PRODUCER, 4, 2);
	kill_everywhere(produces_in_a_hurry, VITRINE_PRODUCER, 4, 1);
	kill_everywhere(produces_dropping, VITRINE_PRODUCER, 2, 2);
	kill_everywhere(produces_dropping, VITRINE_PRODUCER, 4, 3);
	kill_everywhere(produces_dropping_nothing, VITRINE_PRODUCER, 2, 1);
	kill_everywhere(produces_dropping_late, VITRINE_PRODUCER, 3, 3);
	kill_everywhere(produces_while_it_reads, VITRINE_PRODUCER, 2, 1);
	kill_everywhere(produces_after_it_read, VITRINE_PRODUCER, 2, 1);
	kill_everywhere(produces_and_abandons, VITRINE_PRODUCER, 3, 1);
	kill_everywhere(trims, VITRINE_PRODUCER, 2, 1);
	kill_everywhere(prepares, VITRINE_PRODUCER, 2, 1);
}

static void consumers(void **state)
{
	(void)state;
	kill_everywhere(consumes, VITRINE_CONSUMER, 2, 2);
	kill_everywhere(consumes, VITRINE_CONSUMER, 4, 3);
	kill_everywhere(consumes_and_requeues, VITRINE_CONSUMER, 3, 2);
}

static void mirrors_and_visitors(void **state)
{
	(void)state;
	kill_everywhere(mirrors, VITRINE_MIRROR, 2, 1);
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++)
		kill_everywhere(comes_and_goes, role, 3, 2);
}

/* ---- opening, leaving, retiring, removing -------------------------------------------------- */

/* The next program finds or creates a channel, with exactly the images that were published. */
static void next_one_opens(enum vitrine_role role, unsigned waiting)
{
	struct vitrine_options options = usual_options(role, 2);
	struct vitrine_channel *next, *consumer;
	struct vitrine_image image;
	struct wait wait = {0};
	int rc;

	options.patience_ns = 20 * MILLISECOND_NS;
	/* A list of channels in another test may have the dead process's segment attached. */
	while ((rc = vitrine_open(&next, &options)) == VITRINE_EFOREIGN) {
		vitrine_close(next);
		wait_a_little(&wait);
	}
	if (rc != VITRINE_OK)
		must_failed(__FILE__, __LINE__, vitrine_message(next), rc, VITRINE_OK);
	remember_objects();
	must(is_at_rest(next));
	must_equal(value_of(next, SEM_FULL), waiting);
	must_equal(value_of(next, SEM_PRODUCERS) + value_of(next, SEM_CONSUMERS) +
			   value_of(next, SEM_MIRRORS),
		1);
	consumer = open_channel(VITRINE_CONSUMER, 2);
	for (; waiting > 0; waiting--) {
		image = take_image(consumer);
		must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	}
	must_equal(vitrine_close(consumer), 0);
	must_equal(vitrine_close(next), 0);
	must(objects_are_gone());
}

static void nothing(void)
{
}

/* Makes what a creator leaves that dies before `begin`; the victim condemns it. */
static void half_made(void)
{
	must(semset_create(test_key.value, semaphore_count(2), 0600) >= 0);
	remember_objects();
}

enum { OURS = 0x77, COMMON = 0x12 }; /* the first bytes of keys */

/* Chooses a key that other programs may use, too, so its objects are less certainly ours. */
static void number_the_key(void)
{
	test_key.value = (int32_t)((unsigned)test_key.value & 0xffffff) | COMMON << 24;
	snprintf(test_key.text, sizeof(test_key.text), "0x%08x", (unsigned)test_key.value);
}

/*
 * True if the creator died between creating the set and its first array. Under a number that any
 * program may choose, nothing shows whose set that is: the library names it in an error, and leaves
 * it.
 */
static bool is_nobodys_set(void)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct semset_status status;
	int id = semset_find(test_key.value);

	if ((unsigned)test_key.value >> 24 == OURS || id < 0 || semset_status(id, &status) < 0 ||
		status.used != 0)
		return false;
	options.patience_ns = MILLISECOND_NS;
	open_must_fail(&options, VITRINE_EFOREIGN, "ipcrm -s");
	must_equal(semset_find(test_key.value), id);
	must_equal(remove_objects(), 1);
	return true;
}

/* The victim is alone: it creates the channel, and is the last to leave it. */
static void kill_alone(script *play, enum vitrine_role role, void (*before)(void))
{
	enum end end = DIED;

	for (unsigned at = 1; end == DIED; at++) {
		struct deeds *deeds;
		int pid;

		new_test_key();
		before();
		end = run_victim(play, role, 2, at, SIGKILL, &deeds, &pid);
		must(end != FAILED);
		if (end == DIED)
			count_death(deeds);
		remember_objects();
		if (!is_nobodys_set())
			next_one_opens((enum vitrine_role)(at % 3),
				deeds->removed_sets ? 0 : deeds->published);
	}
}

static void alone(void **state)
{
	(void)state;
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++) {
		kill_alone(comes_and_goes, role, nothing);
		kill_alone(comes_and_goes, role, half_made);
		kill_alone(comes_and_goes, role, number_the_key);
		kill_alone(removes, role, nothing);
		kill_alone(removes, role, number_the_key);
	}
	kill_alone(comes_publishes_and_goes, VITRINE_PRODUCER, nothing);
	kill_alone(mirrors_nothing, VITRINE_MIRROR, nothing);
}

/*
 * Two other processes open the channel while the victim is stopped at each event; then it dies or
 * continues.
 */
static void end_before_waiting_ones(enum vitrine_role role, int signal)
{
	enum end end = STOPPED;

	for (unsigned at = 1; end == STOPPED; at++) {
		struct actor waiting[2];
		struct deeds *deeds;
		int pid, reply;

		new_test_key();
		end = run_victim(comes_and_goes, role, 2, at, SIGSTOP, &deeds, &pid);
		must(end != FAILED && end != DIED);
		for (int i = 0; i < 2; i++) {
			waiting[i] = actor_start();
			actor_tell(&waiting[i], OPEN, i == 0 ? VITRINE_CONSUMER : VITRINE_PRODUCER,
				2);
		}
		if (end == STOPPED) {
			must_equal(kill(pid, signal), 0);
			await_end(pid);
			if (signal == SIGKILL)
				count_death(deeds);
		}
		for (int i = 0; i < 2; i++)
			must(actor_hear(&waiting[i], wait_limit_ns, &reply) && reply == VITRINE_OK);
		must_equal(actor_do(&waiting[1], CLAIM, VITRINE_FAIL, 0), VITRINE_OK);
		must_equal(actor_do(&waiting[1], PUBLISH, 0, 0), VITRINE_OK);
		must_equal(actor_do(&waiting[0], TAKE, 0, 0), VITRINE_OK);
		must_equal(actor_do(&waiting[0], RELEASE, 0, 0), VITRINE_OK);
		for (int i = 0; i < 2; i++) {
			must_equal(actor_do(&waiting[i], CLOSE, 0, 0), 0);
			actor_kill(&waiting[i], SIGKILL);
		}
		must(objects_are_gone());
	}
}

static void with_others_waiting(void **state)
{
	(void)state;
	actor_patience_ns = 100 * MILLISECOND_NS;
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++) {
		end_before_waiting_ones(role, SIGKILL);
		end_before_waiting_ones(role, SIGCONT);
	}
}

/* The victim removes a channel that another process uses, and dies while doing it. */
static void remover(void **state)
{
	enum end end = DIED;

	(void)state;
	for (unsigned at = 1; end == DIED; at++) {
		struct vitrine_channel *inside;
		struct vitrine_image image;
		struct deeds *deeds;
		int pid, rc;

		new_test_key();
		inside = open_channel(VITRINE_CONSUMER, 2);
		end = run_victim(removes, VITRINE_PRODUCER, 2, at, SIGKILL, &deeds, &pid);
		must(end != FAILED);
		if (end == DIED)
			count_death(deeds);
		rc = vitrine_take(inside, 0, &image);
		must_equal(rc, deeds->removed_sets ? VITRINE_EREMOVED : VITRINE_ETIMEDOUT);
		must_equal(vitrine_close(inside), 0);
		next_one_opens(VITRINE_CONSUMER, 0);
	}
}

/* ---- was that all? ------------------------------------------------------------------------- */

/*
 * Checks that a process died before and after each array of the table and each other call, except
 * for three arrays that give something back after an error, which only damage from outside can
 * cause (test_damage.c).
 */
static void every_boundary(void **state)
{
	char text[256];

	(void)state;
	for (unsigned t = 0; t < T_COUNT; t++)
		for (int after = 0; after < 2; after++)
			if (deaths_at[t][after] == 0 && t != T_UNLOCK && t != T_UNWAIT &&
				t != T_UNRESERVE)
				must_failed(__FILE__, __LINE__,
					transition_text(t, text, sizeof(text)), after, -1);
	for (unsigned call = 0; call < CALLS; call++)
		must(deaths_at_call[call][0] > 0 && deaths_at_call[call][1] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(producers),
		a_test(consumers),
		a_test(mirrors_and_visitors),
		a_test(alone),
		a_test(with_others_waiting),
		a_test(remover),
		cmocka_unit_test(every_boundary),
	};

	return cmocka_run_group_tests(tests, NULL, tell_deaths);
}
