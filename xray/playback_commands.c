/*
 * playback_commands.c - the keys of the window that plays a recording: those of programs under
 * control.
 */
#include "appearance.h"
#include "playback_window.h"
#include "translate.h"

#define RECORDING N_("Recording")
#define WINDOW    N_("Window")

static const struct key_binding bindings[] = {
	{.keys = {SDLK_SPACE, SDLK_RETURN, SDLK_KP_ENTER, SDLK_RIGHT},
		.repeats = true,
		.command = PLAYBACK_FORWARD,
		.shown = N_("Space, Enter, →"),
		.hint = "Space",
		.label = N_("step"),
		.help = N_("one step forward"),
		.group = RECORDING},
	{.keys = {SDLK_BACKSPACE, SDLK_LEFT},
		.repeats = true,
		.command = PLAYBACK_BACK,
		.shown = N_("Backspace, ←"),
		.hint = "⌫",
		.label = N_("back"),
		.help = N_("one step back"),
		.group = RECORDING},
	{.keys = {SDLK_PAGEDOWN},
		.repeats = true,
		.command = PLAYBACK_PAGE_FORWARD,
		.shown = N_("Page Up, Page Down"),
		.help = N_("go ten steps back or forward"),
		.group = RECORDING},
	{.keys = {SDLK_PAGEUP}, .repeats = true, .command = PLAYBACK_PAGE_BACK},
	{.keys = {SDLK_HOME, SDLK_n},
		.command = PLAYBACK_FIRST,
		.shown = N_("Home, End"),
		.help = N_("go to the first or the last step"),
		.group = RECORDING},
	{.keys = {SDLK_END}, .command = PLAYBACK_LAST},
	{.keys = {SDLK_s},
		.command = PLAYBACK_SLOW,
		.shown = N_("S"),
		.label = N_("slow"),
		.help = N_("slow motion: make a step every half second; press again to stop"),
		.group = RECORDING},
	{.keys = {'['},
		.repeats = true,
		.command = PLAYBACK_SLOWER,
		.shown = N_("[ ]"),
		.help = N_("make slow motion slower or faster"),
		.group = RECORDING},
	{.keys = {']'}, .repeats = true, .command = PLAYBACK_FASTER},
	{.keys = {SDLK_f, SDLK_F11, SDLK_F5},
		.command = PLAYBACK_FULL_SCREEN,
		.shown = N_("F / F5 / F11"),
		.help = N_("switch full screen on or off"),
		.group = WINDOW},
	APPEARANCE_BINDINGS(WINDOW),
	{.keys = {SDLK_ESCAPE},
		.command = PLAYBACK_ESCAPE,
		.shown = N_("Esc"),
		.help = N_("go back one step: stop slow motion, leave full screen, or "
			   "close the window"),
		.group = WINDOW},
	{.keys = {SDLK_q},
		.command = PLAYBACK_QUIT,
		.shown = N_("Q"),
		.help = N_("quit"),
		.group = WINDOW},
	{.keys = {SDLK_q}, .modifiers = KMOD_CTRL, .command = PLAYBACK_QUIT},
	{.keys = {'?', SDLK_F1},
		.command = PLAYBACK_HELP,
		.shown = N_("? / F1"),
		.label = N_("help"),
		.hint = "?",
		.help = N_("show this list of keys"),
		.group = WINDOW},
};

const struct key_table *playback_commands(void)
{
	static const struct key_table table = {bindings, sizeof(bindings) / sizeof(bindings[0])};

	return &table;
}
