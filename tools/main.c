/*
 * main.c - the command vitrine: finds the subcommand in its table and calls it.
 *
 *     vitrine send photo.jpg
 *     vitrine recv
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "decoder.h"
#include "signals.h"
#include "text.h"
#include "translate.h"

struct command {
	const char *name;
	const char *purpose;
	int (*run)(int argc, char **argv);
	const char *full_name; /* the prefix of its messages */
};

static const struct command commands[] = {
	{"show", N_("show images in the consumer's window; open it if necessary"), command_show,
		"vitrine show"},
	{"send", N_("publish files or standard input"), command_send, "vitrine send"},
	{"recv", N_("write images from the channel to files or standard output"), command_recv,
		"vitrine recv"},
	{"status", N_("show the contents of the channel and the programs using it"), command_status,
		"vitrine status"},
	{"clean", N_("remove a channel, or what dead programs left behind"), command_clean,
		"vitrine clean"},
	{"doctor", N_("find problems on this machine, and report how to fix them"), command_doctor,
		"vitrine doctor"},
	{"xray", N_("show any program's semaphores; run programs step by step"), command_xray,
		"vitrine xray"},
	{"check", N_("run programs under all schedules; find deadlocks and races"), command_check,
		"vitrine check"},
	{"play", N_("play back a recorded run; make a web page or animation of it"), command_play,
		"vitrine play"},
	{"lesson", N_("start an interactive lesson on semaphores"), command_lesson,
		"vitrine lesson"},
	{"bench", N_("measure the frame rate; compare it with the hardware's limits"),
		command_bench, "vitrine bench"},
#ifdef HAVE_RELAY
	{"relay", N_("exchange images with other machines through an MQTT broker"), command_relay,
		"vitrine relay"},
#endif
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *file)
{
	fputs(_("Usage: vitrine COMMAND [OPTION]... [FILE]...\n"
		"Passes images and files between programs through System V shared memory.\n\n"),
		file);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(file, "  vitrine %-8s %s\n", commands[i].name,
			gettext(commands[i].purpose));
	fputs(_("\nSee `vitrine COMMAND --help` for details. Every command accepts -h and "
		"-V; most\naccept -k KEY (which channel) and -v. Exit status: 0 success, 1 "
		"failure, 2 wrong\nusage; 3 means that `vitrine check` reached no "
		"verdict.\n"),
		file);
}

static bool is_one_of(const char *text, const char *one, const char *other)
{
	return strcmp(text, one) == 0 || strcmp(text, other) == 0;
}

static bool is_opened(enum format format, int wanted)
{
	return (decoder_presence(NULL, format) != DECODER_MISSING) == (wanted != 0);
}

static void print_version(void)
{
	char names[FORMAT_NAMES_MAX];

	puts("vitrine (Vitrine) " VITRINE_VERSION);
	printf(_("opens: %s\n"), format_names(names, is_opened, true));
	printf(_("recognises but cannot open (suggests a converter): %s\n"),
		format_names(names, is_opened, false));
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	char shown[128];

	translate_start();
	signals_block();
	if (name == NULL) {
		print_usage(stderr);
		return COMMAND_USAGE;
	}
	if (is_one_of(name, "-h", "--help") || strcmp(name, "help") == 0) {
		print_usage(stdout);
		return COMMAND_OK;
	}
	if (is_one_of(name, "-V", "--version")) {
		print_version();
		return COMMAND_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		argv[1] = (char *)(uintptr_t)commands[i].full_name;
		return commands[i].run(argc - 1, argv + 1);
	}
	fprintf(stderr, _("vitrine: %s: there is no such command; `vitrine --help` lists them\n"),
		text_printable(shown, sizeof(shown), name));
	return COMMAND_USAGE;
}
