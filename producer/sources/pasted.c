/* pasted.c - see pasted.h. */
#include "pasted.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "mediatype.h"
#include "naming.h"
#include "newfile.h"
#include "statefile.h"
#include "text.h"
#include "translate.h"

#define PREFIX "pasted "

static void delete_old(int folder, const char *path)
{
	const time_t oldest = time(NULL) - (time_t)PASTED_DAYS * 24 * 3600;
	DIR *list = opendir(path);
	const struct dirent *entry;
	struct stat status;

	while (list != NULL && (entry = readdir(list)) != NULL)
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0 &&
			fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(status.st_mode) && status.st_mtime < oldest)
			unlinkat(folder, entry->d_name, 0);
	if (list != NULL)
		closedir(list);
}

static void name_wanted(char wanted[SAFENAME_MAX], const char *type)
{
	const char *extension = mediatype_extension(type);
	time_t now = time(NULL);
	struct tm parts = {0};
	char when[32];

	localtime_r(&now, &parts);
	strftime(when, sizeof(when), "%Y-%m-%d %H.%M.%S", &parts);
	snprintf(wanted, SAFENAME_MAX, PREFIX "%s.%s", when,
		extension != NULL ? extension : "image");
}

/* 0 or -errno. */
static int write_file(int folder, const char *type, const char *bytes, size_t size,
	char name[SAFENAME_MAX])
{
	struct naming naming = {0};
	struct newfile file;
	char wanted[SAFENAME_MAX];
	int rc = newfile_open(&file, folder);

	if (rc < 0)
		return rc;
	name_wanted(wanted, type);
	rc = newfile_write(&file, bytes, size);
	if (rc == 0)
		rc = naming_give(&naming, &file, wanted, name);
	newfile_close(&file);
	return rc;
}

bool pasted_keep(char path[PATH_MAX], const char *type, const char *bytes, size_t size,
	char reason[TEXT_REASON_MAX])
{
	char name[SAFENAME_MAX];
	size_t length;
	int folder, rc;

	if (!statefile_path(path, "pasted/")) {
		text_print(reason, TEXT_REASON_MAX, _("cannot be kept: HOME is not set"));
		return false;
	}
	statefile_make_folders(path);
	folder = newfile_folder(path);
	rc = folder < 0 ? folder : write_file(folder, type, bytes, size, name);
	if (folder >= 0) {
		delete_old(folder, path);
		close(folder);
	}
	length = strlen(path);
	if (rc == 0 &&
		snprintf(path + length, PATH_MAX - length, "%s", name) < (int)(PATH_MAX - length))
		return true;
	newfile_reason(reason, rc);
	return false;
}
