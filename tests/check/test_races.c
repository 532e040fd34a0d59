/*
 * test_races.c - races without programs: what semaphores order, which accesses conflict, which
 * update is lost, and how large the access of an instruction is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "control/instruction.h"
#include "search/accesses.h"
#include "search/clocks.h"

#define SET 7

struct scene {
	struct clocks order;
	struct accesses accesses;
	struct increments increments;
	struct accesses_finding finding;
};

static void begin(struct scene *scene, unsigned processes)
{
	*scene = (struct scene){0};
	for (unsigned process = 1; process <= processes; process++)
		clocks_begin(&scene->order, process, 0);
}

static void end(struct scene *scene)
{
	clocks_end(&scene->order);
	accesses_end(&scene->accesses);
	increments_end(&scene->increments);
}

static void operate(struct scene *scene, unsigned process, unsigned short semaphore, short by)
{
	const struct sembuf operation = {semaphore, by, 0};

	clocks_operate(&scene->order, process, SET, &operation, 1);
}

/* Process `process` accesses 4 bytes; the instruction is at `counter`. */
static enum accesses_verdict touch(struct scene *scene, unsigned process, uint64_t offset,
	bool writes, uint64_t counter, uint64_t value)
{
	const struct access access = {.process = process,
		.actor = process,
		.segment = 1,
		.offset = offset,
		.size = 4,
		.reads = !writes,
		.writes = writes,
		.counter = counter,
		.before = value,
		.after = value};

	scene->finding =
		accesses_add(&scene->accesses, &access, NULL, &scene->order, &scene->increments);
	return scene->finding.verdict;
}

static enum accesses_verdict put(struct scene *scene, unsigned process, uint64_t offset)
{
	return touch(scene, process, offset, true, 100 * process, 1);
}

static enum accesses_verdict look(struct scene *scene, unsigned process, uint64_t offset)
{
	return touch(scene, process, offset, false, 100 * process + 1, 1);
}

/* ---- order ----------------------------------------------------------------------------------- */

static void test_nothing_orders_two_processes(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3);
	assert_int_equal(put(&scene, 1, 0), ACCESSES_RIGHT);
	assert_int_equal(put(&scene, 1, 0), ACCESSES_RIGHT);
	assert_int_equal(put(&scene, 2, 4), ACCESSES_RIGHT); /* beside it */
	assert_int_equal(look(&scene, 2, 2), ACCESSES_RACE);
	assert_int_equal(scene.finding.other->process, 1);
	assert_int_equal(look(&scene, 3, 8), ACCESSES_RIGHT);
	assert_int_equal(look(&scene, 2, 8), ACCESSES_RIGHT); /* both only read */
	end(&scene);
}

static void test_a_mutex(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3);
	clocks_set(&scene.order, 3, SET, 0, 1);
	operate(&scene, 1, 0, -1);
	put(&scene, 1, 0);
	operate(&scene, 1, 0, 1);
	operate(&scene, 2, 0, -1);
	assert_int_equal(put(&scene, 2, 0), ACCESSES_RIGHT);
	operate(&scene, 2, 0, 1);
	put(&scene, 2, 4); /* after it has given the mutex back */
	operate(&scene, 1, 0, -1);
	assert_int_equal(look(&scene, 1, 0), ACCESSES_RIGHT);
	assert_int_equal(look(&scene, 1, 4), ACCESSES_RACE);
	end(&scene);
}

/* The second unit was there before: it is not a sign of what the first process did. */
static void test_units_are_taken_in_turn(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3);
	clocks_set(&scene.order, 3, SET, 0, 2);
	operate(&scene, 1, 0, -1);
	put(&scene, 1, 0);
	operate(&scene, 1, 0, 1);
	operate(&scene, 2, 0, -1);
	assert_int_equal(look(&scene, 2, 0), ACCESSES_RACE);
	operate(&scene, 2, 0, -1); /* now it has the one that the first process gave back */
	assert_int_equal(look(&scene, 2, 0), ACCESSES_RIGHT);
	end(&scene);
}

static void test_several_units_at_once(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3);
	put(&scene, 1, 0);
	operate(&scene, 1, 0, 1);
	put(&scene, 2, 4);
	operate(&scene, 2, 0, 1);
	operate(&scene, 3, 0, -2);
	assert_int_equal(look(&scene, 3, 0), ACCESSES_RIGHT);
	assert_int_equal(look(&scene, 3, 4), ACCESSES_RIGHT);
	end(&scene);
}

static void test_waiting_for_zero(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 3);
	clocks_set(&scene.order, 3, SET, 0, 2);
	put(&scene, 1, 0);
	operate(&scene, 1, 0, -1);
	put(&scene, 2, 4);
	operate(&scene, 2, 0, -1);
	operate(&scene, 3, 0, 0);
	assert_int_equal(look(&scene, 3, 0), ACCESSES_RIGHT);
	assert_int_equal(look(&scene, 3, 4), ACCESSES_RIGHT);
	end(&scene);
}

/* One call of several operations: all that it acquires comes before all that it releases. */
static void test_several_operations(void **state)
{
	const struct sembuf operations[] = {{1, 1, 0}, {0, -1, 0}};
	struct scene scene;

	(void)state;
	begin(&scene, 3);
	put(&scene, 1, 0);
	operate(&scene, 1, 0, 1);
	clocks_operate(&scene.order, 2, SET, operations, 2);
	operate(&scene, 3, 1, -1);
	assert_int_equal(look(&scene, 3, 0), ACCESSES_RIGHT);
	end(&scene);
}

static void test_parents_and_children(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 1);
	put(&scene, 1, 0);
	clocks_begin(&scene.order, 2, 1);
	put(&scene, 1, 4);
	assert_int_equal(look(&scene, 2, 0), ACCESSES_RIGHT);
	assert_int_equal(look(&scene, 2, 4), ACCESSES_RACE);
	put(&scene, 2, 8);
	assert_int_equal(look(&scene, 1, 8), ACCESSES_RACE);
	clocks_join(&scene.order, 1, 2);
	assert_int_equal(look(&scene, 1, 8), ACCESSES_RIGHT);
	end(&scene);
}

/* ---- lost updates ---------------------------------------------------------------------------- */

static void add_one(struct scene *scene, unsigned process, uint64_t number)
{
	touch(scene, process, 0, false, 10, number);
	touch(scene, process, 0, true, 11, number + 1);
}

static void test_a_lost_update(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 2);
	add_one(&scene, 1, 0);
	clocks_join(&scene.order, 2, 1);
	add_one(&scene, 2, 1); /* instructions 10 and 11 increment */
	clocks_join(&scene.order, 1, 2);
	touch(&scene, 1, 0, false, 10, 2);
	clocks_join(&scene.order, 2, 1);
	add_one(&scene, 2, 2);
	clocks_join(&scene.order, 1, 2);
	assert_int_equal(touch(&scene, 1, 0, true, 11, 3), ACCESSES_LOST);
	assert_int_equal(scene.finding.read->before, 2);
	assert_int_equal(scene.finding.other->process, 2);
	end(&scene);
}

/* A value that does not depend on what was read may replace what others wrote. */
static void test_an_assignment_loses_nothing(void **state)
{
	struct scene scene;

	(void)state;
	begin(&scene, 2);
	for (uint64_t i = 0; i < 4; i++) {
		touch(&scene, 1, 0, false, 10, 3 * i);
		clocks_join(&scene.order, 2, 1);
		touch(&scene, 2, 0, true, 20, 3 * i + 2);
		clocks_join(&scene.order, 1, 2);
		assert_int_equal(touch(&scene, 1, 0, true, 11, 5), ACCESSES_RIGHT);
		clocks_join(&scene.order, 2, 1);
	}
	end(&scene);
}

/* ---- instructions ---------------------------------------------------------------------------- */

static void test_instructions(void **state)
{
	static const struct {
		unsigned char bytes[INSTRUCTION_BYTES];
		struct instruction is;
	} cases[] = {
#if defined(__x86_64__)
		{{0x8b, 0x00}, {.size = 4}}, /* mov (%rax),%eax */
		{{0x89, 0x10}, {.size = 4, .only_stores = true}},
		{{0x48, 0x89, 0x10}, {.size = 8, .only_stores = true}},
		{{0x66, 0x89, 0x10}, {.size = 2, .only_stores = true}},
		{{0x88, 0x10}, {.size = 1, .only_stores = true}},
		{{0x0f, 0xb6, 0x00}, {.size = 1}}, /* movzbl */
		{{0x0f, 0xb7, 0x00}, {.size = 2}}, /* movzwl */
		{{0x83, 0x00, 0x01}, {.size = 4}}, /* addl $1,(%rax) */
		{{0x48, 0xff, 0x00}, {.size = 8}}, /* incq (%rax) */
		{{0xf0, 0x83, 0x00, 0x01}, {.size = 4, .is_atomic = true}},
		{{0xf0, 0x0f, 0xc1, 0x10}, {.size = 4, .is_atomic = true}}, /* lock xadd */
		{{0xf0, 0x48, 0x0f, 0xb1, 0x11}, {.size = 8, .is_atomic = true}},
		{{0x87, 0x10}, {.size = 4, .is_atomic = true}},          /* xchg */
		{{0x0f, 0x29, 0x00}, {.size = 16, .only_stores = true}}, /* movaps */
		{{0xf2, 0x0f, 0x10, 0x00}, {.size = 8}},                 /* movsd */
		{{0xf3, 0x0f, 0x11, 0x00}, {.size = 4, .only_stores = true}},
		{{0xc5, 0xfe, 0x6f, 0x06}, {.size = 32}}, /* vmovdqu (%rsi),%ymm0 */
		{{0xc5, 0xfe, 0x7f, 0x07}, {.size = 32, .only_stores = true}},
		{{0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x06}, {.size = 64}}, /* vmovdqu64, zmm */
		{{0xf3, 0xa4}, {.size = 1, .only_stores = true}},     /* rep movsb */
		{{0x0f, 0xae, 0x00}, {.size = 1}},                    /* unknown */
#elif defined(__aarch64__)
		{{0x20, 0x00, 0x40, 0xb9}, {.size = 4}}, /* ldr w0, [x1] */
		{{0x20, 0x00, 0x00, 0xb9}, {.size = 4, .only_stores = true}},
		{{0x20, 0x00, 0x40, 0xf9}, {.size = 8}}, /* ldr x0, [x1] */
		{{0x20, 0x00, 0x40, 0x39}, {.size = 1}}, /* ldrb */
		{{0x20, 0x7c, 0x5f, 0x88}, {.size = 4, .is_atomic = true, .is_exclusive = true}},
		{{0x20, 0xfc, 0x02, 0x88}, {.size = 4, .is_atomic = true, .only_stores = true}},
		{{0x20, 0xfc, 0xdf, 0x88}, {.size = 4, .is_atomic = true}},    /* ldar */
		{{0x40, 0x00, 0x21, 0xb8}, {.size = 4, .is_atomic = true}},    /* ldadd */
		{{0x20, 0x00, 0x80, 0x3d}, {.size = 16, .only_stores = true}}, /* str q0 */
#endif
		{{0}, {.size = 1}},
	};

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(cases) / sizeof(cases[0]); i++) {
		struct instruction decoded = instruction_decode(cases[i].bytes);

		assert_int_equal(decoded.size, cases[i].is.size);
		assert_int_equal(decoded.is_atomic, cases[i].is.is_atomic);
		assert_int_equal(decoded.is_exclusive, cases[i].is.is_exclusive);
		assert_int_equal(decoded.only_stores, cases[i].is.only_stores);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_orders_two_processes),
		cmocka_unit_test(test_a_mutex),
		cmocka_unit_test(test_units_are_taken_in_turn),
		cmocka_unit_test(test_several_units_at_once),
		cmocka_unit_test(test_waiting_for_zero),
		cmocka_unit_test(test_several_operations),
		cmocka_unit_test(test_parents_and_children),
		cmocka_unit_test(test_a_lost_update),
		cmocka_unit_test(test_an_assignment_loses_nothing),
		cmocka_unit_test(test_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
