/*
 * serving.c - vitrine relay --serve: a broker of our own and a sending relay for it, so that a
 * class needs nothing else. Prints the command for the other machines, and the address of the page
 * for browsers.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "broker_process.h"
#include "command.h"
#include "relay.h"
#include "translate.h"

#define HOSTS_MOST 8

/* Notices the broker's end while the relay runs. */
struct watch {
	const struct relay *relay;
	const struct broker *broker;
	int stop; /* eventfd */
	bool is_broken;
};

static void *watch(void *data)
{
	struct watch *watched = data;
	struct pollfd polled[] = {{.fd = broker_ended(watched->broker), .events = POLLIN},
		{.fd = watched->stop, .events = POLLIN}};
	char words[TEXT_REASON_MAX];

	while (poll(polled, 2, -1) < 0 && errno == EINTR)
		continue;
	if (polled[0].revents != 0 && polled[1].revents == 0) {
		watched->is_broken = true;
		log_error(&watched->relay->tool->log, _("mosquitto has ended"),
			broker_last_words(watched->broker, words));
		kill(getpid(), SIGTERM); /* ends the relay, as Ctrl+C would */
	}
	return NULL;
}

static void tell_host(const struct relay *relay, const char *host, bool is_v6)
{
	char url[ADDRESS_HOST_MAX + 32], page[ADDRESS_HOST_MAX + 32];

	snprintf(url, sizeof(url), "mqtt://%s%s%s:%u/" BROKER_TOPIC, is_v6 ? "[" : "", host,
		is_v6 ? "]" : "", relay->address.port);
	snprintf(page, sizeof(page), "http://%s%s%s:%u/", is_v6 ? "[" : "", host, is_v6 ? "]" : "",
		relay->page_port);
	log_event(&relay->tool->log, "serving", LOG_STR("url", url), LOG_STR("page", page));
	fprintf(stderr,
		_("Students type:    vitrine relay --from %s & vitrine-consumer\n"
		  "or open the page: %s\n"),
		url, page);
}

/* Prints the URLs with the addresses under which other machines may reach this one. */
static void tell_hosts(const struct relay *relay)
{
	struct ifaddrs *all = NULL;
	unsigned told = 0;

	if (relay->address.host[0] != '\0') {
		tell_host(relay, relay->address.host, strchr(relay->address.host, ':') != NULL);
		return;
	}
	if (getifaddrs(&all) < 0)
		all = NULL;
	for (int loopback = 0; loopback < 2 && told == 0; loopback++)
		for (const struct ifaddrs *one = all; one != NULL && told < HOSTS_MOST;
			one = one->ifa_next) {
			char host[INET_ADDRSTRLEN];
			struct sockaddr_in address;

			if (one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET ||
				!(one->ifa_flags & IFF_UP) ||
				(loopback == 0 && one->ifa_flags & IFF_LOOPBACK))
				continue;
			memcpy(&address, one->ifa_addr, sizeof(address));
			inet_ntop(AF_INET, &address.sin_addr, host, sizeof(host));
			tell_host(relay, host, false);
			told++;
		}
	freeifaddrs(all);
}

/* Sends through the broker's socket until a signal or the broker's end. */
static int send_to(const struct relay *relay, const struct broker *broker)
{
	struct relay sender = *relay;
	struct watch watched = {.relay = relay, .broker = broker};
	pthread_t thread;
	int rc;

	memset(&sender.address, 0, sizeof(sender.address));
	sender.address.transport = ADDRESS_UNIX;
	snprintf(sender.address.host, sizeof(sender.address.host), "%s", broker_socket(broker));
	strcpy(sender.address.topic, BROKER_TOPIC);
	strcpy(sender.address.status, BROKER_TOPIC ADDRESS_STATUS);
	watched.stop = eventfd(0, EFD_CLOEXEC);
	rc = watched.stop < 0 ? errno : pthread_create(&thread, NULL, watch, &watched);
	if (rc != 0) {
		log_error(&relay->tool->log, _("cannot start"), strerror(rc));
		return COMMAND_FAILED;
	}
	tell_hosts(relay);
	rc = relay_send(&sender);
	eventfd_write(watched.stop, 1);
	pthread_join(thread, NULL);
	close(watched.stop);
	return watched.is_broken ? COMMAND_FAILED : rc;
}

int relay_serve(const struct relay *relay)
{
	const struct broker_options options = {
		.host = relay->address.host,
		.port = relay->address.port,
		.page_port = relay->page_port,
	};
	char reason[512];
	struct broker *broker = broker_start(&options, reason);
	int rc;

	if (broker == NULL) {
		log_error(&relay->tool->log, _("cannot start a broker"), reason);
		return COMMAND_FAILED;
	}
	rc = send_to(relay, broker);
	broker_stop(broker);
	return rc;
}
