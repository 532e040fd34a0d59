/* predict.c - see predict.h. */
#include "predict.h"

#include "semaphores.h"

#define VALUE_MAX 32767 /* SEMVMX */

/*
 * The entry of a semaphore; adds one with its current value if there is none. NULL: the set has no
 * such semaphore.
 */
static struct predict_value *value_of(struct prediction *prediction,
	const struct vitrine_snapshot *snapshot, uint32_t number)
{
	const struct vitrine_semaphore *semaphore = semaphores_at(snapshot, number);
	struct predict_value *value;

	for (uint32_t i = 0; i < prediction->count; i++)
		if (prediction->values[i].number == number)
			return &prediction->values[i];
	if (semaphore == NULL || prediction->count == PREDICT_MAX)
		return NULL;
	value = &prediction->values[prediction->count++];
	*value = (struct predict_value){number, semaphore->value, semaphore->value};
	return value;
}

/* Each operation applies to the result of the earlier ones in the array. */
static enum predict_outcome apply(struct predict_value *value, const struct sembuf *operation)
{
	int32_t result;

	if (value == NULL)
		return PREDICT_ERROR;
	result = value->after + operation->sem_op;
	if (result < 0 || (operation->sem_op == 0 && value->after != 0))
		return operation->sem_flg & IPC_NOWAIT ? PREDICT_REFUSED : PREDICT_SLEEPS;
	if (result > VALUE_MAX)
		return PREDICT_ERROR;
	value->after = result;
	return PREDICT_DONE;
}

void predict(struct prediction *prediction, const struct vitrine_snapshot *snapshot,
	const struct sembuf *operations, uint32_t count)
{
	*prediction = (struct prediction){0};
	for (uint32_t i = 0; i < count; i++) {
		struct predict_value *value = value_of(prediction, snapshot, operations[i].sem_num);

		if (prediction->outcome != PREDICT_DONE)
			continue; /* the outcome is known; only list the remaining semaphores */
		prediction->outcome = apply(value, &operations[i]);
		prediction->at = prediction->outcome == PREDICT_DONE ? 0 : i;
	}
	/* The array is executed whole or not at all. */
	for (uint32_t i = 0; prediction->outcome != PREDICT_DONE && i < prediction->count; i++)
		prediction->values[i].after = prediction->values[i].before;
}
