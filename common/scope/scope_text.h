/*
 * scope_text.h - describes processes and semaphores, for the terminal and the window. The text is
 * safe to print whatever bytes a program has in its name. Each function writes to `text` and
 * returns it.
 */
#ifndef VITRINE_SCOPE_SCOPE_TEXT_H
#define VITRINE_SCOPE_SCOPE_TEXT_H

#include "control/control.h"
#include "scope.h"

#define SCOPE_TEXT_MAX 512

/*
 * "alice", or the number of a user without a name. Like scope_text_process(), for one thread: it
 * remembers what it has found.
 */
char *scope_text_owner(uid_t owner, char text[32]);

/*
 * "worker 4035", "4035 (ended)"; up to a second old. Only "4035" if /proc shows another PID
 * namespace, where that number belongs to another process.
 */
char *scope_text_process(pid_t pid, char text[64]);

/* "3 s", "12 min", "5 h". */
char *scope_text_duration(int64_t ns, char text[24]);

/* ---- programs under control ---------------------------------------------------------------- */

/* What it does: "sleeps in", "is stopped before", "runs". The name of the call, if any, follows. */
const char *scope_text_state(const struct control_actor *actor);

/* True if the text of scope_text_state() is about a call. */
bool scope_text_has_call(const struct control_actor *actor);

/*
 * scope_text_state() and its details: "has ended, exit status 0", "sleeps in wait4, which is not a
 * System V call".
 */
char *scope_text_other(const struct control_actor *actor, char text[SCOPE_TEXT_MAX]);

/* Why its calls or objects cannot be shown; "" if they can. */
const char *scope_text_hidden(const struct control_actor *actor);

/* Why it sleeps: "empty is 0"; "" if that is not known. */
char *scope_text_why(const struct control_actor *actor, struct scope *scope,
	char text[SCOPE_TEXT_MAX]);

/* "pair.c:40 in produce()"; "" if nothing is known. */
char *scope_text_place(struct control *control, struct control_actor *actor,
	char text[SCOPE_TEXT_MAX]);

/* What the kernel would do if it died now: "empty +1, mutex +1"; "": nothing. */
char *scope_text_undo(struct control *control, const struct control_actor *actor,
	struct scope *scope, char text[SCOPE_TEXT_MAX]);

/* ---- other processes ------------------------------------------------------------------------- */

/* " on set 3: wants empty −1 U; empty is 0", or ": " and why that is not known. */
char *scope_text_sleeper(struct scope *scope, const struct sysv_sleeper *sleeper,
	char text[SCOPE_TEXT_MAX]);

#endif
