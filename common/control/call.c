/* call.c - see call.h. */
#include "call.h"

#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <time.h>

#include "sysv/numbers.h"

#define OLD_ARGUMENT 0x100 /* some C libraries add IPC_64 to a command */

static const struct {
	long number;
	enum call_kind kind;
	const char *name;
} calls[] = {
#ifdef SYS_semop
	{SYS_semop, CALL_SEMOP, "semop"},
#endif
	{SYS_semtimedop, CALL_SEMOP, "semop"},
	{SYS_semget, CALL_SEMGET, "semget"},
	{SYS_semctl, CALL_SEMCTL, "semctl"},
	{SYS_shmget, CALL_SHMGET, "shmget"},
	{SYS_shmat, CALL_SHMAT, "shmat"},
	{SYS_shmdt, CALL_SHMDT, "shmdt"},
	{SYS_shmctl, CALL_SHMCTL, "shmctl"},
	{SYS_msgget, CALL_MSGGET, "msgget"},
	{SYS_msgsnd, CALL_MSGSND, "msgsnd"},
	{SYS_msgrcv, CALL_MSGRCV, "msgrcv"},
	{SYS_msgctl, CALL_MSGCTL, "msgctl"},
	{SYS_nanosleep, CALL_OTHER, "nanosleep"},
	{SYS_clock_nanosleep, CALL_OTHER, "clock_nanosleep"},
	{SYS_clock_gettime, CALL_OTHER, "clock_gettime"},
	{SYS_gettimeofday, CALL_OTHER, "gettimeofday"},
	{SYS_getrandom, CALL_OTHER, "getrandom"},
	{SYS_sched_yield, CALL_OTHER, "sched_yield"},
	{SYS_wait4, CALL_OTHER, "wait4"},
	{SYS_waitid, CALL_OTHER, "waitid"},
	{SYS_futex, CALL_OTHER, "futex"},
	{SYS_read, CALL_OTHER, "read"},
	{SYS_write, CALL_OTHER, "write"},
	{SYS_ppoll, CALL_OTHER, "ppoll"},
	{SYS_pselect6, CALL_OTHER, "pselect6"},
	{SYS_rt_sigsuspend, CALL_OTHER, "rt_sigsuspend"},
	{SYS_rt_sigtimedwait, CALL_OTHER, "rt_sigtimedwait"},
	{SYS_setitimer, CALL_OTHER, "setitimer"},
	{SYS_kill, CALL_OTHER, "kill"},
#ifdef SYS_alarm
	{SYS_alarm, CALL_OTHER, "alarm"},
#endif
#ifdef SYS_poll
	{SYS_poll, CALL_OTHER, "poll"},
	{SYS_select, CALL_OTHER, "select"},
	{SYS_pause, CALL_OTHER, "pause"},
	{SYS_time, CALL_OTHER, "time"},
#endif
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static void decode_operations(struct call *call, call_reader *read, const void *program)
{
	uint64_t count = call->arguments[2];

	call->id = (int)call->arguments[0];
	call->count = count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
	if (call->count > CALL_OPERATIONS_MAX)
		return;
	call->is_unreadable = read(program, call->arguments[1], call->operations,
				      call->count * sizeof(call->operations[0])) != 0;
}

static void decode_timeout(struct call *call, call_reader *read, const void *program)
{
	struct timespec timeout;

	if (call->number != SYS_semtimedop || call->arguments[3] == 0)
		return;
	if (read(program, call->arguments[3], &timeout, sizeof(timeout)) != 0)
		return;
	call->timeout_ns = timeout.tv_sec * INT64_C(1000000000) + timeout.tv_nsec;
}

static void decode_get(struct call *call)
{
	const uint64_t *arguments = call->arguments;

	call->id = -1;
	call->key = (int32_t)arguments[0];
	call->flags = (int)arguments[call->kind == CALL_MSGGET ? 1 : 2];
	if (call->kind != CALL_MSGGET)
		call->size = call->kind == CALL_SEMGET ? (uint32_t)arguments[1] : arguments[1];
}

static void decode_message(struct call *call, call_reader *read, const void *program)
{
	const uint64_t *arguments = call->arguments;
	long type = 0;

	call->id = (int)arguments[0];
	call->size = arguments[2];
	if (call->kind == CALL_MSGRCV) {
		call->type = (int64_t)arguments[3];
		call->flags = (int)arguments[4];
		return;
	}
	call->flags = (int)arguments[3];
	call->is_unreadable = read(program, arguments[1], &type, sizeof(type)) != 0;
	call->type = type;
}

void call_decode(struct call *call, long number, const uint64_t arguments[6], call_reader *read,
	const void *program)
{
	/* Everything but the operations: there may be 500, and usually there is one. */
	memset(call, 0, offsetof(struct call, operations));
	call->number = number;
	call->timeout_ns = CALL_FOREVER;
	memcpy(call->arguments, arguments, sizeof(call->arguments));
	for (size_t i = 0; i < CALLS; i++)
		if (calls[i].number == number)
			call->kind = calls[i].kind;
	switch (call->kind) {
	case CALL_SEMOP:
		decode_operations(call, read, program);
		decode_timeout(call, read, program);
		break;
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET: decode_get(call); break;
	case CALL_SEMCTL:
		call->id = (int)arguments[0];
		call->semaphore = (int)arguments[1];
		call->command = (int)arguments[2] & ~OLD_ARGUMENT;
		if (call->command == SETVAL)
			call->value = (int)arguments[3];
		break;
	case CALL_SHMCTL:
	case CALL_MSGCTL:
		call->id = (int)arguments[0];
		call->command = (int)arguments[1] & ~OLD_ARGUMENT;
		break;
	case CALL_SHMAT:
		call->id = (int)arguments[0];
		call->flags = (int)arguments[2];
		break;
	case CALL_SHMDT: call->address = arguments[0]; break;
	case CALL_MSGSND:
	case CALL_MSGRCV: decode_message(call, read, program); break;
	case CALL_OTHER: break;
	}
}

void call_finish(struct call *call, int64_t result)
{
	call->is_done = true;
	call->result = result;
	if (result < 0 && result >= -4095)
		return;
	switch (call->kind) {
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET: call->id = (int)result; break;
	case CALL_SHMAT: call->address = (uint64_t)result; break;
	case CALL_SEMCTL:
		if (call->command == GETVAL)
			call->value = result;
		break;
	default: break;
	}
}

bool call_can_sleep(const struct call *call)
{
	if (call->kind == CALL_MSGSND || call->kind == CALL_MSGRCV)
		return (call->flags & IPC_NOWAIT) == 0;
	if (call->kind != CALL_SEMOP || call->is_unreadable || call->count > CALL_OPERATIONS_MAX)
		return false;
	for (uint32_t i = 0; i < call->count; i++)
		if (call->operations[i].sem_op <= 0 &&
			(call->operations[i].sem_flg & IPC_NOWAIT) == 0)
			return true;
	return false;
}

const char *call_name(const struct call *call, char text[24])
{
	for (size_t i = 0; i < CALLS; i++)
		if (calls[i].number == call->number)
			return calls[i].name;
	snprintf(text, 24, "call %ld", call->number);
	return text;
}
