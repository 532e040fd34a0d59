/* window_memory.c - see window_memory.h. */
#include "window_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "statefile.h"

enum {
	LINE_MAX_BYTES = 64,
	LOCKS_AT = 1 << 20, /* beyond the text */
	SIDE_MOST = 32767,
};

static void read_line(int file, off_t at, char line[LINE_MAX_BYTES])
{
	ssize_t length = pread(file, line, LINE_MAX_BYTES - 1, at);

	line[length > 0 ? length : 0] = '\0';
}

/*
 * Replaces the file's contents. A line this short is written completely by one call, so no second
 * file is needed.
 */
static void write_line(int file, const char *line)
{
	const size_t length = strlen(line);

	if (pwrite(file, line, length, 0) == (ssize_t)length)
		(void)!ftruncate(file, (off_t)length);
}

static unsigned take_number(int file)
{
	for (unsigned i = 0; i < WINDOW_MEMORY_MOST; i++) {
		struct flock lock = {.l_type = F_WRLCK,
			.l_whence = SEEK_SET,
			.l_start = LOCKS_AT + (off_t)i,
			.l_len = 1};

		if (fcntl(file, F_OFD_SETLK, &lock) == 0)
			return i;
		if (errno != EAGAIN && errno != EACCES)
			return 0; /* a file system without locks */
	}
	return WINDOW_MEMORY_MOST;
}

static bool is_side(int number)
{
	return number > 0 && number <= SIDE_MOST;
}

static bool is_offset(int number)
{
	return number >= -SIDE_MOST && number <= SIDE_MOST;
}

static bool parse_place(const char *line, SDL_Rect *place)
{
	return sscanf(line, "%5dx%5d%6d%6d", &place->w, &place->h, &place->x, &place->y) == 4 &&
	       is_side(place->w) && is_side(place->h) && is_offset(place->x) && is_offset(place->y);
}

static void print_place(char line[LINE_MAX_BYTES], SDL_Rect place)
{
	snprintf(line, LINE_MAX_BYTES, "%dx%d%+d%+d\n", place.w, place.h, place.x, place.y);
}

/* Writes the window's line; all lines have the same length. */
static void write_place(const struct window_memory *memory, const char *place)
{
	char line[LINE_MAX_BYTES] = "";

	if (memory->all < 0 || memory->number >= WINDOW_MEMORY_MOST)
		return;
	snprintf(line, sizeof(line), "%s", place);
	(void)!pwrite(memory->all, line, sizeof(line), (off_t)(memory->number * sizeof(line)));
}

void window_memory_open(struct window_memory *memory, const char *program)
{
	char name[LINE_MAX_BYTES], line[LINE_MAX_BYTES];

	*memory = (struct window_memory){.file = -1, .all = -1};
	snprintf(name, sizeof(name), "%s.window", program);
	memory->file = statefile_open(name);
	if (memory->file < 0)
		return;
	memory->before = take_number(memory->file);
	read_line(memory->file, 0, line);
	memory->has_place = parse_place(line, &memory->place);
	memory->all = statefile_open("windows");
	if (memory->all < 0)
		return;
	memory->number = take_number(memory->all);
	write_place(memory, ""); /* clears the place of an earlier window */
}

void window_memory_tell(const struct window_memory *memory, SDL_Rect place)
{
	char line[LINE_MAX_BYTES];

	print_place(line, place);
	write_place(memory, line);
}

static bool is_open(int file, unsigned number)
{
	struct flock lock = {.l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = LOCKS_AT + (off_t)number,
		.l_len = 1};

	return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

size_t window_memory_others(const struct window_memory *memory, SDL_Rect places[WINDOW_MEMORY_MOST])
{
	char line[LINE_MAX_BYTES];
	size_t count = 0;

	for (unsigned i = 0; memory->all >= 0 && i < WINDOW_MEMORY_MOST; i++) {
		if (i == memory->number || !is_open(memory->all, i))
			continue;
		read_line(memory->all, (off_t)(i * sizeof(line)), line);
		count += parse_place(line, &places[count]);
	}
	return count;
}

void window_memory_keep(const struct window_memory *memory, SDL_Rect place)
{
	char line[LINE_MAX_BYTES];

	if (memory->file < 0)
		return;
	print_place(line, place);
	write_line(memory->file, line);
}

void window_memory_close(struct window_memory *memory)
{
	if (memory->file >= 0)
		close(memory->file);
	if (memory->all >= 0)
		close(memory->all);
	memory->file = memory->all = -1;
}

/* ---- the appearance ------------------------------------------------------------------------ */

static const char *const themes[] = {[THEME_DARK] = "dark", [THEME_LIGHT] = "light"};

bool window_memory_look(struct window_look *look)
{
	char path[PATH_MAX], line[LINE_MAX_BYTES], theme[8];
	int size, file = -1;

	if (statefile_path(path, "look")) /* does not block on a FIFO */
		file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0)
		return false;
	read_line(file, 0, line);
	close(file);
	if (sscanf(line, "%7s %3d", theme, &size) != 2 || size < OPTIONS_TEXT_LEAST ||
		size > OPTIONS_TEXT_MOST)
		return false;
	if (strcmp(theme, themes[THEME_LIGHT]) != 0 && strcmp(theme, themes[THEME_DARK]) != 0)
		return false;
	look->theme = strcmp(theme, themes[THEME_LIGHT]) == 0 ? THEME_LIGHT : THEME_DARK;
	look->text_size = size;
	return true;
}

void window_memory_keep_look(const struct window_look *look)
{
	char line[LINE_MAX_BYTES];
	int file = statefile_open("look");

	if (file < 0)
		return;
	snprintf(line, sizeof(line), "%s %d\n", themes[look->theme], look->text_size);
	write_line(file, line);
	close(file);
}
