/*
 * main.c - vitrine-consumer: a window that shows each image that producers publish, as it arrives.
 *
 *	vitrine-consumer &
 *	vitrine-producer photo.jpg		and press Space in its window
 */
#include "app.h"
#include "arguments.h"
#include "program.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct vitrine_options channel;
	struct program program;
	int status;

	program_begin(&program, ROLE_CONSUMER, argv);
	if (arguments_parse(&arguments, argc, argv) != 0)
		return 1;
	status = program_enter(&program, &arguments.common);
	if (status != 0)
		return status;
	channel = startup_channel(&arguments.common,
		arguments.mirror ? VITRINE_MIRROR : VITRINE_CONSUMER, &program.key, &program.trace);
	return program_leave(&program, app_run(&arguments, &channel, &program));
}
