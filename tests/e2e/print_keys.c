/*
 * print_keys.c - prints a program's table of keys, a line for each key: SDL's name of it, the keys
 * held with it, "documented" or "synonym", and how the table shows it. Compiled once for each
 * program, with KEYS_HEADER and KEYS_TABLE.
 */
#include KEYS_HEADER

#include <SDL_keyboard.h>
#include <stdio.h>

int main(void)
{
	for (size_t i = 0; i < KEYS_TABLE.count; i++) {
		const struct key_binding *binding = &KEYS_TABLE.bindings[i];

		for (size_t k = 0; k < KEYS_MAX && binding->keys[k] != 0; k++)
			printf("%s\t%s\t%s\t%s\t%s\n", SDL_GetKeyName(binding->keys[k]),
				binding->modifiers == KMOD_CTRL  ? "ctrl+"
				: binding->modifiers == KMOD_ALT ? "alt+"
								 : "",
				binding->help != NULL ? "documented" : "synonym", binding->shown,
				binding->help != NULL ? binding->help : "");
	}
	return 0;
}
