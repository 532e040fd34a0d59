/* test_leaving.c - the question before the producer closes: when it is asked, and every answer. */
#include "event.h"
#include "glass.h"
#include "leaving.h"

static const SDL_Rect area = {0, 0, 640, 480};

static struct leaving asking(void)
{
	struct leaving leaving = {0};

	assert_false(leaving_quit(&leaving, 2, 14));
	assert_true(leaving.asks);
	return leaving;
}

static void it_asks_only_if_something_is_lost(void **state)
{
	struct leaving leaving = {0};

	(void)state;
	assert_true(leaving_quit(&leaving, 0, 0));
	assert_false(leaving.asks);
	assert_false(leaving_quit(&leaving, 1, 0));
	assert_true(leaving_quit(&leaving, 1, 0)); /* the window is closed once more */
	leaving = (struct leaving){0};
	assert_false(leaving_quit(&leaving, 0, 1));
}

static void the_question_follows_what_would_be_lost(void **state)
{
	struct leaving leaving = asking();

	(void)state;
	assert_false(leaving_follow(&leaving, 1, 14));
	assert_int_equal(leaving.waiting, 1);
	assert_false(leaving_follow(&leaving, 0, 14));
	assert_true(leaving.asks);
	assert_true(leaving_follow(&leaving, 0, 0));
	assert_false(leaving.asks);
}

static enum leaving_answer pressed(struct leaving *leaving, struct glass *glass, SDL_Keycode key,
	Uint8 repeat)
{
	SDL_Event event = event_of(SDL_KEYDOWN);

	event.key.keysym.sym = key;
	event.key.repeat = repeat;
	return leaving_event(leaving, &event, glass->draw, area);
}

static void every_key_is_an_answer(void **state)
{
	static const SDL_Keycode quits[] = {SDLK_q, SDLK_w, SDLK_RETURN, SDLK_KP_ENTER};
	static const SDL_Keycode stays[] = {SDLK_ESCAPE, SDLK_SPACE, SDLK_a, SDLK_DELETE};
	struct glass glass;
	struct leaving leaving;

	(void)state;
	glass_open(&glass, area.w, area.h, 1);
	for (size_t i = 0; i < SDL_arraysize(quits); i++) {
		leaving = asking();
		assert_int_equal(pressed(&leaving, &glass, quits[i], 0), LEAVING_QUITS);
	}
	for (size_t i = 0; i < SDL_arraysize(stays); i++) {
		leaving = asking();
		assert_int_equal(pressed(&leaving, &glass, stays[i], 0), LEAVING_STAYS);
		assert_false(leaving.asks);
		assert_int_equal(pressed(&leaving, &glass, stays[i], 0), LEAVING_NOTHING);
	}
	/* The repetition of Q held too long, and the Ctrl of Ctrl+Q, are not answers. */
	leaving = asking();
	assert_int_equal(pressed(&leaving, &glass, SDLK_q, 1), LEAVING_TAKEN);
	assert_int_equal(pressed(&leaving, &glass, SDLK_LCTRL, 0), LEAVING_TAKEN);
	assert_true(leaving.asks);
	glass_close(&glass);
}

/* Finds the buttons by their frames, and also tests clicks between them. */
static void the_buttons_can_be_clicked(void **state)
{
	int quits = 0, stays = 0;
	struct glass glass;

	(void)state;
	glass_open(&glass, area.w, area.h, 1);
	for (int y = 0; y < area.h; y += 4)
		for (int x = 0; x < area.w; x += 4) {
			struct leaving leaving = asking();
			SDL_Event event = event_of(SDL_MOUSEBUTTONDOWN);
			enum leaving_answer answer;

			event.button.x = x;
			event.button.y = y;
			answer = leaving_event(&leaving, &event, glass.draw, area);
			quits += answer == LEAVING_QUITS;
			stays += answer == LEAVING_STAYS;
		}
	assert_true(quits > 100 && stays > quits);
	glass_close(&glass);
}

static void it_is_drawn_only_while_it_asks(void **state)
{
	struct leaving leaving = {0};
	struct glass glass;

	(void)state;
	glass_open(&glass, area.w, area.h, 1);
	glass_clear(&glass, 0x123456);
	leaving_draw(&leaving, glass.draw, area);
	assert_int_equal(glass_count_other(&glass, area, 0x123456), 0);
	leaving = asking();
	leaving_draw(&leaving, glass.draw, area);
	assert_true(glass_count_other(&glass, area, 0x123456) > area.w * area.h / 2);
	glass_close(&glass);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_asks_only_if_something_is_lost),
		cmocka_unit_test(the_question_follows_what_would_be_lost),
		cmocka_unit_test(every_key_is_an_answer),
		cmocka_unit_test(the_buttons_can_be_clicked),
		cmocka_unit_test(it_is_drawn_only_while_it_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
