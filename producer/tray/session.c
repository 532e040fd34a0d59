/* session.c - see session.h. */
#include "session.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grow.h"
#include "slurp.h"
#include "statefile.h"
#include "text.h"
#include "translate.h"
#include "uri.h"

bool session_file(char file[PATH_MAX])
{
	return statefile_path(file, "tray");
}

/* ---- reading ------------------------------------------------------------------------------- */

void session_free(struct session *session)
{
	grow_free_texts(session->paths, session->count);
	*session = (struct session){0};
}

/* Refuses what this program would not have written. */
static bool read_list(struct session *session, const char *text, char reason[TEXT_REASON_MAX])
{
	char path[PATH_MAX];
	char why[TEXT_REASON_MAX];
	enum uri_kind kind;

	while ((kind = uri_next(&text, path, why)) != URI_END) {
		if (kind != URI_PATH)
			text_print(reason, TEXT_REASON_MAX,
				_("is not a list of files: “%.60s” %.100s; delete it"), path, why);
		else if (session->count == SESSION_FILES_MAX)
			text_print(reason, TEXT_REASON_MAX,
				_("lists more than %d files; delete it"), SESSION_FILES_MAX);
		else if (!grow_texts(&session->paths, &session->count, path))
			text_print(reason, TEXT_REASON_MAX, _("cannot be read: %s"),
				strerror(ENOMEM));
		else
			continue;
		return false;
	}
	return true;
}

static bool read_own_file(struct slurp *slurp, char reason[TEXT_REASON_MAX])
{
	struct stat status;
	char size[TEXT_SIZE_MAX];

	if (fstat(slurp->fd, &status) != 0 || status.st_uid != geteuid())
		text_print(reason, TEXT_REASON_MAX, _("belongs to another user; delete it"));
	else if (slurp->file_size > SESSION_BYTES_MAX)
		text_print(reason, TEXT_REASON_MAX, _("is longer than %s; delete it"),
			text_size(size, SESSION_BYTES_MAX));
	else if (!slurp_rest(slurp, reason))
		return false;
	else if (memchr(slurp->bytes, '\0', slurp->size) != NULL)
		text_print(reason, TEXT_REASON_MAX,
			_("is not a list of files: it contains a zero byte; delete it"));
	else
		return true;
	return false;
}

bool session_load(struct session *session, const char *file, char reason[TEXT_REASON_MAX])
{
	struct slurp slurp;
	bool is_read = false;
	char *text = NULL;

	*session = (struct session){0};
	if (access(file, F_OK) != 0 && errno == ENOENT)
		return true;
	if (!slurp_open_any(&slurp, file, 0, reason))
		return false;
	if (read_own_file(&slurp, reason)) {
		text = strndup((const char *)slurp.bytes, slurp.size);
		is_read = text != NULL && read_list(session, text, reason);
		if (text == NULL)
			text_print(reason, TEXT_REASON_MAX, _("cannot be read: %s"),
				strerror(ENOMEM));
	}
	free(text);
	slurp_close(&slurp);
	if (!is_read)
		session_free(session);
	return is_read;
}

/* ---- writing ------------------------------------------------------------------------------- */

static void write_uri(FILE *file, const char *path)
{
	fputs("file://", file);
	for (; *path != '\0'; path++) {
		unsigned char byte = (unsigned char)*path;

		if (isascii(byte) && (isalnum(byte) || strchr("/-._~", byte) != NULL))
			putc(byte, file);
		else
			fprintf(file, "%%%02X", byte);
	}
	putc('\n', file);
}

static bool write_list(int fd, const struct tray *tray)
{
	FILE *file = fdopen(fd, "w");
	bool is_written;

	if (file == NULL) {
		close(fd);
		return false;
	}
	fputs("# The files in the tray of vitrine-producer when it was last used\n", file);
	for (size_t i = 0; i < tray_count(tray); i++)
		write_uri(file, tray_at(tray, i)->path);
	is_written = ferror(file) == 0;
	return fclose(file) == 0 && is_written;
}

bool session_save(const char *file, const struct tray *tray, char reason[TEXT_REASON_MAX])
{
	char temporary[PATH_MAX + sizeof(".XXXXXX")];
	int fd;

	statefile_make_folders(file);
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", file);
	fd = mkostemp(temporary, O_CLOEXEC);
	/*
	 * Without fsync(), the list may be missing or empty after a power cut. That is acceptable.
	 */
	if (fd >= 0 && write_list(fd, tray) && rename(temporary, file) == 0)
		return true;
	text_print(reason, TEXT_REASON_MAX, _("cannot be written, so the tray is not kept: %s"),
		strerror(errno));
	if (fd >= 0)
		unlink(temporary);
	return false;
}
