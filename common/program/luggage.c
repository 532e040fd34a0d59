/* luggage.c - see luggage.h. The file: for each item its kind, one byte, and its text with NUL. */
#include "luggage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool luggage_pack(struct luggage *luggage, enum luggage_kind kind, const char *text)
{
	struct luggage_item *items =
		reallocarray(luggage->items, luggage->count + 1, sizeof(*items));

	if (items == NULL)
		return false;
	luggage->items = items;
	items[luggage->count] = (struct luggage_item){kind, strdup(text)};
	if (items[luggage->count].text == NULL)
		return false;
	luggage->count++;
	return true;
}

bool luggage_pack_all(struct luggage *luggage, enum luggage_kind kind, const struct luggage *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (from->items[i].kind == kind &&
			!luggage_pack(luggage, kind, from->items[i].text))
			return false;
	return true;
}

size_t luggage_count(const struct luggage *luggage, enum luggage_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < luggage->count; i++)
		count += luggage->items[i].kind == kind;
	return count;
}

void luggage_empty(struct luggage *luggage)
{
	for (size_t i = 0; i < luggage->count; i++)
		free(luggage->items[i].text);
	free(luggage->items);
	*luggage = (struct luggage){0};
}

int luggage_send(const struct luggage *luggage)
{
	int fd = memfd_create("luggage", 0);
	int copy = fd >= 0 ? dup(fd) : -1; /* the stream closes one of the two */
	FILE *file = copy >= 0 ? fdopen(copy, "w") : NULL;
	bool is_written = file != NULL;

	if (file == NULL && copy >= 0)
		close(copy);
	for (size_t i = 0; is_written && i < luggage->count; i++) {
		const struct luggage_item *item = &luggage->items[i];

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

bool luggage_receive(struct luggage *luggage, int fd)
{
	FILE *file = lseek(fd, 0, SEEK_SET) == 0 ? fdopen(fd, "r") : NULL;
	char *item = NULL;
	size_t room = 0;
	bool is_read = file != NULL;

	while (is_read && getdelim(&item, &room, '\0', file) > 0)
		is_read = luggage_pack(luggage, (enum luggage_kind)item[0], item + 1);
	free(item);
	if (file != NULL)
		fclose(file);
	return is_read;
}
