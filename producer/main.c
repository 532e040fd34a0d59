/*
 * main.c - vitrine-producer: a window onto which images are dropped, and from which they go into
 * shared memory. This file only parses and wires; app.h says who does the work.
 *
 *	vitrine-producer photo.jpg folder/    then Space
 *	vitrine-consumer                      in another terminal
 */
#include "app.h"
#include "decode.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct vitrine_key key;
	struct log log;
	struct trace trace = {.log = &log};
	struct vitrine_options options;
	struct app *app;
	int status;

	signals_block();
	log_start(&log, "vitrine-producer");
	if (arguments_parse(&arguments, argc, argv) != 0)
		return 1;
	if (!startup_key(&key, &arguments.common, &log))
		return 1;
	decode_start();
	options = startup_channel(&arguments.common, VITRINE_PRODUCER, &key, &trace);
	app = app_create(&arguments, &key, &options, &log);
	if (app == NULL)
		return 1;
	status = app_run(app);
	app_destroy(app);
	return status;
}
