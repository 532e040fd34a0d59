/*
 * main.c - vitrine-consumer: a window that shows each image as producers publish it.
 *
 *     vitrine-consumer &
 *     vitrine-producer photo.jpg     and press Space in its window
 */
#include "consumer.h"
#include "consumer_arguments.h"
#include "program.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct consumer_arguments arguments;
	struct vitrine_options channel;
	struct program program;
	int status;

	program_begin(&program, ROLE_CONSUMER, argv);
	if (consumer_arguments_parse(&arguments, argc, argv) != 0)
		return 1;
	status = program_enter(&program, &arguments.common);
	if (status != 0)
		return status;
	channel = startup_channel(&arguments.common,
		arguments.mirror ? VITRINE_MIRROR : VITRINE_CONSUMER, &program.key, &program.trace);
	return program_leave(&program, consumer_run(&arguments, &channel, &program));
}
