/* live_source.c - see live_source.h. */
#include "live_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "translate.h"

#define MAGIC "YUV4MPEG2 "

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

int live_source_open(const char *path, char reason[TEXT_REASON_MAX])
{
	struct stat status;
	int fd = is_stdin(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
				: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) != 0)
		snprintf(reason, TEXT_REASON_MAX, _("cannot be opened: %s"), strerror(errno));
	else if (S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))
		snprintf(reason, TEXT_REASON_MAX, _("is a folder or a disk, not a stream"));
	else if (isatty(fd))
		snprintf(reason, TEXT_REASON_MAX,
			_("is a terminal: pipe a stream of frames into this program"));
	else
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

const char *live_source_name(const char *path)
{
	return is_stdin(path) ? "stdin" : text_base_name(path);
}

enum vitrine_when_full live_source_when_full(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? VITRINE_WAIT
								  : VITRINE_DROP_OLDEST;
}

bool live_source_is(const char *path)
{
	char begin[sizeof(MAGIC) - 1];
	struct stat status;
	bool is_stream;
	int fd;

	if (is_stdin(path))
		return true;
	if (stat(path, &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode))
		return S_ISFIFO(status.st_mode);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	is_stream = fd >= 0 && read(fd, begin, sizeof(begin)) == (ssize_t)sizeof(begin) &&
		    memcmp(begin, MAGIC, sizeof(begin)) == 0;
	if (fd >= 0)
		close(fd);
	return is_stream;
}
