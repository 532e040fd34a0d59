/* save.c - see save.h. */
#include "save.h"

#include <SDL_image.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "expand.h"
#include "vitrine.h"

#define ATTEMPTS_MAX 10000u

/* ---- the name ------------------------------------------------------------------------------ */

/* Where the ending of a name begins: a dot and up to five letters and digits. */
static size_t ending_at(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t length = strlen(name);
	size_t letters;

	if (dot == NULL || dot == name)
		return length;
	letters = strspn(dot + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	return letters <= 5 && dot[1 + letters] == '\0' ? (size_t)(dot - name) : length;
}

/* The image's name without its ending, cut to `most` bytes at a whole character. */
static size_t stem_length(const char *name, size_t most)
{
	size_t length = ending_at(name);

	if (length > most)
		for (length = most; length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80;)
			length--;
	return length;
}

void save_name(char name[NAME_MAX + 1], const char *image_name, uint64_t sequence, unsigned attempt)
{
	char ending[64];
	size_t length;

	if (attempt <= 1)
		snprintf(ending, sizeof(ending), "-%llu.png", (unsigned long long)sequence);
	else
		snprintf(ending, sizeof(ending), "-%llu-%u.png", (unsigned long long)sequence,
			attempt);
	while (*image_name == '.' || *image_name == '-' || *image_name == ' ')
		image_name++;
	if (*image_name == '\0')
		image_name = "image";
	length = stem_length(image_name, NAME_MAX - strlen(ending));
	memcpy(name, image_name, length);
	strcpy(name + length, ending);
	for (char *c = name; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f || strchr("/\\:*?\"<>|", *c) != NULL)
			*c = '_';
}

/* ---- the bytes ----------------------------------------------------------------------------- */

/* The file that SDL_image writes to, with what it does not tell: why writing failed. */
struct target {
	int fd;
	int error; /* errno; 0: none */
};

static size_t SDLCALL write_bytes(SDL_RWops *stream, const void *data, size_t size, size_t count)
{
	struct target *target = stream->hidden.unknown.data1;
	const char *bytes = data;
	size_t left = size * count;

	while (left > 0 && target->error == 0) {
		ssize_t written = write(target->fd, bytes, left);
		if (written > 0) {
			bytes += written;
			left -= (size_t)written;
		} else if (written == 0 || errno != EINTR) {
			target->error = written == 0 ? EIO : errno;
		}
	}
	return target->error == 0 ? count : 0;
}

static Sint64 SDLCALL seek_bytes(SDL_RWops *stream, Sint64 offset, int whence)
{
	const struct target *target = stream->hidden.unknown.data1;

	return lseek(target->fd, offset, whence);
}

static int SDLCALL close_stream(SDL_RWops *stream)
{
	SDL_FreeRW(stream);
	return 0;
}

static SDL_RWops *open_stream(struct target *target)
{
	SDL_RWops *stream = SDL_AllocRW();

	if (stream == NULL)
		return NULL;
	stream->type = SDL_RWOPS_UNKNOWN;
	stream->write = write_bytes;
	stream->seek = seek_bytes;
	stream->close = close_stream;
	stream->hidden.unknown.data1 = target;
	return stream;
}

static Uint32 sdl_format(uint32_t format)
{
	switch (format) {
	case VITRINE_AR24: return SDL_PIXELFORMAT_ARGB8888;
	case VITRINE_XB24: return SDL_PIXELFORMAT_XBGR8888;
	case VITRINE_AB24: return SDL_PIXELFORMAT_ABGR8888;
	default: return SDL_PIXELFORMAT_XRGB8888;
	}
}

/* The image as a surface: around the pixels themselves, or around a copy in XR24. */
static SDL_Surface *surface_of(const struct pixels *pixels)
{
	SDL_Surface *surface;

	if (!expand_needed(pixels->format))
		return SDL_CreateRGBSurfaceWithFormatFrom((void *)(uintptr_t)pixels->data,
			(int)pixels->width, (int)pixels->height, 32, (int)pixels->pitch,
			sdl_format(pixels->format));
	surface = SDL_CreateRGBSurfaceWithFormat(0, (int)pixels->width, (int)pixels->height, 32,
		SDL_PIXELFORMAT_XRGB8888);
	if (surface != NULL)
		expand_rows(pixels, 0, 0, pixels->width, pixels->height, surface->pixels);
	return surface;
}

/* false: `reason` says why. */
static bool write_png(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX])
{
	struct target target = {.fd = fd};
	SDL_RWops *stream = open_stream(&target);
	SDL_Surface *surface = surface_of(pixels);
	bool is_written = stream != NULL && surface != NULL &&
			  IMG_SavePNG_RW(surface, stream, 0) == 0 && target.error == 0;

	snprintf(reason, TEXT_REASON_MAX, "%s",
		target.error != 0 ? strerror(target.error) : SDL_GetError());
	SDL_FreeSurface(surface);
	if (stream != NULL)
		SDL_RWclose(stream);
	/* Only now does a full disk of some file systems show. */
	if (is_written && fsync(fd) != 0 && errno != EINVAL) {
		snprintf(reason, TEXT_REASON_MAX, "%s", strerror(errno));
		return false;
	}
	return is_written;
}

/* ---- the file ------------------------------------------------------------------------------ */

/* Gives the file `from` the name `to` unless that is taken; 0 or -errno. */
static int rename_new(int folder, const char *from, const char *to)
{
	if (renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	/* A file system that does not know that flag. */
	if (linkat(folder, from, folder, to, 0) != 0)
		return -errno;
	unlinkat(folder, from, 0);
	return 0;
}

/* Gives the file its name: the first that is free. */
static int name_file(int folder, const char *temporary, const char *image_name, uint64_t sequence,
	char name[NAME_MAX + 1])
{
	int rc = -EEXIST;

	for (unsigned attempt = 1; rc == -EEXIST && attempt <= ATTEMPTS_MAX; attempt++) {
		save_name(name, image_name, sequence, attempt);
		rc = rename_new(folder, temporary, name);
	}
	return rc;
}

static bool save_in(int folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, char name[NAME_MAX + 1], char reason[TEXT_REASON_MAX])
{
	char temporary[64];
	int fd, rc;
	bool is_saved;

	snprintf(temporary, sizeof(temporary), ".vitrine-%d.part", (int)getpid());
	unlinkat(folder, temporary, 0); /* of a process that had our number and was killed */
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		snprintf(reason, TEXT_REASON_MAX, "%s", strerror(errno));
		return false;
	}
	is_saved = write_png(fd, pixels, reason);
	if (close(fd) != 0 && is_saved) {
		snprintf(reason, TEXT_REASON_MAX, "%s", strerror(errno));
		is_saved = false;
	}
	if (is_saved) {
		rc = name_file(folder, temporary, image_name, sequence, name);
		is_saved = rc == 0;
		if (!is_saved)
			snprintf(reason, TEXT_REASON_MAX, "%s", strerror(-rc));
	}
	if (!is_saved)
		unlinkat(folder, temporary, 0);
	return is_saved;
}

bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	char name[NAME_MAX + 1] = "";
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool is_saved;

	snprintf(path, PATH_MAX, "%s", folder);
	if (fd < 0) {
		snprintf(reason, TEXT_REASON_MAX, "%s", strerror(errno));
		return false;
	}
	is_saved = save_in(fd, image_name, sequence, pixels, name, reason);
	close(fd);
	if (is_saved && strcmp(folder, ".") == 0)
		snprintf(path, PATH_MAX, "%s", name);
	else if (is_saved && (size_t)snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		snprintf(path, PATH_MAX, "%s", name);
	return is_saved;
}
