/*
 * main.c - the command vitrine: finds the subcommand in its table and hands over.
 *
 *	vitrine send photo.jpg
 *	vitrine recv
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "decoder.h"
#include "signals.h"
#include "text.h"

struct command {
	const char *name;
	const char *purpose;
	int (*run)(int argc, char **argv);
	const char *full_name; /* as messages begin */
};

static const struct command commands[] = {
	{"show", "show images in the consumer's window; opens it if need be", command_show,
		"vitrine show"},
	{"send", "publish files, or standard input", command_send, "vitrine send"},
	{"recv", "write what arrives to files, or to standard output", command_recv,
		"vitrine recv"},
	{"status", "what is in the channel, and who", command_status, "vitrine status"},
	{"clean", "remove a channel, or what a dead program left", command_clean, "vitrine clean"},
	{"doctor", "what on this machine may stand in the way, and the cure", command_doctor,
		"vitrine doctor"},
	{"xray", "any program's semaphores and memory; programs under control, step by step",
		command_xray, "vitrine xray"},
	{"check", "programs under every schedule: the shortest way to a deadlock and other faults",
		command_check, "vitrine check"},
	{"lesson", "semaphores at work: windows and programs set up to be learnt from",
		command_lesson, "vitrine lesson"},
	{"bench", "how fast frames go on this machine, beside its limits", command_bench,
		"vitrine bench"},
#ifdef HAVE_RELAY
	{"relay", "the newest image to other machines, and from them, by an MQTT broker",
		command_relay, "vitrine relay"},
#endif
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *file)
{
	fputs("Usage: vitrine COMMAND [OPTION]... [FILE]...\n"
	      "Hands images and files from program to program through System V shared memory.\n\n",
		file);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(file, "  vitrine %-8s %s\n", commands[i].name, commands[i].purpose);
	fputs("\n`vitrine COMMAND --help` tells the rest. Every command takes -k KEY (which channel),\n"
	      "-v, -h and -V. Exit status: 0 done, 1 something failed, 2 wrong usage (check: 3 it cannot judge).\n",
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
	printf("opens: %s\n", format_names(names, is_opened, true));
	printf("knows, and names a converter: %s\n", format_names(names, is_opened, false));
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	char shown[128];

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
	fprintf(stderr, "vitrine: %s: there is no such command; `vitrine --help` lists them\n",
		text_printable(shown, sizeof(shown), name));
	return COMMAND_USAGE;
}
