/* liveness.c - see liveness.h. */
#include "liveness.h"

#include <string.h>

/*
 * After this many announcements of a picture that has not arrived, request it. The broker has sent
 * it before the announcement or had no room for it: with QoS 0, messages are not reordered.
 */
#define FETCH_AFTER 1
#define TELL_AFTER  3

static void set(struct liveness *liveness, enum liveness_state state, const char *sender,
	int64_t now_ns)
{
	liveness->state = state;
	liveness->heard_ns = now_ns;
	strcpy(liveness->sender, sender);
}

/* The sender has left; another one may still be here. */
static void leave(struct liveness *liveness, enum liveness_state state, const char *sender,
	int64_t now_ns)
{
	if (liveness->other[0] != '\0' && now_ns < liveness->other_ns + ANNOUNCEMENT_DEAD_NS)
		set(liveness, LIVENESS_HERE, liveness->other, liveness->other_ns);
	else
		set(liveness, state, sender, now_ns);
	liveness->other[0] = '\0';
}

bool liveness_picture(struct liveness *liveness, const struct message_header *header,
	bool is_retained, int64_t now_ns)
{
	bool is_another = liveness->state == LIVENESS_HERE && !is_retained &&
			  strcmp(header->sender, liveness->sender) != 0;

	if (header->sender[0] != '\0') {
		strcpy(liveness->shown_by, header->sender);
		liveness->shown = header->sequence;
	}
	liveness->missed = 0;
	/* A retained message does not show who is there now. */
	if (is_retained)
		return false;
	/* A client without an id does not replace a sender that is here. */
	if (header->sender[0] == '\0' && liveness->state == LIVENESS_HERE)
		return is_another;
	if (is_another) {
		strcpy(liveness->other, liveness->sender);
		liveness->other_ns = liveness->heard_ns;
	}
	set(liveness, header->sender[0] != '\0' ? LIVENESS_HERE : LIVENESS_UNKNOWN, header->sender,
		now_ns);
	return is_another;
}

static enum liveness_advice look_for_newest(struct liveness *liveness,
	const struct message_header *header)
{
	bool is_same = strcmp(header->sender, liveness->shown_by) == 0;

	if (header->sequence == 0 || (is_same && header->sequence <= liveness->shown)) {
		liveness->missed = 0;
		return LIVENESS_FINE;
	}
	if (header->sequence != liveness->missed) {
		liveness->missed = header->sequence;
		liveness->heard_missing = 0;
	}
	liveness->heard_missing++;
	if (liveness->heard_missing == FETCH_AFTER)
		return LIVENESS_FETCH;
	/* If another sender's picture is shown, this sender's picture may be older than that. */
	if (!is_same && liveness->shown_by[0] != '\0')
		return LIVENESS_FINE;
	return liveness->heard_missing == TELL_AFTER ? LIVENESS_TELL : LIVENESS_FINE;
}

enum liveness_advice liveness_announcement(struct liveness *liveness,
	enum announcement announcement, const struct message_header *header, int64_t now_ns)
{
	bool is_his = strcmp(header->sender, liveness->sender) == 0 ||
		      strcmp(header->sender, liveness->shown_by) == 0;

	if (header->sender[0] == '\0')
		return LIVENESS_FINE;
	switch (announcement) {
	case ANNOUNCEMENT_HERE:
		/* While a sender is here, another one counts only once it has sent a picture. */
		if (!is_his && liveness->state == LIVENESS_HERE) {
			strcpy(liveness->other, header->sender);
			liveness->other_ns = now_ns;
			break;
		}
		set(liveness, LIVENESS_HERE, header->sender, now_ns);
		return look_for_newest(liveness, header);
	case ANNOUNCEMENT_LEFT:
	case ANNOUNCEMENT_LOST:
		if (strcmp(header->sender, liveness->other) == 0)
			liveness->other[0] = '\0';
		else if (is_his || liveness->sender[0] == '\0')
			leave(liveness,
				announcement == ANNOUNCEMENT_LEFT ? LIVENESS_LEFT : LIVENESS_LOST,
				header->sender, now_ns);
		break;
	case ANNOUNCEMENT_UNKNOWN: break;
	}
	return LIVENESS_FINE;
}

void liveness_tick(struct liveness *liveness, int64_t now_ns)
{
	if (liveness->state == LIVENESS_HERE && now_ns > liveness->heard_ns + ANNOUNCEMENT_DEAD_NS)
		liveness->state = LIVENESS_SILENT;
}

void liveness_restart(struct liveness *liveness, int64_t now_ns)
{
	liveness->heard_ns = now_ns;
}

bool liveness_is_here(const struct liveness *liveness)
{
	return liveness->state == LIVENESS_HERE || liveness->state == LIVENESS_UNKNOWN;
}

const char *liveness_word(enum liveness_state state)
{
	static const char *const words[] = {"", "here", "left", "lost", "silent"};

	return words[state];
}
