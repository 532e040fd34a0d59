/* attendance.c - see attendance.h. */
#include "attendance.h"

#include <string.h>

/*
 * Bulletins that tell of a picture that has not come. The broker sent it before, or had no room for
 * it: with QoS 0 nothing overtakes.
 */
#define FETCH_AFTER 1
#define TELL_AFTER  3

static void set(struct attendance *attendance, enum attendance_state state, const char *sender,
	int64_t now_ns)
{
	attendance->state = state;
	attendance->heard_ns = now_ns;
	strcpy(attendance->sender, sender);
}

/* He has gone; another one may be here yet. */
static void leave(struct attendance *attendance, enum attendance_state state, const char *sender,
	int64_t now_ns)
{
	if (attendance->other[0] != '\0' && now_ns < attendance->other_ns + BULLETIN_DEAD_NS)
		set(attendance, ATTENDANCE_HERE, attendance->other, attendance->other_ns);
	else
		set(attendance, state, sender, now_ns);
	attendance->other[0] = '\0';
}

bool attendance_picture(struct attendance *attendance, const struct header *header,
	bool is_retained, int64_t now_ns)
{
	bool is_another = attendance->state == ATTENDANCE_HERE && !is_retained &&
			  strcmp(header->sender, attendance->sender) != 0;

	if (header->sender[0] != '\0') {
		strcpy(attendance->shown_by, header->sender);
		attendance->shown = header->sequence;
	}
	attendance->missed = 0;
	/* What the broker had kept says nothing of who is there now. */
	if (is_retained)
		return false;
	/* A client that does not say who it is comes and goes unheard: it sends nobody away. */
	if (header->sender[0] == '\0' && attendance->state == ATTENDANCE_HERE)
		return is_another;
	if (is_another) {
		strcpy(attendance->other, attendance->sender);
		attendance->other_ns = attendance->heard_ns;
	}
	set(attendance, header->sender[0] != '\0' ? ATTENDANCE_HERE : ATTENDANCE_UNKNOWN,
		header->sender, now_ns);
	return is_another;
}

static enum attendance_advice look_for_newest(struct attendance *attendance,
	const struct header *header)
{
	bool is_same = strcmp(header->sender, attendance->shown_by) == 0;

	if (header->sequence == 0 || (is_same && header->sequence <= attendance->shown)) {
		attendance->missed = 0;
		return ATTENDANCE_FINE;
	}
	if (header->sequence != attendance->missed) {
		attendance->missed = header->sequence;
		attendance->heard_missing = 0;
	}
	attendance->heard_missing++;
	if (attendance->heard_missing == FETCH_AFTER)
		return ATTENDANCE_FETCH;
	/* Behind a picture of somebody else it may rightly be older than what is shown. */
	if (!is_same && attendance->shown_by[0] != '\0')
		return ATTENDANCE_FINE;
	return attendance->heard_missing == TELL_AFTER ? ATTENDANCE_TELL : ATTENDANCE_FINE;
}

enum attendance_advice attendance_bulletin(struct attendance *attendance, enum bulletin bulletin,
	const struct header *header, int64_t now_ns)
{
	bool is_his = strcmp(header->sender, attendance->sender) == 0 ||
		      strcmp(header->sender, attendance->shown_by) == 0;

	if (header->sender[0] == '\0')
		return ATTENDANCE_FINE;
	switch (bulletin) {
	case BULLETIN_HERE:
		/* While one is here, another one counts only when he shows something. */
		if (!is_his && attendance->state == ATTENDANCE_HERE) {
			strcpy(attendance->other, header->sender);
			attendance->other_ns = now_ns;
			break;
		}
		set(attendance, ATTENDANCE_HERE, header->sender, now_ns);
		return look_for_newest(attendance, header);
	case BULLETIN_LEFT:
	case BULLETIN_LOST:
		if (strcmp(header->sender, attendance->other) == 0)
			attendance->other[0] = '\0';
		else if (is_his || attendance->sender[0] == '\0')
			leave(attendance,
				bulletin == BULLETIN_LEFT ? ATTENDANCE_LEFT : ATTENDANCE_LOST,
				header->sender, now_ns);
		break;
	case BULLETIN_UNKNOWN: break;
	}
	return ATTENDANCE_FINE;
}

void attendance_tick(struct attendance *attendance, int64_t now_ns)
{
	if (attendance->state == ATTENDANCE_HERE &&
		now_ns > attendance->heard_ns + BULLETIN_DEAD_NS)
		attendance->state = ATTENDANCE_SILENT;
}

void attendance_restart(struct attendance *attendance, int64_t now_ns)
{
	attendance->heard_ns = now_ns;
}

bool attendance_is_here(const struct attendance *attendance)
{
	return attendance->state == ATTENDANCE_HERE || attendance->state == ATTENDANCE_UNKNOWN;
}

const char *attendance_word(enum attendance_state state)
{
	static const char *const words[] = {"", "here", "left", "lost", "silent"};

	return words[state];
}
