/* save.c - see save.h. */
#include "save.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "encode.h"
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

/* The contents of a file: pixels, as PNG, or bytes. */
struct holding {
	const struct pixels *pixels; /* NULL: the bytes */
	const void *bytes;
	uint64_t size;
};

/* Returns 0 or -errno; or 1 with a `reason`. */
static int write_file(const struct newfile *file, const struct holding *holding,
	char reason[TEXT_REASON_MAX])
{
	if (holding->pixels == NULL)
		return newfile_write(file, holding->bytes, (size_t)holding->size);
	return encode_png(file->fd, holding->pixels, reason) ? 0 : 1;
}

/* Writes it to an open folder; `name` receives the file's name. */
static bool save_in(int folder, const char *wanted, const struct holding *holding,
	char name[SAFENAME_MAX], char reason[TEXT_REASON_MAX])
{
	struct naming naming = {0};
	struct newfile file;
	int rc = newfile_open(&file, folder);

	if (rc == 0) {
		rc = write_file(&file, holding, reason);
		if (rc == 0)
			rc = newfile_sync(&file);
		if (rc == 0)
			rc = naming_give(&naming, &file, wanted, name);
		newfile_close(&file);
	}
	if (rc < 0)
		newfile_reason(reason, rc);
	return rc == 0;
}

static bool save(const char *folder, const char *wanted, const struct holding *holding,
	char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	char name[SAFENAME_MAX];
	int fd = newfile_folder(folder);
	bool is_saved;

	snprintf(path, PATH_MAX, "%s", folder);
	if (fd < 0) {
		newfile_reason(reason, fd);
		return false;
	}
	is_saved = save_in(fd, wanted, holding, name, reason);
	close(fd);
	if (!is_saved)
		return false;
	if (strcmp(folder, ".") == 0 || snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		snprintf(path, PATH_MAX, "%s", name);
	return true;
}

bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	const struct holding holding = {.pixels = pixels};
	char wanted[SAFENAME_MAX];

	return save(folder, save_name(wanted, image_name, sequence), &holding, path, reason);
}

bool save_bytes(const char *folder, const char *file_name, const void *bytes, uint64_t size,
	char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	const struct holding holding = {.bytes = bytes, .size = size};
	char wanted[SAFENAME_MAX];

	return save(folder, safename_make(wanted, file_name, NULL), &holding, path, reason);
}
