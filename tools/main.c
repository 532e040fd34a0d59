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
	{"show", N_("show images in the consumer's window, which it opens if necessary"),
		command_show, "vitrine show"},
	{"send", N_("publish files or standard input"), command_send, "vitrine send"},
	{"recv", N_("write what arrives to files or to standard output"), command_recv,
		"vitrine recv"},
	{"status", N_("show what is in the channel and who is using it"), command_status,
		"vitrine status"},
	{"clean", N_("remove a channel, or what a dead program left behind"), command_clean,
		"vitrine clean"},
	{"doctor", N_("find what on this machine could cause trouble, and how to fix it"),
		command_doctor, "vitrine doctor"},
	{"xray", N_("show any program's semaphores and memory; run programs step by step"),
		command_xray, "vitrine xray"},
	{"check",
		N_("run programs under every schedule; find the shortest way to a deadlock or "
		   "another fault"),
		command_check, "vitrine check"},
	{"play", N_("play back a recorded run step by step; make a web page or an animation of it"),
		command_play, "vitrine play"},
	{"lesson", N_("interactive lessons on semaphores"), command_lesson, "vitrine lesson"},
	{"bench", N_("measure the frame rate and compare it with the hardware's limits"),
		command_bench, "vitrine bench"},
#ifdef HAVE_RELAY
	{"relay",
		N_("send the newest image to other machines, or receive it, through an MQTT broker"),
		command_relay, "vitrine relay"},
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
	fputs(_("\nSee `vitrine COMMAND --help` for details. Every command accepts -k KEY (which "
		"channel),\n"
		"-v, -h and -V. Exit status: 0 success, 1 failure, 2 wrong usage.\n"),
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
	printf(_("knows, and names a converter: %s\n"), format_names(names, is_opened, false));
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
