/* save.c - see save.h. */
#include "save.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "naming.h"

char *save_name(char name[SAFENAME_MAX], const char *image_name, uint64_t sequence)
{
	char safe[SAFENAME_MAX];
	char ending[32];
	size_t length, most;

	safename_make(safe, image_name[0] != '\0' ? image_name : "image", "png");
	snprintf(ending, sizeof(ending), "-%llu.png", (unsigned long long)sequence);
	length = strlen(safe) - strlen(".png");
	most = NAME_MAX - strlen(ending);
	if (length > most)
		for (length = most; length > 0 && ((unsigned char)safe[length] & 0xc0) == 0x80;)
			length--; /* back to the start of a character */
	memcpy(name, safe, length);
	strcpy(name + length, ending);
	return name;
}

#define JPEG_QUALITY 92

static bool ends_in(const char *name, const char *ending)
{
	size_t length = strlen(name), least = strlen(ending);

	return length > least && strcasecmp(name + length - least, ending) == 0;
}

static bool is_jpeg(const char *name)
{
	return ends_in(name, ".jpg") || ends_in(name, ".jpeg");
}

/* How a file gets its name. */
struct target {
	const char *name;
	bool replaces; /* replaces a file of that name; false: tries another number */
};

/* Returns 0 or -errno; or 1 with a `reason`. */
static int write_file(const struct newfile *file, const struct save_what *what, const char *name,
	char reason[TEXT_REASON_MAX])
{
	bool is_written;

	if (what->pixels == NULL)
		return newfile_write(file, what->bytes, (size_t)what->size);
	if (is_jpeg(name))
		is_written = encode_jpeg(file->fd, what->pixels, what->way, JPEG_QUALITY, reason);
	else
		is_written = encode_png(file->fd, what->pixels, what->way, reason);
	return is_written ? 0 : 1;
}

static int give_name(struct newfile *file, const struct target *target, char name[SAFENAME_MAX])
{
	struct naming naming = {0};

	if (!target->replaces)
		return naming_give(&naming, file, target->name, name);
	snprintf(name, SAFENAME_MAX, "%s", target->name);
	return newfile_replace(file, name);
}

/* Writes it to an open folder; `name` receives the file's name. */
static bool save_in(int folder, const struct target *target, const struct save_what *what,
	char name[SAFENAME_MAX], char reason[TEXT_REASON_MAX])
{
	struct newfile file;
	int rc = newfile_open(&file, folder);

	if (rc == 0) {
		rc = write_file(&file, what, target->name, reason);
		if (rc == 0)
			rc = newfile_sync(&file);
		if (rc == 0)
			rc = give_name(&file, target, name);
		newfile_close(&file);
	}
	if (rc < 0)
		newfile_reason(reason, rc);
	return rc == 0;
}

static bool save(const char *folder, const struct target *target, const struct save_what *what,
	char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	char name[SAFENAME_MAX], absolute[PATH_MAX];
	int fd = newfile_folder(folder);
	bool is_saved;

	snprintf(path, PATH_MAX, "%s", folder);
	if (fd < 0) {
		newfile_reason(reason, fd);
		return false;
	}
	is_saved = save_in(fd, target, what, name, reason);
	close(fd);
	if (!is_saved)
		return false;
	if (realpath(folder, absolute) == NULL ||
		snprintf(path, PATH_MAX, "%s/%s", strcmp(absolute, "/") == 0 ? "" : absolute,
			name) >= PATH_MAX)
		snprintf(path, PATH_MAX, "%s", name);
	return true;
}

bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, const struct encode_way *way, char path[PATH_MAX],
	char reason[TEXT_REASON_MAX])
{
	const struct save_what what = {.pixels = pixels, .way = way};
	char wanted[SAFENAME_MAX];
	const struct target target = {.name = save_name(wanted, image_name, sequence)};

	return save(folder, &target, &what, path, reason);
}

bool save_bytes(const char *folder, const char *file_name, const void *bytes, uint64_t size,
	char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	const struct save_what what = {.bytes = bytes, .size = size};
	char wanted[SAFENAME_MAX];
	const struct target target = {.name = safename_make(wanted, file_name, NULL)};

	return save(folder, &target, &what, path, reason);
}

bool save_as(const char *chosen, const struct save_what *what, char path[PATH_MAX],
	char reason[TEXT_REASON_MAX])
{
	const char *slash = strrchr(chosen, '/');
	const char *name = slash != NULL ? slash + 1 : chosen;
	char folder[PATH_MAX] = ".", wanted[SAFENAME_MAX];
	bool lacks_ending = what->pixels != NULL && !is_jpeg(name) && !ends_in(name, ".png");
	const struct target target = {.name = wanted, .replaces = !lacks_ending};

	if (slash != NULL)
		snprintf(folder, sizeof(folder), "%.*s",
			slash == chosen ? 1 : (int)(slash - chosen), chosen);
	if (snprintf(wanted, sizeof(wanted), "%s%s", name, lacks_ending ? ".png" : "") >=
		(int)sizeof(wanted)) {
		snprintf(path, PATH_MAX, "%s", folder);
		newfile_reason(reason, -ENAMETOOLONG);
		return false;
	}
	return save(folder, &target, what, path, reason);
}
