/* scope.c - see scope.h. */
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/launch.h"
#include "fnv.h"
#include "ipcs.h"
#include "sysv/set.h"
#include "text.h"
#include "transitions.h"
#include "translate.h"
#include "vitrine.h"

#define NAME_MOST 192 /* bytes of a path or name that are shown; each may become three */

enum {
	KEY_SEM = 0x3100,
	KEY_SHM,
	KEY_MSG,
	KEY_NAMES,
	KEY_ENUM,
	KEY_REPLAY,
};

static const struct argp_option table[] = {
	{"sem", KEY_SEM, "ID|KEY|FILE", 0,
		N_("Show only this semaphore set: its id, its key (0x…), or the file or "
		   "folder (./FILE) from which ftok() made its key"),
		1},
	{"shm", KEY_SHM, "ID|KEY|FILE", 0, N_("Show only this segment"), 1},
	{"msg", KEY_MSG, "ID|KEY|FILE", 0, N_("Show only this message queue"), 1},
	{"names", KEY_NAMES, "LIST", 0,
		N_("Name the semaphores in the order of their numbers, for example "
		   "mutex,empty,full. If each set has only one semaphore, name the sets in "
		   "the order in which they appear"),
		1},
	{"enum", KEY_ENUM, "FILE", 0,
		N_("Take the names of the semaphores from FILE, a C file: from the first enum "
		   "that starts at 0 and has at least two names"),
		1},
	{"replay", KEY_REPLAY, "FILE", 0,
		N_("Make the programs follow the schedule in FILE, written by `vitrine check "
		   "--save`"),
		1},
	{0},
};

/* Parses an id, a key, or a path, which has a slash. Returns NULL, or what is wrong. */
static const char *parse_choice(const char *text, struct snapshot_choice *choice)
{
	unsigned long number;
	char *end;
	int error;

	if (strchr(text, '/') != NULL) {
		choice->by = SNAPSHOT_BY_FILE;
		choice->path = text;
		error = origin_file_get(&choice->file, text);
		return error == 0 ? NULL : strerror(-error);
	}
	errno = 0;
	number = strtoul(text, &end, 0);
	choice->by = strncmp(text, "0x", 2) == 0 ? SNAPSHOT_BY_KEY : SNAPSHOT_BY_ID;
	choice->number = (int32_t)(uint32_t)number;
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || number > UINT32_MAX)
		return _("give an id as `ipcs` shows it, such as 3, a key, such as 0x1234, or the "
			 "file that the key was made from, such as ./buffer.c");
	return NULL;
}

/* Chooses a set, segment or queue. */
static void choose(struct scope *scope, enum sysv_kind kind, const char *text,
	struct argp_state *state)
{
	struct sysv_snapshot *snapshot = &scope->snapshot;
	struct snapshot_choice choice = {.kind = kind};
	const char *fault = parse_choice(text, &choice);

	if (fault != NULL)
		argp_error(state, "%s: %s", text, fault);
	else if (snapshot->choice_count == SNAPSHOT_CHOICES_MAX)
		argp_error(state, _("more than %d objects; give none to see all"),
			SNAPSHOT_CHOICES_MAX);
	else
		snapshot->choices[snapshot->choice_count++] = choice;
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

/* The sets that have a key, sorted by it. */
struct keyed {
	int32_t key;
	uint64_t size;
};

static int by_key(const void *one, const void *other)
{
	const struct keyed *a = one, *b = other;

	return (a->key > b->key) - (a->key < b->key);
}

static size_t sort_sets(const struct sysv_objects *sets, struct keyed *sorted)
{
	size_t count = 0;

	for (size_t i = 0; i < sets->count; i++)
		if (sets->objects[i].key != 0)
			sorted[count++] =
				(struct keyed){sets->objects[i].key, sets->objects[i].size};
	qsort(sorted, count, sizeof(*sorted), by_key);
	return count;
}

static bool looks_like_channel(const struct sysv_object *segment, const struct keyed *sets,
	size_t count)
{
	const struct keyed wanted = {.key = segment->key}, *set = NULL;

	if (segment->key != 0 && count > 0)
		set = bsearch(&wanted, sets, count, sizeof(wanted), by_key);
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

static void find_among(struct scope *scope, const struct sysv_objects *segments,
	const struct keyed *sets, size_t set_count)
{
	struct scope_channel former[SCOPE_CHANNELS_MAX];
	size_t former_count = scope->channel_count;

	memcpy(former, scope->channels, former_count * sizeof(former[0]));
	scope->channel_count = 0;
	for (size_t i = 0; i < segments->count && scope->channel_count < SCOPE_CHANNELS_MAX; i++) {
		const struct ipcs_object segment = {.id = segments->objects[i].id};
		struct scope_channel found = {segment.id, -1};
		const struct scope_channel *known = find_channel(former, former_count, segment.id);

		if (known == NULL && !looks_like_channel(&segments->objects[i], sets, set_count))
			continue;
		if (known != NULL)
			found = *known;
		else if (!ipcs_is_channel(&segment, &found.set))
			found.set = -1;
		scope->channels[scope->channel_count++] = found;
	}
}

static uint64_t sum_of(uint64_t sum, const struct sysv_objects *list)
{
	for (size_t i = 0; i < list->count; i++)
		sum = fnv_mix(fnv_mix(sum, (uint32_t)list->objects[i].id),
			(uint32_t)list->objects[i].key);
	return sum;
}

void scope_find_channels(struct scope *scope)
{
	const struct sysv_objects *sets = &scope->snapshot.all[SYSV_SETS];
	const struct sysv_objects *segments = &scope->snapshot.all[SYSV_SEGMENTS];
	uint64_t sum = sum_of(sum_of(1, sets), segments);
	struct keyed *sorted;

	if (sum == scope->channels_sum)
		return;
	sorted = calloc(sets->count + 1, sizeof(*sorted));
	if (sorted == NULL)
		return;
	find_among(scope, segments, sorted, sort_sets(sets, sorted));
	free(sorted);
	scope->channels_sum = sum;
}

/* Copies a path; of one that is too long, "…" and its end, which tells more than its beginning. */
static void copy_path(char *to, size_t size, const char *path)
{
	size_t length = strlen(path);

	if (length < size) {
		memcpy(to, path, length + 1);
		return;
	}
	path += length - size + 1 + strlen("…");
	while ((*path & 0xc0) == 0x80) /* not in the middle of a character */
		path++;
	snprintf(to, size, "…%s", path);
}

char *scope_origin(const struct scope *scope, const struct sysv_object *object,
	char text[SCOPE_ORIGIN_MAX])
{
	const struct snapshot_choice *choice = snapshot_find_choice(&scope->snapshot, object);
	char name[NAME_MOST], shown[3 * NAME_MOST];

	text[0] = '\0';
	if (origin_qt_name(&scope->snapshot.qt, object->key, name, sizeof(name))) {
		text_print(text, SCOPE_ORIGIN_MAX, _(" (Qt: %s)"),
			text_printable(shown, sizeof(shown), name));
	} else if (choice != NULL && choice->by == SNAPSHOT_BY_FILE) {
		copy_path(name, sizeof(name), choice->path);
		text_print(text, SCOPE_ORIGIN_MAX, _(" (made from %s)"),
			text_printable(shown, sizeof(shown), name));
	}
	return text;
}

static uint32_t size_of_set(const struct scope *scope, int id)
{
	const struct snapshot_set *seen = snapshot_find_set(&scope->snapshot, id);
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
	sysv_names_get(&scope->names, set, scope->names.count > 1 ? size_of_set(scope, set) : 0,
		semaphore, name, sizeof(name));
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
	struct sysv_snapshot *snapshot = &scope->snapshot;

	for (enum sysv_kind kind = SYSV_SETS; kind <= SYSV_SEGMENTS; kind++)
		if (snapshot->choice_count < SNAPSHOT_CHOICES_MAX)
			snapshot->choices[snapshot->choice_count++] = (struct snapshot_choice){
				.kind = kind, .by = SNAPSHOT_BY_KEY, .number = key};
}
