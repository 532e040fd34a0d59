/*
 * main.c - vitrine-consumer: a window that shows each image that producers publish, as it arrives.
 *
 *	vitrine-consumer &
 *	vitrine-producer photo.jpg		and press Space in its window
 */
#include "app.h"
#include "arguments.h"
#include "decode.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct vitrine_options channel;
	struct vitrine_key key;
	struct trace trace;
	struct log log;

	signals_block();
	log_start(&log, "vitrine-consumer");
	if (arguments_parse(&arguments, argc, argv) != 0 ||
		!startup_key(&key, &arguments.common, &log))
		return 1;
	decode_start();
	trace = (struct trace){.log = &log};
	channel = startup_channel(&arguments.common,
		arguments.mirror ? VITRINE_MIRROR : VITRINE_CONSUMER, &key, &trace);
	return app_run(&arguments, &channel, &log);
}
