/*
 * snapshots.h - snapshots of an invented channel, and the X-ray's data from them. The functions are
 * static: each test includes what it needs.
 */
#ifndef VITRINE_TEST_SNAPSHOTS_H
#define VITRINE_TEST_SNAPSHOTS_H

#include <stdlib.h>
#include <string.h>

#include "semaphores.h"
#include "xray_model.h"

static const struct vitrine_info info = {
	.key = 0x77010001, .semid = 7, .shmid = 32, .slots = 4, .slot_size = 1 << 20};

/* A channel at rest with an image in slot 0, which is the newest; all others are free. */
static inline struct vitrine_snapshot *make_snapshot(uint32_t slots)
{
	struct vitrine_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	snapshot->slot_count = slots;
	snapshot->mutex.value = 1;
	snapshot->alive.value = 1;
	snapshot->empty.value = (int32_t)slots - 1;
	snapshot->full.value = 1;
	snapshot->producers.value = 1;
	snapshot->consumers.value = 1;
	snapshot->mode = 0600;
	snapshot->attached = 2;
	snapshot->slots[0].state = VITRINE_SLOT_READY;
	snapshot->slots[0].ready.value = 1;
	snapshot->slots[0].latest_semaphore.value = 1;
	snapshot->slots[0].latest = true;
	snapshot->slots[0].has_image = true;
	snapshot->slots[0].image.sequence = 41;
	strcpy(snapshot->slots[0].image.name, "lighthouse.jpg");
	return snapshot;
}

static inline struct xray_model *model_of(const struct vitrine_snapshot *snapshot)
{
	struct xray_model *model = malloc(sizeof(*model));
	const struct attached_program programs[] = {{4199, "producer", -1, true, false},
		{4242, "consumer", SEMAPHORES_FULL, false, false}};

	memset(model, 0xa5, sizeof(*model));
	xray_model_make(model, &(struct xray_facts){
				       .info = &info,
				       .snapshot = snapshot,
				       .owner = "teacher",
				       .programs = programs,
				       .program_count = 2,
			       });
	return model;
}

#endif
