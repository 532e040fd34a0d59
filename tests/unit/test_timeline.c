/*
 * test_timeline.c - the timeline: what it draws of the last seconds, and how many processes it
 * follows.
 */
#include "glass.h"
#include "snapshots.h"
#include "theme.h"
#include "timeline_draw.h"

#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void the_timeline_shows_what_was(void **state)
{
	const int64_t step = 50000000;
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct attached_program program = {4199, "producer", -1, true, false};
	struct glass glass;
	int64_t now = 0;

	(void)state;
	glass_open(&glass, 800, 240, 1);
	for (int i = 0; i < 400; i++, now += step) {
		bool is_reading = i >= 200;

		snapshot->slots[0].state = is_reading ? VITRINE_SLOT_READING : VITRINE_SLOT_READY;
		program.sleeps_on = is_reading ? SEMAPHORES_EMPTY : -1;
		timeline_add(timeline, now, snapshot, &program, 1);
	}
	timeline_draw(timeline, glass.draw, (SDL_Rect){0, 0, 800, 240}, now);
	/*
	 * From right to left: ten seconds of reading, ten seconds of ready, and before that
	 * nothing.
	 */
	int y = 14 + 22 + 8;
	assert_int_equal(glass_pixel(&glass, 700, y), rgb(THEME_TEAL));
	assert_int_equal(glass_pixel(&glass, 450, y), rgb(THEME_BLUE));
	assert_int_equal(glass_pixel(&glass, 200, y), rgb(THEME_TRAY));
	/* Asleep is hatched, so that it differs from reading without the colour. */
	for (int x = 680; x < 720; x++)
		assert_int_equal(glass_pixel(&glass, x, y + 4 * 17),
			x % 4 < 2 ? rgb(THEME_TEXT_DIM) : rgb(THEME_TRAY));
	glass_close(&glass);
	free(snapshot);
	free(timeline);
}

/* The words of some languages do not fit in half a small screen: the first colours stay. */
static void the_legend_loses_its_end(void **state)
{
	const int widths[] = {300, 400, 800};
	struct timeline *timeline = calloc(1, sizeof(*timeline));

	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		bool has_writing = false, has_ready = false;
		struct glass glass;

		glass_open(&glass, widths[i], 240, 1);
		timeline_draw(timeline, glass.draw, (SDL_Rect){0, 0, widths[i], 240}, 0);
		for (int x = 0; x < widths[i]; x++) {
			has_writing |= glass_pixel(&glass, x, 14 + 8) == rgb(THEME_AMBER);
			has_ready |= glass_pixel(&glass, x, 14 + 8) == rgb(THEME_BLUE);
		}
		assert_true(has_writing && has_ready);
		glass_close(&glass);
	}
	free(timeline);
}

static void lanes_outlive_their_processes(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(64);

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct attached_program programs[3] = {{1000 + i, "one", -1, false, false},
			{2000, "stays", -1, false, false}, {3000 + i, "other", 1, false, false}};

		timeline_add(timeline, i, snapshot, programs, 3);
	}
	assert_int_equal(timeline->process_count, TIMELINE_PROCESSES);
	free(snapshot);
	free(timeline);
}

static bool is_found(int shmid, pid_t pid)
{
	struct attached_program programs[ATTACHED_MAX];
	size_t count = attached_find(shmid, programs, ATTACHED_MAX);

	for (size_t i = 0; i < count; i++)
		if (programs[i].pid == pid)
			return true;
	return false;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Forks a child that has its parent's segment attached, or with `joins` attaches it itself. Returns
 * what a look found; looks again if it took so long that the child counts in any case.
 */
static bool child_is_found(int shmid, bool joins)
{
	bool is_in_time, found;

	do {
		int64_t start = now_ms();
		int ready[2], end[2];
		char byte = 0;

		assert_int_equal(pipe(ready) | pipe(end), 0);
		pid_t child = fork();
		if (child == 0) {
			if (joins)
				byte = shmat(shmid, NULL, 0) == (void *)-1;
			close(end[1]);
			byte |= write(ready[1], &byte, 1) != 1;
			byte |= read(end[0], &byte, 1) != 0;
			_exit(byte);
		}
		assert_int_equal(read(ready[0], &byte, 1), 1);
		assert_int_equal(byte, 0);
		found = is_found(shmid, child);
		is_in_time = now_ms() - start < 900;
		for (int i = 0; i < 2; i++) {
			close(end[1 - i]);
			close(ready[i]);
		}
		assert_int_equal(waitpid(child, NULL, 0), child);
	} while (!is_in_time);
	return found;
}

/*
 * Between fork() and exec() a child has its parent's segments attached, but is no program of them.
 */
static void a_child_that_passes_by_is_not_found(void **state)
{
	int shmid = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	void *memory = shmat(shmid, NULL, 0);

	(void)state;
	shmctl(shmid, IPC_RMID, NULL); /* once nobody has it attached */
	assert_ptr_not_equal(memory, (void *)-1);
	assert_true(is_found(shmid, getpid()));
	assert_false(child_is_found(shmid, false));
	assert_true(child_is_found(shmid, true));
	shmdt(memory);
}

static int grid_lines(struct glass *glass, int y)
{
	int count = 0;

	for (int x = 0; x < 800; x++)
		count += glass_pixel(glass, x, y) == rgb(THEME_EDGE);
	return count;
}

/* The words "not observed" interrupt the line in the middle, which would go through them. */
static void no_line_goes_through_words(void **state)
{
	struct timeline *timeline = calloc(1, sizeof(*timeline));
	struct vitrine_snapshot *snapshot = make_snapshot(4);
	struct glass glass;

	(void)state;
	glass_open(&glass, 800, 240, 1);
	timeline_add(timeline, TIMELINE_NS, snapshot, NULL, 0);
	timeline_draw(timeline, glass.draw, (SDL_Rect){0, 0, 800, 240}, TIMELINE_NS);
	assert_int_equal(grid_lines(&glass, 14 + 22 + 3 * 17 + 2), 7);
	assert_int_equal(grid_lines(&glass, 14 + 22), 6);
	glass_close(&glass);
	free(snapshot);
	free(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_timeline_shows_what_was),
		cmocka_unit_test(the_legend_loses_its_end),
		cmocka_unit_test(lanes_outlive_their_processes),
		cmocka_unit_test(a_child_that_passes_by_is_not_found),
		cmocka_unit_test(no_line_goes_through_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
