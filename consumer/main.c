/*
 * main.c - vitrine-consumer: a window that shows each image that producers publish, as it arrives.
 *
 *	vitrine-consumer &
 *	vitrine-producer photo.jpg		and press Space in its window
 */
#include "app.h"
#include "arguments.h"
#include "hugepages.h"
#include "startup.h"

int main(int argc, char **argv)
{
	struct arguments arguments;
	struct vitrine_options channel;
	struct vitrine_key key;
	struct trace trace;
	struct log log;
	struct luggage luggage = {0};
	struct luggage packed = {0};
	struct role_change change = {0};
	int status;

	signals_block();
	log_start(&log, "vitrine-consumer");
	role_obey(ROLE_CONSUMER, argv, &log);
	if (arguments_parse(&arguments, argc, argv) != 0)
		return 1;
	log.json = arguments.common.json;
	status = startup_key(&key, &arguments.common, &log);
	if (status != 0)
		return status;
	if (!role_unpack(&luggage, &arguments.common, &log))
		return 1;
	hugepages_install();
	trace = (struct trace){.log = &log};
	channel = startup_channel(&arguments.common,
		arguments.mirror ? VITRINE_MIRROR : VITRINE_CONSUMER, &key, &trace);
	status = app_run(&arguments, &channel, &luggage, &log, &change, &packed);
	if (change.luggage != NULL)
		status = role_change(&change, &log);
	luggage_empty(&packed);
	luggage_empty(&luggage);
	return status;
}
