/*
 * key_table.h - the table of the keys of a program, and what they do: each program has one. The
 * event loop, the hints in the status bar, the help overlay and --help use it. It keeps no state;
 * any thread.
 */
#ifndef VITRINE_UI_KEY_TABLE_H
#define VITRINE_UI_KEY_TABLE_H

#include <SDL_events.h>
#include <SDL_keycode.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define KEYS_NONE (-1) /* no command; a program's commands are 0, 1, 2 … */
#define KEYS_MAX  4

/*
 * Letters and named keys are matched by their keysym, with or without Shift; on a layout without
 * Latin letters, by their position. Digits and signs ('+' '?' '[' '.') are matched by the character
 * that was typed (SDL_TEXTINPUT), wherever the layout has them. Ctrl and Alt must be held exactly
 * if `modifiers` says so. The keypad's signs also produce text, so do not list SDLK_KP_PLUS in
 * addition to '+'. With Ctrl or Alt no key produces text: list the keysyms that a sign has on
 * common layouts ('+' and '='), and the keypad's. The texts are marked by N_() and looked up when
 * shown.
 */
struct key_binding {
	SDL_Keycode keys[KEYS_MAX]; /* SDLK_…, or a sign: '+'; 0 ends */
	Uint16 modifiers;           /* 0, KMOD_CTRL or KMOD_ALT */
	bool repeats;               /* repeatedly while the key is held down */
	int command;                /* not KEYS_NONE */
	const char *shown;          /* the names of the keys: "Space", "← →", "F / F11" */
	const char *label; /* one or two words for the status bar: "publish"; NULL: not there */
	const char *hint;  /* the key as the status bar shows it; NULL: `shown` */
	const char *help;  /* a phrase for help and --help; NULL: not shown there (a synonym) */
	const char *group; /* its heading in the help */
};

struct key_table {
	const struct key_binding *bindings; /* in the order of the help; groups together */
	size_t count;
};

/* The command that this event stands for, or KEYS_NONE. Accepts any event. */
int keys_command(const struct key_table *table, const SDL_Event *event);

/* The table as text for --help: groups, two columns. */
void keys_print(const struct key_table *table, FILE *file);

/* A help_filter for argp that adds the keys at the end of --help. argp frees the text. */
char *keys_help(const struct key_table *table, int key, const char *text);

#endif
