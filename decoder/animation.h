/*
 * animation.h - frames of an animated GIF, WebP or PNG, one after the other. A frame is what was drawn
 * until then: so the one that comes next is made of the one before, which is kept between requests.
 * Only one animation is played at a time; another one, or a frame that has passed, begins anew.
 */
#ifndef VITRINE_DECODER_ANIMATION_H
#define VITRINE_DECODER_ANIMATION_H

#include "reader.h"

#define ANIMATION_CLEAR 0u /* what a canvas is at first */

struct animation {
	uint32_t width, height;
	uint32_t *canvas; /* the frame that was drawn last, 0xAARRGGBB with straight alpha */
	uint32_t duration_ms;
	uint32_t next; /* the number of the frame that comes next */
	void *player;  /* the format's */
};

struct animation_kind {
	/* Begins; sets the sizes. false: the reason is set. */
	bool (*open)(struct animation *animation, const struct reading *reading);
	/* Draws the next frame. false: there is none, or not all of it. */
	bool (*advance)(struct animation *animation, const struct reading *reading);
	/* Frees the player, if there is one. */
	void (*close)(struct animation *animation);
};

extern const struct animation_kind animation_gif, animation_webp, animation_png;

/* A canvas of the sizes, all clear. false: the reason is set. */
bool animation_make_canvas(struct animation *animation, const struct reading *reading);

/* Hundredths of a second that nobody can see are ten, as browsers have it. */
uint32_t animation_duration(uint32_t ms);

reader animation_read;
void animation_forget(void);

#endif
