/*
 * outlet.h - a channel in which a receiving relay publishes. While a sender is there, the relay is
 * its producer; otherwise it is a mirror, so that the consumer's window shows that no producer is
 * there. Functions print the reason of a failure after which they cannot continue. One thread.
 */
#ifndef VITRINE_TOOLS_OUTLET_H
#define VITRINE_TOOLS_OUTLET_H

#include <stdbool.h>
#include <stddef.h>

#include "tool.h"

struct outlet {
	struct tool *tool;
	struct link *link;
	enum vitrine_role role;
	bool has_published; /* since memory was last given back */
};

enum outlet_result {
	OUTLET_OK,
	/* this picture: larger than a slot, out of memory …; the next one may fit */
	OUTLET_REFUSED,
	OUTLET_NEW,    /* the channel was removed, and created again: it is empty */
	OUTLET_FAILED, /* it cannot continue */
};

/*
 * Opens the tool's channel, or with `label` the one whose key is the tool's, a dot and the label.
 * NULL: failed. outlet_close() frees it; it may be NULL.
 */
struct outlet *outlet_open(struct tool *tool, const char *label);
void outlet_close(struct outlet *outlet);

/* Changes to another role if necessary. false: it cannot continue. */
bool outlet_become(struct outlet *outlet, enum vitrine_role role);

/*
 * Publishes bytes, described by *image, whose sequence number and slot it fills in. The oldest
 * waiting image is dropped if no slot is free. OUTLET_REFUSED: `reason`, of 512 bytes, says why.
 */
enum outlet_result outlet_publish(struct outlet *outlet, const void *bytes, size_t size,
	struct vitrine_image *image, char reason[512]);

/* Call it when nothing has arrived for a while: gives memory back, notices a removed channel. */
enum outlet_result outlet_rest(struct outlet *outlet);

#endif
