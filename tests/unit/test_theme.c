/*
 * test_theme.c - both themes are readable: the contrast of every text and frame with its
 * backgrounds (WCAG 2.1), the difference of the state colours for a deuteranope, and the text
 * sizes.
 */
#include "theme.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TEXT_LEAST  4.5 /* WCAG AA */
#define FRAME_LEAST 3.0 /* WCAG 1.4.11: what one must see to know where something ends */
#define EDGE_LEAST  1.9 /* between two panes, which also differ by what is in them */
#define CHECK_LEAST 1.5 /* the checkerboard must not drown the picture on it */
#define DELTA_LEAST 10.0

struct light {
	double red, green, blue; /* linear, 0 to 1 */
};

static double linear(uint8_t value)
{
	double part = value / 255.0;

	return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static struct light light_of(SDL_Color colour)
{
	return (struct light){linear(colour.r), linear(colour.g), linear(colour.b)};
}

static double luminance(struct light light)
{
	return 0.2126 * light.red + 0.7152 * light.green + 0.0722 * light.blue;
}

static double contrast(SDL_Color one, SDL_Color other)
{
	double a = luminance(light_of(one)) + 0.05, b = luminance(light_of(other)) + 0.05;

	return a > b ? a / b : b / a;
}

/* A translucent colour on an opaque one. */
static SDL_Color on(SDL_Color glass, SDL_Color ground)
{
	const int part = glass.a, rest = 255 - glass.a;

	return (SDL_Color){(uint8_t)((glass.r * part + ground.r * rest) / 255),
		(uint8_t)((glass.g * part + ground.g * rest) / 255),
		(uint8_t)((glass.b * part + ground.b * rest) / 255), 255};
}

/* The colour as a deuteranope sees it: Viénot, Brettel and Mollon, 1999. */
static struct light deuteranope(struct light c)
{
	double l = 17.8824 * c.red + 43.5161 * c.green + 4.11935 * c.blue;
	double s = 0.0299566 * c.red + 0.184309 * c.green + 1.46709 * c.blue;
	double m = 0.494207 * l + 1.24827 * s;

	return (struct light){0.0809444479 * l - 0.130504409 * m + 0.116721066 * s,
		-0.0102485335 * l + 0.0540193266 * m - 0.113614708 * s,
		-0.000365296938 * l - 0.00412161469 * m + 0.693511405 * s};
}

static double curve(double part)
{
	return part > 216.0 / 24389 ? cbrt(part) : (24389.0 / 27 * part + 16) / 116;
}

/* CIELAB, D65. */
static void lab_of(struct light c, double lab[3])
{
	double r = fmin(fmax(c.red, 0), 1), g = fmin(fmax(c.green, 0), 1);
	double b = fmin(fmax(c.blue, 0), 1);
	double x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
	double y = curve(0.2126 * r + 0.7152 * g + 0.0722 * b);
	double z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);

	lab[0] = 116 * y - 16;
	lab[1] = 500 * (x - y);
	lab[2] = 200 * (y - z);
}

static double delta_for_deuteranope(SDL_Color one, SDL_Color other)
{
	double a[3], b[3];

	lab_of(deuteranope(light_of(one)), a);
	lab_of(deuteranope(light_of(other)), b);
	return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
		    (a[2] - b[2]) * (a[2] - b[2]));
}

static void require(double got, double least, const char *what, int front, int ground)
{
	if (got < least)
		fail_msg("%s theme: %s %d on %d has %.2f, not %.1f",
			theme_kind() == THEME_DARK ? "dark" : "light", what, front, ground, got,
			least);
}

static void each_text_and_frame_can_be_seen(void **state)
{
	static const enum theme_colour grounds[] = {COLOUR_BACKGROUND, COLOUR_TRAY, COLOUR_PANEL,
		COLOUR_BAR, COLOUR_RAISED, COLOUR_BADGE};
	static const enum theme_colour texts[] = {COLOUR_TEXT, COLOUR_TEXT_DIM, COLOUR_AMBER,
		COLOUR_BLUE, COLOUR_TEAL, COLOUR_VIOLET, COLOUR_RED};

	(void)state;
	for (enum theme_kind kind = THEME_DARK; kind <= THEME_LIGHT; kind++) {
		theme_use(kind);
		for (size_t g = 0; g < COUNT(grounds); g++) {
			SDL_Color ground = theme_colour(grounds[g]);

			for (size_t t = 0; t < COUNT(texts); t++)
				require(contrast(theme_colour(texts[t]), ground), TEXT_LEAST,
					"text", (int)texts[t], (int)grounds[g]);
			require(contrast(THEME_OUTLINE, ground), FRAME_LEAST, "frame",
				COLOUR_OUTLINE, (int)grounds[g]);
			require(contrast(THEME_EDGE, ground), EDGE_LEAST, "edge", COLOUR_EDGE,
				(int)grounds[g]);
		}
		for (size_t t = 2; t < COUNT(texts); t++) /* pills */
			require(contrast(THEME_INK, theme_colour(texts[t])), TEXT_LEAST, "ink",
				COLOUR_INK, (int)texts[t]);
		require(contrast(THEME_CHECK_1, THEME_CHECK_2), CHECK_LEAST, "check",
			COLOUR_CHECK_1, COLOUR_CHECK_2);
	}
	theme_use(THEME_DARK);
}

/* Text over a picture: the picture may be white or black. */
static void glass_is_dense_enough(void **state)
{
	static const SDL_Color pictures[] = {{255, 255, 255, 255}, {0, 0, 0, 255}};

	(void)state;
	for (enum theme_kind kind = THEME_DARK; kind <= THEME_LIGHT; kind++) {
		theme_use(kind);
		for (size_t i = 0; i < COUNT(pictures); i++) {
			SDL_Color ground = on(THEME_GLASS, pictures[i]);

			require(contrast(THEME_TEXT, ground), TEXT_LEAST, "text", COLOUR_TEXT,
				COLOUR_GLASS);
			require(contrast(THEME_TEXT_DIM, ground), TEXT_LEAST, "text",
				COLOUR_TEXT_DIM, COLOUR_GLASS);
		}
	}
	theme_use(THEME_DARK);
}

/* Writing, ready, reading, kept, damaged, asleep, and empty. */
static void states_differ_for_a_deuteranope(void **state)
{
	static const enum theme_colour states[] = {COLOUR_AMBER, COLOUR_BLUE, COLOUR_TEAL,
		COLOUR_VIOLET, COLOUR_RED, COLOUR_TEXT_DIM, COLOUR_OUTLINE};

	(void)state;
	for (enum theme_kind kind = THEME_DARK; kind <= THEME_LIGHT; kind++) {
		theme_use(kind);
		for (size_t i = 0; i < COUNT(states); i++)
			for (size_t j = 0; j < i; j++)
				require(delta_for_deuteranope(theme_colour(states[i]),
						theme_colour(states[j])),
					DELTA_LEAST, "colour", (int)states[i], (int)states[j]);
	}
	theme_use(THEME_DARK);
}

static void no_type_is_too_small(void **state)
{
	const struct font_style styles[] = {THEME_BODY, THEME_BODY_BOLD, THEME_HEAD, THEME_LABEL,
		THEME_BAR_TEXT, THEME_BAR_NAME, THEME_MONO, THEME_PILL, THEME_NOTICE,
		THEME_NOTICE_NAME, THEME_MONO_SMALL, THEME_FIGURE};

	(void)state;
	for (size_t i = 0; i < COUNT(styles); i++)
		assert_true(styles[i].size >= 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_text_and_frame_can_be_seen),
		cmocka_unit_test(glass_is_dense_enough),
		cmocka_unit_test(states_differ_for_a_deuteranope),
		cmocka_unit_test(no_type_is_too_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
