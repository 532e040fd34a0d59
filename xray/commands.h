/* commands.h - the keys of the window: with programs under control, and without. */
#ifndef VITRINE_XRAY_COMMANDS_H
#define VITRINE_XRAY_COMMANDS_H

#include "key_table.h"

enum app_command {
	COMMAND_STEP_ANY,
	COMMAND_STEP,
	COMMAND_PREVIOUS,
	COMMAND_NEXT,
	COMMAND_RUN,
	COMMAND_SLOW,
	COMMAND_SLOWER,
	COMMAND_FASTER,
	COMMAND_BACK,
	COMMAND_KILL,
	COMMAND_RESTART,
	COMMAND_MEMORY,
	COMMAND_MEMORY_VIEW,
	COMMAND_MEMORY_NEXT,
	COMMAND_MEMORY_CHANGE,
	COMMAND_NARROWER,
	COMMAND_WIDER,
	COMMAND_PAGE_UP,
	COMMAND_PAGE_DOWN,
	COMMAND_FULL_SCREEN,
	COMMAND_ESCAPE,
	COMMAND_HELP,
	COMMAND_QUIT,
};

/* Without programs under control, the keys that act on them are left out. */
const struct key_table *commands_table(bool has_control);

#endif
