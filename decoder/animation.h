/*
 * animation.h - the frames of an animated GIF, WebP or PNG, one after the other. Each frame is
 * drawn on top of the previous one, which is therefore kept between requests. Only one animation is
 * played at a time; a request for another animation, or for an earlier frame, starts again at the
 * first frame.
 */
#ifndef VITRINE_DECODER_ANIMATION_H
#define VITRINE_DECODER_ANIMATION_H

#include "reader.h"

struct animation {
	uint32_t width, height;
	uint32_t *canvas; /* the last frame drawn, 0xAARRGGBB with straight alpha */
	uint32_t duration_ms;
	uint32_t next; /* the number of the next frame */
	void *player;  /* the state of the format's player */
};

struct animation_kind {
	/* Begins; sets the sizes. false: the reason is set. */
	bool (*open)(struct animation *animation, const struct reading *reading);
	/* Draws the next frame. false: there is none, or it is incomplete. */
	bool (*advance)(struct animation *animation, const struct reading *reading);
	/* Frees the player, if there is one. */
	void (*close)(struct animation *animation);
};

extern const struct animation_kind animation_gif, animation_webp, animation_png;

/* Allocates a transparent canvas of animation->width x height. false: the reason is set. */
bool animation_make_canvas(struct animation *animation, const struct reading *reading);

/* Replaces durations of less than SHORTEST_MS by 100 ms, as browsers do. */
uint32_t animation_duration(uint32_t ms);

reader animation_read;
void animation_forget(void);

#endif
