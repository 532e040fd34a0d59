/*
 * consumer.h - the consumer's window with all that it is made of, and its life. Private to this folder:
 * consumer_setup.c makes and ends it, input.c obeys the user, paint.c draws, summary.c finds the words; consumer.c
 * is the loop that calls them. All on the window's thread.
 */
#ifndef VITRINE_CONSUMER_CONSUMER_H
#define VITRINE_CONSUMER_CONSUMER_H

#include "consumer_arguments.h"
#include "debugger.h"
#include "help.h"
#include "history.h"
#include "link.h"
#include "log.h"
#include "notices.h"
#include "presence.h"
#include "program.h"
#include "reading.h"
#include "receiver.h"
#include "reducer.h"
#include "role.h"
#include "saver.h"
#include "signals.h"
#include "statusbar.h"
#include "summary.h"
#include "view.h"
#include "viewer.h"
#include "window.h"

struct consumer {
	const struct consumer_arguments *arguments;
	struct program *program;
	const struct luggage *luggage; /* of the producer that this was before */
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
	struct viewer viewer;

	bool is_paused;
	bool is_manual; /* paused from the start: images come one by one */
	bool is_mirror;
	bool shows_information;
	bool quits;
	bool changes_role; /* the producer takes this window's place then */
	int exit_code;
	uint64_t to_save; /* S was pressed before the copy was there; 0: no */

	struct link_look look; /* how the channel was found last */
	int64_t next_look;
	bool was_open;
	struct presence_mutex mutex;
	int32_t mutex_holder; /* that was told; 0: nobody */

	struct reading reading;
	SDL_Rect next_button; /* where it was drawn; empty: it was not */

	struct summary summary; /* as drawn last, or to be drawn */
	int64_t next_summary;   /* while a stream plays: when it is made again */
	struct statusbar bar;
	struct help help;
};

/*
 * Opens window and channel, runs until the user or a signal ends it, and leaves the channel. Returns
 * the exit code; program->change says whether the program is to become the producer.
 */
int consumer_run(const struct consumer_arguments *arguments, const struct vitrine_options *channel,
	struct program *program);

/* consumer_setup.c: makes all of it. False: the log has said why; consumer_close() ends what there is. */
bool consumer_open(struct consumer *app, const struct vitrine_options *channel);
/* With R: what the producer is to have. Else says what it had queued, and will not publish. */
void consumer_pack(struct consumer *app);
void consumer_close(struct consumer *app);

/* input.c: an event of the window. */
void input_event(struct consumer *app, const SDL_Event *event);
/* Saves what S asked for as soon as its copy is there. */
void input_save_later(struct consumer *app);

/* paint.c: draws and presents all of the window if something changed. */
void paint(struct consumer *app);

/* How many images the channel has that this window was not given yet. */
uint64_t consumer_waiting(const struct consumer *app);

/* A line over the picture; errors go to standard error too. */
void consumer_tell(struct consumer *app, enum notice_kind kind, const char *subject,
	const char *reason);

#endif
