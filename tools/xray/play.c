/*
 * play.c - programs under control at a terminal: reads one command per line from standard input.
 * See xray_command.h.
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
#include "search/replay.h"
#include "text.h"
#include "translate.h"
#include "words.h"
#include "xray_command.h"

#define LINE_MAX_BYTES 256
#define SLOW_MS        500
#define SECOND_NS      INT64_C(1000000000)

struct play {
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

static void tell_call(struct play *play, struct control_actor *actor)
{
	char call[CALL_TEXT_MAX], place[WORDS_MAX], why[WORDS_MAX], since[24];
	int64_t ns = monotonic_ns() - actor->since_ns;

	words_place(play->control, actor, place);
	words_why(actor, &play->xray->scope, why);
	printf("%s %s%s%s%s%s", words_state(actor),
		call_text(&actor->task->call, scope_name, &play->xray->scope, call),
		place[0] != '\0' ? " " : "", place, why[0] != '\0' ? ": " : "", why);
	if (actor->doing == CONTROL_SLEEPS && ns >= SECOND_NS)
		printf(_("; for %s"), words_duration(ns, since));
}

static void tell_actor(struct play *play, struct control_actor *actor)
{
	char name[2 * CONTROL_NAME_MAX], text[WORDS_MAX];

	printf("P%u %s ", actor->task->number, text_printable(name, sizeof(name), actor->name));
	if (words_has_call(actor))
		tell_call(play, actor);
	else
		printf("%s", words_other(actor, text));
	if (words_hidden(actor)[0] != '\0')
		printf(" (%s)", words_hidden(actor));
	words_undo(play->control, actor, &play->xray->scope, text);
	if (text[0] != '\0')
		printf(_("; if it died now, the kernel would do %s"), text);
	putchar('\n');
}

/* Prints the sets that the programs have used, one per line. */
static void tell_sets(struct play *play)
{
	const struct ledger *ledger = control_ledger(play->control);
	struct xray_session *xray = play->xray;
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
		values = sysv_values_read(&xray->scope.watch.buffer, set);
		if (values < 0)
			continue;
		printf(_("  set %d:"), set);
		for (int j = 0; j < values && j < 32; j++) {
			struct sysv_waiters waiters = {0};
			char name[48];

			scope_name(&xray->scope, set, (unsigned)j, name, sizeof(name));
			sysv_waiters_read(set, (uint32_t)j, &waiters);
			printf("  %s %u", name, xray->scope.watch.buffer.values[j]);
			if (waiters.for_more + waiters.for_zero > 0)
				printf(ngettext(" (%d waits)", " (%d wait)",
					       (unsigned long)(waiters.for_more +
							       waiters.for_zero)),
					waiters.for_more + waiters.for_zero);
		}
		printf("%s\n", values > 32 ? " …" : "");
	}
}

static void tell_verdict(struct play *play)
{
	struct verdict verdict = {0};
	char text[VERDICT_TEXT];

	verdict_find(&verdict, play->control, scope_name, &play->xray->scope);
	play->was_deadlock = verdict.kind != VERDICT_NONE;
	if (play->was_deadlock)
		puts(text_printable(text, sizeof(text), verdict.text));
}

static void tell_all(struct play *play)
{
	control_settle(play->control, 0);
	for (unsigned number = 1; number <= control_count(play->control); number++) {
		struct control_actor *actor = control_actor(play->control, number);

		if (actor != NULL)
			tell_actor(play, actor);
	}
	tell_sets(play);
	tell_verdict(play);
}

/* ---- commands ------------------------------------------------------------------------------- */

static void tell_result(struct play *play, enum control_result result)
{
	switch (result) {
	case CONTROL_DONE:
	case CONTROL_GOES_ON: return;
	case CONTROL_NOBODY:
		puts(control_alive(play->control) == 0
				? _("all programs have ended; `restart` runs them again, `quit` exits")
				: _("no program can make a step: one that sleeps must be woken by another; one that has "
				    "ended cannot"));
		return;
	case CONTROL_ASLEEP: puts(_("it sleeps: only another program can wake it")); return;
	default:
		puts(play->replay != NULL ? replay_reason(play->replay)
					  : control_reason(play->control));
		return;
	}
}

/* The programs are about to run, or to be killed, outside of the schedule. */
static void leave_schedule(const struct play *play)
{
	if (play->replay != NULL)
		replay_leave(play->replay);
}

static void step(struct play *play, unsigned number)
{
	struct control_actor *actor;
	uint64_t calls = control_calls(play->control);
	char call[CALL_TEXT_MAX], answer[128], name[2 * CONTROL_NAME_MAX];
	unsigned stepped = 0;
	enum control_result result = play->replay != NULL
					     ? replay_step(play->replay, number, &stepped)
					     : control_step(play->control, number, &stepped);

	tell_result(play, result);
	actor = control_actor(play->control, stepped);
	if (actor == NULL || (result != CONTROL_DONE && result != CONTROL_GOES_ON))
		return;
	if (control_calls(play->control) > calls && actor->has_done)
		printf(_("P%u %s did %s → %s\n"), stepped,
			text_printable(name, sizeof(name), actor->name),
			call_text(&actor->done, scope_name, &play->xray->scope, call),
			call_result_text(&actor->done, answer));
	tell_actor(play, actor);
	tell_sets(play);
	tell_verdict(play);
}

static void run(struct play *play, const char *word)
{
	int64_t ns = INT64_C(10000000000);
	enum control_result result;

	if (word != NULL && !tool_seconds(word, &ns)) {
		printf(_("%s: give seconds, such as 2\n"), word);
		return;
	}
	leave_schedule(play);
	result = control_run(play->control, ns);
	tell_result(play, result);
	if (result != CONTROL_TOO_MANY)
		tell_all(play);
}

static void do_kill(struct play *play, unsigned number)
{
	enum control_result result = control_kill(play->control, number);

	leave_schedule(play);
	tell_result(play, result);
	if (result == CONTROL_DONE)
		tell_all(play);
}

static void again(struct play *play, bool is_back)
{
	enum control_result result;

	if (play->replay == NULL) {
		result = is_back ? control_back(play->control) : control_restart(play->control);
	} else {
		result = is_back ? replay_back(play->replay) : replay_restart(play->replay);
		play->control = replay_control(play->replay);
	}
	tell_result(play, result);
	if (result == CONTROL_FAILED)
		play->is_over = true;
	else
		tell_all(play);
}

static void go_slow(struct play *play, const char *word)
{
	char *end = NULL;
	long ms = word != NULL ? strtol(word, &end, 10) : SLOW_MS;

	if ((end != NULL && *end != '\0') || ms < 1 || ms > 60000) {
		printf(_("%s: give milliseconds, such as 500\n"), word);
		return;
	}
	play->slow_ns = ms * INT64_C(1000000);
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

static void obey(struct play *play, char *line)
{
	char *rest, *word = strtok_r(line, " \t\r", &rest);
	const char *argument = strtok_r(NULL, " \t\r", &rest);
	char shown[64];

	play->slow_ns = 0;
	if (word == NULL || is(word, "next") || is(word, "step")) {
		if (argument != NULL && number_of(argument) == 0)
			printf(_("%s: say P1, P2 …\n"), text_printable(shown, 64, argument));
		else
			step(play, number_of(argument));
	} else if (is(word, "run")) {
		run(play, argument);
	} else if (is(word, "slow")) {
		go_slow(play, argument);
	} else if (is(word, "kill")) {
		do_kill(play, number_of(argument));
	} else if (is(word, "back")) {
		again(play, true);
	} else if (strcmp(word, "restart") == 0) {
		again(play, false);
	} else if (is(word, "show")) {
		tell_all(play);
	} else if (is(word, "quit")) {
		play->is_over = true;
	} else if (is(word, "help") || strcmp(word, "?") == 0) {
		help();
	} else {
		printf(_("%s: no such command; `help` lists the commands\n"),
			text_printable(shown, 64, word));
	}
}

/* Takes one complete line of input. false: there is none. */
static bool take_line(struct play *play, char line[LINE_MAX_BYTES])
{
	char *end = memchr(play->line, '\n', play->length);
	size_t length;

	if (end == NULL && play->length < LINE_MAX_BYTES - 1)
		return false;
	length = end != NULL ? (size_t)(end - play->line) : play->length;
	memcpy(line, play->line, length);
	line[length] = '\0';
	length += end != NULL;
	play->length -= length;
	memmove(play->line, play->line + length, play->length);
	return true;
}

static void read_input(struct play *play)
{
	ssize_t count =
		read(STDIN_FILENO, play->line + play->length, LINE_MAX_BYTES - 1 - play->length);

	if (count > 0) {
		play->length += (size_t)count;
	} else if (count == 0 || errno != EINTR) {
		play->is_input_over = true;
		play->input_error = count < 0 ? errno : 0;
	}
}

/* Executes steps in slow motion until no program can continue. */
static void step_slowly(struct play *play)
{
	step(play, 0);
	if (play->was_deadlock || control_alive(play->control) == 0)
		play->slow_ns = 0;
}

static void loop(struct play *play)
{
	char line[LINE_MAX_BYTES];
	bool prompts = isatty(STDIN_FILENO) == 1;

	while (!play->is_over && !tool_interrupted(&play->xray->tool)) {
		if (prompts && play->slow_ns == 0)
			fputs("> ", stdout);
		fflush(stdout);
		while (!play->is_over && take_line(play, line))
			obey(play, line);
		if (play->is_over || play->is_input_over)
			break;
		if (!tool_ready_within(&play->xray->tool, STDIN_FILENO, POLLIN,
			    play->slow_ns > 0 ? play->slow_ns : VITRINE_FOREVER))
			break;
		if (poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, 0) > 0)
			read_input(play);
		else if (play->slow_ns > 0)
			step_slowly(play);
	}
}

/* Prints why the program ends without a command. Returns the exit code. */
static int tell_end_of_input(const struct play *play)
{
	if (!play->is_input_over)
		return COMMAND_OK;
	if (play->input_error != 0) {
		log_error(&play->xray->tool.log, _("standard input"), strerror(play->input_error));
		return COMMAND_FAILED;
	}
	if (!play->is_over && control_alive(play->control) > 0)
		puts(_("there are no more commands, so all programs are killed; `run` lets them "
		       "run, --run needs no commands"));
	return COMMAND_OK;
}

static int run_only(struct play *play)
{
	enum control_result result;

	leave_schedule(play);
	result = control_run(play->control, play->xray->run_ns);

	tell_result(play, result);
	if (result == CONTROL_TOO_MANY)
		return COMMAND_FAILED;
	tell_all(play);
	if (result == CONTROL_GOES_ON)
		printf(_("the programs still run after %g seconds; --run=SECONDS waits longer\n"),
			(double)play->xray->run_ns / 1e9);
	return play->was_deadlock || result == CONTROL_GOES_ON ? COMMAND_FAILED : COMMAND_OK;
}

/* ---- beginning ------------------------------------------------------------------------------ */

static bool start_replay(struct play *play, char reason[REPLAY_REASON_MAX])
{
	const struct scope *scope = &play->xray->scope;
	const struct replay_options options = {.path = scope->replay,
		.run = &play->xray->run,
		.programs = scope->programs,
		.program_count = scope->program_count,
		.name = scope_name,
		.name_data = &play->xray->scope};

	if (!replay_create(&play->replay, &options, reason))
		return false;
	play->control = replay_control(play->replay);
	return true;
}

static bool start(struct play *play, char reason[TRACER_REASON_MAX])
{
	const struct control_options options = {.programs = play->xray->scope.programs,
		.program_count = play->xray->scope.program_count};

	return control_create(&play->control, &options, reason);
}

int xray_play(struct xray_session *xray)
{
	static struct play play;
	char reason[REPLAY_REASON_MAX], shown[2 * REPLAY_REASON_MAX];
	int rc = COMMAND_OK;

	static_assert(REPLAY_REASON_MAX >= TRACER_REASON_MAX,
		"one text holds the reason of either");
	play.xray = xray;
	if (xray->scope.replay != NULL ? !start_replay(&play, reason) : !start(&play, reason)) {
		log_error(&xray->tool.log, _("cannot start"),
			text_printable(shown, sizeof(shown), reason));
		replay_destroy(play.replay);
		return COMMAND_FAILED;
	}
	if (xray->runs) {
		rc = run_only(&play);
	} else {
		tell_all(&play);
		loop(&play);
		rc = tell_end_of_input(&play);
	}
	if (play.replay != NULL)
		replay_destroy(play.replay);
	else
		control_end(play.control);
	return rc;
}
