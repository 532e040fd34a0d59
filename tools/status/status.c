/*
 * status.c - vitrine status: shows the channel, once or repeatedly. It joins nothing, takes no lock
 * and delays no program.
 *
 *     vitrine status
 *     vitrine status --json --watch | jq .full
 */
#include "status.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "ipcs.h"
#include "monotonic.h"
#include "text.h"
#include "tool.h"
#include "translate.h"

enum { KEY_JSON = 0x3000 };

#define LOOK_NS  INT64_C(100000000)
#define CLEAR    "\033[H\033[2J"
#define FRESH_NS INT64_C(1000000000) /* refreshes the ages on a terminal */

static const struct argp_option table[] = {
	{"json", KEY_JSON, NULL, 0, N_("Print one JSON object per line, for programs"), 0},
	{"watch", 'w', NULL, 0,
		N_("Keep running, and print the state again after every change, "
		   "until interrupted (Ctrl+C)"),
		0},
	{0},
};

struct arguments {
	struct common_options common;
	bool json;
	bool watch;
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as argp wants it */
static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_JSON: arguments->json = true; break;
	case 'w': arguments->watch = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_key_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = N_("Prints in words what `ipcs` prints as numbers: ids, owner, "
		  "every semaphore with its value, last pid and sleepers, every "
		  "slot with its image and its holder, the attached programs, "
		  "and the memory actually used.\vJSON: exists key text semid "
		  "shmid owner mode slot_count slot_size resident attached "
		  "removed processes[] {pid name writes}, mutex empty full "
		  "nothing alive producers consumers mirrors {value pid ncnt "
		  "zcnt}, slots[] {slot state latest holder sequence name kind "
		  "format width height size media_type checksum publisher age_s "
		  "semaphores}. Missing values are null. Exit status: 0 there is "
		  "a channel, 1 there is none or it cannot be read, 2 wrong "
		  "usage.\n"),
	.children = children,
};

/*
 * The segment's memory according to the kernel; if unknown, as recorded by the channel's writers.
 */
static uint64_t resident_of(const struct status *status)
{
	uint64_t resident = status->snapshot.resident;
	const struct ipcs_object *segment;
	struct ipcs_list list;

	if (!ipcs_read(&list, "", IPCS_SEGMENTS))
		return resident;
	segment = ipcs_with_id(&list, status->info.shmid);
	if (segment != NULL)
		resident = segment->resident;
	ipcs_free(&list);
	return resident;
}

/* Finds the programs that have it attached, except this one. */
static void find_processes(struct status *status)
{
	struct attached_program *processes = status->processes;
	size_t found = attached_find(status->info.shmid, processes, STATUS_PROCESSES);

	for (size_t i = 0; i < found; i++)
		if (processes[i].pid != getpid())
			processes[status->process_count++] = processes[i];
}

/* One look; opens and closes the channel each time, because it may be replaced by another. */
static int look(struct tool *tool, struct status *status, char reason[512])
{
	struct vitrine_channel *channel;
	int rc;

	memset(status, 0, sizeof(*status));
	status->key = &tool->key;
	tool->channel.role = VITRINE_INSPECTOR;
	rc = vitrine_open(&channel, &tool->channel);
	if (rc == VITRINE_OK)
		rc = vitrine_inspect(channel, &status->snapshot);
	if (rc == VITRINE_OK) {
		status->exists = true;
		status->info = *vitrine_info(channel);
		status->resident = resident_of(status);
		status->attached =
			status->snapshot.attached > 0 ? status->snapshot.attached - 1 : 0;
		find_processes(status);
	} else {
		snprintf(reason, 512, "%s", vitrine_message(channel));
	}
	vitrine_close(channel);
	return rc;
}

/* ---- watching ------------------------------------------------------------------------------- */

/* True if the output would differ, apart from ages. */
static bool differs(const struct status *a, const struct status *b)
{
	if (a->exists != b->exists || a->info.semid != b->info.semid || a->attached != b->attached)
		return true;
	for (uint32_t i = 0; i < a->snapshot.slot_count; i++) {
		const struct vitrine_slot_info *x = &a->snapshot.slots[i];
		const struct vitrine_slot_info *y = &b->snapshot.slots[i];

		if (x->state != y->state || x->holder != y->holder || x->latest != y->latest ||
			x->image.sequence != y->image.sequence)
			return true;
	}
	/* The eight semaphores of the channel are adjacent. */
	return memcmp(&a->snapshot, &b->snapshot, 8 * sizeof(struct vitrine_semaphore)) != 0;
}

static void show(const struct arguments *arguments, const struct status *status, const char *reason)
{
	char printable[1024];

	if (arguments->watch && !arguments->json && isatty(STDOUT_FILENO) == 1)
		fputs(CLEAR, stdout);
	if (arguments->json)
		status_json(stdout, status);
	else if (status->exists)
		status_print(stdout, status);
	else
		printf("%s\n", text_printable(printable, sizeof(printable), reason));
	fflush(stdout);
}

/* Runs until a signal arrives or the reader is gone. */
static int watch(struct tool *tool, const struct arguments *arguments)
{
	bool grows = !arguments->json && isatty(STDOUT_FILENO) == 1;
	struct status *status = calloc(2, sizeof(*status)); /* current, and as last shown */
	int64_t shown_ns = 0;

	if (status == NULL)
		return COMMAND_FAILED;
	do {
		char reason[512];
		int rc = look(tool, &status[0], reason);

		if (rc != VITRINE_OK && rc != VITRINE_ENONE && rc != VITRINE_EREMOVED) {
			log_error(&tool->log, _("cannot inspect the channel"), reason);
			free(status);
			return COMMAND_FAILED;
		}
		if (shown_ns != 0 && !differs(&status[0], &status[1]) &&
			!(grows && monotonic_ns() - shown_ns > FRESH_NS))
			continue;
		show(arguments, &status[0], reason);
		status[1] = status[0];
		shown_ns = monotonic_ns();
	} while (!ferror(stdout) && tool_sleep(tool, LOOK_NS));
	free(status);
	return COMMAND_OK;
}

static int look_once(struct tool *tool, const struct arguments *arguments)
{
	struct status *status = calloc(1, sizeof(*status));
	char reason[512];
	int rc;

	if (status == NULL)
		return COMMAND_FAILED;
	rc = look(tool, status, reason);
	if (rc == VITRINE_OK || arguments->json)
		show(arguments, status, reason);
	if (rc != VITRINE_OK)
		log_error(&tool->log, _("cannot inspect the channel"), reason);
	free(status);
	return rc == VITRINE_OK ? COMMAND_OK : COMMAND_FAILED;
}

int command_status(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct tool tool;
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	if (arguments.json)
		translate_stop();
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK)
		rc = arguments.watch ? watch(&tool, &arguments) : look_once(&tool, &arguments);
	tool_end(&tool);
	return rc;
}
