/* debugger_state.h - what debugger.c and debugger_screen.c share; nobody else includes this. */
#ifndef VITRINE_XRAY_DEBUGGER_STATE_H
#define VITRINE_XRAY_DEBUGGER_STATE_H

#include "calls.h"
#include "curves.h"
#include "debugger.h"
#include "dialog.h"
#include "observers.h"
#include "sampler.h"
#include "stepper.h"
#include "timeline.h"
#include "tracefile.h"
#include "xray.h"

struct debugger {
	struct window *window;
	struct log *log;
	struct link *link;
	struct calls *calls;
	struct stepper *stepper;
	enum stepper_mode step_mode; /* what the key . turns on */
	struct tracefile *tracefile;
	struct sampler *sampler;
	struct observers observers;
	struct xray *xray;
	struct timeline *timeline;
	struct xray_model *model; /* as it came last */
	uint64_t version;
	uint64_t thumbnails[VITRINE_SLOTS_MAX]; /* versions */
	bool has_xray, has_timeline, records;
	bool is_lecture, had_xray; /* before lecture mode opened it */
	struct curves curves;
	bool asks_to_kill;
	SDL_Rect panel, chart, card; /* where they are; w 0: not there */
	int64_t next_frame;
};

/* What K asks, and its buttons. */
enum { DEBUGGER_KILLS, DEBUGGER_SPARES };
struct dialog debugger_question(void);

#endif
