/* lesson_windows.c - the windows of a lesson, and its steps, which are detected in the channel. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "executable.h"
#include "lesson.h"
#include "published.h"
#include "screen_parts.h"
#include "translate.h"

#define PATIENCE_NS   INT64_C(60000000000) /* unattended: time limit for each step */
#define SETTLED_LOOKS 5                    /* in a row, so that a passing state is not reported */

size_t lesson_windows(const struct lesson_play *play)
{
	size_t count = 0;

	if (play->unattended && play->lesson->needs_keys)
		return 0;
	while (count < LESSONS_WINDOWS && play->lesson->windows[count].program != NULL)
		count++;
	return count;
}

static void tell_steps(const struct lesson_play *play)
{
	printf(_("\nThe key is %1$s. For other terminals: export VITRINE_KEY=%1$s\n\n"),
		play->tool.key.text);
	for (size_t i = 0; i < LESSONS_STEPS && play->lesson->steps[i].text != NULL; i++)
		printf("  %zu. %s\n", i + 1, gettext(play->lesson->steps[i].text));
	puts(_("\nClosing a window ends the lesson."));
	fflush(stdout);
}

static bool open_window(struct lesson_play *play, size_t number, const struct screen_area *screen)
{
	static const char *const galleries[] = {VITRINE_GALLERY, "../../assets"};
	const struct lesson_window *window = &play->lesson->windows[number];
	const struct screen_area part =
		screen_part(screen, (unsigned)number, (unsigned)lesson_windows(play));
	bool produces = strcmp(window->program, "vitrine-producer") == 0;
	char path[PATH_MAX], gallery[PATH_MAX], geometry[64];
	char *argv[14 + LESSONS_OPTIONS] = {
		path, "--key", play->tool.key.text, "--geometry", geometry};
	size_t count = 5;

	snprintf(geometry, sizeof(geometry), "%dx%d%+d%+d", part.width, part.height, part.x,
		part.y);
	for (size_t i = 0; i < LESSONS_OPTIONS && window->options[i] != NULL; i++)
		argv[count++] = (char *)(uintptr_t)window->options[i];
	if (play->lecture)
		argv[count++] = "--lecture";
	if (play->verbose)
		argv[count++] = "--verbose";
	if (play->record != NULL) {
		argv[count++] = "--record";
		argv[count++] = (char *)(uintptr_t)play->record;
	}
	if (produces) /* the only calls are those of the lesson */
		argv[count++] = "--no-prepare";
	if (produces && play->unattended)
		argv[count++] = "--publish";
	if (produces && !executable_find_file(gallery, galleries, 2, "")) {
		log_error(&play->tool.log, gallery,
			_("the images of the lesson are not installed"));
		return false;
	}
	if (produces)
		argv[count++] = gallery;
	executable_find(path, produces ? "vitrine-producer" : "vitrine-consumer");
	return processes_start(&play->processes, argv, play->verbose);
}

/* Opens the windows whose turn has come. */
static bool open_windows(struct lesson_play *play, const struct screen_area *screen)
{
	size_t count = lesson_windows(play);

	while (play->windows_open < count) {
		const struct lesson_window *window = &play->lesson->windows[play->windows_open];

		if (play->unattended && window->after > play->seen)
			return true;
		if (!open_window(play, play->windows_open, screen))
			return false;
		play->windows_open++;
	}
	return true;
}

/* The next step that can be detected in the channel; NULL: all have been. */
static const struct lesson_step *next_step(struct lesson_play *play)
{
	const struct lesson_step *steps = play->lesson->steps;

	while (play->step < LESSONS_STEPS && steps[play->step].text != NULL) {
		if (steps[play->step].is_seen != NULL)
			return &steps[play->step];
		play->step++;
	}
	return NULL;
}

/* True if the step has been visible for a while and no image was published in the meantime. */
static bool has_settled(struct lesson_play *play, const struct lesson_step *step,
	const struct vitrine_snapshot *now)
{
	const uint64_t sequence = published_newest(now);

	if (sequence != play->sequence || !step->is_seen(now, &play->before))
		play->looks = 0;
	else
		play->looks++;
	play->sequence = sequence;
	if (now->producers.value > 0)
		play->before = *now;
	return play->looks >= SETTLED_LOOKS;
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
static void look(struct lesson_play *play, struct vitrine_channel **channel)
{
	const struct lesson_step *step = next_step(play);
	struct vitrine_options options = {.role = VITRINE_INSPECTOR, .key = &play->tool.key};
	struct vitrine_snapshot now;

	if (step == NULL || (*channel == NULL && vitrine_open(channel, &options) != VITRINE_OK) ||
		vitrine_inspect(*channel, &now) != VITRINE_OK) {
		stop_looking(channel);
	} else if (has_settled(play, step, &now)) {
		printf(_("  %zu. seen: %s\n"), play->step + 1, gettext(step->seen));
		fflush(stdout);
		play->step++;
		play->seen++;
		play->looks = 0;
		play->deadline = tool_deadline(PATIENCE_NS);
	}
}

static bool is_over(struct lesson_play *play)
{
	if (processes_look(&play->processes) == PROCESSES_ENDED ||
		!tool_sleep(&play->tool, LESSON_LOOK_NS))
		return true;
	if (!play->unattended)
		return false;
	if (!tool_is_over(play->deadline))
		return next_step(play) == NULL;
	log_error(&play->tool.log, gettext(play->lesson->steps[play->step].text),
		_("the channel does not show that this step was done"));
	play->processes.failed = true;
	return true;
}

/*
 * Ends the windows, and removes the images that were not taken. The channel is still in use at that
 * time, so no window reports that the next consumer will get the images.
 */
static void end_windows(struct lesson_play *play)
{
	struct vitrine_options options = {.role = VITRINE_MIRROR, .key = &play->tool.key};
	struct vitrine_channel *channel;
	bool is_open = vitrine_open(&channel, &options) == VITRINE_OK;

	processes_end(&play->processes);
	if (is_open)
		vitrine_remove(channel);
	vitrine_close(channel);
}

bool lesson_play_windows(struct lesson_play *play)
{
	const struct screen_area screen = screen_usable();
	struct vitrine_channel *channel = NULL;
	bool all_seen;

	tell_steps(play);
	play->deadline = tool_deadline(PATIENCE_NS);
	while (open_windows(play, &screen) && !is_over(play))
		look(play, &channel);
	all_seen = next_step(play) == NULL;
	vitrine_close(channel);
	end_windows(play);
	return !play->processes.failed && (all_seen || !play->unattended);
}
