/* tell.c - see tell.h. */
#include "tell.h"

#include <string.h>

#include "json.h"
#include "text.h"

/* ---- for people ----------------------------------------------------------------------------- */

/* Formats a number with three significant digits. */
static const char *number(char text[16], double value)
{
	snprintf(text, 16, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
	return text;
}

static const char *microseconds(char text[16], double value)
{
	char digits[16];

	if (value >= 1000)
		snprintf(text, 16, "%.12s ms", number(digits, value / 1000));
	else
		snprintf(text, 16, "%.12s us", number(digits, value));
	return text;
}

/* The entry that the others are compared with; the first one if it is missing. */
static unsigned measure_by(const struct measure *measure)
{
	for (unsigned i = 0; i < measure->entries; i++)
		if (strcmp(measure->entry[i].name, "posix-ring") == 0)
			return i;
	return 0;
}

static void print_entry(FILE *file, const struct measure *measure, unsigned i, unsigned size)
{
	static const char *const ways[] = {
		[RACE_COPIED] = "copied", [RACE_IN_PLACE] = "in place", [RACE_DRAWN] = "drawn"};
	const struct measure_entry *entry = &measure->entry[i];
	const struct measure_spread ratio = measure_ratio(measure, i, measure_by(measure), size);
	char rate[16], cpu[16], pointer[16], copied[16], worst[16];

	fprintf(file, "  %-32.32s %-9s", entry->title, ways[entry->way]);
	if (entry->left_out[size][0] != '\0') {
		fprintf(file, " left out: %s\n", entry->left_out[size]);
		return;
	}
	fprintf(file, "%10s %6.2f %5.2f-%-5.2f %9s %9s %9s %9s %8.2f %7.2f\n",
		number(rate, measure_median(measure, i, size, MEASURE_RATE)), ratio.middle,
		ratio.low, ratio.high,
		microseconds(cpu, measure_median(measure, i, size, MEASURE_CPU_US)),
		microseconds(pointer, measure_median(measure, i, size, MEASURE_POINTER_US)),
		microseconds(copied, measure_median(measure, i, size, MEASURE_COPIED_US)),
		microseconds(worst, measure_median(measure, i, size, MEASURE_COPIED_P99_US)),
		measure_median(measure, i, size, MEASURE_SWITCHES),
		measure_median(measure, i, size, MEASURE_FAULTS));
}

static void print_size(FILE *file, const struct measure *measure, unsigned size)
{
	struct measure_size that = measure->size[size];
	uint64_t bytes = (uint64_t)that.width * that.height * 4;
	char text[TEXT_SIZE_MAX], alone[16], both[16];

	fprintf(file, "\n%s, %u x %u, %s a frame\n", that.name, that.width, that.height,
		text_size(text, bytes));
	fprintf(file, "  %-42s%10s %6s %11s %9s %9s %9s %9s %8s %7s\n", "", "frames/s", "ratio",
		"quartiles", "CPU", "wake-up", "copy", "p99", "switches", "faults");
	for (unsigned i = 0; i < measure->entries; i++)
		print_entry(file, measure, i, size);
	fprintf(file, "  %-42s%10s\n  %-42s%10s\n", "limit: memcpy, one process alone",
		number(alone, measure_middle(that.copies, measure->rounds)),
		"limit: memcpy, two processes at once, each",
		number(both, measure_middle(that.copies_of_two, measure->rounds)));
}

/* The median of a field of struct bounds_calls; `offset` is the field's. */
static double call_median(const struct measure *measure, size_t offset)
{
	double values[MEASURE_ROUNDS];

	for (unsigned round = 0; round < measure->rounds; round++)
		memcpy(&values[round], (const char *)&measure->calls[round] + offset,
			sizeof(values[round]));
	return measure_middle(values, measure->rounds);
}

static double mean_others(const struct measure *measure, enum measure_what what)
{
	double sum = 0;

	for (unsigned i = 0; i < measure->entries; i++)
		for (unsigned size = 0; size < measure->sizes; size++)
			sum += measure_median(measure, i, size, what);
	return sum / (measure->entries * measure->sizes);
}

void tell_table(FILE *file, const struct measure *measure)
{
	fprintf(file,
		"Frames pass from one process to another, which copies each one into its own memory\n"
		"and checks that it is complete. Medians of %u rounds; all peers take turns.\n\n"
		"  copied    the producer copies the frame from its own memory\n"
		"  in place  the producer has created the frame in shared memory\n"
		"  frames/s  at full speed; ratio: compared with posix-ring copied, in the same round,\n"
		"            with the quartiles over the rounds\n"
		"  CPU       of both processes, per frame; also context switches and page faults\n"
		"  wake-up   from publishing until a sleeping consumer has the pointer\n"
		"  copy      from the producer having the frame to the consumer having its copy; p99\n",
		measure->rounds);
	for (unsigned size = 0; size < measure->sizes; size++)
		print_size(file, measure, size);
	fprintf(file,
		"\nLimits: an empty system call %.2f us, one semop %.2f us, all semops of a frame %.2f "
		"us,\nwaking a process %.1f us.\n"
		"Other processes used %.0f %% of all cores; %.0f %% was stolen by the hypervisor.\n",
		call_median(measure, offsetof(struct bounds_calls, call_us)),
		call_median(measure, offsetof(struct bounds_calls, semop_us)),
		call_median(measure, offsetof(struct bounds_calls, arrays_us)),
		call_median(measure, offsetof(struct bounds_calls, wakeup_us)),
		100 * mean_others(measure, MEASURE_OTHERS),
		100 * mean_others(measure, MEASURE_STOLEN));
}

/* ---- for programs --------------------------------------------------------------------------- */

static void write_values(struct json *json, const char *name, const double *values, unsigned count)
{
	json_array(json, name);
	for (unsigned i = 0; i < count; i++)
		json_real(json, NULL, values[i]);
	json_end_array(json);
}

static void write_entry(struct json *json, const struct measure *measure,
	const struct measure_entry *entry, unsigned size)
{
	static const char *const names[MEASURE_WHATS] = {
		[MEASURE_RATE] = "rate",
		[MEASURE_CPU_US] = "cpu_us",
		[MEASURE_SWITCHES] = "switches",
		[MEASURE_FAULTS] = "faults",
		[MEASURE_POINTER_US] = "pointer_us",
		[MEASURE_POINTER_P99_US] = "pointer_p99_us",
		[MEASURE_COPIED_US] = "copied_us",
		[MEASURE_COPIED_P99_US] = "copied_p99_us",
		[MEASURE_OTHERS] = "others",
		[MEASURE_STOLEN] = "stolen",
	};
	static const char *const ways[] = {
		[RACE_COPIED] = "copied", [RACE_IN_PLACE] = "in_place", [RACE_DRAWN] = "drawn"};
	bool is_there = entry->left_out[size][0] == '\0';
	double values[MEASURE_ROUNDS];

	json_object(json, NULL);
	json_string(json, "peer", entry->name);
	json_string(json, "title", entry->title);
	json_string(json, "way", ways[entry->way]);
	json_string(json, "left_out", is_there ? NULL : entry->left_out[size]);
	for (unsigned what = 0; is_there && what < MEASURE_WHATS; what++) {
		for (unsigned round = 0; round < measure->rounds; round++)
			values[round] = measure_value(&entry->results[size][round], what);
		write_values(json, names[what], values, measure->rounds);
	}
	json_end_object(json);
}

void tell_json(FILE *file, const struct measure *measure)
{
	struct json json = {.file = file};

	json_object(&json, NULL);
	json_u64(&json, "rounds", measure->rounds);
	json_array(&json, "sizes");
	for (unsigned size = 0; size < measure->sizes; size++) {
		const struct measure_size *that = &measure->size[size];

		json_object(&json, NULL);
		json_string(&json, "name", that->name);
		json_u64(&json, "width", that->width);
		json_u64(&json, "height", that->height);
		write_values(&json, "copies", that->copies, measure->rounds);
		write_values(&json, "copies_of_two", that->copies_of_two, measure->rounds);
		json_array(&json, "entries");
		for (unsigned i = 0; i < measure->entries; i++)
			write_entry(&json, measure, &measure->entry[i], size);
		json_end_array(&json);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_array(&json, "calls");
	for (unsigned round = 0; round < measure->rounds; round++) {
		json_object(&json, NULL);
		json_real(&json, "call_us", measure->calls[round].call_us);
		json_real(&json, "semop_us", measure->calls[round].semop_us);
		json_real(&json, "wakeup_us", measure->calls[round].wakeup_us);
		json_real(&json, "arrays_us", measure->calls[round].arrays_us);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	fputc('\n', file);
}
