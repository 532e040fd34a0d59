/*
 * kept_tray.h - keeps the tray beyond the end of the program: its list (session.h) is written some
 * seconds after each change and at the end, so that a killed program loses little. Only a tray that
 * the user has filled by hand is kept: files on the command line can be loaded again by the same
 * command, and a script that starts a producer must not replace the user's tray. For one thread.
 * Times are CLOCK_MONOTONIC in nanoseconds.
 */
#ifndef VITRINE_PRODUCER_KEPT_TRAY_H
#define VITRINE_PRODUCER_KEPT_TRAY_H

#include "log.h"
#include "session.h"

#define KEPT_TRAY_NEVER INT64_MAX

/* All zeros: keeps nothing. */
struct kept_tray {
	char file[PATH_MAX]; /* of the list; "": none, keeps nothing */
	struct session last; /* the list at the start */
	uint64_t version;    /* the version of the tray that is in the file */
	int64_t due;         /* when to write the list; 0: the file is up to date */
};

/* Reads the saved list. False: `reason` says why kept->file is refused. */
bool kept_tray_begin(struct kept_tray *kept, char reason[TEXT_REASON_MAX]);

/* Call in each turn of the loop. Logs once that the list cannot be written. */
void kept_tray_work(struct kept_tray *kept, const struct tray *tray, int64_t now,
	const struct log *log);
/* When kept_tray_work() has something to do; KEPT_TRAY_NEVER: not by itself. */
int64_t kept_tray_deadline(const struct kept_tray *kept);

/* Writes the list if it has changed, and frees the saved one. `tray` may be NULL. */
void kept_tray_end(struct kept_tray *kept, const struct tray *tray, const struct log *log);

#endif
