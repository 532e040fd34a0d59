/*
 * call.h - one System V IPC call with its arguments decoded: the object, the operations, the flags;
 * and its result.
 */
#ifndef VITRINE_CONTROL_CALL_H
#define VITRINE_CONTROL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>
#include <sys/types.h>

#define CALL_OPERATIONS_MAX 500 /* SEMOPM: the kernel refuses more */
#define CALL_FOREVER        INT64_C(-1)

enum call_kind {
	CALL_OTHER, /* a call that the tracer's caller asked for */
	CALL_SEMOP, /* semop(), and semtimedop() with or without a timeout */
	CALL_SEMGET,
	CALL_SEMCTL,
	CALL_SHMGET,
	CALL_SHMAT,
	CALL_SHMDT,
	CALL_SHMCTL,
	CALL_MSGGET,
	CALL_MSGSND,
	CALL_MSGRCV,
	CALL_MSGCTL,
};

struct call {
	enum call_kind kind;
	long number;           /* of the system call: SYS_… */
	uint64_t arguments[6]; /* as passed to the kernel */
	bool is_done;          /* `result` is valid */
	int64_t result;        /* below 0: a negative errno */

	int id;           /* of the object; …get: the result, once done */
	int32_t key;      /* …get: IPC_PRIVATE is 0 */
	int flags;        /* …get, shmat, msgsnd, msgrcv */
	uint64_t size;    /* shmget: bytes; semget: semaphores; msgsnd, msgrcv: bytes of the text */
	int64_t type;     /* msgsnd: of the message; msgrcv: the argument */
	int command;      /* …ctl */
	int semaphore;    /* semctl */
	int64_t value;    /* semctl SETVAL: the argument; GETVAL: the result, once done */
	uint64_t address; /* shmat: the result, once done; shmdt: the argument */

	int64_t timeout_ns; /* semtimedop; CALL_FOREVER: none */
	uint32_t count; /* operations that the program passed; above CALL_OPERATIONS_MAX: refused */
	bool is_unreadable; /* the array is outside of its memory: the kernel returns EFAULT */
	struct sembuf operations[CALL_OPERATIONS_MAX];
};

/* Reads memory of the calling program; returns 0 or a negative errno. */
typedef int call_reader(const void *program, uint64_t address, void *bytes, size_t count);

/* Fills in everything but the result. */
void call_decode(struct call *call, long number, const uint64_t arguments[6], call_reader *read,
	const void *program);

/* Notes that the call returned. */
void call_finish(struct call *call, int64_t result);

/* True if the call may sleep in the kernel: operations without IPC_NOWAIT, a full queue. */
bool call_can_sleep(const struct call *call);

/* "semop", "shmat"; also the names of usual calls outside System V; of others "call 230". */
const char *call_name(const struct call *call, char text[24]);

#define CALL_TEXT_MAX 512

/*
 * Writes the name of a semaphore to `text` (`size` bytes). NULL: semaphores are named by their
 * numbers.
 */
typedef void call_namer(void *data, int set, unsigned semaphore, char *text, size_t size);

/*
 * "semop: mutex −1 U, empty −1 ?": U is SEM_UNDO, ? is IPC_NOWAIT. "shmget 0x77010000, 4096 bytes,
 * create 600". Returns `text`.
 */
char *call_text(const struct call *call, call_namer *name, void *data, char text[CALL_TEXT_MAX]);

/* One operation in the same form: "empty −1 U". Returns `text`. */
char *call_operation_text(const struct call *call, uint32_t at, call_namer *name, void *data,
	char text[80]);

/* What the call returned: "0", "EAGAIN (it would have to wait)", "id 32768". Returns `text`. */
char *call_result_text(const struct call *call, char text[128]);

#endif
