/* predict.c - see predict.h. */
#include "predict.h"

#include "semaphores.h"
#include "sysv/semop_apply.h"

/*
 * The index of a semaphore in the prediction; adds it with its current value if it is not there.
 * PREDICT_MAX: the set has no such semaphore.
 */
static unsigned short index_of(struct prediction *prediction,
	const struct vitrine_snapshot *snapshot, uint32_t number)
{
	const struct vitrine_semaphore *semaphore = semaphores_at(snapshot, number);

	for (uint32_t i = 0; i < prediction->count; i++)
		if (prediction->values[i].number == number)
			return (unsigned short)i;
	if (semaphore == NULL)
		return PREDICT_MAX;
	prediction->values[prediction->count] =
		(struct predict_value){number, semaphore->value, semaphore->value};
	return (unsigned short)prediction->count++;
}

static enum predict_outcome outcome_of(enum sysv_outcome outcome)
{
	switch (outcome) {
	case SYSV_DONE: return PREDICT_DONE;
	case SYSV_SLEEPS: return PREDICT_SLEEPS;
	case SYSV_REFUSED: return PREDICT_REFUSED;
	case SYSV_RANGE:
	case SYSV_NUMBER: break;
	}
	return PREDICT_ERROR;
}

void predict(struct prediction *prediction, const struct vitrine_snapshot *snapshot,
	const struct sembuf *operations, uint32_t count)
{
	struct sembuf array[PREDICT_MAX]; /* the operations on `values` */
	uint16_t values[PREDICT_MAX];
	size_t at = 0;

	*prediction = (struct prediction){0};
	if (count > PREDICT_MAX) {
		prediction->outcome = PREDICT_ERROR;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		array[i] = operations[i];
		array[i].sem_num = index_of(prediction, snapshot, operations[i].sem_num);
	}
	for (uint32_t i = 0; i < prediction->count; i++)
		values[i] = (uint16_t)prediction->values[i].before;
	prediction->outcome =
		outcome_of(sysv_semop_apply(values, prediction->count, array, count, &at));
	prediction->at = (uint32_t)at;
	for (uint32_t i = 0; prediction->outcome == PREDICT_DONE && i < prediction->count; i++)
		prediction->values[i].after = values[i];
}
