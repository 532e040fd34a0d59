/*
 * clean.c - vitrine clean: removes a channel, or what is left of one. It removes only objects that
 * the library recognises as a channel of ours.
 *
 *     vitrine clean
 *     vitrine clean --all --force
 *
 * An unused channel in which no image waits is removed in the normal way: this program joins it and
 * leaves it last. Retiring is one array of semaphore operations, so an image published at that
 * moment is not lost, and half-made leftovers are repaired on the way. Force is used only if images
 * or programs would lose the channel.
 */
#include <argp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "ipcs.h"
#include "segment.h"
#include "semset.h"
#include "tool.h"
#include "translate.h"

enum { KEY_ALL = 0x3000 };

static const struct argp_option table[] = {
	{"all", KEY_ALL, NULL, 0, N_("Remove all your channels, not only the one with the key"), 0},
	{"force", 'f', NULL, 0,
		N_("Do not ask, even if images wait in the channel or programs use it"), 0},
	{0},
};

struct arguments {
	struct common_options common;
	bool all;
	bool force;
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as argp wants it */
static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_ALL: arguments->all = true; break;
	case 'f': arguments->force = true; break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_calls_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = N_("Removes the channel: its semaphores and its memory. If images wait in the "
		  "channel, or programs use it, the command asks for confirmation; without a "
		  "terminal, it requires --force. Programs that use the channel notice its "
		  "removal and open a new one.\vObjects that are not a Vitrine channel are "
		  "never touched. Exit status: 0 the channel is removed or there was none, 1 "
		  "it still exists, 2 wrong usage.\n"),
	.children = children,
};

/* ---- asking --------------------------------------------------------------------------------- */

/* "channel 0x77010000: 3 images wait, 2 programs in it"; omits what is zero. */
static void describe(char text[256], const struct vitrine_snapshot *snapshot, const char *key)
{
	int waiting = snapshot->full.value;
	int inside =
		snapshot->producers.value + snapshot->consumers.value + snapshot->mirrors.value;
	char images[64] = "", programs[64] = "";

	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		waiting += snapshot->slots[i].state == VITRINE_SLOT_READING;
	if (waiting > 0)
		snprintf(images, sizeof(images),
			ngettext("%d image waits", "%d images wait", (unsigned long)waiting),
			waiting);
	if (inside > 0)
		snprintf(programs, sizeof(programs),
			ngettext("%d program is in it", "%d programs are in it",
				(unsigned long)inside),
			inside);
	snprintf(text, 256, _("channel %.100s: %s%s%s"), key, images,
		waiting > 0 && inside > 0 ? ", " : "", programs);
}

/* True if other programs have it attached or are counted in it, or images wait. */
static bool is_in_use(const struct vitrine_snapshot *snapshot)
{
	return snapshot->full.value > 0 || snapshot->producers.value > 0 ||
	       snapshot->consumers.value > 0 || snapshot->mirrors.value > 0;
}

static bool says_yes(const struct tool *tool, const char *question)
{
	char answer[16];

	/*
	 * TRANSLATORS: "y" alone is the letter that the user types for "yes"; "y" itself is
	 * accepted, too.
	 */
	fprintf(stderr, _("%s. Remove it anyway? [y/N] "), question);
	if (!tool_ready(tool, STDIN_FILENO, POLLIN) || fgets(answer, sizeof(answer), stdin) == NULL)
		putc('\n', stderr);
	else
		return tolower(answer[0]) == 'y' || tolower(answer[0]) == *_("y");
	return false;
}

static bool may_remove(const struct tool *tool, const struct arguments *arguments,
	const struct vitrine_snapshot *snapshot, const char *key)
{
	char found[256];

	if (arguments->force)
		return true;
	describe(found, snapshot, key);
	if (isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1)
		return says_yes(tool, found);
	log_error(&tool->log, found, _("not removed; --force removes it anyway"));
	return false;
}

/* ---- removing ------------------------------------------------------------------------------- */

static bool exists_under(int32_t key)
{
	return segment_find(key) >= 0 || semset_find(key) >= 0;
}

static bool fails(const struct tool *tool, const struct vitrine_channel *channel)
{
	log_error(&tool->log, _("cannot clean"), vitrine_message(channel));
	return false;
}

/* Joins and leaves the channel: the last to leave removes it. */
static bool join_and_leave(struct tool *tool, const struct vitrine_key *key)
{
	struct vitrine_options options = tool->channel;
	struct vitrine_channel *channel;
	int waiting;

	options.role = VITRINE_MIRROR;
	options.key = key;
	options.slots = VITRINE_SLOTS_MIN; /* if it must create one, a small one */
	options.slot_size = 0;
	if (vitrine_open(&channel, &options) != VITRINE_OK) {
		fails(tool, channel);
		vitrine_close(channel);
		return false;
	}
	waiting = vitrine_close(channel);
	if (waiting > 0 || exists_under(key->value)) {
		log_error(&tool->log, key->text,
			_("another program joined at this moment; look again (vitrine status)"));
		return false;
	}
	log_event(&tool->log, "removed", LOG_HEX("key", (uint32_t)key->value),
		LOG_I64("images", 0));
	return true;
}

/*
 * Removes the channel found: in the normal way if it is unused, otherwise by force if allowed.
 * Leaving a channel of another user does not remove it, so root needs force there.
 */
static bool remove_found(struct tool *tool, const struct arguments *arguments,
	const struct vitrine_key *key, struct vitrine_channel *inspector)
{
	struct vitrine_snapshot snapshot;
	int rc = vitrine_inspect(inspector, &snapshot);

	if (rc == VITRINE_EREMOVED)
		return true;
	if (rc < 0)
		return fails(tool, inspector);
	if (!is_in_use(&snapshot) && snapshot.owner_uid == geteuid())
		return join_and_leave(tool, key);
	if (is_in_use(&snapshot) &&
		!may_remove(tool, arguments, &snapshot, vitrine_info(inspector)->key_text))
		return false;
	if (vitrine_remove(inspector) != VITRINE_OK)
		return fails(tool, inspector);
	log_event(&tool->log, "removed", LOG_HEX("key", (uint32_t)key->value),
		LOG_I64("images", snapshot.full.value));
	return true;
}

/* false: it still exists; the reason has been printed. */
static bool clean(struct tool *tool, const struct arguments *arguments,
	const struct vitrine_key *key)
{
	struct vitrine_options options = tool->channel;
	struct vitrine_channel *inspector;
	bool is_gone;
	int rc;

	if (!exists_under(key->value)) {
		log_event(&tool->log, "nothing", LOG_HEX("key", (uint32_t)key->value));
		return true;
	}
	options.role = VITRINE_INSPECTOR;
	options.key = key;
	rc = vitrine_open(&inspector, &options);
	if (rc == VITRINE_OK)
		is_gone = remove_found(tool, arguments, key, inspector);
	else if (rc == VITRINE_ENONE)
		is_gone = join_and_leave(tool, key); /* half a channel: its creator died */
	else
		is_gone = fails(tool, inspector);
	vitrine_close(inspector);
	return is_gone;
}

static bool clean_all(struct tool *tool, const struct arguments *arguments)
{
	struct ipcs_list list;
	bool all_gone = true;
	size_t found = 0;
	int32_t semid;

	if (!ipcs_read(&list, "", IPCS_SEGMENTS)) {
		log_error(&tool->log, "/proc/sysvipc/shm",
			_("cannot be read: this kernel has no System V IPC"));
		return false;
	}
	for (size_t i = 0; i < list.count && !tool_interrupted(tool); i++) {
		struct vitrine_key key = {.value = list.objects[i].key};

		/* Key 0: it was removed, and disappears with its last user. */
		if (key.value == 0 || !ipcs_is_channel(&list.objects[i], &semid))
			continue;
		snprintf(key.text, sizeof(key.text), "0x%08x", (unsigned)key.value);
		found++;
		if (!clean(tool, arguments, &key))
			all_gone = false;
	}
	ipcs_free(&list);
	if (tool_interrupted(tool)) {
		log_error(&tool->log, _("interrupted"), _("the other channels were not checked"));
		return false;
	}
	if (found == 0)
		log_event(&tool->log, "nothing", LOG_BOOL("all", true));
	return all_gone;
}

int command_clean(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct tool tool;
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK) {
		bool is_gone = arguments.all ? clean_all(&tool, &arguments)
					     : clean(&tool, &arguments, &tool.key);
		rc = is_gone ? COMMAND_OK : COMMAND_FAILED;
	}
	tool_end(&tool);
	return rc;
}
