/*
 * appearance.h - the keys with which all windows change their appearance: the size of the text, the
 * theme, and lecture mode. Called on the thread that draws.
 */
#ifndef VITRINE_UI_APPEARANCE_H
#define VITRINE_UI_APPEARANCE_H

#include <stdbool.h>

#include "key_table.h"
#include "translate.h"
#include "window.h"

/* The commands; their numbers follow those of all other commands. */
enum appearance_command {
	APPEARANCE_LARGER = 900,
	APPEARANCE_SMALLER,
	APPEARANCE_USUAL,
	APPEARANCE_THEME,
	APPEARANCE_LECTURE,
};

/* Rows for a program's key table, in its group `heading`. */
#define APPEARANCE_BINDINGS(heading)                                                               \
	{.keys = {'+', '=', SDLK_KP_PLUS},                                                         \
		.modifiers = KMOD_CTRL,                                                            \
		.repeats = true,                                                                   \
		.command = APPEARANCE_LARGER,                                                      \
		.shown = N_("Ctrl+Shift + − 0"),                                                   \
		.help = N_("make the text larger, smaller, or of normal size"),                    \
		.group = (heading)},                                                               \
		{.keys = {'-', '_', SDLK_KP_MINUS},                                                \
			.modifiers = KMOD_CTRL,                                                    \
			.repeats = true,                                                           \
			.command = APPEARANCE_SMALLER,                                             \
			.shown = N_("Ctrl+Shift+−"),                                               \
			.group = (heading)},                                                       \
		{.keys = {'0', ')', SDLK_KP_0},                                                    \
			.modifiers = KMOD_CTRL,                                                    \
			.command = APPEARANCE_USUAL,                                               \
			.shown = N_("Ctrl+Shift+0"),                                               \
			.group = (heading)},                                                       \
		{.keys = {SDLK_d},                                                                 \
			.modifiers = KMOD_CTRL,                                                    \
			.command = APPEARANCE_THEME,                                               \
			.shown = N_("Ctrl+D"),                                                     \
			.help = N_("switch between the dark and the light theme"),                 \
			.group = (heading)},                                                       \
	{                                                                                          \
		.keys = {SDLK_l}, .modifiers = KMOD_CTRL, .command = APPEARANCE_LECTURE,           \
		.shown = N_("Ctrl+L"),                                                             \
		.help = N_("switch lecture mode on or off: large text and numbers, few words"),    \
		.group = (heading)                                                                 \
	}

/* Executes one of these commands. False: it is another command. */
bool appearance_command(struct window *window, int command);

#endif
