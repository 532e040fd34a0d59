/* lesson_windows.c - the windows of a lesson, and its steps, which are detected in the channel. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "executable.h"
#include "lesson_run.h"
#include "published.h"
#include "screen_areas.h"
#include "translate.h"

#define PATIENCE_NS   INT64_C(60000000000) /* unattended: time limit for each step */
#define SETTLED_LOOKS 5                    /* in a row, so that a passing state is not reported */

size_t lesson_windows(const struct lesson_run *run)
{
	size_t count = 0;

	if (run->unattended && run->lesson->needs_keys)
		return 0;
	while (count < LESSONS_WINDOWS && run->lesson->windows[count].program != NULL)
		count++;
	return count;
}

static void tell_steps(const struct lesson_run *run)
{
	printf(_("\nThe key is %1$s. For other terminals: export VITRINE_KEY=%1$s\n\n"),
		run->tool.key.text);
	for (size_t i = 0; i < LESSONS_STEPS && run->lesson->steps[i].text != NULL; i++)
		printf("  %zu. %s\n", i + 1, gettext(run->lesson->steps[i].text));
	puts(_("\nClosing a window ends the lesson."));
	fflush(stdout);
}

static bool open_window(struct lesson_run *run, size_t number, const struct screen_area *screen)
{
	static const char *const galleries[] = {VITRINE_GALLERY, "../../assets"};
	const struct lesson_window *window = &run->lesson->windows[number];
	const struct screen_area part =
		screen_part(screen, (unsigned)number, (unsigned)lesson_windows(run));
	bool produces = strcmp(window->program, "vitrine-producer") == 0;
	char path[PATH_MAX], gallery[PATH_MAX], geometry[64];
	char *argv[14 + LESSONS_OPTIONS] = {
		path, "--key", run->tool.key.text, "--geometry", geometry};
	size_t count = 5;

	snprintf(geometry, sizeof(geometry), "%dx%d%+d%+d", part.width, part.height, part.x,
		part.y);
	for (size_t i = 0; i < LESSONS_OPTIONS && window->options[i] != NULL; i++)
		argv[count++] = (char *)(uintptr_t)window->options[i];
	if (run->lecture)
		argv[count++] = "--lecture";
	if (run->verbose)
		argv[count++] = "--verbose";
	if (run->record != NULL) {
		argv[count++] = "--record";
		argv[count++] = (char *)(uintptr_t)run->record;
	}
	if (produces) /* the only calls are those of the lesson */
		argv[count++] = "--no-prepare";
	if (produces && run->unattended)
		argv[count++] = "--publish";
	if (produces && !executable_find_file(gallery, galleries, 2, "")) {
		log_error(&run->tool.log, gallery, _("the images of the lesson are not installed"));
		return false;
	}
	if (produces)
		argv[count++] = gallery;
	executable_find(path, produces ? "vitrine-producer" : "vitrine-consumer");
	return processes_start(&run->processes, argv, run->verbose);
}

/* Opens the windows whose turn has come. */
static bool open_windows(struct lesson_run *run, const struct screen_area *screen)
{
	size_t count = lesson_windows(run);

	while (run->windows_open < count) {
		const struct lesson_window *window = &run->lesson->windows[run->windows_open];

		if (run->unattended && window->after > run->seen)
			return true;
		if (!open_window(run, run->windows_open, screen))
			return false;
		run->windows_open++;
	}
	return true;
}

/* The next step that can be detected in the channel; NULL: all have been. */
static const struct lesson_step *next_step(struct lesson_run *run)
{
	const struct lesson_step *steps = run->lesson->steps;

	while (run->step < LESSONS_STEPS && steps[run->step].text != NULL) {
		if (steps[run->step].is_seen != NULL)
			return &steps[run->step];
		run->step++;
	}
	return NULL;
}

/* True if the step has been visible for a while and no image was published in the meantime. */
static bool has_settled(struct lesson_run *run, const struct lesson_step *step,
	const struct vitrine_snapshot *now)
{
	const uint64_t sequence = published_newest(now);

	if (sequence != run->sequence || !step->is_seen(now, &run->before))
		run->looks = 0;
	else
		run->looks++;
	run->sequence = sequence;
	if (now->producers.value > 0)
		run->before = *now;
	return run->looks >= SETTLED_LOOKS;
}

static void stop_looking(struct vitrine_channel **channel)
{
	vitrine_close(*channel);
	*channel = NULL;
}

/*
 * Reports a step when the channel shows that it was done. Attaches the segment only briefly,
 * because the attachment counts in nattch.
 */
static void look(struct lesson_run *run, struct vitrine_channel **channel)
{
	const struct lesson_step *step = next_step(run);
	struct vitrine_options options = {.role = VITRINE_INSPECTOR, .key = &run->tool.key};
	struct vitrine_snapshot now;

	if (step == NULL || (*channel == NULL && vitrine_open(channel, &options) != VITRINE_OK) ||
		vitrine_inspect(*channel, &now) != VITRINE_OK) {
		stop_looking(channel);
	} else if (has_settled(run, step, &now)) {
		printf(_("  %zu. seen: %s\n"), run->step + 1, gettext(step->seen));
		fflush(stdout);
		run->step++;
		run->seen++;
		run->looks = 0;
		run->deadline = tool_deadline(PATIENCE_NS);
	}
}

static bool is_over(struct lesson_run *run)
{
	if (processes_look(&run->processes) == PROCESSES_ENDED ||
		!tool_sleep(&run->tool, LESSON_LOOK_NS))
		return true;
	if (!run->unattended)
		return false;
	if (!tool_is_over(run->deadline))
		return next_step(run) == NULL;
	log_error(&run->tool.log, gettext(run->lesson->steps[run->step].text),
		_("the channel does not show that this step was done"));
	run->processes.failed = true;
	return true;
}

/*
 * Ends the windows, and removes the images that were not taken. The channel is still in use at that
 * time, so no window reports that the next consumer will get the images.
 */
static void end_windows(struct lesson_run *run)
{
	struct vitrine_options options = {.role = VITRINE_MIRROR, .key = &run->tool.key};
	struct vitrine_channel *channel;
	bool is_open = vitrine_open(&channel, &options) == VITRINE_OK;

	processes_end(&run->processes);
	if (is_open)
		vitrine_remove(channel);
	vitrine_close(channel);
}

bool lesson_run_windows(struct lesson_run *run)
{
	const struct screen_area screen = screen_usable();
	struct vitrine_channel *channel = NULL;
	bool all_seen;

	tell_steps(run);
	run->deadline = tool_deadline(PATIENCE_NS);
	while (open_windows(run, &screen) && !is_over(run))
		look(run, &channel);
	all_seen = next_step(run) == NULL;
	vitrine_close(channel);
	end_windows(run);
	return !run->processes.failed && (all_seen || !run->unattended);
}
