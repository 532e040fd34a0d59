/* commands.c - see commands.h. */
#include "commands.h"

#include "appearance.h"
#include "translate.h"

#define PROGRAMS N_("Programs")
#define SEGMENT  N_("Segment")
#define WINDOW   N_("Window")

/* The first CONTROLS rows are for programs under control. */
static const struct key_binding bindings[] = {
	{.keys = {SDLK_SPACE},
		.repeats = true,
		.command = COMMAND_STEP_ANY,
		.shown = N_("Space"),
		.label = N_("step"),
		.help = N_("make a step of the next process in turn"),
		.group = PROGRAMS},
	{.keys = {SDLK_RETURN, SDLK_KP_ENTER},
		.repeats = true,
		.command = COMMAND_STEP,
		.shown = N_("Enter"),
		.label = N_("step chosen"),
		.help = N_("make a step of the chosen process (or click it again)"),
		.group = PROGRAMS},
	{.keys = {SDLK_UP},
		.repeats = true,
		.command = COMMAND_PREVIOUS,
		.shown = "↑ ↓",
		.help = N_("choose a process"),
		.group = PROGRAMS},
	{.keys = {SDLK_DOWN}, .repeats = true, .command = COMMAND_NEXT},
	{.keys = {SDLK_r},
		.command = COMMAND_RUN,
		.shown = "R",
		.label = N_("run"),
		.help = N_(
			"run all programs until each has ended or sleeps for ever; press again to "
			"stop them"),
		.group = PROGRAMS},
	{.keys = {SDLK_s},
		.command = COMMAND_SLOW,
		.shown = "S",
		.label = N_("slow"),
		.help = N_(
			"slow motion: make a step every half second, in turn; press again to stop"),
		.group = PROGRAMS},
	{.keys = {'['},
		.repeats = true,
		.command = COMMAND_SLOWER,
		.shown = "[ ]",
		.help = N_("make slow motion slower or faster"),
		.group = PROGRAMS},
	{.keys = {']'}, .repeats = true, .command = COMMAND_FASTER},
	{.keys = {SDLK_BACKSPACE},
		.repeats = true,
		.command = COMMAND_BACK,
		.shown = N_("Backspace"),
		.label = N_("back"),
		.hint = "⌫",
		.help = N_("go back one step: restart, and repeat all steps except the last"),
		.group = PROGRAMS},
	{.keys = {SDLK_k},
		.command = COMMAND_KILL,
		.shown = "K",
		.label = N_("kill -9"),
		.help = N_("kill -9 the chosen process, and see what the kernel undoes"),
		.group = PROGRAMS},
	{.keys = {SDLK_n},
		.command = COMMAND_RESTART,
		.shown = "N",
		.label = N_("restart"),
		.help = N_("remove what the programs created, and restart them"),
		.group = PROGRAMS},
	{.keys = {SDLK_m},
		.command = COMMAND_MEMORY,
		.shown = "M",
		.label = N_("memory"),
		.help = N_("show the contents of a segment, and what changed since the last stop"),
		.group = SEGMENT},
	{.keys = {SDLK_v},
		.command = COMMAND_MEMORY_VIEW,
		.shown = "V",
		.help = N_(
			"show the segment as ints, text, bytes or a picture, one after the other"),
		.group = SEGMENT},
	{.keys = {SDLK_TAB},
		.command = COMMAND_MEMORY_NEXT,
		.shown = N_("Tab"),
		.help = N_("show the next segment"),
		.group = SEGMENT},
	{.keys = {SDLK_c},
		.repeats = true,
		.command = COMMAND_MEMORY_CHANGE,
		.shown = "C",
		.help = N_("go to the next change"),
		.group = SEGMENT},
	{.keys = {'-'},
		.repeats = true,
		.command = COMMAND_NARROWER,
		.shown = "- +",
		.help = N_("change the width of the picture, in pixels"),
		.group = SEGMENT},
	{.keys = {'+', '='}, .repeats = true, .command = COMMAND_WIDER},
	{.keys = {SDLK_PAGEUP},
		.repeats = true,
		.command = COMMAND_PAGE_UP,
		.shown = N_("Page Up, Page Down, wheel"),
		.help = N_("scroll"),
		.group = WINDOW},
	{.keys = {SDLK_PAGEDOWN}, .repeats = true, .command = COMMAND_PAGE_DOWN},
	{.keys = {SDLK_f, SDLK_F11},
		.command = COMMAND_FULL_SCREEN,
		.shown = "F / F11",
		.help = N_("switch full screen on or off"),
		.group = WINDOW},
	APPEARANCE_BINDINGS(WINDOW),
	{.keys = {SDLK_ESCAPE},
		.command = COMMAND_ESCAPE,
		.shown = N_("Esc"),
		.help = N_(
			"go back one step: close a notice, the memory, full screen, or the window"),
		.group = WINDOW},
	{.keys = {SDLK_q},
		.command = COMMAND_QUIT,
		.shown = N_("Q / Ctrl+Q"),
		.help = N_("quit, and kill all programs under control"),
		.group = WINDOW},
	{.keys = {SDLK_q}, .modifiers = KMOD_CTRL, .command = COMMAND_QUIT},
	{.keys = {'?', SDLK_F1},
		.command = COMMAND_HELP,
		.shown = "? / F1",
		.label = N_("help"),
		.hint = "?",
		.help = N_("show this list of keys"),
		.group = WINDOW},
};

#define COUNT    (sizeof(bindings) / sizeof(bindings[0]))
#define CONTROLS 11

const struct key_table *commands_table(bool has_control)
{
	static const struct key_table all = {bindings, COUNT};
	static const struct key_table looking = {bindings + CONTROLS, COUNT - CONTROLS};

	return has_control ? &all : &looking;
}
