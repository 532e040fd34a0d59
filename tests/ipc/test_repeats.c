/*
 * test_repeats.c - system calls that fail permanently, for example because of a security module or
 * a container: every call of the library returns a clear error, or succeeds, and never loops for
 * ever.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "failing.h"
#include "semset.h"

static struct vitrine_channel *others;
static unsigned failures;

static bool is_clear(const struct vitrine_channel *channel, int rc)
{
	if (rc < 0)
		must(rc >= VITRINE_ESYSTEM && strlen(vitrine_message(channel)) > 5);
	return rc >= 0;
}

/* Opens a handle and does everything that its role can do. */
static void live(void *data)
{
	struct vitrine_options options = usual_options(*(enum vitrine_role *)data, 2);
	struct vitrine_snapshot snapshot;
	struct vitrine_channel *channel;
	struct vitrine_claim claim;
	struct vitrine_image image;
	int rc;

	options.patience_ns = 10 * MILLISECOND_NS;
	rc = vitrine_open(&channel, &options);
	is_clear(channel, rc);
	if (channel == NULL)
		return;
	if (is_clear(channel, vitrine_claim(channel, 64, VITRINE_DROP_OLDEST, 0, &claim))) {
		vitrine_file(&image, "x", 64, NULL);
		is_clear(channel, vitrine_publish(channel, &claim, &image, 0));
	}
	if (is_clear(channel, vitrine_take(channel, 0, &image)))
		is_clear(channel, vitrine_release(channel, &image));
	is_clear(channel, vitrine_latest(channel, &image));
	is_clear(channel, vitrine_wait_newer(channel, 9, MILLISECOND_NS));
	must(vitrine_inspect(channel, &snapshot) >= VITRINE_ESYSTEM);
	vitrine_close(channel);
}

static void somebody_is_inside(void)
{
	others = open_channel(VITRINE_PRODUCER, 2);
	publish_image(others, 1);
}

static void nobody_is_there(void)
{
	others = NULL;
}

static void a_half_made_set(void)
{
	others = NULL;
	must(semset_create(test_key.value, semaphore_count(2), 0600) >= 0);
}

/*
 * Lets every call of this kind fail from the `at`-th on; a call that repeats too often is a loop.
 */
static unsigned fails_from(unsigned at, unsigned choice, void (*before)(void),
	enum vitrine_role role, const char *call)
{
	enum { ROUNDS_MOST = 2000000, ENTER_EAGAIN = 4 };
	int status;

	/*
	 * EAGAIN, EIDRM, EINVAL: another process condemned this set, which cannot happen every
	 * time.
	 */
	if (strcmp(call, "semtimedop to enter") == 0 && choice >= ENTER_EAGAIN)
		return 0;
	new_test_key();
	before();
	*failure = (struct failure){.at = at, .choice = choice, .only = call, .repeats = true};
	status = run_failing(live, &role);
	failure->at = 0;
	if (status != 0)
		must_failed(call, failure->number, strerrordesc_np(failure->number), at, choice);
	must(failure->calls < ROUNDS_MOST);
	failures += choice < failure->choices;
	if (others != NULL) {
		vitrine_remove(others);
		vitrine_close(others);
	}
	remove_objects();
	return failure->choices;
}

static void each_call_fails_for_good(void **state)
{
	static const char *const calls[] = {"semget to create", "semget to find",
		"semctl(IPC_STAT)", "semctl(GETALL)", "semctl(IPC_RMID)", "semctl(GETPID …)",
		"semtimedop to enter", "semtimedop to wait", "semtimedop to leave",
		"shmget to create", "shmget to find", "shmat", "shmdt", "shmctl(IPC_STAT)",
		"shmctl(IPC_RMID)", "madvise", "mmap", "munmap", "mprotect", "fopen", "nanosleep"};
	void (*const situations[])(void) = {nobody_is_there, somebody_is_inside, a_half_made_set};

	(void)state;
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		for (unsigned s = 0; s < 3; s++)
			for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_CONSUMER; role++)
				for (unsigned at = 1; at <= 2; at++)
					for (unsigned choice = 0, choices = 1; choice < choices;
						choice++)
						choices = fails_from(at, choice, situations[s],
							(enum vitrine_role)role, calls[i]);
}

static int set_up(void **state)
{
	(void)state;
	failure = mmap(NULL, sizeof(*failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		-1, 0);
	return failure == MAP_FAILED;
}

static int tell_failures(void **state)
{
	(void)state;
	printf("figures: %u calls failed for good\n", failures);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {a_test(each_call_fails_for_good)};

	return cmocka_run_group_tests(tests, set_up, tell_failures);
}
