/*
 * command.c - vitrine relay: executes vitrine-relay, the program that is linked with libmosquitto,
 * so that no other command has to load that library. It is beside this program, or where it was
 * installed.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "executable.h"
#include "log.h"

#define PROGRAM "vitrine-relay"

int command_relay(int argc, char **argv)
{
	static const char *const places[] = {"", VITRINE_MODULES};
	char path[PATH_MAX];
	struct log log;

	(void)argc;
	executable_find_file(path, places, 2, PROGRAM);
	execv(path, argv);
	log_start(&log, argv[0]);
	log_error(&log, PROGRAM, strerror(errno));
	return COMMAND_FAILED;
}
