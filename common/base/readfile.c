/* readfile.c - see readfile.h. */
#include "readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "signals.h"

/*
 * Reads up to `room` bytes: to the end of the file, or of the line. Returns their number or -errno.
 */
static ssize_t read_all(int fd, char *to, size_t room)
{
	const int is_terminal = isatty(fd);
	size_t size = 0;

	while (size < room) {
		ssize_t count = read(fd, to + size, room - size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		size += (size_t)count;
		if (count == 0 || is_terminal)
			break;
	}
	return (ssize_t)size;
}

/*
 * Reads from a descriptor that was opened with O_NONBLOCK, now blocking: a read may sleep until a
 * process that has the pipe open writes to it.
 */
static ssize_t read_open(int fd, char *to, size_t room)
{
	sigset_t before;
	ssize_t size;

	if (fcntl(fd, F_SETFL, 0) < 0)
		return -errno;
	signals_unblock(&before);
	size = read_all(fd, to, room);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return size;
}

int readfile(const char *path, size_t most, char **text, size_t *size)
{
	char *bytes =
		malloc(most + 2); /* one more, to detect a file that is too large; and the end */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	ssize_t count = fd < 0 ? -errno : bytes == NULL ? -ENOMEM : read_open(fd, bytes, most + 1);

	if (fd >= 0)
		close(fd);
	if (count > (ssize_t)most)
		count = -EFBIG;
	*text = count < 0 ? NULL : bytes;
	*size = count < 0 ? 0 : (size_t)count;
	if (count < 0) {
		free(bytes);
		return (int)count;
	}
	bytes[count] = '\0';
	return 0;
}
