/*
 * main.c - vitrine-producer: a window onto which images are dropped and from which they are
 * published in shared memory. This file only parses options and connects the parts; producer.h says
 * which file does what.
 *
 *     vitrine-producer photo.jpg folder/     then press Space
 *     vitrine-consumer                       in another terminal
 */
#include "producer.h"
#include "program.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct producer_arguments arguments;
	struct vitrine_options channel;
	struct program program;
	struct producer *app;
	int status;

	program_begin(&program, ROLE_PRODUCER, argv);
	if (producer_arguments_parse(&arguments, argc, argv) != 0)
		return 1;
	status = program_enter(&program, &arguments.common);
	if (status != 0)
		return status;
	channel =
		startup_channel(&arguments.common, VITRINE_PRODUCER, &program.key, &program.trace);
	app = producer_open(&arguments, &channel, &program);
	if (app == NULL)
		return 1;
	status = producer_run(app);
	producer_close(app);
	return program_leave(&program, status);
}
