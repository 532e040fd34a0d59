/* scope.c - see scope.h. */
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/launch.h"
#include "ipcs.h"
#include "sysv/set.h"
#include "text.h"
#include "transitions.h"
#include "translate.h"
#include "vitrine.h"

enum {
	KEY_SEM = 0x3100,
	KEY_SHM,
	KEY_MSG,
	KEY_NAMES,
	KEY_ENUM,
	KEY_REPLAY,
};

static const struct argp_option table[] = {
	{"sem", KEY_SEM, "ID|KEY", 0, N_("Show only this semaphore set: its id, or its key (0x…)"),
		1},
	{"shm", KEY_SHM, "ID|KEY", 0, N_("Show only this segment"), 1},
	{"msg", KEY_MSG, "ID|KEY", 0, N_("Show only this message queue"), 1},
	{"names", KEY_NAMES, "LIST", 0,
		N_("Names of the semaphores: mutex,empty,full. Sets of one semaphore use one name "
		   "each, in order"),
		1},
	{"enum", KEY_ENUM, "FILE", 0,
		N_("Names of the semaphores, from the first enum of a C file "
		   "that fits"),
		1},
	{"replay", KEY_REPLAY, "FILE", 0,
		N_("Let the programs follow this schedule of `vitrine check --save`"), 1},
	{0},
};

/* Chooses a set, segment or queue. */
static void choose(struct scope *scope, enum sysv_kind kind, const char *text,
	struct argp_state *state)
{
	struct watch *watch = &scope->watch;
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text, &end, 0);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number > UINT32_MAX)
		argp_error(state,
			_("%s: give an id as `ipcs` shows it, such as 3, or a key, such as 0x1234"),
			text);
	else if (watch->choice_count == WATCH_CHOICES_MAX)
		argp_error(state, _("more than %d objects; give none to see all"),
			WATCH_CHOICES_MAX);
	else
		watch->choices[watch->choice_count++] = (struct watch_choice){
			kind, strncmp(text, "0x", 2) == 0, (int32_t)(uint32_t)number};
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct scope *scope = state->input;
	char reason[256];

	switch (key) {
	case KEY_SEM: choose(scope, SYSV_SETS, text, state); break;
	case KEY_SHM: choose(scope, SYSV_SEGMENTS, text, state); break;
	case KEY_MSG: choose(scope, SYSV_QUEUES, text, state); break;
	case KEY_NAMES:
		if (!sysv_names_parse(&scope->names, text, reason))
			argp_error(state, "--names %s: %s", text, reason);
		break;
	case KEY_ENUM:
		if (!sysv_names_from_file(&scope->names, text, reason))
			argp_error(state, "--enum %s: %s", text, reason);
		break;
	case KEY_REPLAY: scope->replay = text; break;
	case ARGP_KEY_ARG:
		argp_error(state, _("%s: write -- before each program to start"), text);
		break;
	case ARGP_KEY_END:
		if (scope->replay != NULL && scope->program_count == 0)
			argp_error(state, _("--replay needs the programs: -- PROGRAM ARGS…"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp scope_argp = {.options = table, .parser = parse_option};

/* ---- names ---------------------------------------------------------------------------------- */

static bool looks_like_channel(const struct ipcs_object *segment, const struct ipcs_list *sets)
{
	const struct ipcs_object *set =
		segment->key != 0 ? ipcs_with_key(sets, segment->key) : NULL;

	return set != NULL && set->size >= SEM_SLOTS + SLOT_SEMAPHORES * VITRINE_SLOTS_MIN &&
	       (set->size - SEM_SLOTS) % SLOT_SEMAPHORES == 0;
}

static const struct scope_channel *find_channel(const struct scope_channel *channels, size_t count,
	int32_t segment)
{
	for (size_t i = 0; i < count; i++)
		if (channels[i].segment == segment)
			return &channels[i];
	return NULL;
}

static void find_among(struct scope *scope, const struct ipcs_list *segments,
	const struct ipcs_list *sets)
{
	struct scope_channel former[SCOPE_CHANNELS_MAX];
	size_t former_count = scope->channel_count;

	memcpy(former, scope->channels, former_count * sizeof(former[0]));
	scope->channel_count = 0;
	for (size_t i = 0; i < segments->count && scope->channel_count < SCOPE_CHANNELS_MAX; i++) {
		const struct ipcs_object *segment = &segments->objects[i];
		struct scope_channel found = {segment->id, -1};
		const struct scope_channel *known = find_channel(former, former_count, segment->id);

		if (known == NULL && !looks_like_channel(segment, sets))
			continue;
		if (known != NULL)
			found = *known;
		else if (!ipcs_is_channel(segment, &found.set))
			found.set = -1;
		scope->channels[scope->channel_count++] = found;
	}
}

void scope_find_channels(struct scope *scope)
{
	struct ipcs_list segments = {0}, sets = {0};

	if (ipcs_read(&segments, "", IPCS_SEGMENTS) && ipcs_read(&sets, "", IPCS_SETS))
		find_among(scope, &segments, &sets);
	ipcs_free(&segments);
	ipcs_free(&sets);
}

static uint32_t size_of_set(const struct scope *scope, int id)
{
	const struct watch_set *seen = watch_find_set(&scope->watch, id);
	struct sysv_set set;

	if (seen != NULL && seen->error == 0)
		return seen->count;
	return sysv_set_stat(id, &set) == 0 ? set.count : 0;
}

void scope_name(void *data, int set, unsigned semaphore, char *text, size_t size)
{
	struct scope *scope = data;
	char name[64];

	for (size_t i = 0; i < scope->channel_count; i++) {
		if (scope->channels[i].set != set)
			continue;
		vitrine_semaphore_name(semaphore, name, sizeof(name));
		snprintf(text, size, "%s", name);
		return;
	}
	sysv_names_get(&scope->names, set, size_of_set(scope, set), semaphore, name, sizeof(name));
	text_printable(text, size, name);
}

/* ---- beginning ------------------------------------------------------------------------------ */

/*
 * Runs in the child before exec: the program gets no input, and its output is kept out of the
 * report.
 */
static void prepare(void *data)
{
	int null = open("/dev/null", O_RDONLY);

	(void)data;
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
}

int scope_split(struct scope *scope, int argc, char **argv, char reason[TRACER_REASON_MAX])
{
	int own = launch_split(argc, argv, scope->programs, SCOPE_PROGRAMS_MAX,
		&scope->program_count, reason);

	for (size_t i = 0; i < scope->program_count; i++)
		scope->programs[i].prepare = prepare;
	return own;
}

void scope_choose_key(struct scope *scope, int32_t key)
{
	struct watch *watch = &scope->watch;

	for (enum sysv_kind kind = SYSV_SETS; kind <= SYSV_SEGMENTS; kind++)
		if (watch->choice_count < WATCH_CHOICES_MAX)
			watch->choices[watch->choice_count++] =
				(struct watch_choice){kind, true, key};
}
