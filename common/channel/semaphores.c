/* semaphores.c - see semaphores.h. */
#include "semaphores.h"

#include <stdio.h>
#include <string.h>

uint32_t semaphores_count(const struct vitrine_snapshot *snapshot)
{
	return SEMAPHORES_SLOTS + SEMAPHORES_OF_SLOT * snapshot->slot_count;
}

const struct vitrine_semaphore *semaphores_at(const struct vitrine_snapshot *snapshot,
	uint32_t number)
{
	const struct vitrine_semaphore *const first[SEMAPHORES_SLOTS] = {&snapshot->mutex,
		&snapshot->empty, &snapshot->full, &snapshot->nothing, &snapshot->alive,
		&snapshot->producers, &snapshot->consumers, &snapshot->mirrors};
	const struct vitrine_slot_info *slot;

	if (number < SEMAPHORES_SLOTS)
		return first[number];
	if (number >= semaphores_count(snapshot))
		return NULL;
	slot = &snapshot->slots[(number - SEMAPHORES_SLOTS) / SEMAPHORES_OF_SLOT];
	switch ((number - SEMAPHORES_SLOTS) % SEMAPHORES_OF_SLOT) {
	case 0: return &slot->ready;
	case 1: return &slot->latest_semaphore;
	case 2: return &slot->writer;
	default: return &slot->reader;
	}
}

char *semaphores_label(char text[SEMAPHORES_LABEL_MAX], uint32_t number)
{
	static const char *const digits[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
	uint32_t slot;
	char *space;

	vitrine_semaphore_name(number, text, SEMAPHORES_LABEL_MAX);
	if (number < SEMAPHORES_SLOTS)
		return text;
	slot = (number - SEMAPHORES_SLOTS) / SEMAPHORES_OF_SLOT;
	space = strchr(text, ' ');
	if (space == NULL)
		return text;
	*space = '\0';
	snprintf(space, SEMAPHORES_LABEL_MAX - (size_t)(space - text), "%s%s",
		slot >= 10 ? digits[slot / 10 % 10] : "", digits[slot % 10]);
	return text;
}
