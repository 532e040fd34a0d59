/* outlet.c - see outlet.h. */
#include "outlet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "translate.h"

/* Opens the channel whose key is ours, a dot and the label. */
static struct link *open_labelled(struct tool *tool, const char *label)
{
	struct vitrine_key key;
	char text[VITRINE_NAME_MAX];

	snprintf(text, sizeof(text), "%.120s.%.120s", tool->key.text, label);
	if (vitrine_key(&key, text, NULL) != VITRINE_OK) {
		log_error(&tool->log, text, _("cannot be the key of a channel"));
		return NULL;
	}
	return tool_open_key(tool, &key, VITRINE_MIRROR);
}

struct outlet *outlet_open(struct tool *tool, const char *label)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));

	if (outlet == NULL) {
		log_error(&tool->log, _("cannot open the channel"), strerror(errno));
		return NULL;
	}
	outlet->tool = tool;
	outlet->role = VITRINE_MIRROR;
	outlet->link = label != NULL ? open_labelled(tool, label) : tool_open(tool, VITRINE_MIRROR);
	if (outlet->link != NULL)
		return outlet;
	free(outlet);
	return NULL;
}

void outlet_close(struct outlet *outlet)
{
	if (outlet == NULL)
		return;
	tool_close(outlet->tool, outlet->link);
	free(outlet);
}

bool outlet_become(struct outlet *outlet, enum vitrine_role role)
{
	struct link_look look;

	if (role == outlet->role)
		return true;
	outlet->role = role;
	if (link_change_role(outlet->link, role) == VITRINE_OK)
		return true;
	link_look(outlet->link, &look);
	log_error(&outlet->tool->log, _("cannot continue in the channel"), look.message);
	return false;
}

/* One attempt. Returns 0 or the library's error. */
static int publish(struct outlet *outlet, const void *bytes, size_t size,
	struct vitrine_image *image)
{
	struct vitrine_channel *channel = link_channel(outlet->link);
	const struct tool *tool = outlet->tool;
	struct vitrine_claim claim;
	int rc;

	do
		rc = vitrine_claim(channel, image->size, VITRINE_DROP_OLDEST, LINK_NAP_NS, &claim);
	while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_interrupted(tool));
	if (rc < 0)
		return rc;
	memcpy(claim.data, bytes, size);
	do
		rc = vitrine_publish(channel, &claim, image, LINK_NAP_NS);
	while ((rc == VITRINE_ETIMEDOUT || rc == VITRINE_EINTR) && !tool_interrupted(tool));
	if (rc < 0)
		vitrine_abandon(channel, &claim);
	return rc;
}

enum outlet_result outlet_publish(struct outlet *outlet, const void *bytes, size_t size,
	struct vitrine_image *image, char reason[512])
{
	const int64_t published_ns = image->published_ns;
	int rc;

	do {
		if (!outlet_become(outlet, VITRINE_PRODUCER))
			return OUTLET_FAILED;
		image->sequence = 0;
		image->published_ns = published_ns;
		rc = publish(outlet, bytes, size, image);
		if (rc == VITRINE_EREMOVED)
			rc = tool_recover(outlet->link, rc, reason) == VITRINE_OK ? VITRINE_EREMOVED
										  : VITRINE_ESYSTEM;
		else if (rc < 0)
			snprintf(reason, 512, "%s", vitrine_message(link_channel(outlet->link)));
	} while (rc == VITRINE_EREMOVED);
	if (rc == VITRINE_ESYSTEM) {
		log_error(&outlet->tool->log, _("cannot publish"), reason);
		return OUTLET_FAILED;
	}
	outlet->has_published |= rc >= 0;
	return rc < 0 ? OUTLET_REFUSED : OUTLET_OK;
}

enum outlet_result outlet_rest(struct outlet *outlet)
{
	struct vitrine_channel *channel = link_channel(outlet->link);
	struct vitrine_snapshot snapshot;
	char reason[512];
	int rc = vitrine_inspect_values(channel, &snapshot);

	if (rc == VITRINE_EREMOVED) {
		if (tool_recover(outlet->link, rc, reason) == VITRINE_OK)
			return OUTLET_NEW;
		log_error(&outlet->tool->log, _("cannot continue in the channel"), reason);
		return OUTLET_FAILED;
	}
	if (outlet->has_published && outlet->role == VITRINE_PRODUCER) {
		vitrine_trim(channel);
		outlet->has_published = false;
	}
	return OUTLET_OK;
}
