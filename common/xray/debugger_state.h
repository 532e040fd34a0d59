/* lab_state.h - what lab.c and lab_screen.c share; nobody else includes this. */
#ifndef VITRINE_UI_LAB_STATE_H
#define VITRINE_UI_LAB_STATE_H

#include "calls.h"
#include "lab.h"
#include "observers.h"
#include "scout.h"
#include "stepper.h"
#include "timeline.h"
#include "tracefile.h"
#include "xray.h"

struct lab {
	struct window *window;
	struct log *log;
	struct link *link;
	struct calls *calls;
	struct stepper *stepper;
	enum stepper_mode step_mode; /* what the key . turns on */
	struct tracefile *tracefile;
	struct scout *scout;
	struct observers observers;
	struct xray *xray;
	struct timeline *timeline;
	struct xray_model *model; /* as it came last */
	uint64_t version;
	uint64_t thumbnails[VITRINE_SLOTS_MAX]; /* versions */
	bool has_xray, has_timeline;
	bool asks_to_kill;
	SDL_Rect panel, chart, card; /* where they are; w 0: not there */
	int64_t next_frame;
};

#endif
