/*
 * show.c - vitrine show: shows images on the screen, and returns as soon as they are published.
 *
 *     vitrine show photo.jpg
 *
 * It publishes first and then checks for a window: an image in the channel waits for any consumer
 * that comes later, so no order of events loses it.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "decoder.h"
#include "executable.h"
#include "sender.h"
#include "single_instance.h"
#include "translate.h"

#define CONSUMER   "vitrine-consumer"
#define PATIENCE_S 10 /* how long the window may take to appear */
#define LOOK_NS    INT64_C(10000000)

enum { KEY_STILL = 0x3000 };

static const struct argp_option table[] = {
	{"still", KEY_STILL, NULL, 0,
		N_("Show only the first frame of an animated image instead of playing it once"), 0},
	{0},
};

struct arguments {
	struct common_options common;
	bool is_still;
	char **paths;
	int count;
};

/* NOLINTNEXTLINE(readability-non-const-parameter): as argp wants it */
static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)text;
	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_STILL: arguments->is_still = true; break;
	case ARGP_KEY_ARGS: arguments->paths = options_paths(state, &arguments->count); break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, _("name the images to show, or - for standard input"));
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_channel_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.args_doc = "FILE|-...",
	.doc = N_("Publishes images as pixels, and opens a consumer's window if "
		  "the channel has none. The window stays open when this program "
		  "ends. An animation is played once.\vExit status: 0 all images "
		  "will be shown by a window, 1 some will not (standard error "
		  "gives the reasons), 2 wrong usage.\n"),
	.children = children,
};

/* The window that this program started. */
struct window {
	struct tool *tool;
	struct link *link;
	pid_t pid;  /* 0: none */
	int errors; /* pipe from its standard error */
	int single; /* held while a window is being opened; negative: not held */
	bool failed;
};

/* ---- starting it ---------------------------------------------------------------------------- */

/* Starts it in a new session, with a pipe as its standard error. Returns 0 or errno. */
static int spawn(const char *path, char *const argv[], int errors, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
	rc = tool_spawn(pid, path, argv, &actions, POSIX_SPAWN_SETSID);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Finds the program beside this one, then as the shell would. */
static bool start_window(struct window *window)
{
	char path[PATH_MAX];
	char *argv[] = {path, "--key", (char *)(uintptr_t)window->tool->key.text, NULL};
	int ends[2], rc;

	executable_find(path, "vitrine-consumer");
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	rc = spawn(path, argv, ends[1], &window->pid);
	close(ends[1]);
	window->errors = ends[0];
	if (rc == 0)
		return true;
	close(ends[0]);
	window->pid = 0;
	window->failed = true;
	log_error(&window->tool->log, path,
		rc == ENOENT ? _("is neither beside this program nor in PATH; install it")
			     : strerror(rc));
	return false;
}

/* Copies its error messages to our standard error. */
static void pass_on_errors(const struct window *window)
{
	char text[4096];
	ssize_t count;

	while ((count = read(window->errors, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)count, stderr);
}

/* True if the window that was started has already ended; reports this once. */
static bool has_ended(struct window *window)
{
	int status;

	if (window->failed || window->pid == 0 ||
		waitpid(window->pid, &status, WNOHANG) != window->pid)
		return window->failed;
	pass_on_errors(window);
	log_error(&window->tool->log, CONSUMER,
		_("ended before it showed anything (see above); the images are waiting in the "
		  "channel"));
	window->failed = true;
	return true;
}

static int consumers_of(struct link *link)
{
	struct link_look look;

	link_look(link, &look);
	return look.state == LINK_OPEN ? look.snapshot.consumers.value : 0;
}

/* True if this program must open the window: if several run at once, only one does. */
static bool is_for_us(struct window *window)
{
	if (window->single < 0)
		window->single = single_instance_claim("window", &window->tool->key);
	return window->single != -EADDRINUSE;
}

/*
 * Call after a publication: opens a window unless there is a consumer. Looks twice, because one may
 * just have joined.
 */
static void see_to_window(struct window *window)
{
	if (window->pid == 0 && !window->failed && consumers_of(window->link) == 0 &&
		is_for_us(window) && consumers_of(window->link) == 0)
		start_window(window);
}

/* True if no window will appear; called while the buffer is full. */
static bool gives_up(void *data)
{
	struct window *window = data;

	see_to_window(window);
	return has_ended(window);
}

/* Waits until a window has joined; from then on it takes the images without our help. */
static bool wait_for_window(struct window *window)
{
	int64_t deadline = tool_deadline(PATIENCE_S * INT64_C(1000000000));

	while (!has_ended(window) && consumers_of(window->link) == 0) {
		if (tool_is_over(deadline)) {
			log_error(&window->tool->log, CONSUMER,
				_("was started but has not appeared yet; the images are waiting in "
				  "the channel"));
			return false;
		}
		see_to_window(window);
		if (!tool_sleep(window->tool, LOOK_NS))
			return false;
	}
	return !window->failed;
}

/* After the first frame of an animation, waits for a window before the others. */
static void played(void *data)
{
	struct window *window = data;

	if (window->pid != 0 || window->failed)
		return;
	see_to_window(window);
	wait_for_window(window);
}

static bool show_all(const struct arguments *arguments, struct sender *sender,
	struct window *window)
{
	bool all = true, any = false;
	int i;

	for (i = 0; i < arguments->count && !tool_interrupted(sender->tool); i++) {
		if (sender_send(sender, arguments->paths[i]))
			any = true;
		else
			all = false;
		if (any)
			see_to_window(window);
		if (window->failed)
			return false;
	}
	sender_tell_unsent(sender, arguments->paths + i, arguments->count - i);
	return (!any || wait_for_window(window)) && all && !tool_interrupted(sender->tool);
}

int command_show(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct tool tool;
	struct window window = {.tool = &tool, .errors = -1, .single = -1};
	struct sender sender = {
		.tool = &tool,
		.timeout_ns = VITRINE_FOREVER,
		.as_pixels = true,
		.gives_up = gives_up,
		.played = played,
		.data = &window,
	};
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	sender.is_still = arguments.is_still;
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK) {
		sender.memory = arguments.common.memory;
		sender.decoder = decoder_create(&(struct decoder_options){
			.memory = sender.memory, .timeout_ns = arguments.common.decode_timeout_ns});
		sender.link = tool_open(&tool, VITRINE_PRODUCER);
		window.link = sender.link;
		rc = sender.link != NULL && show_all(&arguments, &sender, &window) ? COMMAND_OK
										   : COMMAND_FAILED;
		tool_close(&tool, sender.link);
		decoder_destroy(sender.decoder);
	}
	if (window.errors >= 0)
		close(window.errors);
	if (window.single >= 0)
		close(window.single);
	tool_end(&tool);
	return rc;
}
