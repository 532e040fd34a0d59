/* sole.c - see sole.h. */
#include "sole.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int sole_take(const char *what, const struct vitrine_key *key)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	int length = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "vitrine-%u-%08x-%s",
		(unsigned)getuid(), (unsigned)key->value, what);
	int held = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (held < 0)
		return -errno;
	/* The NUL in front makes it abstract: no file, nothing to clean up. */
	if (bind(held, (const struct sockaddr *)&name,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) !=
		0) {
		int error = errno;

		close(held);
		return -error;
	}
	return held;
}
