/* run_options.c - see run_options.h. */
#include "run_options.h"

#include <stdio.h>

#include "base/text.h"
#include "base/translate.h"
#include "search/decision.h"

#define MEMORY_MIB 4096 /* a channel of Vitrine takes 1 GiB of it */
#define OUTPUT_KIB 1024
#define PROCESSES  32

enum { KEY_FIRST = 0x3800, KEY_SEED = KEY_FIRST, KEY_INIT, KEY_MEMORY, KEY_PROCESSES, KEY_OUTPUT };

/* In the order of the keys. */
static const struct argp_option table[] = {
	{"seed", KEY_SEED, "N", 0,
		N_("Set the seed for random schedules and for the programs' random numbers. "
		   "Default: 1"),
		3},
	{"init", KEY_INIT, "COMMAND", 0, N_("Execute this shell command before each run"), 3},
	{"memory", KEY_MEMORY, "MIB", 0,
		N_("Limit the address space of each process, in MiB. Default: 4096"), 3},
	{"processes", KEY_PROCESSES, "N", 0,
		N_("Limit the number of simultaneous processes and threads. Default: 32"), 3},
	{"output", KEY_OUTPUT, "KIB", 0,
		N_("Limit the size of each file that is written, in KiB. Default: 1024"), 3},
	{0},
};
_Static_assert(sizeof(table) / sizeof(table[0]) == RUN_OPTIONS + 1, "one argument for each");

uint32_t run_options_number(const char *option, const char *text, uint32_t most,
	const struct argp_state *state)
{
	uint32_t number = 0;

	if (!text_number(text, most, &number))
		argp_error(state, _("--%s %s: give a number up to %llu"), option, text,
			(unsigned long long)most);
	return number;
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct run_options *options = state->input;
	struct execution_options *execution = options->execution;

	switch (key) {
	case ARGP_KEY_INIT:
		execution->seed = 1;
		execution->memory_bytes = (uint64_t)MEMORY_MIB << 20;
		execution->tasks_max = PROCESSES;
		execution->output_bytes = (uint64_t)OUTPUT_KIB << 10;
		return 0;
	case KEY_SEED: execution->seed = run_options_number("seed", text, UINT32_MAX, state); break;
	case KEY_INIT: execution->init = text; break;
	case KEY_MEMORY:
		execution->memory_bytes =
			(uint64_t)run_options_number("memory", text, 1 << 24, state) << 20;
		break;
	case KEY_PROCESSES:
		execution->tasks_max = run_options_number("processes", text, ACTORS_MAX - 1, state);
		break;
	case KEY_OUTPUT:
		execution->output_bytes =
			(uint64_t)run_options_number("output", text, 1 << 24, state) << 10;
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	options->given[key - KEY_FIRST] = text;
	return 0;
}

const struct argp run_options_argp = {.options = table, .parser = parse_option};

bool run_options_hand_on(const struct run_options *options, char **words, int *count)
{
	for (int i = 0; i < RUN_OPTIONS; i++) {
		if (options->given[i] == NULL)
			continue;
		if (asprintf(&words[*count], "--%s=%s", table[i].name, options->given[i]) < 0)
			return false;
		++*count;
	}
	return true;
}
