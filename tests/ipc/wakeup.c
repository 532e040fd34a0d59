/*
 * wakeup.c - plays the wake-up matrix (scene.h), each cell in a separate process. Then it removes
 * each SEM_UNDO of the table in turn, and checks that at least one of the cells that use its
 * transition fails. (A random test cannot detect a lost wake-up, because the next process that
 * comes by hides it.)
 *
 *     wakeup           every cell, awake within a second
 *     wakeup mutants   every mutant
 *     wakeup CELL      one cell by its number
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutant.h"
#include "scene.h"

/* With a mutant, a process that still sleeps after this long counts as not woken. */
#define MUTANT_WAKE_NS (200 * MILLISECOND_NS)

static void play_as_mutant(const struct cell *cell)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDERR_FILENO); /* failures are expected here */
	wait_limit_ns = MUTANT_WAKE_NS;
	play(cell, MUTANT_WAKE_NS);
}

/* Plays the cell in a separate process. True if it succeeds. */
static bool passes(const struct cell *cell)
{
	bool passed;
	int pid;

	new_test_key();
	pid = fork_bounded();
	if (pid == 0) {
		if (mutation.operation >= 0)
			play_as_mutant(cell);
		else
			play(cell, SECOND_NS);
		_exit(0);
	}
	passed = await_end(pid) == 0;
	remove_objects();
	return passed;
}

static bool passes_all(void)
{
	unsigned failed = 0;

	for (unsigned i = 0; i < cell_count; i++) {
		if (passes(&cells[i]))
			continue;
		printf("cell %u failed: %s\n", i, cells[i].name);
		failed++;
	}
	printf("figures: %u cells, %u failed\n", cell_count, failed);
	return failed == 0;
}

/* The transitions that each cell uses: T_COUNT a cell, in memory that its processes share. */
static bool *used;

static bool find_used(void)
{
	bool passed = true;

	used = mmap(NULL, cell_count * T_COUNT * sizeof(bool), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(used != MAP_FAILED);
	for (unsigned i = 0; i < cell_count; i++) {
		used_transitions = used + (size_t)i * T_COUNT;
		passed = passes(&cells[i]) && passed;
	}
	used_transitions = NULL;
	return passed;
}

/* True if a cell fails with the mutation; prints which cell. */
static bool is_found(const struct mutation *mutant)
{
	char text[128];

	mutation = *mutant;
	mutation_text(mutant, text, sizeof(text));
	for (unsigned i = 0; i < cell_count; i++) {
		if (!used[(size_t)i * T_COUNT + mutant->transition] || passes(&cells[i]))
			continue;
		printf("%s: found by %s\n", text, cells[i].name);
		return true;
	}
	printf("%s: NOT FOUND\n", text);
	return false;
}

static bool finds_all(void)
{
	struct mutation mutant = {.operation = -1, .kind = WITHOUT_UNDO};
	unsigned tried = 0, found = 0;

	if (!find_used())
		return false;
	while (next_undo_mutation(&mutant)) {
		tried++;
		found += is_found(&mutant);
	}
	printf("figures: %u mutants, %u found\n", tried, found);
	return found == tried;
}

int main(int argc, char **argv)
{
	test_seed();
	if (argc > 1 && strcmp(argv[1], "mutants") == 0)
		return finds_all() ? 0 : 1;
	if (argc > 1) {
		unsigned number = (unsigned)atoi(argv[1]);

		return number < cell_count && passes(&cells[number]) ? 0 : 1;
	}
	return passes_all() ? 0 : 1;
}
