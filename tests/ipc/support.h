/*
 * support.h - helpers for all tests of the library: a key for each test, a check that no objects
 * are left, bounded waits, and assertions that also work in child processes.
 *
 * A test never sleeps to let something happen. It waits for a state, for at most LIMIT_S.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "handle.h" /* before cmocka.h, whose macro fail() would hide the library's fail() */
#include "vitrine.h"

#include <cmocka.h>

enum { LIMIT_S = 30, KIB = 1024, MIB = 1024 * 1024 };
#define MILLISECOND_NS INT64_C(1000000)
#define SECOND_NS      INT64_C(1000000000)

/*
 * An assertion for any process. In the test's own process it fails the test; in a child it prints
 * what is wrong and exits with 1. (An assertion of cmocka would continue with the other tests in
 * the child.)
 */
#define must(condition) ((condition) ? (void)0 : must_failed(__FILE__, __LINE__, #condition, 0, 0))
#define must_equal(actual, expected)                                                               \
	must_equal_at(__FILE__, __LINE__, #actual, (int64_t)(actual), (int64_t)(expected))
void must_failed(const char *file, int line, const char *text, int64_t actual, int64_t expected);
void must_equal_at(const char *file, int line, const char *text, int64_t actual, int64_t expected);

/* ---- chance -------------------------------------------------------------------------------- */

/* The seed of this run: $VITRINE_TEST_SEED, or else a new one. The first call prints it. */
uint64_t test_seed(void);

/* splitmix64: advances *state and returns the next number of the sequence. */
uint64_t random_next(uint64_t *state);

/* True if the tests should run at full length (script/test --long). */
bool test_is_long(void);

/* ---- keys and objects ---------------------------------------------------------------------- */

/* The key of the running test, 0x7702…; no object has it when the test starts. */
extern struct vitrine_key test_key;

/*
 * Set-up and tear-down for cmocka: a new key before each test; afterwards every object that the
 * test created must be gone.
 */
int test_setup(void **state);
int test_teardown(void **state);
#define a_test(function) cmocka_unit_test_setup_teardown(function, test_setup, test_teardown)

/* Chooses a new test_key. */
void new_test_key(void);

/* Remembers the ids of the objects that have test_key now: they must be gone at the end. */
void remember_objects(void);

/* Removes the objects with test_key. Returns how many there were. */
int remove_objects(void);

/* Removes leftovers. True if there were none, and no remembered object still exists. */
bool objects_are_gone(void);

/* ---- channels ------------------------------------------------------------------------------ */

enum { SMALL = 64 * KIB }; /* slot size of most tests */

/* Opens test_key's channel with `slots` slots of SMALL bytes; asserts success. */
struct vitrine_channel *open_channel(enum vitrine_role role, uint32_t slots);

/* The options that open_channel uses, as a start for tests that need others. */
struct vitrine_options usual_options(enum vitrine_role role, uint32_t slots);

/*
 * Calls vitrine_open with these options; asserts that it returns `error` with `word` in its
 * message.
 */
void open_must_fail(const struct vitrine_options *options, int error, const char *word);

/* Claims without sleeping, fills the slot with pattern `id`, publishes. Returns the sequence. */
uint64_t publish_image(struct vitrine_channel *producer, uint64_t id);

/* Takes without sleeping; asserts that the pattern is complete. */
struct vitrine_image take_image(struct vitrine_channel *consumer);

/* Makes the handle behave as after many claims or takes in quick succession. */
void hurry(struct vitrine_channel *channel);

/* All values of the channel's set. */
struct values values_of(const struct vitrine_channel *channel);
unsigned value_of(const struct vitrine_channel *channel, unsigned number);

/* SETVAL: changes the set as a hostile program could. */
void set_value(const struct vitrine_channel *channel, unsigned number, int value);

/*
 * True if no process holds anything and the values agree: mutex 1, no writer, no reader, full =
 * waiting images, empty = claimable slots. Prints what is wrong.
 */
bool is_at_rest(const struct vitrine_channel *channel);

/* ---- patterns ------------------------------------------------------------------------------ */

/* Fill `size` bytes with the pattern of `id`; check whether they contain a pattern; find its id. */
void pattern_fill(void *data, uint64_t size, uint64_t id);
bool pattern_is_whole(const void *data, uint64_t size, uint64_t *id);

/* ---- waiting ------------------------------------------------------------------------------- */

/*
 * Waits until `asleep` processes sleep on semaphore `number`: until it rises or, if `zero`, until
 * it is 0.
 */
void await_sleepers(int semid, unsigned number, bool zero, int asleep);

/*
 * Waits until the segment is attached so many times; a segment that is gone is attached 0 times.
 * vitrine_list() in a test that runs at the same time attaches each segment of this user for a
 * moment: nattch is then too high by one, and a removed segment still exists.
 */
void await_attached(int shmid, uint64_t attached);

/* How long a wait may last: LIMIT_S, or less in tests that expect a failure. */
extern int64_t wait_limit_ns;

/* The pause in a loop that waits for a state; fails after wait_limit_ns in total. */
struct wait {
	uint64_t since_ns;
};
void wait_a_little(struct wait *wait);

/* waitpid, bounded by wait_limit_ns; returns the status. */
int await_end(int pid);

/* Forks a child that ends after LIMIT_S (SIGALRM) or together with its parent. */
int fork_bounded(void);

/* Runs `body` in such a child and returns its status. */
int run_child(void (*body)(void *), void *argument);

/* ---- one of each, in a channel of three slots ----------------------------------------------- */

/* Set-up and tear-down for cmocka. Returns 0, or -1 if objects are left. */
int open_trio(struct vitrine_channel **producer, struct vitrine_channel **consumer,
	struct vitrine_channel **mirror);
int close_trio(struct vitrine_channel *producer, struct vitrine_channel *consumer,
	struct vitrine_channel *mirror);

#endif
