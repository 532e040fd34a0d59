/* consumer_commands.c - see consumer_commands.h. */
#include "consumer_commands.h"

#include "appearance.h"
#include "debugger.h"

#include <string.h>

#define IMAGES  "Images"
#define VIEW    "View"
#define PROGRAM "Program"

static const struct key_binding bindings[] = {
	{.keys = {SDLK_s},
		.command = COMMAND_SAVE,
		.shown = "S",
		.label = "save",
		.help = "save the image: pixels as PNG, files unchanged",
		.group = IMAGES},
	{.keys = {SDLK_SPACE},
		.command = COMMAND_PAUSE,
		.shown = "Space",
		.label = "pause",
		.help = "pause (new images wait), or resume",
		.group = IMAGES},
	{.keys = {SDLK_RETURN, SDLK_KP_ENTER},
		.command = COMMAND_TAKE_NEXT,
		.shown = "Enter",
		.help = "when paused, or with --manual: take the next image",
		.group = IMAGES},
	{.keys = {SDLK_m},
		.command = COMMAND_MIRROR,
		.shown = "M",
		.label = "mirror",
		.help = "mirror: show the newest image, take none",
		.group = IMAGES},
	{.keys = {SDLK_LEFT},
		.repeats = true,
		.command = COMMAND_OLDER,
		.shown = "←",
		.help = "look back; new images wait",
		.group = IMAGES},
	{.keys = {SDLK_RIGHT},
		.repeats = true,
		.command = COMMAND_NEWER,
		.shown = "→",
		.help = "look forward; then show the next waiting image",
		.group = IMAGES},
	{.keys = {SDLK_HOME},
		.command = COMMAND_OLDEST,
		.shown = "Home",
		.help = "look at the oldest image that is kept",
		.group = IMAGES},
	{.keys = {SDLK_END},
		.command = COMMAND_NEWEST,
		.shown = "End",
		.help = "return to the newest: show new images as they arrive",
		.group = IMAGES},
	DEBUGGER_XRAY_BINDING,
	DEBUGGER_BINDINGS,
	{.keys = {SDLK_UP},
		.repeats = true,
		.command = COMMAND_LINE_UP,
		.shown = "↑ ↓, wheel",
		.help = "scroll a text; Page Up and Page Down by pages",
		.group = VIEW},
	{.keys = {SDLK_DOWN},
		.repeats = true,
		.command = COMMAND_LINE_DOWN,
		.shown = "↓",
		.group = VIEW},
	{.keys = {SDLK_PAGEUP},
		.repeats = true,
		.command = COMMAND_PAGE_UP,
		.shown = "Page Up",
		.group = VIEW},
	{.keys = {SDLK_PAGEDOWN},
		.repeats = true,
		.command = COMMAND_PAGE_DOWN,
		.shown = "Page Down",
		.group = VIEW},
	{.keys = {SDLK_HOME},
		.modifiers = KMOD_CTRL,
		.command = COMMAND_TEXT_START,
		.shown = "Ctrl+Home, End",
		.help = "go to the beginning or the end of a text",
		.group = VIEW},
	{.keys = {SDLK_END},
		.modifiers = KMOD_CTRL,
		.command = COMMAND_TEXT_END,
		.shown = "Ctrl+End",
		.group = VIEW},
	{.keys = {SDLK_f, SDLK_F11, SDLK_F5},
		.command = COMMAND_FULL_SCREEN,
		.shown = "F, F5, F11",
		.label = "full",
		.hint = "F",
		.help = "switch full screen on or off",
		.group = VIEW},
	{.keys = {'+', '='},
		.repeats = true,
		.command = COMMAND_ZOOM_IN,
		.shown = "+ −, wheel",
		.help = "zoom in or out; drag to move the picture",
		.group = VIEW},
	{.keys = {'-'}, .repeats = true, .command = COMMAND_ZOOM_OUT, .shown = "−", .group = VIEW},
	{.keys = {'0'},
		.command = COMMAND_FIT,
		.shown = "0",
		.help = "fit the picture to the window",
		.group = VIEW},
	{.keys = {'1'},
		.command = COMMAND_ACTUAL_SIZE,
		.shown = "1",
		.help = "100 %: one image pixel per screen pixel",
		.group = VIEW},
	{.keys = {SDLK_i},
		.command = COMMAND_INFORMATION,
		.shown = "I",
		.help = "show information about the image and the channel",
		.group = VIEW},
	APPEARANCE_BINDINGS(VIEW),
	{.keys = {SDLK_r},
		.command = COMMAND_CHANGE_ROLE,
		.shown = "R",
		.help = "turn this window into the producer; R again turns it back",
		.group = PROGRAM},
	{.keys = {'?', SDLK_F1},
		.command = COMMAND_HELP,
		.shown = "?, F1",
		.label = "help",
		.hint = "?",
		.help = "show this list of keys",
		.group = PROGRAM},
	{.keys = {SDLK_ESCAPE},
		.command = COMMAND_BACK,
		.shown = "Esc",
		.help = "go back one step: close help, information, looking back, messages, full "
			"screen; never quits",
		.group = PROGRAM},
	{.keys = {SDLK_q},
		.command = COMMAND_QUIT,
		.shown = "Q, Ctrl+Q, Ctrl+W",
		.help = "quit",
		.group = PROGRAM},
	{.keys = {SDLK_q, SDLK_w},
		.modifiers = KMOD_CTRL,
		.command = COMMAND_QUIT,
		.shown = "Ctrl+Q",
		.group = PROGRAM},
};

enum { COUNT = sizeof(bindings) / sizeof(bindings[0]) };
_Static_assert(COUNT <= COMMANDS_MAX, "consumer_commands_now has no room for the table");

const struct key_table consumer_commands = {bindings, COUNT};

void consumer_commands_now(struct consumer_commands_now *now, struct commands_state state)
{
	memcpy(now->bindings, bindings, sizeof(bindings));
	now->table = (struct key_table){now->bindings, COUNT};
	for (size_t i = 0; i < COUNT; i++) {
		if (now->bindings[i].command == COMMAND_PAUSE && state.is_paused)
			now->bindings[i].label = "go on";
		if (now->bindings[i].command == COMMAND_MIRROR && state.is_mirror)
			now->bindings[i].label = "take";
		if (now->bindings[i].command == COMMAND_TAKE_NEXT && state.is_manual)
			now->bindings[i].label = "next";
	}
}
