/*
 * producer_commands.h - the producer's commands and the one table of their keys. The event loop,
 * the hints in the status bar, the help and --help all use it.
 */
#ifndef VITRINE_PRODUCER_PRODUCER_COMMANDS_H
#define VITRINE_PRODUCER_PRODUCER_COMMANDS_H

#include "key_table.h"

enum producer_command {
	COMMAND_PUBLISH,
	COMMAND_PUBLISH_ALL,
	COMMAND_PUBLISH_BYTES,
	COMMAND_PUBLISH_FRAME,
	COMMAND_PLAY,
	COMMAND_STEP_FRAME,
	COMMAND_SLIDESHOW,
	COMMAND_PREVIOUS,
	COMMAND_NEXT,
	COMMAND_FIRST,
	COMMAND_LAST,
	COMMAND_PAGE_BACK,
	COMMAND_PAGE_ON,
	COMMAND_REMOVE,
	COMMAND_UNDO,
	COMMAND_SELECT_ALL,
	COMMAND_MENU,
	COMMAND_FOCUS,
	COMMAND_LAST_TRAY,
	COMMAND_LIVE,
	COMMAND_OPEN,
	COMMAND_PASTE,
	COMMAND_GALLERY,
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
	COMMAND_PROBE,
	COMMAND_TURN_LEFT,
	COMMAND_TURN_RIGHT,
	COMMAND_MIRROR_PICTURE,
	COMMAND_FLIP,
	COMMAND_INFORMATION,
	COMMAND_CHANGE_ROLE,
	COMMAND_HELP,
	COMMAND_QUIT,
	COMMAND_BACK,
};

extern const struct key_table producer_commands;

/* The same for the status bar, where the labels say what a key would do at this moment. */
#define COMMANDS_MAX 64
struct producer_commands_now {
	struct key_binding bindings[COMMANDS_MAX];
	struct key_table table;
};

enum commands_space {
	COMMANDS_PUBLISHES,
	COMMANDS_PAUSES, /* a stream is shown */
	COMMANDS_GOES_ON,
};
void producer_commands_now(struct producer_commands_now *now, enum commands_space space);

#endif
