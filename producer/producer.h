/*
 * producer.h - the producer's window as a whole: its parts, and which file does what. Private to
 * this folder; everything belongs to the window's thread.
 *
 *     producer.c          runs the loop
 *     producer_setup.c    creates and destroys the window and its parts
 *     sources.c           sources of paths: drops, chooser, gallery, the tray of last time,
 *                         the watched folder
 *     intake.c            adds files to the tray: expands paths and has the files decoded
 *     outgoing.c          publishes images: outbox, publisher, and the messages about them
 *     chosen.c            brings the chosen image to the view
 *     monitor.c           shows the stream that is being sent
 *     animation_player.c  plays animations in the window, and sends them
 *     slides.c            runs the slide show
 *     actions.c           handles keys
 *     mouse.c             handles the mouse and the context menu
 *     screen.c            draws everything
 */
#ifndef VITRINE_PRODUCER_PRODUCER_H
#define VITRINE_PRODUCER_PRODUCER_H

#include <stdbool.h>
#include <stdint.h>

#include "broadcast.h"
#include "changes.h"
#include "chooser.h"
#include "clipboard.h"
#include "debugger.h"
#include "drop.h"
#include "folder_watch.h"
#include "gallery.h"
#include "handover.h"
#include "help.h"
#include "information.h"
#include "kept_tray.h"
#include "leaving.h"
#include "link.h"
#include "loader.h"
#include "log.h"
#include "menu.h"
#include "notices.h"
#include "outbox.h"
#include "presence.h"
#include "probe.h"
#include "producer_arguments.h"
#include "program.h"
#include "publisher.h"
#include "reducer.h"
#include "role.h"
#include "signals.h"
#include "slideshow.h"
#include "statusbar.h"
#include "tray.h"
#include "tray_view.h"
#include "view.h"
#include "window.h"

struct batch;

/* A message that stays while its cause lasts. */
struct state_line {
	const char *subject; /* NULL: not shown */
	char reason[2 * PRESENCE_MAX];
};

/* The stream that is being sent, if any. */
struct monitor {
	const char *path;            /* NULL: none given */
	struct broadcast *broadcast; /* NULL: none, or it cannot be opened */
	struct broadcast_look look;  /* its last look */
	uint64_t shown_version;      /* of the last preview taken */
	bool is_chosen;              /* the stream is shown, not the tray's chosen image */
	bool is_paused;
	bool was_told; /* its end has been reported */
};

/* An animation that is played or sent. */
struct player {
	struct broadcast *broadcast; /* NULL: none */
	char *path;
	uint64_t id; /* of the item, and its version */
	uint64_t version;
	struct broadcast_look look; /* its last look */
	uint64_t shown_version;     /* of the last frame taken */
	bool is_paused;
	bool has_told;   /* the log names the frame that the window shows */
	bool is_ending;  /* it was stopped, but its thread may still run */
	bool has_failed; /* not to be tried again */
};

struct producer {
	const struct producer_arguments *arguments;
	struct program *program;
	const struct vitrine_options *channel;
	const struct vitrine_key *key;
	const struct role_state *previous; /* from the consumer that this process was before */
	struct log *log;

	struct window *window;
	struct view *view;
	struct notices *notices;
	struct tray_view *tray_view;
	struct statusbar statusbar;
	struct help help;
	struct debugger *debugger;
	struct probe probe;   /* the pixel under the mouse */
	bool has_information; /* the overlay is shown */
	struct information information;

	struct signals *signals;
	struct link *link;
	struct publisher *publisher;
	struct loader *loader;
	struct reducer *reducer;
	struct chooser *chooser;
	struct clipboard *clipboard;
	struct handover *handover;  /* receives files dropped on a consumer; NULL: none */
	struct folder_watch *watch; /* NULL: no --watch */

	struct tray *tray;
	struct changes changes; /* of the tray, for Ctrl+Z */
	struct outbox outbox;
	int64_t handed_over; /* when the publisher got its last image */
	struct gallery gallery;

	struct intake {
		struct batch *batches; /* paths being turned into items, oldest first */
		uint64_t last_id;
		int64_t again_ns; /* when to look at files that were being written; 0: none */
	} intake;

	struct sources {
		struct drop drop;  /* the drop in progress */
		bool was_watching; /* the watched folder was seen, or missed, before */
	} sources;

	struct shown {
		uint64_t id; /* of the item in the view or about to be; 0: none */
		uint64_t version;
		int orientation;        /* in which the view shows it */
		uint64_t view_id;       /* the view's number for it; 0: cannot be shown */
		uint64_t on_screen;     /* the item whose picture the view shows; 0: none */
		struct picture *source; /* a reference */
		uint64_t chosen;        /* the chosen item */
		int64_t since;          /* the time it was chosen */
		bool is_late;           /* it was chosen a while ago */
		size_t first;           /* the first place shown in the tray */
		uint64_t expected;      /* bytes that the publisher expects next */
	} shown;

	struct monitor monitor;

	struct players {
		struct player local; /* plays the chosen animation in the window only */
		struct player sent;  /* sends the one that was published last */
	} players;

	struct kept_tray kept; /* for the next start */

	struct mouse {
		Uint16 held;      /* Shift and Ctrl, at the last keyboard event */
		uint64_t pressed; /* the item under the button that is down; 0: none */
		uint64_t anchor;  /* the item that was clicked last: where a range begins */
		SDL_Point from;   /* where it was pressed */
		bool drags;       /* the item is being moved */
		size_t target;    /* … to this gap of the row */
		bool scrolls;     /* the scroll bar is being moved */
		uint64_t hovered; /* the item under the mouse; 0: none */
		int64_t tip_due;  /* when its tooltip comes; 0: it is there, or none will */
		bool has_tip;
	} mouse;
	struct menu menu;

	struct leaving leaving;
	struct slideshow slideshow;

	struct link_look look;
	int64_t looked;    /* time of the last look */
	int64_t look_next; /* time of the next look */
	int calm;          /* link_look_ns() */
	char presence[PRESENCE_MAX];
	bool was_open;                /* the channel has been open */
	bool had_consumer;            /* there has been one */
	uint64_t announced;           /* an item published while there was no consumer; 0: none */
	bool was_alone;               /* this was reported, and no consumer has joined since: */
	char alone[VITRINE_NAME_MAX]; /* the image of which it was reported */
	struct presence_mutex mutex;
	struct state_line waiting;
	struct state_line missing; /* the watched folder is missing */

	bool is_changing_role; /* R was pressed: become the consumer as soon as possible */
	bool is_quitting;
	int status; /* the program's exit status */
};

/* ---- producer.c ------------------------------------------------------------------------------ */

/*
 * Runs until the user, a signal or a failure ends it. Returns the program's exit status;
 * program->change says whether the program must become the consumer.
 */
int producer_run(struct producer *app);

/* Shows, changes or (if reason is NULL) removes a message. */
void producer_state(struct producer *app, struct state_line *line, const char *subject,
	const char *reason);
/* Requests a new look at the channel soon. */
void producer_look_soon(struct producer *app);

/* ---- producer_setup.c ------------------------------------------------------------------------ */

/*
 * Opens the window and starts its threads. The arguments must outlive it. NULL: the reason has been
 * logged.
 */
struct producer *producer_open(const struct producer_arguments *arguments,
	const struct vitrine_options *options, struct program *program);
/*
 * After R: collects what the consumer gets: the options, the position of the window, and the tray.
 */
void producer_prepare_change(const struct producer *app);
/* Leaves the channel and reports images that still wait there. NULL is allowed. */
void producer_close(struct producer *app);

/* ---- sources.c ------------------------------------------------------------------------------- */

/* True: the event was part of a drop. */
bool sources_event(struct producer *app, const SDL_Event *event);
void sources_gallery(struct producer *app); /* opens the gallery */
/* True: the event was for the gallery. */
bool sources_gallery_event(struct producer *app, const SDL_Event *event);
/* Gives the gallery a thumbnail, or none; takes what it needs from the result. */
#define SOURCES_GALLERY_IDS (UINT64_C(1) << 62) /* the loader's ids of its thumbnails start here */
void sources_gallery_result(struct producer *app, struct loader_result *result);
void sources_choose(struct producer *app);    /* opens the desktop's file chooser */
void sources_paste(struct producer *app);     /* adds the contents of the clipboard */
void sources_last_tray(struct producer *app); /* puts the files of last time into the tray */
void sources_work(struct producer *app);      /* passes chosen and watched files to the intake */
void sources_end(struct producer *app);

/* ---- intake.c -------------------------------------------------------------------------------- */

enum intake_how {
	INTAKE_LOADS = 0,
	INTAKE_PUBLISHES = 1, /* all files, as soon as they are loaded */
	INTAKE_BY_HAND = 2,   /* the user dropped or opened them */
};
/* Loads files and folders in the background. `how`: enum intake_how. */
void intake_paths(struct producer *app, const char *const paths[], size_t count, unsigned how);
/* Puts a file into the tray at `place`, without examining it. NULL: no memory. */
struct tray_item *intake_put_back(struct producer *app, const char *path, size_t place);
/* Loads, chooses and publishes a file that was written to the watched folder. */
void intake_watched_file(struct producer *app, const char *path);
/* Loads the files in the watched folder. `publish`: also publishes the new and changed ones. */
void intake_watched_folder(struct producer *app, const char *folder, bool publish);
/* Restores the tray and the queue that the consumer passed on. */
void intake_restore(struct producer *app, const struct role_state *previous);
/* True if nothing is being added to the tray. */
bool intake_is_idle(const struct producer *app);
/* Reports in the window and in the log that `path` cannot be loaded. */
void intake_refuse(struct producer *app, const char *path, const char *reason);
/* Has the item's pixels decoded before all others, unless they are decoded or being decoded. */
void intake_request(struct producer *app, struct tray_item *item);
/* Processes found and decoded files for a few milliseconds. True: there is more. */
bool intake_work(struct producer *app);
int64_t intake_deadline(const struct producer *app); /* when it has work even if nothing happens */
void intake_end(struct producer *app);

/* ---- outgoing.c ------------------------------------------------------------------------------ */

/*
 * Publishes an image's pixels, or any other file. An animation is sent as a stream, unless other
 * images wait after it, or with --still.
 */
void outgoing_publish(struct producer *app, const struct tray_item *item);
/* Publishes the bytes of its file, even if it is an image. */
void outgoing_publish_bytes(struct producer *app, const struct tray_item *item);
/* Publishes one frame of an animation, the item, as a still image. */
void outgoing_publish_frame(struct producer *app, const struct tray_item *item,
	struct picture *frame);
/* As outgoing_publish(), for a changed file: does nothing if it is already queued. */
void outgoing_publish_changed(struct producer *app, const struct tray_item *item);
void outgoing_publish_all(struct producer *app);
/* Cancels the first image in the queue. False: the queue is empty. */
bool outgoing_give_up(struct producer *app);
/* The item was removed from the tray: do not publish it any more. */
void outgoing_forget(struct producer *app, uint64_t id);
void outgoing_work(struct producer *app);
/*
 * Until when the window need not be drawn, because a single image is being published: drawing would
 * take processor time from the consumer, which is about to show it. WINDOW_FOREVER: draw it.
 */
int64_t outgoing_deadline(const struct producer *app, int64_t now);
/* Call after each look at the channel: reports what the publisher waits for. */
void outgoing_tell(struct producer *app, int64_t now);

/* ---- chosen.c -------------------------------------------------------------------------------- */

/* How long the previous image stays if the chosen one must be decoded first. */
#define CHOSEN_PATIENCE_NS INT64_C(200000000)

/* Works for a few milliseconds on bringing the chosen image to the view. True: there is more. */
bool chosen_work(struct producer *app, int64_t now);
/*
 * Call in each turn of the loop: has the publisher make a slot ready for the chosen picture if it
 * was chosen while the window had the keyboard, so that Space finds the memory.
 */
void chosen_expect(struct producer *app);
/* True if the view has the chosen image. */
bool chosen_is_there(const struct producer *app);
/* When chosen_work() has something to do by itself; WINDOW_FOREVER: never. */
int64_t chosen_deadline(const struct producer *app);
void chosen_forget(struct producer *app); /* the renderer lost its textures */
void chosen_end(struct producer *app);

/* ---- monitor.c ------------------------------------------------------------------------------- */

#define MONITOR_ID UINT64_MAX /* shown.id of the stream's picture */

/* Starts to send the stream at `path`, which must outlive the app. */
void monitor_start(struct producer *app, const char *path, const struct vitrine_options *channel);
void monitor_end(struct producer *app);

/* True if the stream is shown, not the tray's chosen image. */
bool monitor_is_shown(const struct producer *app);
void monitor_choose(struct producer *app, bool is_chosen);
bool monitor_can_pause(const struct producer *app);
void monitor_pause(struct producer *app); /* pauses or resumes it */

/*
 * Call in each turn of the loop. Returns a new picture to show (the caller's reference), or NULL.
 */
struct picture *monitor_work(struct producer *app);
/* "live, 59.9 fps, 1240 sent, 3 dropped". Returns `text`. */
char *monitor_status(const struct producer *app, char text[BROADCAST_TEXT_MAX]);

/* ---- slides.c -------------------------------------------------------------------------------- */

void slides_begin(struct producer *app);  /* --every */
void slides_toggle(struct producer *app); /* starts, pauses or resumes it */
bool slides_end(struct producer *app);    /* true: it was running */
/* Call in each turn: chooses and publishes the next image when it is due. */
void slides_work(struct producer *app, int64_t now);

/* ---- animation_player.c ---------------------------------------------------------------------- */

/* True if the item is an animation of more than one frame. */
bool player_can_play(const struct tray_item *item);

/* Starts to send the item's frames as a stream, or resumes that. False: the reason was reported. */
bool player_send(struct producer *app, const struct tray_item *item);
/*
 * Stops sending any animation other than `item` (NULL: any animation). False: it has not ended yet;
 * the window is woken when it has.
 */
bool player_make_way(struct producer *app, const struct tray_item *item);
bool player_sends(const struct producer *app, const struct tray_item *item);

/* These act on the chosen animation, if it plays. */
void player_pause(struct producer *app); /* pauses or resumes it */
void player_step(struct producer *app);  /* pauses it, and goes to the next frame */
/* The frame that is shown: the caller's reference, or NULL. */
struct picture *player_frame(const struct producer *app);
bool player_is_running(const struct producer *app);
/* "plays", "paused", or the status of a stream; "": it is not an animation. Returns `text`. */
char *player_status(const struct producer *app, char text[BROADCAST_TEXT_MAX]);

/*
 * Call in each turn of the loop. Returns a new frame of the chosen animation to show (the caller's
 * reference), or NULL.
 */
struct picture *player_work(struct producer *app);
/* Call after drawing: logs which frame of a paused animation the window shows. */
void player_presented(struct producer *app);
void player_forget(struct producer *app); /* the renderer lost its textures */
void player_end(struct producer *app);

/* ---- actions.c ------------------------------------------------------------------------------- */

void actions_event(struct producer *app, const SDL_Event *event);
void actions_run(struct producer *app, int command); /* of the key table */
/* Chooses the item at this place, or at the nearest end, and selects none. */
void actions_choose(struct producer *app, int64_t place);

/* ---- mouse.c --------------------------------------------------------------------------------- */

/* True: the event was for the tray, the status bar or the menu, not for the picture. */
bool mouse_event(struct producer *app, const SDL_Event *event);
void mouse_menu(struct producer *app, int x, int y); /* opens the context menu there */
bool mouse_cancel(struct producer *app);             /* true: an image was being moved */
void mouse_work(struct producer *app, int64_t now);  /* shows the tooltip when it is due */
int64_t mouse_deadline(const struct producer *app);  /* when; WINDOW_FOREVER: no tooltip is due */

/* ---- screen.c -------------------------------------------------------------------------------- */

/* Places view and tray; call before handling events and before drawing. */
void screen_place(struct producer *app);
/* Draws if something changed. */
void screen_draw(struct producer *app, int64_t now);

#endif
