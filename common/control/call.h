/*
 * call.h - one system call of System V IPC with its arguments decoded: which object, which operations,
 * with which flags; and its result.
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
	CALL_OTHER, /* one that the tracer's caller asked for */
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
	long number;           /* of the system call, SYS_… */
	uint64_t arguments[6]; /* as the kernel gets them */
	bool is_done;          /* `result` holds */
	int64_t result;        /* below 0: a negative errno */

	int id;           /* of the object; of …get: the result, once done */
	int32_t key;      /* …get: IPC_PRIVATE is 0 */
	int flags;        /* …get, shmat, msgsnd, msgrcv */
	uint64_t size;    /* shmget: bytes; semget: semaphores; msgsnd, msgrcv: bytes of the text */
	int64_t type;     /* of a message: msgsnd's own, msgrcv's argument */
	int command;      /* …ctl */
	int semaphore;    /* semctl */
	int64_t value;    /* semctl SETVAL; GETVAL once done */
	uint64_t address; /* shmat: the result once done; shmdt */

	int64_t timeout_ns; /* semtimedop; CALL_FOREVER: none */
	uint32_t count; /* operations that the program gave; above CALL_OPERATIONS_MAX: refused */
	bool is_unreadable; /* its array lies outside of its memory: the kernel answers EFAULT */
	struct sembuf operations[CALL_OPERATIONS_MAX];
};

/* Reads memory of the program that makes the call; returns 0 or a negative errno. */
typedef int call_reader(const void *program, uint64_t address, void *bytes, size_t count);

/* Fills in all but the result. */
void call_decode(struct call *call, long number, const uint64_t arguments[6], call_reader *read,
	const void *program);

/* The call came back. */
void call_finish(struct call *call, int64_t result);

/* Whether it may let its caller sleep in the kernel: an array without IPC_NOWAIT, a full queue. */
bool call_can_sleep(const struct call *call);

/* "semop", "shmat"; of others, such as sleeps, "call 230" unless it is a usual one. */
const char *call_name(const struct call *call, char text[24]);

#define CALL_TEXT_MAX 512

/* Names a semaphore of a set for people: writes to `text` (`size` bytes). NULL: by its number. */
typedef void call_namer(void *data, int set, unsigned semaphore, char *text, size_t size);

/*
 * "semop: mutex −1 U, empty −1 ?": U is SEM_UNDO, ? is IPC_NOWAIT. "shmget 0x77010000, 4096 bytes,
 * create 600". Returns `text`.
 */
char *call_text(const struct call *call, call_namer *name, void *data, char text[CALL_TEXT_MAX]);

/* One operation in the same manner: "empty −1 U". Returns `text`. */
char *call_operation_text(const struct call *call, uint32_t at, call_namer *name, void *data,
	char text[80]);

/* "0", "EAGAIN (it would have to wait)", "id 32768": what came back. Returns `text`. */
char *call_result_text(const struct call *call, char text[80]);

#endif
