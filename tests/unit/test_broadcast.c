/*
 * test_broadcast.c - the thread that plays an animation: without a channel, paused and resumed
 * frame by frame.
 */
#include "broadcast.h"

#include <fcntl.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
/* cmocka needs the above first */
#include <cmocka.h>

#define HEADER "YUV4MPEG2 W2 H2 F1000:1 Cmono\n"
#define FRAME  "FRAME\n"

static char folder[] = "/tmp/vitrine-broadcast-XXXXXX";
static char path[64];
static sem_t news; /* posted whenever the broadcast wakes the window */

static int make_fifo(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/film", folder);
	return sem_init(&news, 0, 0) + mkfifo(path, 0600);
}

static int remove_fifo(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void wake(void *data)
{
	(void)data;
	sem_post(&news);
}

static struct broadcast *play(void)
{
	static const struct live_choice choice = {.fps = LIVE_OWN_RATE};
	char reason[512] = "";
	struct broadcast *broadcast = broadcast_create(
		&(struct broadcast_options){
			.path = path,
			.choice = &choice,
			.animates = true,
			.when_full = -1,
			.memory = 1 << 20,
			.wake = wake,
		},
		reason);

	if (broadcast == NULL)
		fail_msg("%s", reason);
	return broadcast;
}

/* Waits for the preview with this number, or for the end if it is 0. */
static void wait_for(struct broadcast *broadcast, uint64_t version, struct broadcast_look *look)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 30;
	for (;;) {
		broadcast_look(broadcast, look);
		if (version > 0 ? look->version >= version : look->state == BROADCAST_ENDED)
			return;
		assert_int_equal(sem_timedwait(&news, &deadline), 0);
	}
}

/* Waits until it is paused and no frame is in progress. */
static void wait_until_it_stands(struct broadcast *broadcast, struct broadcast_look *look)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 30;
	for (;;) {
		broadcast_look(broadcast, look);
		if (look->stands)
			return;
		assert_int_equal(sem_timedwait(&news, &deadline), 0);
	}
}

/* The grey of the newest frame. */
static int grey(struct broadcast *broadcast)
{
	struct picture *preview = broadcast_preview(broadcast);
	int value;

	assert_non_null(preview);
	value = ((const uint8_t *)preview->pixels.data)[0];
	picture_unref(preview);
	return value;
}

static void write_frames(int fd, int first, int count)
{
	for (int i = first; i < first + count; i++) {
		char frame[sizeof(FRAME) - 1 + 4];

		memcpy(frame, FRAME, sizeof(FRAME) - 1);
		memset(frame + sizeof(FRAME) - 1, 16 + i, 4);
		assert_int_equal(write(fd, frame, sizeof(frame)), sizeof(frame));
	}
}

static void each_step_is_one_frame(void **state)
{
	struct broadcast *broadcast = play();
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	struct broadcast_look look;
	int before = -1;

	(void)state;
	assert_true(fd >= 0);
	broadcast_pause(broadcast, true);
	assert_int_equal(write(fd, HEADER, sizeof(HEADER) - 1), sizeof(HEADER) - 1);
	write_frames(fd, 0, 40);
	for (uint64_t step = 1; step <= 20; step++) {
		broadcast_step(broadcast);
		wait_until_it_stands(broadcast, &look);
		assert_int_equal(look.version, step);
		assert_true(grey(broadcast) > before);
		before = grey(broadcast);
	}
	assert_int_equal(look.width, 2);
	broadcast_pause(broadcast, false);
	broadcast_look(broadcast, &look);
	assert_false(look.stands);
	close(fd);
	wait_for(broadcast, 0, &look);
	assert_int_equal(look.version, 40);
	assert_int_equal(look.counts.sent, 40);
	assert_int_equal(look.counts.sequence, 0); /* nothing was published */
	broadcast_destroy(broadcast);
}

/* It can be stopped while it waits for a writer, and while it is paused. */
static void it_can_be_stopped_at_any_time(void **state)
{
	struct broadcast_look look;

	(void)state;
	for (int pauses = 0; pauses < 2; pauses++) {
		struct broadcast *broadcast = play();
		int fd = open(path, O_WRONLY | O_CLOEXEC);

		broadcast_pause(broadcast, pauses);
		broadcast_stop(broadcast);
		wait_for(broadcast, 0, &look);
		broadcast_destroy(broadcast);
		close(fd);
	}
}

static void its_state_is_said_in_words(void **state)
{
	struct broadcast_look look = {.state = BROADCAST_WAITS};
	char text[BROADCAST_TEXT_MAX];

	(void)state;
	assert_string_equal(broadcast_status(&look, text), "waiting for a frame");
	look.state = BROADCAST_RUNS;
	look.counts = (struct live_counts){.sent = 1240, .dropped = 3, .fps = 59.94};
	assert_string_equal(broadcast_status(&look, text), "live, 59.9 fps, 1240 sent, 3 dropped");
	look.counts.waits = true;
	assert_string_equal(broadcast_status(&look, text),
		"waiting for a slot, 1240 sent, 3 dropped");
	look.state = BROADCAST_PAUSED;
	look.counts = (struct live_counts){.sent = 2};
	assert_string_equal(broadcast_status(&look, text), "paused, 2 sent");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_is_one_frame),
		cmocka_unit_test(it_can_be_stopped_at_any_time),
		cmocka_unit_test(its_state_is_said_in_words),
	};

	return cmocka_run_group_tests(tests, make_fifo, remove_fifo);
}
