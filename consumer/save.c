/* save.c - see save.h. */
#include "save.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "newfile.h"
#include "pngfile.h"

#define NAMES_MAX 10000u /* to try before giving up */

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
			length--; /* to the start of a character */
	memcpy(name, safe, length);
	strcpy(name + length, ending);
	return name;
}

/* Gives the file the first name that is free; 0 or -errno. */
static int name_file(struct newfile *file, const char *wanted, char name[SAFENAME_MAX])
{
	int rc = -EEXIST;

	for (unsigned number = 1; rc == -EEXIST && number <= NAMES_MAX; number++)
		rc = newfile_name(file, safename_number(name, wanted, number));
	return rc;
}

/* The same as save_png(), in an open folder; `name` is what the file is called. */
static bool save_in(int folder, const char *wanted, const struct pixels *pixels,
	char name[SAFENAME_MAX], char reason[TEXT_REASON_MAX])
{
	struct newfile file;
	int rc = newfile_open(&file, folder);

	if (rc == 0 && !pngfile_write(file.fd, pixels, reason)) {
		newfile_close(&file);
		return false;
	}
	if (rc == 0) {
		rc = newfile_sync(&file);
		if (rc == 0)
			rc = name_file(&file, wanted, name);
		newfile_close(&file);
	}
	if (rc != 0)
		newfile_reason(reason, rc);
	return rc == 0;
}

bool save_png(const char *folder, const char *image_name, uint64_t sequence,
	const struct pixels *pixels, char path[PATH_MAX], char reason[TEXT_REASON_MAX])
{
	char wanted[SAFENAME_MAX];
	char name[SAFENAME_MAX];
	int fd = newfile_folder(folder);
	bool is_saved;

	snprintf(path, PATH_MAX, "%s", folder);
	if (fd < 0) {
		newfile_reason(reason, fd);
		return false;
	}
	is_saved = save_in(fd, save_name(wanted, image_name, sequence), pixels, name, reason);
	close(fd);
	if (!is_saved)
		return false;
	if (strcmp(folder, ".") == 0 || snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
		snprintf(path, PATH_MAX, "%s", name);
	return true;
}
