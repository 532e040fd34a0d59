/*
 * main.c - vitrine-producer: a window onto which images are dropped, and from which they go into
 * shared memory. This file only parses and wires; app.h says who does the work.
 *
 *	vitrine-producer photo.jpg folder/    then Space
 *	vitrine-consumer                      in another terminal
 */
#include "app.h"
#include "hugepages.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct vitrine_key key;
	struct log log;
	struct trace trace = {.log = &log};
	struct vitrine_options options;
	struct luggage luggage = {0};
	struct luggage packed = {0};
	struct role_change change;
	struct app *app;
	bool changes_role;
	int status;

	signals_block();
	log_start(&log, "vitrine-producer");
	role_obey(ROLE_PRODUCER, argv, &log);
	if (arguments_parse(&arguments, argc, argv) != 0)
		return 1;
	log.json = arguments.common.json;
	status = startup_key(&key, &arguments.common, &log);
	if (status != 0)
		return status;
	if (!role_unpack(&luggage, &arguments.common, &log))
		return 1;
	hugepages_install();
	options = startup_channel(&arguments.common, VITRINE_PRODUCER, &key, &trace);
	app = app_create(&arguments, &key, &options, &luggage, &log);
	if (app == NULL)
		return 1;
	status = app_run(app);
	changes_role = app_changes_role(app) && app_pack(app, &change, &packed);
	app_destroy(app);
	if (changes_role)
		status = role_change(&change, &log);
	luggage_empty(&packed);
	luggage_empty(&luggage);
	return status;
}
