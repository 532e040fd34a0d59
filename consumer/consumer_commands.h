/*
 * consumer_commands.h - the consumer's commands and the one table of their keys. The event loop,
 * the hints in the status bar, the help and --help all use it.
 */
#ifndef VITRINE_CONSUMER_CONSUMER_COMMANDS_H
#define VITRINE_CONSUMER_CONSUMER_COMMANDS_H

#include "key_table.h"

#include <stdbool.h>

enum consumer_command {
	COMMAND_PAUSE,
	COMMAND_TAKE_NEXT,
	COMMAND_SAVE,
	COMMAND_RECORD,
	COMMAND_SAVE_AS,
	COMMAND_COPY,
	COMMAND_OPEN,
	COMMAND_MIRROR,
	COMMAND_OLDER,
	COMMAND_NEWER,
	COMMAND_OLDEST,
	COMMAND_NEWEST,
	COMMAND_LINE_UP,
	COMMAND_LINE_DOWN,
	COMMAND_PAGE_UP,
	COMMAND_PAGE_DOWN,
	COMMAND_TEXT_START,
	COMMAND_TEXT_END,
	COMMAND_FULL_SCREEN,
	COMMAND_ZOOM_IN,
	COMMAND_ZOOM_OUT,
	COMMAND_PAN_LEFT,
	COMMAND_PAN_RIGHT,
	COMMAND_PAN_UP,
	COMMAND_PAN_DOWN,
	COMMAND_FIT,
	COMMAND_ACTUAL_SIZE,
	COMMAND_NEXT_MODE,
	COMMAND_TURN_LEFT,
	COMMAND_TURN_RIGHT,
	COMMAND_MIRROR_PICTURE,
	COMMAND_FLIP,
	COMMAND_PROBE,
	COMMAND_INFORMATION,
	COMMAND_CHANGE_ROLE,
	COMMAND_MENU,
	COMMAND_HELP,
	COMMAND_BACK,
	COMMAND_QUIT,
};

extern const struct key_table consumer_commands;

/* The part of the window's state that changes what keys do. */
struct commands_state {
	bool is_paused;
	bool is_mirror;
	bool is_manual;
};

/* The same for the status bar, where the labels say what a key would do at this moment. */
#define COMMANDS_MAX 64
struct consumer_commands_now {
	struct key_binding bindings[COMMANDS_MAX];
	struct key_table table;
};
void consumer_commands_now(struct consumer_commands_now *now, struct commands_state state);

#endif
