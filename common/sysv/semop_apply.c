/* semop_apply.c - see semop_apply.h. */
#include "semop_apply.h"

static enum sysv_outcome apply(uint16_t *value, const struct sembuf *operation)
{
	int after = *value + operation->sem_op;

	if (after < 0 || (operation->sem_op == 0 && *value != 0))
		return operation->sem_flg & IPC_NOWAIT ? SYSV_REFUSED : SYSV_SLEEPS;
	if (after > SYSV_VALUE_MAX)
		return SYSV_RANGE;
	*value = (uint16_t)after;
	return SYSV_DONE;
}

/* Each operation is applied to the values after the operations before it. */
enum sysv_outcome sysv_semop_apply(uint16_t *values, size_t value_count,
	const struct sembuf *operations, size_t count, size_t *at)
{
	enum sysv_outcome outcome = SYSV_DONE;
	size_t done = 0;

	for (size_t i = 0; i < count; i++) {
		if (operations[i].sem_num < value_count)
			continue;
		if (at != NULL)
			*at = i;
		return SYSV_NUMBER;
	}
	while (done < count && outcome == SYSV_DONE) {
		outcome = apply(&values[operations[done].sem_num], &operations[done]);
		done += outcome == SYSV_DONE;
	}
	if (outcome == SYSV_DONE)
		return outcome;
	if (at != NULL)
		*at = done;
	while (done > 0) {
		const struct sembuf *operation = &operations[--done];
		uint16_t *value = &values[operation->sem_num];

		*value = (uint16_t)(*value - operation->sem_op);
	}
	return outcome;
}
