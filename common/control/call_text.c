/* call_text.c - calls in words: see call.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>

#include "base/translate.h"
#include "call.h"

__attribute__((format(printf, 2, 3))) static void append(char text[CALL_TEXT_MAX],
	const char *format, ...)
{
	size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + length, CALL_TEXT_MAX - length, format, arguments);
	va_end(arguments);
}

char *call_operation_text(const struct call *call, uint32_t at, call_namer *name, void *data,
	char text[80])
{
	const struct sembuf *operation = &call->operations[at];
	char label[48];

	snprintf(label, sizeof(label), "%u", operation->sem_num);
	if (name != NULL)
		name(data, call->id, operation->sem_num, label, sizeof(label));
	if (operation->sem_op == 0)
		snprintf(text, 80, "%s = 0", label);
	else
		snprintf(text, 80, "%s %s%d", label, operation->sem_op < 0 ? "−" : "+",
			abs(operation->sem_op));
	if (operation->sem_flg & SEM_UNDO)
		strncat(text, " U", 80 - strlen(text) - 1);
	if (operation->sem_flg & IPC_NOWAIT)
		strncat(text, " ?", 80 - strlen(text) - 1);
	return text;
}

static void append_operations(const struct call *call, call_namer *name, void *data,
	char text[CALL_TEXT_MAX])
{
	char operation[80];

	if (call->count > CALL_OPERATIONS_MAX) {
		append(text, _(": %u operations, more than the kernel accepts"), call->count);
		return;
	}
	if (call->is_unreadable) {
		append(text, _(": its operations are outside of its memory"));
		return;
	}
	for (uint32_t i = 0; i < call->count && strlen(text) < CALL_TEXT_MAX - 100; i++)
		append(text, "%s%s", i == 0 ? ": " : ", ",
			call_operation_text(call, i, name, data, operation));
	if (call->timeout_ns != CALL_FOREVER)
		append(text, _(", for %" PRId64 " ms at most"), call->timeout_ns / 1000000);
}

static void append_get(const struct call *call, char text[CALL_TEXT_MAX])
{
	if (call->key == IPC_PRIVATE)
		append(text, " IPC_PRIVATE");
	else
		append(text, " 0x%08x", (unsigned)call->key);
	if (call->kind == CALL_SEMGET)
		append(text,
			ngettext(", %" PRIu64 " semaphore", ", %" PRIu64 " semaphores",
				(unsigned long)call->size),
			call->size);
	if (call->kind == CALL_SHMGET)
		append(text,
			ngettext(", %" PRIu64 " byte", ", %" PRIu64 " bytes",
				(unsigned long)call->size),
			call->size);
	if (call->flags & IPC_CREAT)
		append(text,
			call->flags & IPC_EXCL ? _(", create if missing, %03o")
					       : _(", create %03o"),
			(unsigned)call->flags & 0777);
}

static const char *command_name(const struct call *call, char text[16])
{
	static const struct {
		enum call_kind kind; /* CALL_OTHER: in full */
		int command;
		const char *name;
	} commands[] = {
		{CALL_OTHER, IPC_RMID, "IPC_RMID"},
		{CALL_OTHER, IPC_SET, "IPC_SET"},
		{CALL_OTHER, IPC_STAT, "IPC_STAT"},
		{CALL_OTHER, IPC_INFO, "IPC_INFO"},
		{CALL_SEMCTL, GETVAL, "GETVAL"},
		{CALL_SEMCTL, SETVAL, "SETVAL"},
		{CALL_SEMCTL, GETALL, "GETALL"},
		{CALL_SEMCTL, SETALL, "SETALL"},
		{CALL_SEMCTL, GETPID, "GETPID"},
		{CALL_SEMCTL, GETNCNT, "GETNCNT"},
		{CALL_SEMCTL, GETZCNT, "GETZCNT"},
		{CALL_SHMCTL, SHM_LOCK, "SHM_LOCK"},
		{CALL_SHMCTL, SHM_UNLOCK, "SHM_UNLOCK"},
	};

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].command == call->command &&
			(commands[i].kind == CALL_OTHER || commands[i].kind == call->kind))
			return commands[i].name;
	snprintf(text, 16, "command %d", call->command);
	return text;
}

static void append_semctl(const struct call *call, call_namer *name, void *data,
	char text[CALL_TEXT_MAX])
{
	char label[48], command[16];

	snprintf(label, sizeof(label), "%d", call->semaphore);
	if (name != NULL)
		name(data, call->id, (unsigned)call->semaphore, label, sizeof(label));
	append(text, " %s", command_name(call, command));
	switch (call->command) {
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT: append(text, " %s", label); break;
	case SETVAL: append(text, " %s = %" PRId64, label, call->value); break;
	default: append(text, _(" set %d"), call->id); break;
	}
}

char *call_text(const struct call *call, call_namer *name, void *data, char text[CALL_TEXT_MAX])
{
	char room[24];

	snprintf(text, CALL_TEXT_MAX, "%s", call_name(call, room));
	switch (call->kind) {
	case CALL_SEMOP: append_operations(call, name, data, text); break;
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET: append_get(call, text); break;
	case CALL_SEMCTL: append_semctl(call, name, data, text); break;
	case CALL_SHMCTL:
	case CALL_MSGCTL:
		append(text, " %s", command_name(call, room));
		append(text, call->kind == CALL_SHMCTL ? _(" segment %d") : _(" queue %d"),
			call->id);
		break;
	case CALL_SHMAT:
		append(text,
			call->flags & SHM_RDONLY ? _(" segment %d, read-only") : _(" segment %d"),
			call->id);
		break;
	case CALL_SHMDT: append(text, " 0x%" PRIx64, call->address); break;
	case CALL_MSGSND:
		append(text,
			ngettext(" queue %d, type %" PRId64 ", %" PRIu64 " byte%s",
				" queue %d, type %" PRId64 ", %" PRIu64 " bytes%s",
				(unsigned long)call->size),
			call->id, call->type, call->size, call->flags & IPC_NOWAIT ? " ?" : "");
		break;
	case CALL_MSGRCV:
		append(text, _(" queue %d, type %" PRId64 "%s"), call->id, call->type,
			call->flags & IPC_NOWAIT ? " ?" : "");
		break;
	case CALL_OTHER: break;
	}
	return text;
}

/* The errors of System V calls, and what they mean there. */
static const char *error_meaning(const struct call *call, int error)
{
	bool is_operation = call->kind == CALL_SEMOP;

	switch (error) {
	case EAGAIN:
		return call->timeout_ns != CALL_FOREVER ? _("the timeout expired")
							: _("it would have to wait");
	case EINTR: return _("a signal interrupted it");
	case EIDRM: return _("it was removed");
	case EINVAL: return _("there is no such object, or an argument is wrong");
	case EACCES: return _("no permission");
	case EPERM: return _("only its owner may");
	case EEXIST: return _("it exists already");
	case ENOENT: return _("no object has this key");
	case EFBIG: return is_operation ? _("the set has no such semaphore") : _("too big");
	case ERANGE:
		return is_operation ? _("a value or an undo would exceed 32767")
				    : _("out of range");
	case E2BIG:
		return is_operation ? _("too many operations")
				    : _("the message is longer than the buffer");
	case ENOMSG: return _("no such message");
	case ENOSPC: return _("the kernel's limit is reached");
	case ENOMEM: return _("not enough memory");
	case EFAULT: return _("a pointer is invalid");
	default: return NULL;
	}
}

char *call_result_text(const struct call *call, char text[128])
{
	int error = (int)-call->result;
	const char *meaning, *name;

	if (call->result < 0 && call->result > -4096) {
		meaning = error_meaning(call, error);
		name = strerrorname_np(error);
		if (error >= 512) /* internal to the kernel: it restarts the call after a signal */
			snprintf(text, 128, _("interrupted by a signal; it is restarted"));
		else if (meaning != NULL && name != NULL)
			snprintf(text, 128, "%s (%s)", name, meaning);
		else
			snprintf(text, 128, "%s", name != NULL ? name : _("an error"));
		return text;
	}
	switch (call->kind) {
	case CALL_SEMGET:
	case CALL_SHMGET:
	case CALL_MSGGET: snprintf(text, 128, "id %d", call->id); break;
	case CALL_SHMAT: snprintf(text, 128, "0x%" PRIx64, call->address); break;
	default: snprintf(text, 128, "%" PRId64, call->result); break;
	}
	return text;
}
