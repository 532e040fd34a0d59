/*
 * doctor.c - vitrine doctor: finds what on this machine could cause trouble, and says how to fix
 * it.
 *
 *     vitrine doctor
 */
#include "doctor.h"

#include <argp.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "text.h"
#include "translate.h"

enum { KEY_ROOT = 0x3000, KEY_USER };

static const struct argp_option table[] = {
	{"root", KEY_ROOT, "DIR", OPTION_HIDDEN, N_("Read /proc, /etc … below this folder"), 0},
	{"user", KEY_USER, "UID", OPTION_HIDDEN, N_("Check as if run by this user"), 0},
	{0},
};

struct arguments {
	struct common_options common;
	const char *root;
	uid_t user;
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT: state->child_inputs[0] = &arguments->common; break;
	case KEY_ROOT: arguments->root = text; break;
	case KEY_USER: arguments->user = (uid_t)strtoul(text, NULL, 10); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child children[] = {{&options_key_argp, 0, NULL, 0}, {0}};
static const struct argp argp = {
	.options = table,
	.parser = parse_option,
	.doc = N_("Checks the kernel's limits, system settings, containers, leftovers of "
		  "dead programs, the display, the fonts and the components for image files. "
		  "It changes nothing.\vEach problem is followed by a command or advice that "
		  "helps. Exit status: 0 nothing prevents vitrine-producer and "
		  "vitrine-consumer from working (there may be warnings), 1 something does, "
		  "2 wrong usage.\n"),
	.children = children,
};

/* ---- reporting ------------------------------------------------------------------------------ */

static void report(const char *level, const char *what, const char *format, va_list arguments)
{
	char text[1024], printable[1024];

	printf("%-4s  %s: ", level, what);
	vsnprintf(text, sizeof(text), format, arguments);
	puts(text_printable(printable, sizeof(printable), text));
}

void doctor_fine(struct doctor *doctor, const char *what, const char *format, ...)
{
	va_list arguments;

	(void)doctor;
	va_start(arguments, format);
	report("ok", what, format, arguments);
	va_end(arguments);
}

void doctor_warn(struct doctor *doctor, const char *what, const char *format, ...)
{
	va_list arguments;

	doctor->warnings++;
	va_start(arguments, format);
	report("warn", what, format, arguments);
	va_end(arguments);
}

void doctor_stop(struct doctor *doctor, const char *what, const char *format, ...)
{
	va_list arguments;

	doctor->stops++;
	va_start(arguments, format);
	report("STOP", what, format, arguments);
	va_end(arguments);
}

void doctor_cure(const char *format, ...)
{
	va_list arguments;

	fputs(_("      fix: "), stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

/* ---- reading -------------------------------------------------------------------------------- */

size_t doctor_numbers(const struct doctor *doctor, const char *path, uint64_t *numbers, size_t most)
{
	char full[PATH_MAX];
	size_t count = 0;
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", doctor->root, path);
	file = fopen(full, "re");
	if (file == NULL)
		return 0;
	while (count < most && fscanf(file, "%" SCNu64, &numbers[count]) == 1)
		count++;
	fclose(file);
	return count;
}

bool doctor_exists(const struct doctor *doctor, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", doctor->root, path);
	return access(full, F_OK) == 0;
}

int command_doctor(int argc, char **argv)
{
	struct arguments arguments = {.root = "", .user = getuid()};
	struct doctor doctor;
	struct tool tool;
	int rc;

	options_parse(&argp, argc, argv, &arguments);
	rc = tool_start(&tool, argv[0], &arguments.common);
	if (rc == COMMAND_OK) {
		doctor = (struct doctor){
			.tool = &tool, .root = arguments.root, .user = arguments.user};
		doctor_kernel(&doctor);
		doctor_session(&doctor);
		doctor_files(&doctor);
		if (doctor.root[0] == '\0')
			doctor_channels(&doctor);
		printf(_("problems that stop vitrine-producer or vitrine-consumer: %u; warnings: "
			 "%u\n"),
			doctor.stops, doctor.warnings);
		rc = doctor.stops > 0 ? COMMAND_FAILED : COMMAND_OK;
	}
	tool_end(&tool);
	return rc;
}
