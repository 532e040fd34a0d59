/*
 * mutant.c - see mutant.h. It includes the library's transitions.c and renames its transition_bind,
 * so that the linker does not need transitions.o of the library.
 */
#include "mutant.h"

unsigned unchanged_bind(enum transition transition, const struct binding *binding,
	struct sembuf operations[OPERATIONS_MOST]);

#define transition_bind unchanged_bind
#include "../../common/ipc/transitions.c"
#undef transition_bind

struct mutation mutation = {.operation = -1};
bool *used_transitions;

unsigned transition_bind(enum transition transition, const struct binding *binding,
	struct sembuf operations[OPERATIONS_MOST])
{
	unsigned count = unchanged_bind(transition, binding, operations);

	if (used_transitions != NULL)
		used_transitions[transition] = true;
	if (mutation.operation < 0 || mutation.transition != transition)
		return count;
	if (mutation.kind == WITHOUT_UNDO) {
		operations[mutation.operation].sem_flg &= ~SEM_UNDO;
		return count;
	}
	count--;
	for (unsigned i = (unsigned)mutation.operation; i < count; i++)
		operations[i] = operations[i + 1];
	return count;
}

bool next_undo_mutation(struct mutation *at)
{
	const struct binding binding = {.slots = VITRINE_SLOTS_MIN, .latest = 1};
	struct sembuf operations[OPERATIONS_MOST];

	for (; at->transition < T_COUNT; at->transition++, at->operation = -1) {
		int count = (int)unchanged_bind(at->transition, &binding, operations);

		while (++at->operation < count)
			if (operations[at->operation].sem_flg & SEM_UNDO)
				return true;
	}
	return false;
}

/* The index of `operation` in the array with the text `array`; -1: none. */
static int operation_of(char *array, const char *operation)
{
	char *rest = NULL, *semaphore = strtok_r(array, " ", &rest);

	for (int at = 0; semaphore != NULL; at++) {
		const char *change = strtok_r(NULL, " ", &rest);
		size_t length = strlen(semaphore);

		if (change != NULL && strncmp(operation, semaphore, length) == 0 &&
			operation[length] == ' ' && strcmp(operation + length + 1, change) == 0)
			return at;
		semaphore = strtok_r(NULL, " ", &rest);
	}
	return -1;
}

bool find_mutation(const char *text, struct mutation *found)
{
	const char *name = text + (*text == '-'), *colon = strstr(name, ": ");

	for (unsigned t = 0; colon != NULL && t < T_COUNT; t++) {
		const char *its_name = transition_name((enum transition)t);
		char array[256];

		if (strlen(its_name) != (size_t)(colon - name) ||
			strncmp(its_name, name, strlen(its_name)) != 0)
			continue;
		transition_text((enum transition)t, array, sizeof(array));
		found->transition = (enum transition)t;
		found->operation = operation_of(array, colon + 2);
		found->kind = *text == '-' ? WITHOUT_OPERATION : WITHOUT_UNDO;
		if (found->operation >= 0)
			return true;
	}
	return false;
}

const char *mutation_text(const struct mutation *at, char *text, size_t size)
{
	char array[256], *word = array;

	transition_text(at->transition, array, sizeof(array));
	for (int i = 0; i < 2 * at->operation; i++)
		word += strcspn(word, " ") + 1;
	word[strcspn(word, " ") + 1 + strcspn(word + strcspn(word, " ") + 1, " ")] = '\0';
	snprintf(text, size, "%s (array %d), %s %s", transition_name(at->transition),
		(int)at->transition, word,
		at->kind == WITHOUT_UNDO ? "without its undo" : "left out");
	return text;
}
