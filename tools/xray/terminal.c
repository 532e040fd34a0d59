/*
 * terminal.c - programs under control at a terminal: reads one command per line from standard
 * input. See xray_command.h.
 */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command.h"
#include "control/verdict.h"
#include "monotonic.h"
#include "scope_text.h"
#include "search/replay.h"
#include "text.h"
#include "translate.h"
#include "xray_command.h"

#define LINE_MAX_BYTES 256
#define SLOW_MS        500
#define SECOND_NS      INT64_C(1000000000)

struct terminal {
	struct xray_session *xray;
	struct control *control;
	struct replay *replay; /* owns `control`; NULL: without --replay */
	bool is_over;
	bool was_deadlock;
	int64_t slow_ns; /* above 0: time between steps */
	char line[LINE_MAX_BYTES];
	size_t length;
	bool is_input_over;
	int input_error; /* errno, if it ended by an error */
};

/* ---- telling -------------------------------------------------------------------------------- */

static void tell_call(struct terminal *terminal, struct control_actor *actor)
{
	char call[CALL_TEXT_MAX], place[SCOPE_TEXT_MAX], why[SCOPE_TEXT_MAX], since[24];
	int64_t ns = monotonic_ns() - actor->since_ns;

	scope_text_place(terminal->control, actor, place);
	scope_text_why(actor, &terminal->xray->scope, why);
	printf("%s %s%s%s%s%s", scope_text_state(actor),
		call_text(&actor->task->call, scope_name, &terminal->xray->scope, call),
		place[0] != '\0' ? " " : "", place, why[0] != '\0' ? ": " : "", why);
	if (actor->doing == CONTROL_SLEEPS && ns >= SECOND_NS)
		printf(_("; for %s"), scope_text_duration(ns, since));
}

static void tell_actor(struct terminal *terminal, struct control_actor *actor)
{
	char name[2 * CONTROL_NAME_MAX], text[SCOPE_TEXT_MAX];

	printf("P%u %s ", actor->task->number, text_printable(name, sizeof(name), actor->name));
	if (scope_text_has_call(actor))
		tell_call(terminal, actor);
	else
		printf("%s", scope_text_other(actor, text));
	if (scope_text_hidden(actor)[0] != '\0')
		printf(" (%s)", scope_text_hidden(actor));
	scope_text_undo(terminal->control, actor, &terminal->xray->scope, text);
	if (text[0] != '\0')
		printf(_("; if it died now, the kernel would do %s"), text);
	putchar('\n');
}

/* Prints the sets that the programs have used, one per line. */
static void tell_sets(struct terminal *terminal)
{
	const struct ledger *ledger = control_ledger(terminal->control);
	struct xray_session *xray = terminal->xray;
	int seen[32];
	size_t count = 0;

	for (size_t i = 0; i < ledger->count && count < 32; i++) {
		int set = ledger->entries[i].set, values;
		bool is_new = true;

		for (size_t j = 0; j < count; j++)
			is_new &= seen[j] != set;
		if (!is_new)
			continue;
		seen[count++] = set;
		values = sysv_values_read(&xray->scope.snapshot.buffer, set);
		if (values < 0)
			continue;
		printf(_("  set %d:"), set);
		for (int j = 0; j < values && j < 32; j++) {
			struct sysv_waiters waiters = {0};
			char name[48];

			scope_name(&xray->scope, set, (unsigned)j, name, sizeof(name));
			sysv_waiters_read(set, (uint32_t)j, &waiters);
			printf("  %s %u", name, xray->scope.snapshot.buffer.values[j]);
			if (waiters.for_more + waiters.for_zero > 0)
				printf(ngettext(" (%d waits)", " (%d wait)",
					       (unsigned long)(waiters.for_more +
							       waiters.for_zero)),
					waiters.for_more + waiters.for_zero);
		}
		printf("%s\n", values > 32 ? " …" : "");
	}
}

static void tell_verdict(struct terminal *terminal)
{
	struct verdict verdict = {0};
	char text[VERDICT_TEXT];

	verdict_find(&verdict, terminal->control, scope_name, &terminal->xray->scope);
	terminal->was_deadlock = verdict.kind != VERDICT_NONE;
	if (terminal->was_deadlock)
		puts(text_printable(text, sizeof(text), verdict.text));
}

static void tell_all(struct terminal *terminal)
{
	control_settle(terminal->control, 0);
	for (unsigned number = 1; number <= control_count(terminal->control); number++) {
		struct control_actor *actor = control_actor(terminal->control, number);

		if (actor != NULL)
			tell_actor(terminal, actor);
	}
	tell_sets(terminal);
	tell_verdict(terminal);
}

/* ---- commands ------------------------------------------------------------------------------- */

static void tell_result(struct terminal *terminal, enum control_result result)
{
	switch (result) {
	case CONTROL_DONE:
	case CONTROL_GOES_ON: return;
	case CONTROL_NOBODY:
		puts(control_alive(terminal->control) == 0
				? _("all programs have ended; `restart` runs them again, `quit` exits")
				: _("no program can make a step: one that sleeps must be woken by another; one that has "
				    "ended cannot"));
		return;
	case CONTROL_ASLEEP: puts(_("it sleeps: only another program can wake it")); return;
	default:
		puts(terminal->replay != NULL ? replay_reason(terminal->replay)
					      : control_reason(terminal->control));
		return;
	}
}

/* The programs are about to run, or to be killed, outside of the schedule. */
static void leave_schedule(const struct terminal *terminal)
{
	if (terminal->replay != NULL)
		replay_leave(terminal->replay);
}

static void step(struct terminal *terminal, unsigned number)
{
	struct control_actor *actor;
	uint64_t calls = control_calls(terminal->control);
	char call[CALL_TEXT_MAX], answer[128], name[2 * CONTROL_NAME_MAX];
	unsigned stepped = 0;
	enum control_result result = terminal->replay != NULL
					     ? replay_step(terminal->replay, number, &stepped)
					     : control_step(terminal->control, number, &stepped);

	tell_result(terminal, result);
	actor = control_actor(terminal->control, stepped);
	if (actor == NULL || (result != CONTROL_DONE && result != CONTROL_GOES_ON))
		return;
	if (control_calls(terminal->control) > calls && actor->has_done)
		printf(_("P%u %s did %s → %s\n"), stepped,
			text_printable(name, sizeof(name), actor->name),
			call_text(&actor->done, scope_name, &terminal->xray->scope, call),
			call_result_text(&actor->done, answer));
	tell_actor(terminal, actor);
	tell_sets(terminal);
	tell_verdict(terminal);
}

static void run(struct terminal *terminal, const char *word)
{
	int64_t ns = INT64_C(10000000000);
	enum control_result result;

	if (word != NULL && !tool_seconds(word, &ns)) {
		printf(_("%s: give seconds, such as 2\n"), word);
		return;
	}
	leave_schedule(terminal);
	result = control_run(terminal->control, ns);
	tell_result(terminal, result);
	if (result != CONTROL_TOO_MANY)
		tell_all(terminal);
}

static void do_kill(struct terminal *terminal, unsigned number)
{
	enum control_result result = control_kill(terminal->control, number);

	leave_schedule(terminal);
	tell_result(terminal, result);
	if (result == CONTROL_DONE)
		tell_all(terminal);
}

static void again(struct terminal *terminal, bool is_back)
{
	enum control_result result;

	if (terminal->replay == NULL) {
		result = is_back ? control_back(terminal->control)
				 : control_restart(terminal->control);
	} else {
		result = is_back ? replay_back(terminal->replay) : replay_restart(terminal->replay);
		terminal->control = replay_control(terminal->replay);
	}
	tell_result(terminal, result);
	if (result == CONTROL_FAILED)
		terminal->is_over = true;
	else
		tell_all(terminal);
}

static void go_slow(struct terminal *terminal, const char *word)
{
	char *end = NULL;
	long ms = word != NULL ? strtol(word, &end, 10) : SLOW_MS;

	if ((end != NULL && *end != '\0') || ms < 1 || ms > 60000) {
		printf(_("%s: give milliseconds, such as 500\n"), word);
		return;
	}
	terminal->slow_ns = ms * INT64_C(1000000);
}

static void help(void)
{
	puts(_("next [P2]      one step of P2: execute its call and stop before the next one;\n"
	       "               without a number, a step of the next program in turn (or press Enter)\n"
	       "run [SECONDS]  let all programs run until they have ended or all sleep for good\n"
	       "slow [MS]      one step every half second (or every MS ms), in turn; Enter ends it\n"
	       "kill P2        kill -9 P2, and show what the kernel undoes\n"
	       "back           go back one step: restart, and repeat all steps except the last\n"
	       "restart        remove what the programs created, and start them again\n"
	       "show           show where each program is\n"
	       "quit           kill all programs, remove what they created, and exit"));
}

/* Parses "P2", "p2" or "2"; 0: no number, or no such program. */
static unsigned number_of(const char *word)
{
	if (word == NULL)
		return 0;
	if (*word == 'P' || *word == 'p')
		word++;
	return (unsigned)strtoul(word, NULL, 10);
}

static bool is(const char *word, const char *name)
{
	return strncmp(name, word, strlen(word)) == 0;
}

static void obey(struct terminal *terminal, char *line)
{
	char *rest, *word = strtok_r(line, " \t\r", &rest);
	const char *argument = strtok_r(NULL, " \t\r", &rest);
	char shown[64];

	terminal->slow_ns = 0;
	if (word == NULL || is(word, "next") || is(word, "step")) {
		if (argument != NULL && number_of(argument) == 0)
			printf(_("%s: give P1, P2 …\n"), text_printable(shown, 64, argument));
		else
			step(terminal, number_of(argument));
	} else if (is(word, "run")) {
		run(terminal, argument);
	} else if (is(word, "slow")) {
		go_slow(terminal, argument);
	} else if (is(word, "kill")) {
		do_kill(terminal, number_of(argument));
	} else if (is(word, "back")) {
		again(terminal, true);
	} else if (strcmp(word, "restart") == 0) {
		again(terminal, false);
	} else if (is(word, "show")) {
		tell_all(terminal);
	} else if (is(word, "quit")) {
		terminal->is_over = true;
	} else if (is(word, "help") || strcmp(word, "?") == 0) {
		help();
	} else {
		printf(_("%s: no such command; `help` lists the commands\n"),
			text_printable(shown, 64, word));
	}
}

/* Takes one complete line of input. false: there is none. */
static bool take_line(struct terminal *terminal, char line[LINE_MAX_BYTES])
{
	char *end = memchr(terminal->line, '\n', terminal->length);
	size_t length;

	if (end == NULL && terminal->length < LINE_MAX_BYTES - 1)
		return false;
	length = end != NULL ? (size_t)(end - terminal->line) : terminal->length;
	memcpy(line, terminal->line, length);
	line[length] = '\0';
	length += end != NULL;
	terminal->length -= length;
	memmove(terminal->line, terminal->line + length, terminal->length);
	return true;
}

static void read_input(struct terminal *terminal)
{
	ssize_t count = read(STDIN_FILENO, terminal->line + terminal->length,
		LINE_MAX_BYTES - 1 - terminal->length);

	if (count > 0) {
		terminal->length += (size_t)count;
	} else if (count == 0 || errno != EINTR) {
		terminal->is_input_over = true;
		terminal->input_error = count < 0 ? errno : 0;
	}
}

/* Executes steps in slow motion until no program can continue. */
static void step_slowly(struct terminal *terminal)
{
	step(terminal, 0);
	if (terminal->was_deadlock || control_alive(terminal->control) == 0)
		terminal->slow_ns = 0;
}

static void loop(struct terminal *terminal)
{
	char line[LINE_MAX_BYTES];
	bool prompts = isatty(STDIN_FILENO) == 1;

	while (!terminal->is_over && !tool_interrupted(&terminal->xray->tool)) {
		if (prompts && terminal->slow_ns == 0)
			fputs("> ", stdout);
		fflush(stdout);
		while (!terminal->is_over && take_line(terminal, line))
			obey(terminal, line);
		if (terminal->is_over || terminal->is_input_over)
			break;
		if (!tool_ready_within(&terminal->xray->tool, STDIN_FILENO, POLLIN,
			    terminal->slow_ns > 0 ? terminal->slow_ns : VITRINE_FOREVER))
			break;
		if (poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, 0) > 0)
			read_input(terminal);
		else if (terminal->slow_ns > 0)
			step_slowly(terminal);
	}
}

/* Prints why the program ends without a command. Returns the exit code. */
static int tell_end_of_input(const struct terminal *terminal)
{
	if (!terminal->is_input_over)
		return COMMAND_OK;
	if (terminal->input_error != 0) {
		log_error(&terminal->xray->tool.log, _("standard input"),
			strerror(terminal->input_error));
		return COMMAND_FAILED;
	}
	if (!terminal->is_over && control_alive(terminal->control) > 0)
		puts(_("there are no more commands, so all programs are killed; `run` lets them "
		       "run, --run needs no commands"));
	return COMMAND_OK;
}

static int run_only(struct terminal *terminal)
{
	enum control_result result;

	leave_schedule(terminal);
	result = control_run(terminal->control, terminal->xray->run_ns);

	tell_result(terminal, result);
	if (result == CONTROL_TOO_MANY)
		return COMMAND_FAILED;
	tell_all(terminal);
	if (result == CONTROL_GOES_ON)
		printf(_("the programs are still running after %g seconds; --run=SECONDS "
			 "waits longer\n"),
			(double)terminal->xray->run_ns / 1e9);
	return terminal->was_deadlock || result == CONTROL_GOES_ON ? COMMAND_FAILED : COMMAND_OK;
}

/* ---- beginning ------------------------------------------------------------------------------ */

static bool start_replay(struct terminal *terminal, char reason[REPLAY_REASON_MAX])
{
	const struct scope *scope = &terminal->xray->scope;
	const struct replay_options options = {.path = scope->replay,
		.run = &terminal->xray->run,
		.programs = scope->programs,
		.program_count = scope->program_count,
		.name = scope_name,
		.name_data = &terminal->xray->scope};

	if (!replay_create(&terminal->replay, &options, reason))
		return false;
	terminal->control = replay_control(terminal->replay);
	return true;
}

static bool start(struct terminal *terminal, char reason[TRACER_REASON_MAX])
{
	const struct control_options options = {.programs = terminal->xray->scope.programs,
		.program_count = terminal->xray->scope.program_count};

	return control_create(&terminal->control, &options, reason);
}

int xray_terminal(struct xray_session *xray)
{
	static struct terminal terminal;
	char reason[REPLAY_REASON_MAX], shown[2 * REPLAY_REASON_MAX];
	int rc = COMMAND_OK;

	static_assert(REPLAY_REASON_MAX >= TRACER_REASON_MAX,
		"one text holds the reason of either");
	terminal.xray = xray;
	if (xray->scope.replay != NULL ? !start_replay(&terminal, reason)
				       : !start(&terminal, reason)) {
		log_error(&xray->tool.log, _("cannot start"),
			text_printable(shown, sizeof(shown), reason));
		replay_destroy(terminal.replay);
		return COMMAND_FAILED;
	}
	if (xray->runs) {
		rc = run_only(&terminal);
	} else {
		tell_all(&terminal);
		loop(&terminal);
		rc = tell_end_of_input(&terminal);
	}
	if (terminal.replay != NULL)
		replay_destroy(terminal.replay);
	else
		control_end(terminal.control);
	return rc;
}
