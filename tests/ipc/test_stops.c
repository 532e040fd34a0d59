/*
 * test_stops.c - SIGSTOP at every transition boundary. While the victim (victim.h) is stopped, the
 * others do everything they can; then the victim continues, although the state has changed. Unless
 * it holds the mutex, it must not block the others. In the end every image was delivered once, and
 * every value is back at rest.
 */
#include "support.h"

#include <signal.h>
#include <stdio.h>

#include "victim.h"

static struct vitrine_channel *producer, *consumer, *mirror;
static unsigned published, released, dropped;
static unsigned stops;

static int tell_stops(void **state)
{
	(void)state;
	printf("figures: %u processes stopped and continued\n", stops);
	return 0;
}

/* ---- what the others do; nothing of it sleeps ---------------------------------------------- */

typedef void meanwhile(void);

static bool may_publish(enum vitrine_when_full when)
{
	struct vitrine_claim claim;
	struct vitrine_image image;

	if (vitrine_claim(producer, 64, when, 0, &claim) != VITRINE_OK)
		return false;
	dropped += claim.dropped > 0;
	pattern_fill(claim.data, 64, published + 1);
	vitrine_file(&image, "other", 64, NULL);
	if (vitrine_publish(producer, &claim, &image, 0) != VITRINE_OK) {
		must_equal(vitrine_abandon(producer, &claim), VITRINE_OK);
		return false;
	}
	published++;
	return true;
}

static bool may_take(void)
{
	struct vitrine_image image;
	uint64_t id;

	if (vitrine_take(consumer, 0, &image) != VITRINE_OK)
		return false;
	must(pattern_is_whole(image.data, image.size, &id));
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	released++;
	return true;
}

static void publishes(void)
{
	may_publish(VITRINE_FAIL);
}

static void drops_and_publishes(void)
{
	may_publish(VITRINE_DROP_OLDEST);
}

static void takes(void)
{
	may_take();
}

static void takes_all(void)
{
	while (may_take())
		;
}

static void takes_and_publishes(void)
{
	may_take();
	may_publish(VITRINE_DROP_OLDEST);
}

static void looks(void)
{
	struct vitrine_snapshot snapshot;
	struct vitrine_image image;
	uint64_t id;

	must_equal(vitrine_inspect(mirror, &snapshot), VITRINE_OK);
	for (uint32_t i = 0; i < snapshot.slot_count; i++)
		must(snapshot.slots[i].state != VITRINE_SLOT_DAMAGED);
	must_equal(vitrine_latest(mirror, &image), VITRINE_OK);
	must(pattern_is_whole(image.data, image.size, &id));
	must(vitrine_unchanged(mirror, &image));
}

/* ---- one stop ------------------------------------------------------------------------------ */

/* No process may have to wait for a stopped process that does not hold the mutex. */
static void others_get_through(void)
{
	struct values values = values_of(mirror);

	if (values.semaphore[SEM_MUTEX] == 0)
		return;
	if (values.semaphore[SEM_EMPTY] > 0)
		must(may_publish(VITRINE_FAIL));
	if (value_of(mirror, SEM_FULL) > 0)
		must(may_take());
}

/*
 * True if a process that was stopped at this event may hold the mutex: from lock to the array that
 * gives it back. An array that failed has given nothing back.
 */
static bool may_hold_mutex(const struct deeds *deeds)
{
	switch (deeds->last) {
	case T_LOCK:
	case T_WAIT_AND_LOCK: return !deeds->before && deeds->result == 0;
	case T_STEAL:
	case T_STEAL_RESERVE:
	case T_STEAL_NOTHING:
	case T_UNLOCK:
	case T_UNWAIT:
	case T_PUBLISH_FIRST:
	case T_PUBLISH_OVER_DONE:
	case T_PUBLISH_OVER_WAITING:
	case T_PUBLISH_OVER_READING:
	case T_TAKE: return deeds->before || deeds->result != 0;
	default: return false;
	}
}

static void enter(uint32_t slots, unsigned images)
{
	new_test_key();
	producer = open_channel(VITRINE_PRODUCER, slots);
	consumer = open_channel(VITRINE_CONSUMER, slots);
	mirror = open_channel(VITRINE_MIRROR, slots);
	for (published = 0; published < images; published++)
		publish_image(producer, published + 1);
	released = dropped = 0;
}

static void account(const struct deeds *deeds)
{
	published += deeds->published;
	released += deeds->released;
	dropped += deeds->dropped;
	must(is_at_rest(mirror));
	for (unsigned role = SEM_PRODUCERS; role <= SEM_MIRRORS; role++)
		must_equal(value_of(mirror, role), 1);
	takes_all();
	must_equal(released + dropped, published);
	must_equal(publish_image(producer, 1), published + 1);
	takes_all();
	must(is_at_rest(mirror));
	vitrine_close(mirror);
	vitrine_close(consumer);
	must_equal(vitrine_close(producer), 0);
	must(objects_are_gone());
}

static void stop_everywhere(script *play, enum vitrine_role role, uint32_t slots, unsigned images,
	meanwhile *others_act)
{
	enum end end = STOPPED;

	for (unsigned at = 1; end == STOPPED; at++) {
		struct deeds *deeds;
		int pid;

		enter(slots, images);
		end = run_victim(play, role, slots, at, SIGSTOP, &deeds, &pid);
		must(end == STOPPED || end == RAN_TO_ITS_END);
		if (end == STOPPED) {
			stops++;
			must(value_of(mirror, SEM_MUTEX) == 1 || may_hold_mutex(deeds));
			looks();
			others_act();
			if (others_act != looks)
				others_get_through();
			must_equal(kill(pid, SIGCONT), 0);
			must_equal(await_end(pid), 0);
		}
		account(deeds);
	}
}

/* ---- who is stopped, and what happens meanwhile -------------------------------------------- */

static void producers(void **state)
{
	meanwhile *const any[] = {
		publishes, drops_and_publishes, takes, takes_all, takes_and_publishes, looks};

	(void)state;
	for (unsigned i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
		stop_everywhere(produces_dropping, VITRINE_PRODUCER, 3, 3, any[i]);
		stop_everywhere(produces_dropping, VITRINE_PRODUCER, 5, 2, any[i]);
	}
	/* This victim sleeps if it finds no free slot; the others only free slots. */
	stop_everywhere(produces, VITRINE_PRODUCER, 4, 2, takes);
	stop_everywhere(produces, VITRINE_PRODUCER, 4, 2, takes_all);
	stop_everywhere(produces_and_abandons, VITRINE_PRODUCER, 4, 2, takes);
}

static void consumers(void **state)
{
	/*
	 * These victims take two images; the others only add some, or drop one and replace it at
	 * once.
	 */
	meanwhile *const any[] = {publishes, drops_and_publishes, looks};

	(void)state;
	for (unsigned i = 0; i < sizeof(any) / sizeof(any[0]); i++) {
		stop_everywhere(consumes, VITRINE_CONSUMER, 5, 4, any[i]);
		stop_everywhere(consumes_and_requeues, VITRINE_CONSUMER, 5, 4, any[i]);
	}
}

static void visitors(void **state)
{
	meanwhile *const any[] = {publishes, drops_and_publishes, takes_all, looks};

	(void)state;
	for (unsigned i = 0; i < sizeof(any) / sizeof(any[0]); i++)
		for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++)
			stop_everywhere(comes_and_goes, role, 3, 2, any[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(producers),
		a_test(consumers),
		a_test(visitors),
	};

	return cmocka_run_group_tests(tests, NULL, tell_stops);
}
