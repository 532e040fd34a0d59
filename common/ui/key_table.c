/* key_table.c - see key_table.h. */
#include "key_table.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "translate.h"

static bool is_letter(SDL_Keycode key)
{
	return key >= SDLK_a && key <= SDLK_z;
}

/*
 * Layouts differ in the keys of digits and signs, and in whether they need Shift: only the typed
 * text identifies them.
 */
static bool is_sign(SDL_Keycode key)
{
	return key > SDLK_SPACE && key < SDLK_DELETE && !is_letter(key);
}

static Uint16 modifiers_of(Uint16 held)
{
	Uint16 modifiers = 0;
	if (held & KMOD_CTRL)
		modifiers |= KMOD_CTRL;
	if (held & (KMOD_ALT | KMOD_GUI) && !(held & KMOD_MODE))
		modifiers |= KMOD_ALT;
	return modifiers;
}

/*
 * Cyrillic, Greek and other layouts have no Latin letters: with these, the position of the key
 * decides.
 */
static SDL_Keycode key_of(const SDL_Keysym *keysym)
{
	bool is_foreign = keysym->sym >= 0x80 && !(keysym->sym & SDLK_SCANCODE_MASK);
	bool is_letter_place =
		keysym->scancode >= SDL_SCANCODE_A && keysym->scancode <= SDL_SCANCODE_Z;
	if (is_foreign && is_letter_place)
		return SDLK_a + (SDL_Keycode)(keysym->scancode - SDL_SCANCODE_A);
	return keysym->sym;
}

static bool has_key(const struct key_binding *binding, SDL_Keycode key)
{
	for (size_t i = 0; i < KEYS_MAX && binding->keys[i] != 0; i++)
		if (binding->keys[i] == key)
			return true;
	return false;
}

static int command_of_key(const struct key_table *table, const SDL_KeyboardEvent *event)
{
	SDL_Keycode key = key_of(&event->keysym);
	if (is_sign(key) && modifiers_of(event->keysym.mod) == 0)
		return KEYS_NONE; /* a text event follows */
	for (size_t i = 0; i < table->count; i++) {
		const struct key_binding *binding = &table->bindings[i];
		if (has_key(binding, key) &&
			binding->modifiers == modifiers_of(event->keysym.mod) &&
			(event->repeat == 0 || binding->repeats))
			return binding->command;
	}
	return KEYS_NONE;
}

static int command_of_text(const struct key_table *table, const char *text)
{
	if (text[0] == '\0' || text[1] != '\0' || !is_sign(text[0]))
		return KEYS_NONE;
	for (size_t i = 0; i < table->count; i++)
		if (table->bindings[i].modifiers == 0 && has_key(&table->bindings[i], text[0]))
			return table->bindings[i].command;
	return KEYS_NONE;
}

int keys_command(const struct key_table *table, const SDL_Event *event)
{
	if (event->type == SDL_KEYDOWN)
		return command_of_key(table, &event->key);
	if (event->type == SDL_TEXTINPUT)
		return command_of_text(table, event->text.text);
	return KEYS_NONE;
}

/*
 * The width on a terminal of at most `length` bytes, in columns: printf counts bytes, of which an
 * arrow has three.
 */
static int columns(const char *text, size_t length)
{
	int count = 0;
	for (size_t i = 0; i < length && text[i] != '\0'; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* The width of --help, as argp(3) has it. */
static int help_width(void)
{
	const char *format = getenv("ARGP_HELP_FMT");
	const char *margin = format != NULL ? strstr(format, "rmargin=") : NULL;

	return margin != NULL ? atoi(margin + strlen("rmargin=")) : 79;
}

/* Prints a text that begins at column `indent`, and its further lines below its beginning. */
static void print_words(FILE *file, const char *text, int indent)
{
	const int width = help_width();
	int column = indent;

	while (*text != '\0') {
		const size_t length = strcspn(text, " ");
		const int wanted = columns(text, length);

		if (column > indent && column + 1 + wanted >= width) {
			fprintf(file, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', file);
			column++;
		}
		fprintf(file, "%.*s", (int)length, text);
		column += wanted;
		text += length;
		text += strspn(text, " ");
	}
}

void keys_print(const struct key_table *table, FILE *file)
{
	const char *group = "";
	int widest = 0;

	for (size_t i = 0; i < table->count; i++)
		if (table->bindings[i].help != NULL &&
			columns(gettext(table->bindings[i].shown), SIZE_MAX) > widest)
			widest = columns(gettext(table->bindings[i].shown), SIZE_MAX);
	for (size_t i = 0; i < table->count; i++) {
		const struct key_binding *binding = &table->bindings[i];
		const char *shown;

		if (binding->help == NULL)
			continue;
		if (binding->group != NULL && strcmp(binding->group, group) != 0) {
			fprintf(file, "%s%s:\n", *group != '\0' ? "\n" : "",
				gettext(binding->group));
			group = binding->group;
		}
		shown = gettext(binding->shown);
		fprintf(file, "  %s%*s  ", shown, widest - columns(shown, SIZE_MAX), "");
		print_words(file, gettext(binding->help), 2 + widest + 2);
		fputc('\n', file);
	}
}

char *keys_help(const struct key_table *table, int key, const char *text)
{
	char *keys = NULL;
	size_t size = 0;
	FILE *memory;

	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	memory = open_memstream(&keys, &size);
	if (memory == NULL)
		return NULL;
	if (text != NULL)
		fprintf(memory, "%s\n\n", text);
	fputs(_("Keys in the window:\n\n"), memory);
	keys_print(table, memory);
	fclose(memory);
	return keys;
}
