/*
 * broker_process.h - a Mosquitto of our own, for `vitrine relay --serve`: this process writes its
 * configuration into a folder that only this user may enter, starts it, and ends it. It ends, too,
 * when this process is killed. Clients from the network may only read; this relay sends through a
 * UNIX socket in that folder.
 */
#ifndef VITRINE_TOOLS_BROKER_PROCESS_H
#define VITRINE_TOOLS_BROKER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "text.h"

#define BROKER_TOPIC "class" /* page.html has it, too */

struct broker_options {
	const char *host;   /* the address to listen on; "": all */
	uint16_t port;      /* for MQTT */
	uint16_t page_port; /* for browsers: the page, and MQTT over WebSockets; with
			       Mosquitto from 2.1 on, WebSockets have the next free port */
};

struct broker;

/*
 * Starts the broker, and waits until it accepts connections. Call it on the main
 * thread: the broker ends with the thread that started it. NULL: `reason` says why, and
 * how to fix it. May sleep for seconds.
 */
struct broker *broker_start(const struct broker_options *options, char reason[512]);

/* The path of the socket through which this user may send. */
const char *broker_socket(const struct broker *broker);

/* A descriptor that is readable once the broker has ended. */
int broker_ended(const struct broker *broker);

/* The last line of its log. Returns `text`. */
const char *broker_last_words(const struct broker *broker, char text[TEXT_REASON_MAX]);

/* Ends it and removes its folder. NULL is allowed. */
void broker_stop(struct broker *broker);

#endif
