/*
 * support.h - what every test of the library needs: a key of its own, the objects gone at the end,
 * waits that are bounded, and assertions that also hold in child processes.
 *
 * A test never sleeps to let something happen: it waits for a state, for LIMIT_S at most.
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
 * An assertion for any process: in the test's own it fails the test, in a child it prints what was
 * wrong and ends the child with 1 (cmocka's own would run the other tests in the child).
 */
#define must(condition) ((condition) ? (void)0 : must_failed(__FILE__, __LINE__, #condition, 0, 0))
#define must_equal(actual, expected)                                                               \
	must_equal_at(__FILE__, __LINE__, #actual, (int64_t)(actual), (int64_t)(expected))
void must_failed(const char *file, int line, const char *text, int64_t actual, int64_t expected);
void must_equal_at(const char *file, int line, const char *text, int64_t actual, int64_t expected);

/* ---- chance -------------------------------------------------------------------------------- */

/* The seed of this run: $VITRINE_TEST_SEED, else a new one; printed when first asked for. */
uint64_t test_seed(void);

/* splitmix64: the next number of the sequence that *state is in. */
uint64_t random_next(uint64_t *state);

/* Whether the tests are to run at full length (script/test --long). */
bool test_is_long(void);

/* ---- keys and objects ---------------------------------------------------------------------- */

/* The key of the running test, 0x7702…; nothing lies under it when the test starts. */
extern struct vitrine_key test_key;

/* For cmocka: a new key before each test; after it every object that it made must be gone. */
int test_setup(void **state);
int test_teardown(void **state);
#define a_test(function) cmocka_unit_test_setup_teardown(function, test_setup, test_teardown)

/* Chooses a new test_key. */
void new_test_key(void);

/* Notes the objects that lie under test_key now: they must be gone at the end, by id. */
void remember_objects(void);

/* Removes whatever lies under test_key. Returns how many objects there were. */
int remove_objects(void);

/* Removes leftovers and tells whether there were any, or any that was remembered still exists. */
bool objects_are_gone(void);

/* ---- channels ------------------------------------------------------------------------------ */

enum { SMALL = 64 * KIB }; /* slot size of most tests */

/* Opens test_key's channel with `slots` slots of SMALL bytes; must succeed. */
struct vitrine_channel *open_channel(enum vitrine_role role, uint32_t slots);

/* The options that open_channel uses, to be changed where a test needs others. */
struct vitrine_options usual_options(enum vitrine_role role, uint32_t slots);

/* vitrine_open with these options; must give `error`. The message must contain `word`. */
void open_must_fail(const struct vitrine_options *options, int error, const char *word);

/* Claims without sleeping, fills the slot with pattern `id`, publishes. Returns the sequence. */
uint64_t publish_image(struct vitrine_channel *producer, uint64_t id);

/* Takes without sleeping; the pattern must be whole. */
struct vitrine_image take_image(struct vitrine_channel *consumer);

/* The next round of a slot is that of a handle that has had many in quick succession. */
void hurry(struct vitrine_channel *channel);

/* All values of the channel's set. */
struct values values_of(const struct vitrine_channel *channel);
unsigned value_of(const struct vitrine_channel *channel, unsigned number);

/* SETVAL: damages the set as another program would. */
void set_value(const struct vitrine_channel *channel, unsigned number, int value);

/*
 * Whether nobody holds anything and the numbers fit each other: mutex 1, no writer, no reader,
 * full = images that wait, empty = claimable slots. Prints what is wrong.
 */
bool is_at_rest(const struct vitrine_channel *channel);

/* ---- patterns ------------------------------------------------------------------------------ */

/* Fills `size` bytes with the pattern of `id`; whether they hold it, and of which id. */
void pattern_fill(void *data, uint64_t size, uint64_t id);
bool pattern_is_whole(const void *data, uint64_t size, uint64_t *id);

/* ---- waiting ------------------------------------------------------------------------------- */

/* Waits until `asleep` processes sleep in semaphore `number`, for a rise or (zero) for 0. */
void await_sleepers(int semid, unsigned number, bool zero, int asleep);

/* How long a wait may last: LIMIT_S, less where a failure is what is looked for. */
extern int64_t wait_limit_ns;

/* A pause of a loop that waits for a state; fails when it is wait_limit_ns old. */
struct wait {
	uint64_t since_ns;
};
void wait_a_little(struct wait *wait);

/* waitpid, bounded by wait_limit_ns; returns the status. */
int await_end(int pid);

/* fork with a bounded life (SIGALRM after LIMIT_S), which ends with its parent. */
int fork_bounded(void);

/* Runs `body` in a bounded child and returns its status. */
int run_child(void (*body)(void *), void *argument);

/* ---- one of each, in a channel of three slots ----------------------------------------------- */

/* For cmocka's set-up and tear-down: 0; -1 if objects stayed behind. */
int open_trio(struct vitrine_channel **producer, struct vitrine_channel **consumer,
	struct vitrine_channel **mirror);
int close_trio(struct vitrine_channel *producer, struct vitrine_channel *consumer,
	struct vitrine_channel *mirror);

#endif
