/* debug_options.c - see debug_options.h. */
#include "debug_options.h"

#include "options.h"
#include "translate.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_XRAY = 0x3000, KEY_TIMELINE, KEY_STEP, KEY_SLOW, KEY_TRACE, KEY_RECORD };

enum { GROUP_LAB = 9 }; /* after a program's own, before the channel */

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, N_("Look inside:"), GROUP_LAB},
	{"xray", KEY_XRAY, NULL, 0,
		N_("Start with the X-ray open, which shows the semaphores and slots live"),
		GROUP_LAB},
	{"timeline", KEY_TIMELINE, NULL, 0,
		N_("Start with the timeline open, which shows the last 30 seconds"), GROUP_LAB},
	{"step", KEY_STEP, "WHAT", OPTION_ARG_OPTIONAL,
		N_("Stop before each semop until the key . is pressed. With \"transitions\", "
		   "the program does not stop between lock and publish or take; with \"all\", "
		   "it stops there, too, and then holds the mutex. Default: transitions"),
		GROUP_LAB},
	{"slow", KEY_SLOW, "TIME", 0,
		N_("Wait this long before each semop, for example 500ms or 2s; without a "
		   "unit: milliseconds"),
		GROUP_LAB},
	{"record", KEY_RECORD, "FILE", 0,
		N_("Record the run to FILE, for vitrine play: each semop, and the values of "
		   "the semaphores between the calls; all programs of a channel may write to "
		   "the same file"),
		GROUP_LAB},
	{"trace", KEY_TRACE, "FILE", 0,
		N_("Record like --record, but with the calls that prepare and free the memory "
		   "of slots. (With --record, the producer makes no such calls.) The files of "
		   "both options contain Chrome trace events, which Perfetto can open"),
		GROUP_LAB},
	{0},
};

bool debug_options_duration(const char *text, int64_t *ns)
{
	return options_duration(text, 1e6, STEPPER_SLOWEST_NS, ns);
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct debug_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT: *options = (struct debug_options){0}; break;
	case KEY_XRAY: options->xray = true; break;
	case KEY_TIMELINE: options->timeline = true; break;
	case KEY_STEP:
		if (text == NULL || strcmp(text, "transitions") == 0)
			options->step = STEPPER_TRANSITIONS;
		else if (strcmp(text, "all") == 0)
			options->step = STEPPER_ALL;
		else
			argp_error(state, _("--step=%s: give transitions or all"), text);
		break;
	case KEY_SLOW:
		if (!debug_options_duration(text, &options->slow_ns))
			argp_error(state, _("--slow %s: give a time up to 8s, such as 500ms"),
				text);
		break;
	case KEY_RECORD:
	case KEY_TRACE:
		if (*text == '\0')
			argp_error(state, _("--record or --trace: give a file"));
		options->trace = text;
		options->records |= key == KEY_RECORD;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp debug_options_argp = {.options = table, .parser = parse_option};
