/*
 * producer.h - the producer's window as a whole: what it consists of, and who does what. Private to this
 * folder; all of it belongs to the window's thread.
 *
 *	producer.c        runs its loop
 *	producer_setup.c  makes it, and ends it
 *	sources.c         where paths come from: drops, chooser, gallery, the watched folder
 *	intake.c          files on their way into the tray: what is in the paths, decoded
 *	outgoing.c        images on their way into the channel: outbox, publisher, and what is said of it
 *	chosen.c          the chosen image on its way onto the view
 *	monitor.c         the stream that is sent, in the window
 *	actions.c         what keys and the mouse do
 *	screen.c          draws it
 */
#ifndef VITRINE_PRODUCER_PRODUCER_H
#define VITRINE_PRODUCER_PRODUCER_H

#include <stdbool.h>
#include <stdint.h>

#include "broadcast.h"
#include "chooser.h"
#include "debugger.h"
#include "folder_watch.h"
#include "gallery.h"
#include "help.h"
#include "link.h"
#include "loader.h"
#include "log.h"
#include "notices.h"
#include "outbox.h"
#include "presence.h"
#include "producer_arguments.h"
#include "program.h"
#include "publisher.h"
#include "reducer.h"
#include "role.h"
#include "signals.h"
#include "statusbar.h"
#include "tray.h"
#include "tray_view.h"
#include "view.h"
#include "window.h"

struct batch;

/* A line that stays while something lasts. */
struct state_line {
	const char *subject; /* NULL: it is not there */
	char reason[2 * PRESENCE_MAX];
};

/* The stream that is sent, if there is one. */
struct monitor {
	const char *path;            /* NULL: none was given */
	struct broadcast *broadcast; /* NULL: none, or it could not be opened */
	struct broadcast_look look;  /* as it was looked at last */
	uint64_t shown_version;      /* of the preview that was taken last */
	bool is_chosen;              /* it is shown, not the tray's chosen image */
	bool is_paused;
	bool was_told; /* that it is over */
};

struct producer {
	const struct producer_arguments *arguments;
	struct program *program;
	const struct vitrine_key *key;
	const struct luggage *luggage; /* of the consumer that this was before */
	struct log *log;

	struct window *window;
	struct view *view;
	struct notices *notices;
	struct tray_view *tray_view;
	struct statusbar statusbar;
	struct help help;
	struct debugger *debugger;
	bool has_information; /* the overlay is shown */

	struct signals *signals;
	struct link *link;
	struct publisher *publisher;
	struct loader *loader;
	struct reducer *reducer;
	struct chooser *chooser;
	struct folder_watch *watch; /* NULL: no --watch */

	struct tray *tray;
	struct outbox outbox;
	struct gallery gallery;

	struct intake {
		struct batch *batches; /* paths that are being turned into items, oldest first */
		uint64_t last_id;
	} intake;

	struct sources {
		char **dropped; /* since SDL_DROPBEGIN */
		size_t dropped_count;
		bool was_refused;  /* something of this drop */
		bool was_watching; /* the folder to watch was there, or missed, before */
	} sources;

	struct shown {
		uint64_t id; /* of the item on the view, or on its way there; 0: none */
		uint64_t version;
		uint64_t view_id;       /* the view's number for it; 0: it could not be shown */
		struct picture *source; /* a reference */
		uint64_t chosen;        /* the item that was chosen … */
		int64_t since;          /* … then */
		bool is_late;           /* … and that is a while ago */
		size_t first;           /* the first place that the tray showed */
	} shown;

	struct monitor monitor;

	struct link_look look;
	int64_t looked;    /* when */
	int64_t look_next; /* when again */
	char presence[PRESENCE_MAX];
	bool was_open;      /* the channel, once */
	uint64_t announced; /* an item published while nobody was there; 0: none */
	bool was_alone;     /* that was said, and nobody has come since */
	struct presence_mutex mutex;
	struct state_line waiting;
	struct state_line missing; /* the folder to watch */

	bool is_changing_role; /* R: the consumer takes this window's place as soon as it can */
	bool is_quitting;
	int status; /* the program's */
};

/* ---- producer.c ---------------------------------------------------------------------------- */

/*
 * Runs until the user, a signal or a failure ends it. Returns the program's exit status;
 * program->change says whether the program is to become the consumer.
 */
int producer_run(struct producer *app);

/* Shows, changes or (reason NULL) takes back a line. */
void producer_state(struct producer *app, struct state_line *line, const char *subject,
	const char *reason);
/* Asks for a fresh look at the channel, soon. */
void producer_look_soon(struct producer *app);

/* ---- producer_setup.c ---------------------------------------------------------------------- */

/*
 * Opens the window and all that works for it. All that is handed in must outlive it. NULL: the log
 * has said why.
 */
struct producer *producer_open(const struct producer_arguments *arguments,
	const struct vitrine_options *options, struct program *program);
/* With R: what the consumer is to have, the place of the window and the tray. */
void producer_pack(const struct producer *app);
/* Leaves the channel, and says whether images wait there. NULL is allowed. */
void producer_close(struct producer *app);

/* ---- sources.c ----------------------------------------------------------------------------- */

/* True: the event was a part of a drop. */
bool sources_event(struct producer *app, const SDL_Event *event);
void sources_gallery(struct producer *app); /* opens the gallery */
/* True: the event was for the gallery. */
bool sources_gallery_event(struct producer *app, const SDL_Event *event);
/* A thumbnail for the gallery, or none; takes over what it needs of the result. */
#define SOURCES_GALLERY_IDS (UINT64_C(1) << 62) /* the loader's ids of its thumbnails, from here */
void sources_gallery_result(struct producer *app, struct loader_result *result);
void sources_choose(struct producer *app); /* opens the desktop's file chooser */
void sources_work(struct producer *app);   /* takes what was chosen and seen to the intake */
void sources_end(struct producer *app);

/* ---- intake.c ------------------------------------------------------------------------------ */

/* Loads files and folders, in the background. `publish`: all that is in them, too. */
void intake_paths(struct producer *app, const char *const paths[], size_t count, bool publish);
/* A file of the watched folder was written: loads, chooses and publishes it. */
void intake_watched_file(struct producer *app, const char *path);
/* Loads what is in the watched folder. `publish`: what is new there or has changed, too. */
void intake_watched_folder(struct producer *app, const char *folder, bool publish);
/* Puts into the tray, and queues for publication, what is in the luggage. */
void intake_unpack(struct producer *app, const struct luggage *luggage);
/* Whether nothing is on its way into the tray. */
bool intake_is_idle(const struct producer *app);
/* Says everywhere that `path` cannot be had. */
void intake_refuse(struct producer *app, const char *path, const char *reason);
/* Has the item's pixels decoded, before all others. Nothing if they are there or on their way. */
void intake_request(struct producer *app, struct tray_item *item);
/* Takes in what was found and decoded, for a few milliseconds. True: there is more. */
bool intake_work(struct producer *app);
void intake_end(struct producer *app);

/* ---- outgoing.c ---------------------------------------------------------------------------- */

/* An image's pixels, or any other file. */
void outgoing_publish(struct producer *app, const struct tray_item *item);
/* The bytes of its file, even if that is an image. */
void outgoing_publish_bytes(struct producer *app, const struct tray_item *item);
/* As outgoing_publish(), for a file that has changed: if it waits already, once is enough. */
void outgoing_publish_changed(struct producer *app, const struct tray_item *item);
void outgoing_publish_all(struct producer *app);
/* Gives up the first of those that are to be published. False: there is none. */
bool outgoing_give_up(struct producer *app);
/* The item is taken out of the tray: it is not published any more. */
void outgoing_forget(struct producer *app, uint64_t id);
void outgoing_work(struct producer *app);
/* After each look at the channel: says what it waits for. */
void outgoing_tell(struct producer *app, int64_t now);

/* ---- chosen.c ------------------------------------------------------------------------------ */

/* So long the image before stays if the chosen one has to be decoded first. */
#define CHOSEN_PATIENCE_NS INT64_C(200000000)

/* Brings the chosen image to the view, for a few milliseconds. True: there is more to do. */
bool chosen_work(struct producer *app, int64_t now);
/* Whether the view has the chosen image. */
bool chosen_is_there(const struct producer *app);
/* When chosen_work() has something to do by itself; WINDOW_FOREVER: never. */
int64_t chosen_deadline(const struct producer *app);
void chosen_forget(struct producer *app); /* the renderer lost its textures */
void chosen_end(struct producer *app);

/* ---- monitor.c ----------------------------------------------------------------------------- */

#define MONITOR_TEXT_MAX 128
#define MONITOR_ID       UINT64_MAX /* shown.id of the stream's picture */

/* Begins to send the stream at `path`, which must outlive the app. */
void monitor_start(struct producer *app, const char *path, const struct vitrine_options *channel);
void monitor_wake(void *window);
void monitor_end(struct producer *app);

/* Whether the picture's place belongs to the stream; to the tray's chosen image, if not. */
bool monitor_is_shown(const struct producer *app);
void monitor_choose(struct producer *app, bool is_chosen);
bool monitor_can_pause(const struct producer *app);
void monitor_pause(struct producer *app); /* and goes on */

/* In each turn. A new picture to be shown: the caller's reference, or NULL. */
struct picture *monitor_work(struct producer *app);
/* "live, 59.9 fps, 1240 sent, 3 dropped". Returns `text`. */
char *monitor_status(const struct producer *app, char text[MONITOR_TEXT_MAX]);

/* ---- actions.c ----------------------------------------------------------------------------- */

void actions_event(struct producer *app, const SDL_Event *event);

/* ---- screen.c ------------------------------------------------------------------------------ */

/* Puts view and tray where they belong; before events are handled, and before drawing. */
void screen_place(struct producer *app);
/* Draws if something changed. */
void screen_draw(struct producer *app, int64_t now);

#endif
