/*
 * consumer.h - the consumer's window with all its parts, from start to end. Private to this folder:
 * consumer_setup.c creates and destroys it, input.c handles the user's input, save_commands.c saves
 * and copies images, dropped.c handles drops, paint.c draws, summary.c writes the texts; consumer.c
 * is the loop that calls them. Everything is on the window's thread.
 */
#ifndef VITRINE_CONSUMER_CONSUMER_H
#define VITRINE_CONSUMER_CONSUMER_H

#include "chooser.h"
#include "clipboard.h"
#include "consumer_arguments.h"
#include "debugger.h"
#include "drop.h"
#include "film_recording.h"
#include "help.h"
#include "history.h"
#include "information.h"
#include "link.h"
#include "log.h"
#include "menu.h"
#include "notices.h"
#include "presence.h"
#include "probe.h"
#include "program.h"
#include "receiver.h"
#include "reducer.h"
#include "role.h"
#include "saver.h"
#include "shown_text.h"
#include "signals.h"
#include "statusbar.h"
#include "summary.h"
#include "view.h"
#include "viewer.h"
#include "window.h"

/* The state of save_commands.c. */
struct saving {
	uint64_t number;            /* the image to save or copy, once its copy exists; 0: none */
	enum saver_kind kind;       /* … by which key */
	struct history_entry asked; /* the dialog is open for it; picture NULL: no dialog */
	char copied[VITRINE_NAME_MAX];  /* is being offered to the clipboard */
	struct saver_progress progress; /* as shown */
	int64_t since;                  /* … since this time */
};

struct consumer {
	const struct consumer_arguments *arguments;
	struct program *program;
	const struct role_state *previous; /* from the producer that this process was before */
	struct log *log;
	struct window *window;
	struct draw *draw; /* the window's */
	struct debugger *debugger;
	struct view *view;
	struct notices *notices;
	struct signals *signals;
	struct link *link;
	struct history *history;
	struct receiver *receiver;
	struct saver *saver;
	struct reducer *reducer;
	struct chooser *chooser;
	struct clipboard *clipboard;
	struct viewer viewer;

	bool is_paused;
	bool is_manual; /* --manual: images are taken one by one */
	bool is_mirror;
	bool shows_information;
	struct information information;
	bool quits;
	bool changes_role; /* R was pressed: become the producer at the end */
	int exit_code;
	struct saving saving;
	struct drop drop;          /* the drop in progress */
	struct role_state dropped; /* kept files, for the producer that this window may become */
	struct probe probe;

	struct recording recording; /* Ctrl+R: a film of the channel */

	struct link_look look; /* the last look at the channel */
	int64_t next_look;
	int calm; /* link_look_ns() */
	bool was_open;
	struct presence_mutex mutex;
	int32_t mutex_holder; /* the holder that was reported; 0: none */

	struct shown_text shown_text;
	SDL_Rect next_button; /* where it was drawn; empty: not drawn */

	struct summary summary; /* as last drawn, or to be drawn */
	int64_t next_summary;   /* while a stream plays: time of the next update */
	struct statusbar bar;
	struct help help;
	struct menu menu; /* of the right button */
};

/*
 * Opens window and channel, runs until the user or a signal ends it, and leaves the channel.
 * Returns the exit code; program->change says whether the program must become the producer.
 */
int consumer_run(const struct consumer_arguments *arguments, const struct vitrine_options *channel,
	struct program *program);

/* consumer_setup.c: creates all parts. False: the reason was logged; call consumer_close(). */
bool consumer_open(struct consumer *app, const struct vitrine_options *channel);
/*
 * After R: collects what the producer gets. Otherwise reports what it had queued and will not
 * publish.
 */
void consumer_leave_role(struct consumer *app);
void consumer_close(struct consumer *app);

/* input.c: an event of the window. */
void input_event(struct consumer *app, const SDL_Event *event);
/* Looks at the recording, and reports when its file is complete. */
void input_look_at_recording(struct consumer *app);
/* Ends a recording before the window closes. */
void input_end_recording(struct consumer *app);

/* save_commands.c: saves or copies the shown image as soon as the history has it. */
void save_commands_begin(struct consumer *app, enum saver_kind kind);
void save_commands_work(struct consumer *app); /* takes the results */
/*
 * When to call save_commands_work() next while an image is being saved; WINDOW_FOREVER: when the
 * window is woken.
 */
int64_t save_commands_deadline(const struct consumer *app);
void save_commands_end(struct consumer *app);

/*
 * dropped.c: true if the event was part of a drop. Hands dropped files to a producer, or keeps
 * them.
 */
bool dropped_event(struct consumer *app, const SDL_Event *event);
/* The keys that open or paste in the producer: says where images belong. */
void dropped_nothing(struct consumer *app);

/* paint.c: draws and presents all of the window if something changed. */
void paint(struct consumer *app);

/* Shows a message over the picture; errors are also printed on standard error. */
void consumer_tell(struct consumer *app, enum notice_kind kind, const char *subject,
	const char *reason);

#endif
