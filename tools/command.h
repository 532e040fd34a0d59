/*
 * command.h - the entry point of each subcommand. Each is in its own file: it parses its options,
 * does its work and returns the exit code. argv[0] is "vitrine NAME", for messages.
 */
#ifndef VITRINE_TOOLS_COMMAND_H
#define VITRINE_TOOLS_COMMAND_H

enum command_exit {
	COMMAND_OK = 0,
	COMMAND_FAILED = 1,
	COMMAND_USAGE = 2,
};

int command_send(int argc, char **argv);
int command_recv(int argc, char **argv);
int command_show(int argc, char **argv);
int command_status(int argc, char **argv);
int command_clean(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_lesson(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_xray(int argc, char **argv);
int command_play(int argc, char **argv);
int command_check(int argc, char **argv);
int command_relay(int argc, char **argv);

#endif
