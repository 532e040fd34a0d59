/*
 * views.h - a view on a window in memory (glass.h) for each test, and pictures for it. The
 * functions are static: each test includes what it needs.
 */
#ifndef VITRINE_TEST_VIEWS_H
#define VITRINE_TEST_VIEWS_H

#include <stdlib.h>

#include "glass.h"
#include "view.h"
#include "vitrine.h"

enum { WIDTH = 400, HEIGHT = 300, GROUND = 0x102030 };

struct fixture {
	struct glass glass;
	struct view *view;
};

static inline int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	glass_open(&f->glass, WIDTH, HEIGHT, 1);
	f->view = view_create(f->glass.draw);
	assert_non_null(f->view);
	view_place(f->view, (SDL_Rect){0, 0, WIDTH, HEIGHT});
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;
	view_destroy(f->view);
	glass_close(&f->glass);
	free(f);
	return 0;
}

typedef uint32_t painter(uint32_t x, uint32_t y);

static inline struct pixels paint(uint32_t width, uint32_t height, uint32_t format, painter *colour)
{
	uint32_t *data = malloc((size_t)width * height * 4);
	assert_non_null(data);
	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++)
			data[(size_t)y * width + x] = colour(x, y);
	return (struct pixels){(const uint8_t *)data, width, height, width * 4, format};
}

static inline void unpaint(const struct pixels *pixels)
{
	free((void *)(uintptr_t)pixels->data);
}

static inline uint32_t red(uint32_t x, uint32_t y)
{
	(void)x, (void)y;
	return 0xffff0000;
}

static inline uint32_t green(uint32_t x, uint32_t y)
{
	(void)x, (void)y;
	return 0xff00ff00;
}

/* The colour at (x, y): different for every pixel of up to 4096 x 4096. */
static inline uint32_t place(uint32_t x, uint32_t y)
{
	return 0xff000000 | (x & 0xfff) << 12 | (y & 0xfff);
}

static inline uint64_t show(struct fixture *f, const struct pixels *pixels)
{
	uint64_t id = view_begin(f->view, pixels);
	enum view_progress progress;
	assert_int_not_equal(id, 0);
	while ((progress = view_upload(f->view, 1000000)) == VIEW_MORE)
		;
	assert_int_equal(progress, VIEW_DONE);
	return id;
}

/* Draws as a window does: only after it has asked whether there is something new to draw. */
static inline void look(struct fixture *f)
{
	view_changed(f->view);
	glass_clear(&f->glass, GROUND);
	view_draw(f->view);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
