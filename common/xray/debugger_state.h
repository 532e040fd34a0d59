/* debugger_state.h - shared by debugger.c and debugger_screen.c; only they include this. */
#ifndef VITRINE_XRAY_DEBUGGER_STATE_H
#define VITRINE_XRAY_DEBUGGER_STATE_H

#include "curves.h"
#include "debugger.h"
#include "dialog.h"
#include "observers.h"
#include "sampler.h"
#include "semop_calls.h"
#include "stepper.h"
#include "timeline.h"
#include "tracefile.h"
#include "xray.h"

struct debugger {
	struct window *window;
	struct log *log;
	struct link *link;
	struct semop_calls *calls;
	struct stepper *stepper;
	enum stepper_mode step_mode; /* the mode that the key . starts */
	struct tracefile *tracefile;
	struct sampler *sampler;
	struct observers observers;
	struct xray *xray;
	struct timeline *timeline;
	struct xray_model *model; /* the newest one */
	uint64_t version;
	uint64_t thumbnails[VITRINE_SLOTS_MAX]; /* versions */
	bool has_xray, has_timeline, records;
	bool is_lecture, had_xray; /* the state before lecture mode */
	struct curves curves;
	bool asks_to_kill;
	bool covers; /* the panel lies over a part of the picture's and the tray's places */
	SDL_Rect panel, chart, card; /* their places; w 0: not shown */
	int64_t next_frame;
};

/* The buttons of K's question. */
enum { DEBUGGER_KILLS, DEBUGGER_SPARES };
struct dialog debugger_question(void);

#endif
