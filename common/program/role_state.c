/*
 * role_state.c - see role_state.h. The file: for each item its kind, one byte, and its text with
 * NUL.
 */
#include "role_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool role_state_add(struct role_state *state, enum role_state_kind kind, const char *text)
{
	struct role_state_item *items =
		reallocarray(state->items, state->count + 1, sizeof(*items));

	if (items == NULL)
		return false;
	state->items = items;
	items[state->count] = (struct role_state_item){kind, strdup(text)};
	if (items[state->count].text == NULL)
		return false;
	state->count++;
	return true;
}

bool role_state_add_all(struct role_state *state, enum role_state_kind kind,
	const struct role_state *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (from->items[i].kind == kind &&
			!role_state_add(state, kind, from->items[i].text))
			return false;
	return true;
}

size_t role_state_count(const struct role_state *state, enum role_state_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < state->count; i++)
		count += state->items[i].kind == kind;
	return count;
}

void role_state_clear(struct role_state *state)
{
	for (size_t i = 0; i < state->count; i++)
		free(state->items[i].text);
	free(state->items);
	*state = (struct role_state){0};
}

int role_state_send(const struct role_state *state)
{
	int fd = memfd_create("role-state", 0);
	int copy = fd >= 0 ? dup(fd) : -1; /* the stream closes one of the two */
	FILE *file = copy >= 0 ? fdopen(copy, "w") : NULL;
	bool is_written = file != NULL;

	if (file == NULL && copy >= 0)
		close(copy);
	for (size_t i = 0; is_written && i < state->count; i++) {
		const struct role_state_item *item = &state->items[i];

		is_written = putc((int)item->kind, file) != EOF &&
			     fwrite(item->text, strlen(item->text) + 1, 1, file) == 1;
	}
	if (file != NULL && fclose(file) != 0)
		is_written = false;
	if (is_written)
		return fd;
	if (fd >= 0)
		close(fd);
	return errno > 0 ? -errno : -EIO;
}

bool role_state_receive(struct role_state *state, int fd)
{
	FILE *file = lseek(fd, 0, SEEK_SET) == 0 ? fdopen(fd, "r") : NULL;
	char *item = NULL;
	size_t room = 0;
	bool is_read = file != NULL;

	while (is_read && getdelim(&item, &room, '\0', file) > 0)
		is_read = role_state_add(state, (enum role_state_kind)item[0], item + 1);
	free(item);
	if (file != NULL)
		fclose(file);
	return is_read;
}
