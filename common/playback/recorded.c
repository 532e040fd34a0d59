/* recorded.c - see recorded.h. The file is a list of JSON objects, one on each line. */
#include "recorded.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "readfile.h"
#include "text.h"
#include "translate.h"

#define FILE_MOST  ((size_t)256 << 20)
#define VALUE_MOST 32767 /* SEMVMX */
#define TIME_MOST  4e15  /* microseconds: the sum of two, in nanoseconds, fits an int64_t */

/* ---- members -------------------------------------------------------------------------------- */

/* A whole number between `least` and `most`; otherwise `otherwise`. */
static int64_t number_of(const json_t *object, const char *name, int64_t least, int64_t most,
	int64_t otherwise)
{
	const json_t *member = json_object_get(object, name);
	int64_t number = json_is_integer(member) ? json_integer_value(member) : otherwise;

	return number >= least && number <= most ? number : otherwise;
}

/* Converts a time in microseconds to nanoseconds; -1: there is none, or it is impossible. */
static int64_t time_of(const json_t *object, const char *name)
{
	double us = json_number_value(json_object_get(object, name));

	return us >= 0 && us <= TIME_MOST ? (int64_t)(us * 1e3) : -1;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static pid_t pid_of(const json_t *event)
{
	return (pid_t)number_of(event, "pid", 1, INT32_MAX, 0);
}

/* ---- events --------------------------------------------------------------------------------- */

static bool take_program(struct recorded *recorded, const json_t *event)
{
	const char *name = text_of(json_object_get(event, "args"), "name");
	struct recorded_program *programs, *program;

	if (strcmp(text_of(event, "name"), "process_name") != 0 ||
		strncmp(name, "slots of ", strlen("slots of ")) == 0)
		return true;
	programs = grow_array(recorded->programs, recorded->program_count, sizeof(*programs));
	if (programs == NULL)
		return false;
	recorded->programs = programs;
	program = &programs[recorded->program_count++];
	*program = (struct recorded_program){.pid = pid_of(event)};
	snprintf(program->name, sizeof(program->name), "%s", name);
	return true;
}

/* Reads the operations of a call. False: they are not a semop array. */
static bool take_operations(struct semop_call *call, const json_t *operations)
{
	const json_t *operation;
	size_t i;

	if (json_array_size(operations) == 0 ||
		json_array_size(operations) > SEMOP_CALLS_OPERATIONS)
		return false;
	json_array_foreach(operations, i, operation)
	{
		json_int_t number = json_integer_value(json_array_get(operation, 0));
		json_int_t change = json_integer_value(json_array_get(operation, 1));
		json_int_t flags = json_integer_value(json_array_get(operation, 2));

		if (number < 0 || number >= SEMAPHORES_MAX || change < -VALUE_MOST ||
			change > VALUE_MOST)
			return false;
		call->operations[call->count++] = (struct sembuf){(unsigned short)number,
			(short)change, (short)(flags & (SEM_UNDO | IPC_NOWAIT))};
	}
	return true;
}

static int32_t result_of(const char *name)
{
	static const int errors[] = {EAGAIN, EIDRM, EINTR};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(name, strerrorname_np(errors[i])) == 0)
			return -errors[i];
	return strcmp(name, "0") == 0 ? 0 : -EINVAL;
}

static bool take_call(struct recorded *recorded, const json_t *event)
{
	const json_t *arguments = json_object_get(event, "args");
	struct recorded_call taken = {.pid = pid_of(event)};
	int64_t duration = time_of(event, "dur");
	struct recorded_call *calls;

	taken.call.started_ns = time_of(event, "ts");
	if (taken.pid == 0 || taken.call.started_ns < 0 || duration < 0 ||
		!take_operations(&taken.call, json_object_get(arguments, "operations")))
		return true;
	snprintf(taken.call.name, sizeof(taken.call.name), "%s", text_of(arguments, "call"));
	taken.call.slot = (int32_t)number_of(arguments, "slot", -1, VITRINE_SLOTS_MAX - 1, -1);
	taken.call.thread = (pid_t)number_of(event, "tid", 1, INT32_MAX, 0);
	taken.call.ended_ns = taken.call.started_ns + duration;
	taken.call.result = result_of(text_of(arguments, "result"));
	taken.call.has_slept = json_is_true(json_object_get(arguments, "slept"));
	calls = grow_array(recorded->calls, recorded->call_count, sizeof(*calls));
	if (calls == NULL)
		return false;
	recorded->calls = calls;
	calls[recorded->call_count++] = taken;
	return true;
}

/* True if the image is already known: several programs record it at about the same time. */
static bool is_known(const struct recorded *recorded, uint32_t slot, uint64_t sequence)
{
	enum { RECENT = 4 * VITRINE_SLOTS_MAX };
	size_t count = recorded->image_count;

	for (size_t i = count; i-- > (count > RECENT ? count - RECENT : 0);)
		if (recorded->images[i].slot == slot && recorded->images[i].sequence == sequence)
			return true;
	return false;
}

static bool take_image(struct recorded *recorded, const json_t *object, int64_t ns)
{
	struct recorded_image image = {
		.ns = ns,
		.slot = (uint32_t)number_of(object, "slot", 0, VITRINE_SLOTS_MAX - 1, 0),
		.sequence = (uint64_t)number_of(object, "seq", 0, INT64_MAX, 0),
	};
	struct recorded_image *images;

	if (is_known(recorded, image.slot, image.sequence))
		return true;
	snprintf(image.name, sizeof(image.name), "%s", text_of(object, "name"));
	images = grow_array(recorded->images, recorded->image_count, sizeof(*images));
	if (images == NULL)
		return false;
	recorded->images = images;
	images[recorded->image_count++] = image;
	return true;
}

static bool take_state(struct recorded *recorded, const json_t *event)
{
	const json_t *arguments = json_object_get(event, "args"), *value;
	const json_t *values = json_object_get(arguments, "values");
	size_t count = json_array_size(values), i;
	const json_t *images = json_object_get(arguments, "images"), *image;
	int64_t from = time_of(event, "ts"), took = time_of(arguments, "took");
	struct recorded_state *states, *state;

	if (from < 0 || took < 0 || count <= SEMAPHORES_SLOTS || count > SEMAPHORES_MAX ||
		(count - SEMAPHORES_SLOTS) % SEMAPHORES_OF_SLOT != 0)
		return true;
	states = grow_array(recorded->states, recorded->state_count, sizeof(*states));
	if (states == NULL)
		return false;
	recorded->states = states;
	state = &states[recorded->state_count++];
	*state = (struct recorded_state){
		.from_ns = from,
		.to_ns = from + took,
		.set = number_of(event, "pid", 0, INT64_MAX, 0),
		.key = (int32_t)number_of(arguments, "key", INT32_MIN, INT32_MAX, 0),
		.slot_count = (uint32_t)(count - SEMAPHORES_SLOTS) / SEMAPHORES_OF_SLOT,
	};
	json_array_foreach(values, i, value)
	{
		json_int_t number = json_integer_value(value);

		state->values[i] = (int16_t)(number < 0            ? 0
					     : number > VALUE_MOST ? VALUE_MOST
								   : number);
	}
	json_array_foreach(images, i, image)
	{
		if (!take_image(recorded, image, from))
			return false;
	}
	return true;
}

static bool take_event(struct recorded *recorded, const json_t *event)
{
	const char *category = text_of(event, "cat");

	if (strcmp(text_of(event, "ph"), "M") == 0)
		return take_program(recorded, event);
	if (strcmp(category, "semop") == 0)
		return take_call(recorded, event);
	if (strcmp(category, "state") == 0)
		return take_state(recorded, event);
	return true;
}

/* ---- the file ------------------------------------------------------------------------------- */

static int by_end(const void *one, const void *other)
{
	const struct semop_call *a = &((const struct recorded_call *)one)->call;
	const struct semop_call *b = &((const struct recorded_call *)other)->call;

	return (a->ended_ns > b->ended_ns) - (a->ended_ns < b->ended_ns);
}

static int by_time(const void *one, const void *other)
{
	int64_t a = ((const struct recorded_state *)one)->from_ns;
	int64_t b = ((const struct recorded_state *)other)->from_ns;

	return (a > b) - (a < b);
}

static int by_first_sight(const void *one, const void *other)
{
	int64_t a = ((const struct recorded_image *)one)->ns;
	int64_t b = ((const struct recorded_image *)other)->ns;

	return (a > b) - (a < b);
}

static void sort_all(struct recorded *recorded)
{
	if (recorded->call_count > 0)
		qsort(recorded->calls, recorded->call_count, sizeof(*recorded->calls), by_end);
	if (recorded->state_count > 0)
		qsort(recorded->states, recorded->state_count, sizeof(*recorded->states), by_time);
	if (recorded->image_count > 0)
		qsort(recorded->images, recorded->image_count, sizeof(*recorded->images),
			by_first_sight);
}

/* Parses a line without its newline. The last line may be cut off. */
static bool take_line(struct recorded *recorded, const char *line, size_t length, bool is_last,
	char message[RECORDED_MESSAGE])
{
	json_error_t error;
	json_t *event;
	bool is_taken;

	while (length > 0 && strchr(", \r", line[length - 1]) != NULL)
		length--;
	if (length == 0 || (length == 1 && line[0] == ']'))
		return true;
	event = json_loadb(line, length, 0, &error);
	if (event == NULL) {
		text_print(message, RECORDED_MESSAGE, _("one of its lines is not JSON: %s"),
			error.text);
		return is_last;
	}
	is_taken = take_event(recorded, event);
	json_decref(event);
	if (!is_taken)
		text_print(message, RECORDED_MESSAGE, "%s", _("not enough memory"));
	return is_taken;
}

static bool take_lines(struct recorded *recorded, const char *text, size_t size,
	char message[RECORDED_MESSAGE])
{
	static const char head[] = "[\n";
	const char *end = text + size;

	if (size < strlen(head) || strncmp(text, head, strlen(head)) != 0) {
		text_print(message, RECORDED_MESSAGE, "%s",
			_("it is not a recording: give a file that --record or --trace has "
			  "written"));
		return false;
	}
	for (const char *line = text + strlen(head); line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (!take_line(recorded, line, (size_t)((stop != NULL ? stop : end) - line),
			    stop == NULL, message))
			return false;
		line = stop != NULL ? stop + 1 : end;
	}
	return true;
}

bool recorded_read(struct recorded *recorded, const char *path, char message[RECORDED_MESSAGE])
{
	size_t size;
	char *text;
	int error = readfile(path, FILE_MOST, &text, &size);
	bool is_read;

	*recorded = (struct recorded){0};
	if (error != 0) {
		snprintf(message, RECORDED_MESSAGE, "%s", strerror(-error));
		return false;
	}
	is_read = take_lines(recorded, text, size, message);
	free(text);
	if (is_read && recorded->state_count == 0) {
		text_print(message, RECORDED_MESSAGE, "%s",
			_("it does not contain the state of a channel: record it again, with "
			  "this version"));
		is_read = false;
	}
	if (is_read)
		sort_all(recorded);
	else
		recorded_free(recorded);
	return is_read;
}

void recorded_free(struct recorded *recorded)
{
	free(recorded->programs);
	free(recorded->calls);
	free(recorded->states);
	free(recorded->images);
	*recorded = (struct recorded){0};
}
