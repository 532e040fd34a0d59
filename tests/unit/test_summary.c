/*
 * test_summary.c - what the consumer says in its status bar, and before the first image: how it is
 * paused, what waits, where the image comes from, and what to do.
 */
#include "summary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka needs the above first */
#include <cmocka.h>

#include "monotonic.h"

#define SECOND INT64_C(1000000000)

/* An open channel with a producer and this consumer, in which nothing was received yet. */
static struct link_look look;
static struct viewer viewer;
static struct recording recording;
static struct summary_source source;
static struct summary summary;

static int set_up(void **state)
{
	(void)state;
	memset(&look, 0, sizeof(look));
	look.state = LINK_OPEN;
	look.snapshot.producers.value = look.snapshot.consumers.value = 1;
	viewer = (struct viewer){0};
	recording = (struct recording){0};
	source = (struct summary_source){.look = &look,
		.viewer = &viewer,
		.recording = &recording,
		.zoom = 0.5,
		.is_fitted = true,
		.is_wide = true,
		.pixel = ""};
	return 0;
}

/* An image of this process, published five seconds ago, is on the screen. */
static void show_image(void)
{
	struct vitrine_image *image = &viewer.shown.image;

	assert_int_equal(vitrine_pixels(image, "a.png", 640, 480, VITRINE_XR24), VITRINE_OK);
	image->sequence = 7;
	image->publisher = getpid();
	image->published_ns = monotonic_ns() - 5 * SECOND;
	viewer.shown.number = 1;
	viewer.shown.latency_ms = 1.3;
	viewer.shown.content.kind = CONTENT_PIXELS;
	viewer.shown.content.pixels.width = 640;
	viewer.shown.content.pixels.height = 480;
}

/* The texts behind the name, with " | " between them. */
static const char *bar(void)
{
	static char text[SUMMARY_TEXTS * SUMMARY_TEXT_MAX];

	summary_make(&summary, &source);
	text[0] = '\0';
	for (size_t i = 0; i < summary.text_count; i++) {
		strcat(text, i > 0 ? " | " : "");
		strcat(text, summary.texts[i]);
	}
	return text;
}

static const char *mode(void)
{
	summary_make(&summary, &source);
	return summary.mode;
}

static const char *advice(void)
{
	summary_make(&summary, &source);
	return summary.advice;
}

static void before_the_first_image_it_says_what_to_do(void **state)
{
	(void)state;
	assert_string_equal(advice(), "A producer is running: press Space in its window");
	assert_string_equal(summary.headline, "Waiting for an image");
	look.snapshot.producers.value = 0;
	assert_string_equal(advice(),
		"Start vitrine-producer, drop a picture on it and press Space");
	source.is_paused = true;
	assert_string_equal(advice(), "Press Space to resume");
	source.is_manual = true;
	assert_string_equal(advice(), "Press Enter or the button below to take the next image");
	assert_string_not_equal(summary.channel, "");
	look.state = LINK_FAILED;
	strcpy(look.message, "semget: no room");
	assert_string_equal(advice(), "semget: no room");
	assert_string_equal(summary.channel, "");
}

static void the_mode_counts_what_waits(void **state)
{
	(void)state;
	assert_string_equal(mode(), "");
	source.is_paused = true;
	assert_string_equal(mode(), "paused");
	source.waiting = 1;
	assert_string_equal(mode(), "paused: 1 waits");
	source.waiting = 3;
	assert_string_equal(mode(), "paused: 3 wait");
	source.is_mirror = true;
	assert_string_equal(mode(), "mirror, paused: 3 newer");
	source.is_mirror = false;
	source.is_manual = true;
	assert_string_equal(mode(), "manual: 3 wait");
	viewer.is_stepping = true;
	assert_string_equal(mode(), "manual: waiting for the next");
	viewer.wanted = 4;
	source.newer = 2;
	assert_string_equal(mode(), "looking back: 2 newer");
}

/* A consumer takes what waits; a mirror compares the newest image with the last one it has seen. */
static void what_waits_is_counted_for_each_role(void **state)
{
	(void)state;
	look.snapshot.full.value = 3;
	look.snapshot.slot_count = 2;
	look.snapshot.slots[1].latest = look.snapshot.slots[1].has_image = true;
	look.snapshot.slots[1].image.sequence = 12;
	viewer.newest_sequence = 10;
	assert_int_equal(viewer_waiting(&viewer, &look, false), 3);
	assert_int_equal(viewer_waiting(&viewer, &look, true), 2);
	viewer.newest_sequence = 13; /* it was dropped in the meantime */
	assert_int_equal(viewer_waiting(&viewer, &look, true), 0);
	look.state = LINK_FAILED;
	assert_int_equal(viewer_waiting(&viewer, &look, false), 0);
}

static void the_bar_tells_of_the_image(void **state)
{
	(void)state;
	show_image();
	assert_string_equal(bar(), "#7 | 640 × 480 | shown after 1.3 ms | published 5 s ago");
	assert_string_equal(summary.name, "a.png");
	source.is_wide = false;
	source.is_fitted = false;
	viewer.shown.image.checksum = VITRINE_MD5;
	assert_string_equal(bar(),
		"#7 | 50 % | 640 × 480 | md5 not checked | after 1.3 ms | 5 s ago");
	look.snapshot.consumers.value = 2;
	assert_non_null(strstr(bar(), "#7 | 2 consumers share the images"));
}

/* Lesson 3 asks which numbers a consumer got, in windows of half a projector. */
static void looking_back_the_number_stands_first(void **state)
{
	(void)state;
	show_image();
	viewer.wanted = 7;
	assert_int_equal(strncmp(bar(), "#7 | looking back", 17), 0);
}

/* No newer image can come: that is said first. */
static void it_says_that_the_producer_is_gone(void **state)
{
	const pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(0);
	assert_true(child > 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	show_image();
	viewer.shown.image.publisher = child;
	assert_string_equal(bar(), "its producer has ended | 5 s ago | #7 | 640 × 480");
	look.snapshot.producers.value = 0;
	assert_string_equal(bar(), "no producer is connected any more | 5 s ago | #7 | 640 × 480");
	viewer.shown.is_former = true; /* nothing is known of that one */
	assert_string_equal(bar(), "of a removed channel | #7 | 640 × 480 | shown after 1.3 ms | "
				   "published 5 s ago");
}

static void the_pixel_under_the_mouse_comes_before_all_but_a_recording(void **state)
{
	(void)state;
	show_image();
	source.pixel = "x 1  y 2";
	assert_null(strstr(bar(), "x 1")); /* for the overlay of key I only */
	source.has_probe = true;
	recording = (struct recording){
		.state = RECORDING_ON, .started_ns = monotonic_ns() - 65 * SECOND};
	assert_string_equal(bar(), "● recording 1:05 | x 1  y 2 | 50 %");
}

/* A stream has no number and no time for each of its frames. */
static void a_stream_has_its_figures(void **state)
{
	(void)state;
	show_image();
	viewer.stream = (struct stream_stats){.is_on = true, .fps = 59.94, .dropped = 3};
	assert_string_equal(bar(), "live, 59.9 fps | 3 dropped | 640 × 480");
}

#define TEST(function) cmocka_unit_test_setup(function, set_up)

static void test_an_age_changes_seldom(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} ages[] = {{0, "just now"}, {4, "just now"}, {5, "5 s ago"}, {9, "5 s ago"},
		{10, "10 s ago"}, {59, "50 s ago"}, {60, "1 min ago"}, {7200, "2 h ago"}};
	char text[SUMMARY_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
		assert_string_equal(summary_age(text, ages[i].seconds * SECOND), ages[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(before_the_first_image_it_says_what_to_do),
		TEST(the_mode_counts_what_waits),
		TEST(what_waits_is_counted_for_each_role),
		TEST(the_bar_tells_of_the_image),
		TEST(looking_back_the_number_stands_first),
		TEST(it_says_that_the_producer_is_gone),
		TEST(the_pixel_under_the_mouse_comes_before_all_but_a_recording),
		TEST(a_stream_has_its_figures),
		cmocka_unit_test(test_an_age_changes_seldom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
