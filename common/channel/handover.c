/* handover.c - see handover.h. All paths are one datagram, which arrives whole or not at all. */
#include "handover.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct handover {
	int fd;
	struct sockaddr_un address;
};

/*
 * True if only this user can create a socket in the folder: another user's socket would get the
 * paths.
 */
static bool is_private(const char *folder)
{
	struct stat status;

	return stat(folder, &status) == 0 && status.st_uid == geteuid() &&
	       (status.st_mode & 022) == 0;
}

/* "…/vitrine-producer-77000001-PID": the part before the number. False: there is no such folder. */
static bool name_sockets(int32_t key, char *name, size_t size)
{
	const char *folder = getenv("XDG_RUNTIME_DIR");
	int length = -1;

	if (folder != NULL && folder[0] == '/' && is_private(folder))
		length = snprintf(name, size, "%s/vitrine-producer-%08x-", folder, (unsigned)key);
	errno = ENOENT;
	return length > 0 && (size_t)length < size;
}

struct handover *handover_open(int32_t key)
{
	struct handover *handover = calloc(1, sizeof(*handover));
	struct sockaddr_un *address;
	char name[sizeof(address->sun_path) - 16];

	if (handover == NULL)
		return NULL;
	address = &handover->address;
	address->sun_family = AF_UNIX;
	handover->fd = -1;
	if (name_sockets(key, name, sizeof(name))) {
		snprintf(address->sun_path, sizeof(address->sun_path), "%s%d", name, getpid());
		unlink(address->sun_path); /* left by an earlier process with this pid */
		handover->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	}
	if (handover->fd >= 0 &&
		bind(handover->fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
		return handover;
	if (handover->fd >= 0)
		close(handover->fd);
	free(handover);
	return NULL;
}

void handover_close(struct handover *handover)
{
	if (handover == NULL)
		return;
	unlink(handover->address.sun_path);
	close(handover->fd);
	free(handover);
}

char *handover_pop(struct handover *handover, size_t *size)
{
	char *paths;
	ssize_t length = -1;

	if (handover != NULL)
		length = recv(handover->fd, NULL, 0, MSG_PEEK | MSG_TRUNC);
	if (length < 0)
		return NULL;
	paths = calloc(1, (size_t)length + 1);
	if (paths == NULL || recv(handover->fd, paths, (size_t)length, 0) < 0) {
		free(paths);
		return NULL;
	}
	*size = length > 0 && paths[length - 1] == '\0' ? (size_t)length : (size_t)length + 1;
	return paths;
}

static bool send_to(const char *socket_path, const char *paths, size_t size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool is_sent;

	if (fd < 0)
		return false;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", socket_path);
	is_sent = connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
	if (!is_sent && errno == ECONNREFUSED)
		unlink(socket_path); /* its producer was killed */
	is_sent = is_sent && send(fd, paths, size, 0) >= 0;
	close(fd);
	return is_sent;
}

/* Joins the paths, each with its NUL, in one block of *size bytes. NULL: no memory. */
static char *pack(char *const paths[], size_t count, size_t *size)
{
	char *packed = NULL;
	FILE *memory = open_memstream(&packed, size);

	if (memory == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		fwrite(paths[i], 1, strlen(paths[i]) + 1, memory);
	if (fclose(memory) == 0)
		return packed;
	free(packed);
	return NULL;
}

bool handover_send(int32_t key, char *const paths[], size_t count)
{
	char name[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	size_t size = 0;
	char *packed;
	bool is_sent = false;
	glob_t found;

	if (!name_sockets(key, name, sizeof(name) - 1))
		return false;
	strcat(name, "*");
	if (glob(name, GLOB_NOSORT, NULL, &found) != 0)
		return false;
	packed = pack(paths, count, &size);
	for (size_t i = 0; packed != NULL && i < found.gl_pathc && !is_sent; i++)
		is_sent = send_to(found.gl_pathv[i], packed, size);
	free(packed);
	globfree(&found);
	return is_sent;
}
