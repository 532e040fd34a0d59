/* clipboard.c - see clipboard.h. */
#include "clipboard.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "helper.h"
#include "translate.h"

enum { ARGUMENTS_MAX = 8 };

enum step { STEP_COPY, STEP_TYPES, STEP_PASTE };

/* The programs of one kind of desktop. The media type replaces the argument TYPE. */
struct desktop {
	const char *variable; /* of the environment: names the display */
	const char *remedy;
	const char *commands[3][ARGUMENTS_MAX]; /* by step */
};

static const char TYPE[] = "TYPE";

static const struct desktop desktops[] = {
	{"WAYLAND_DISPLAY", N_("wl-clipboard is not installed: sudo apt install wl-clipboard"),
		{{"wl-copy", "--type", TYPE}, {"wl-paste", "--list-types"},
			{"wl-paste", "--no-newline", "--type", TYPE}}},
	{"DISPLAY", N_("xclip is not installed: sudo apt install xclip"),
		{{"xclip", "-selection", "clipboard", "-t", TYPE, "-i"},
			{"xclip", "-selection", "clipboard", "-t", "TARGETS", "-o"},
			{"xclip", "-selection", "clipboard", "-t", TYPE, "-o"}}},
};
enum { DESKTOPS = sizeof(desktops) / sizeof(desktops[0]) };

struct clipboard {
	struct helper *helper;
	enum step step;
	const char *program;
	char type[CLIPBOARD_TYPE_MAX];
};

struct clipboard *clipboard_create(void (*wake)(void *data), void *wake_data)
{
	struct clipboard *clipboard = calloc(1, sizeof(*clipboard));

	if (clipboard == NULL)
		return NULL;
	clipboard->helper = helper_create(wake, wake_data);
	if (clipboard->helper != NULL)
		return clipboard;
	free(clipboard);
	return NULL;
}

void clipboard_destroy(struct clipboard *clipboard)
{
	if (clipboard == NULL)
		return;
	helper_destroy(clipboard->helper);
	free(clipboard);
}

/* ---- starting ------------------------------------------------------------------------------ */

static bool is_there(const struct desktop *desktop)
{
	const char *display = getenv(desktop->variable);

	return display != NULL && *display != '\0';
}

const char *clipboard_remedy(void)
{
	for (int i = 0; i < DESKTOPS; i++)
		if (is_there(&desktops[i]))
			return gettext(desktops[i].remedy);
	return _("there is no display");
}

static int run(struct clipboard *clipboard, const struct desktop *desktop, int input)
{
	const char *const *command = desktop->commands[clipboard->step];
	char *arguments[ARGUMENTS_MAX];

	for (int i = 0; i < ARGUMENTS_MAX; i++)
		arguments[i] =
			(char *)(uintptr_t)(command[i] == TYPE ? clipboard->type : command[i]);
	clipboard->program = arguments[0];
	/*
	 * A program that copies leaves a process running, which serves the contents to other
	 * programs.
	 */
	return helper_start(clipboard->helper, arguments, input,
		clipboard->step == STEP_COPY ? HELPER_DISCARD : HELPER_COLLECT);
}

/* If both displays exist, they share one clipboard, so the programs of either work. */
static enum clipboard_start start(struct clipboard *clipboard, enum step step, int input)
{
	int rc = ENOENT;

	helper_stop(clipboard->helper);
	clipboard->step = step;
	for (int i = 0; i < DESKTOPS && rc == ENOENT; i++)
		if (is_there(&desktops[i]))
			rc = run(clipboard, &desktops[i], input);
	errno = rc;
	if (rc == 0)
		return CLIPBOARD_STARTED;
	return rc == ENOENT ? CLIPBOARD_MISSING : CLIPBOARD_FAILED;
}

enum clipboard_start clipboard_copy(struct clipboard *clipboard, const char *type, int fd)
{
	if (lseek(fd, 0, SEEK_SET) < 0)
		return CLIPBOARD_FAILED;
	snprintf(clipboard->type, sizeof(clipboard->type), "%s", type);
	return start(clipboard, STEP_COPY, fd);
}

enum clipboard_start clipboard_paste(struct clipboard *clipboard)
{
	return start(clipboard, STEP_TYPES, -1);
}

/* ---- the end ------------------------------------------------------------------------------- */

/*
 * The first line of `types` that begins with `wanted` or, with `is_whole`, equals it; NULL: none.
 */
static const char *find_type(const char *types, const char *wanted, bool is_whole)
{
	const size_t length = strlen(wanted);

	for (const char *line = types; *line != '\0';) {
		const size_t size = strcspn(line, "\n");

		if (size < CLIPBOARD_TYPE_MAX && strncmp(line, wanted, length) == 0 &&
			(size == length || !is_whole))
			return line;
		line += size + (line[size] != '\0');
	}
	return NULL;
}

/* Chooses a type of those that are offered, one per line; false: none can be used. */
static bool choose_type(struct clipboard *clipboard, const char *types)
{
	static const struct {
		const char *name;
		bool is_whole;
	} wanted[] = {{"image/png", true}, {"text/uri-list", true}, {"image/", false},
		{"text/plain;charset=utf-8", true}, {"UTF8_STRING", true}, {"text/plain", true},
		{"STRING", true}};
	const char *found = NULL;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && found == NULL; i++)
		found = find_type(types, wanted[i].name, wanted[i].is_whole);
	if (found != NULL)
		snprintf(clipboard->type, sizeof(clipboard->type), "%.*s",
			(int)strcspn(found, "\n"), found);
	return found != NULL;
}

/* The types are known: requests the contents in one of them. True: the request has started. */
static bool go_on(struct clipboard *clipboard, const struct helper_end *types)
{
	return types->status == 0 && types->output != NULL &&
	       choose_type(clipboard, types->output) &&
	       start(clipboard, STEP_PASTE, -1) == CLIPBOARD_STARTED;
}

bool clipboard_pop(struct clipboard *clipboard, struct clipboard_end *end)
{
	struct helper_end helper_end;
	bool has_types;

	if (!helper_pop(clipboard->helper, &helper_end))
		return false;
	has_types = clipboard->step == STEP_TYPES;
	if (has_types) {
		bool goes_on = go_on(clipboard, &helper_end);

		free(helper_end.output);
		if (goes_on)
			return false;
		/* Both programs fail if the clipboard is empty. */
		helper_end = (struct helper_end){0};
		clipboard->type[0] = '\0';
	}
	*end = (struct clipboard_end){
		.is_paste = clipboard->step != STEP_COPY,
		.bytes = helper_end.output,
		.size = helper_end.size,
		.status = helper_end.status,
		.program = clipboard->program,
	};
	snprintf(end->type, sizeof(end->type), "%s", clipboard->type);
	return true;
}

void clipboard_end_free(struct clipboard_end *end)
{
	free(end->bytes);
	*end = (struct clipboard_end){0};
}
