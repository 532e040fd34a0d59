/*
 * main.c - vitrine-decoder: decodes image files for a window in a confined process. The windows and
 * the command vitrine start it (common/image/child.c), with a socket and a piece of shared memory;
 * it is not useful on its own. wire.h defines the messages on the socket.
 *
 * vitrine-decoder MEMORY          bytes that the pixels of a file may take
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "confine.h"
#include "reader.h"
#include "serve.h"
#include "wire.h"

static bool is_socket(void)
{
	int type;
	socklen_t size = sizeof(type);

	return getsockopt(WIRE_SOCKET, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
	       type == SOCK_SEQPACKET;
}

int main(int argc, char **argv)
{
	char reason[TEXT_REASON_MAX];
	uint64_t memory;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		printf("%s (Vitrine) %s\n", program_invocation_short_name, VITRINE_VERSION);
		return 0;
	}
	if (argc != 2 || sscanf(argv[1], "%" SCNu64, &memory) != 1 || !is_socket()) {
		fprintf(stderr, "vitrine-decoder: is started by vitrine-producer, vitrine-consumer "
				"and vitrine, to decode their files\n");
		return 2;
	}
	if (!serve_begin())
		return 0;
	raster_start(&VITRINE_READERS);
	serve(raster_decode, confine(memory, VITRINE_READERS.needs, reason) ? NULL : reason);
	return 0;
}
