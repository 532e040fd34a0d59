/*
 * virtual.h - answers a controlled program's requests for the time and for random numbers, so that
 * the same schedule always has the same result: the clock advances only when a program sleeps or
 * reads it, and random bytes come from a seed. The vDSO is hidden from a new program, so that it
 * has to make a system call to get the time, which can be answered here.
 */
#ifndef VITRINE_SEARCH_VIRTUAL_H
#define VITRINE_SEARCH_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/control.h"
#include "search/decision.h"

struct virtual_actor {
	uint32_t draws;     /* how many times it asked for random bytes */
	bool has_handlers;  /* it called sigaction() */
	bool is_in_handler; /* of a signal that has ended a semop */
	bool has_alarm;     /* a timer of alarm() or setitimer() that has not gone off */
};

struct virtual
{
	uint64_t seed;
	dev_t input_device; /* of the file that is the programs' standard input */
	ino_t input_inode;
	int64_t clock_ns;
	bool was_asked;   /* for the time */
	bool sends;       /* a program has just sent a signal, which may end the receiver */
	bool has_sent;    /* a signal was sent in this run: one may be pending */
	bool reads_input; /* a program asked for its standard input or for the terminal */
	bool tells_pid;   /* a program asked for its pid, which would differ in a copy */
	struct virtual_actor actors[ACTORS_MAX + 1];
};

/* Lists the calls to stop, for struct control_options. Returns their number. */
size_t virtual_calls(const int **calls);

/* `input`: the descriptor of the file that the programs have as their standard input. */
void virtual_begin(struct virtual *virtual, uint64_t seed, int input);

/* A signal is sent now. */
void virtual_send(struct virtual *virtual);

/* Hook of control_options: answers the call if it is one of these. */
enum control_treatment virtual_treat(struct virtual *virtual, struct control_actor *actor);
/* After a call. */
void virtual_returned(struct virtual *virtual, const struct tracer_task *task);
void virtual_loaded(const struct virtual *virtual, struct tracer_task *task);

/* True if the call only lets time pass, such as sleep or yield; *ns is how long. */
bool virtual_is_sleep(const struct tracer_task *task, int64_t *ns);

#endif
