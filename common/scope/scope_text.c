/* scope_text.c - see scope_text.h. */
#include "scope_text.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/monotonic.h"
#include "text.h"
#include "translate.h"

char *scope_text_owner(uid_t owner, char text[32])
{
	static struct {
		uid_t owner;
		char text[32];
	} last;
	const struct passwd *entry;

	if (last.text[0] == '\0' || last.owner != owner) {
		entry = getpwuid(owner);
		last.owner = owner;
		if (entry != NULL)
			text_printable(last.text, sizeof(last.text), entry->pw_name);
		else
			snprintf(last.text, sizeof(last.text), "%u", owner);
	}
	memcpy(text, last.text, sizeof(last.text));
	return text;
}

/* There may be many thousand semaphores, and few processes that use them. */
#define REMEMBERED  512
#define REMEMBER_NS INT64_C(1000000000)

struct remembered {
	pid_t pid;
	int64_t until_ns;
	char name[SYSV_NAME_MAX];
};

static const char *name_of(pid_t pid)
{
	static struct remembered remembered[REMEMBERED];
	struct remembered *process = &remembered[(unsigned)pid % REMEMBERED];
	int64_t now = monotonic_ns();

	if (process->pid != pid || now >= process->until_ns) {
		process->pid = pid;
		process->until_ns = now + REMEMBER_NS;
		sysv_process_name(pid, process->name);
	}
	return process->name;
}

char *scope_text_process(pid_t pid, char text[64])
{
	static int proc_is_own = -1;
	const char *name;
	char shown[48];

	if (proc_is_own < 0)
		proc_is_own = sysv_proc_is_own();
	if (proc_is_own == 0) {
		snprintf(text, 64, "%d", (int)pid);
		return text;
	}
	name = name_of(pid);
	if (name[0] != '\0')
		snprintf(text, 64, "%s %d", text_printable(shown, sizeof(shown), name), (int)pid);
	else
		text_print(text, 64, _("%d (ended)"), (int)pid);
	return text;
}

char *scope_text_duration(int64_t ns, char text[24])
{
	long long seconds = ns / 1000000000;

	if (seconds < 60)
		text_print(text, 24, _("%lld s"), seconds);
	else if (seconds < 3600)
		text_print(text, 24, _("%lld min"), seconds / 60);
	else
		text_print(text, 24, _("%lld h"), seconds / 3600);
	return text;
}

/* ---- programs under control ---------------------------------------------------------------- */

const char *scope_text_state(const struct control_actor *actor)
{
	switch (actor->doing) {
	case CONTROL_BEGINS: return _("is stopped before its first instruction");
	case CONTROL_BEFORE: return _("is stopped before");
	case CONTROL_WOKEN: return _("was woken, and is stopped after");
	case CONTROL_SLEEPS: return _("sleeps in");
	case CONTROL_ELSEWHERE: return _("sleeps");
	case CONTROL_RUNS: return _("runs");
	case CONTROL_BEFORE_END: return _("is stopped before its end");
	case CONTROL_STOPPED: return _("was stopped by a signal");
	case CONTROL_ENDED: return _("has ended");
	}
	return "";
}

bool scope_text_has_call(const struct control_actor *actor)
{
	return actor->doing == CONTROL_BEFORE || actor->doing == CONTROL_WOKEN ||
	       actor->doing == CONTROL_SLEEPS;
}

char *scope_text_other(const struct control_actor *actor, char text[SCOPE_TEXT_MAX])
{
	struct call call = {.number = actor->elsewhere};
	int status = actor->task->status;
	char name[24];

	if (actor->doing == CONTROL_ENDED && WIFSIGNALED(status))
		text_print(text, SCOPE_TEXT_MAX, _("was ended by signal %d (%s)"), WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else if (actor->doing == CONTROL_ENDED)
		text_print(text, SCOPE_TEXT_MAX, _("has ended, exit status %d"),
			WEXITSTATUS(status));
	else if (actor->doing == CONTROL_ELSEWHERE)
		text_print(text, SCOPE_TEXT_MAX, _("sleeps in %s, which is not a System V call"),
			call_name(&call, name));
	else if (actor->doing == CONTROL_STOPPED)
		text_print(text, SCOPE_TEXT_MAX,
			_("was stopped by a signal; kill -CONT %d continues it"),
			(int)actor->task->pid);
	else
		snprintf(text, SCOPE_TEXT_MAX, "%s", scope_text_state(actor));
	return text;
}

const char *scope_text_hidden(const struct control_actor *actor)
{
	if (actor->task->is_foreign)
		return _("it makes calls of another architecture, which cannot be shown");
	if (actor->is_outside)
		return _(
			"it is in another IPC namespace, whose objects cannot be shown: start vitrine xray "
			"in that one");
	return "";
}

char *scope_text_why(const struct control_actor *actor, struct scope *scope,
	char text[SCOPE_TEXT_MAX])
{
	const struct call *call = &actor->task->call;
	char name[48];

	text[0] = '\0';
	if (actor->doing != CONTROL_SLEEPS || actor->blocked_at == CONTROL_UNKNOWN)
		return text;
	scope_name(scope, call->id, call->operations[actor->blocked_at].sem_num, name,
		sizeof(name));
	text_print(text, SCOPE_TEXT_MAX, _("%s is %d"), name, actor->blocked_value);
	return text;
}

char *scope_text_place(struct control *control, struct control_actor *actor,
	char text[SCOPE_TEXT_MAX])
{
	struct source_line lines[SOURCE_LINE_FRAMES];
	char raw[SOURCE_LINE_TEXT_MAX];
	size_t count = control_lines(control, actor, &actor->place, lines);

	source_line_text(lines, count, raw);
	return text_printable(text, SCOPE_TEXT_MAX, raw);
}

char *scope_text_undo(struct control *control, const struct control_actor *actor,
	struct scope *scope, char text[SCOPE_TEXT_MAX])
{
	const struct ledger *ledger = control_ledger(control);

	text[0] = '\0';
	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];
		char name[48];

		if (entry->pid != actor->task->pid || entry->undo == 0)
			continue;
		scope_name(scope, entry->set, entry->semaphore, name, sizeof(name));
		text_append(text, SCOPE_TEXT_MAX, "%s%s %s%d", text[0] != '\0' ? ", " : "", name,
			entry->undo < 0 ? "−" : "+", abs(entry->undo));
	}
	return text;
}

/* ---- other processes ------------------------------------------------------------------------- */

static void append_array(struct scope *scope, const struct sysv_sleeper *sleeper,
	char text[SCOPE_TEXT_MAX])
{
	int blocked = snapshot_blocked_at(&scope->snapshot, sleeper);
	struct call call = {.kind = CALL_SEMOP, .id = sleeper->id, .count = sleeper->count};
	char operation[80], name[48];

	memcpy(call.operations, sleeper->operations,
		sleeper->count * sizeof(sleeper->operations[0]));
	for (uint32_t i = 0; i < sleeper->count; i++)
		text_append(text, SCOPE_TEXT_MAX, i == 0 ? _(" wants %s") : ", %s",
			call_operation_text(&call, i, scope_name, scope, operation));
	if (blocked < 0)
		return;
	scope_name(scope, sleeper->id, sleeper->operations[blocked].sem_num, name, sizeof(name));
	text_append(text, SCOPE_TEXT_MAX, _("; %s is %u"), name,
		snapshot_find_set(&scope->snapshot, sleeper->id)
			->semaphores[sleeper->operations[blocked].sem_num]
			.value);
}

char *scope_text_sleeper(struct scope *scope, const struct sysv_sleeper *sleeper,
	char text[SCOPE_TEXT_MAX])
{
	if (sleeper->is_outside) {
		text_print(text, SCOPE_TEXT_MAX,
			_(", in another IPC namespace: `nsenter -t %d --ipc vitrine xray` shows it"),
			(int)sleeper->pid);
	} else if (!sleeper->is_known) {
		text_print(text, SCOPE_TEXT_MAX,
			_(": only root can read its arguments, unless ptrace_scope is 0"));
	} else if (sleeper->sleep != SYSV_IN_SEMOP) {
		text_print(text, SCOPE_TEXT_MAX, _(" on queue %d"), sleeper->id);
	} else {
		text_print(text, SCOPE_TEXT_MAX, _(" on set %d:"), sleeper->id);
		append_array(scope, sleeper, text);
	}
	return text;
}
