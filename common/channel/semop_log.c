/* semop_log.c - see semop_log.h. */
#include "semop_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sem.h>

#include "link.h"

/* "ready 2 =0, writer 2 +1U": the notation of docs/protocol.md and the manual. */
static void write_array(char *text, size_t size, const struct vitrine_event *event)
{
	size_t length = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < event->count && length < size; i++) {
		const struct sembuf *operation = &event->operations[i];
		char name[24];
		int written;

		vitrine_semaphore_name(operation->sem_num, name, sizeof(name));
		written = snprintf(text + length, size - length,
			operation->sem_op == 0 ? "%s%s =%d%s%s" : "%s%s %+d%s%s", i > 0 ? ", " : "",
			name, operation->sem_op, operation->sem_flg & SEM_UNDO ? "U" : "",
			operation->sem_flg & IPC_NOWAIT ? "?" : "");
		length += written > 0 ? (size_t)written : 0;
	}
}

static bool changes_mutex(const struct vitrine_event *event, bool down)
{
	for (uint32_t i = 0; i < event->count; i++) {
		char name[24];

		vitrine_semaphore_name(event->operations[i].sem_num, name, sizeof(name));
		if (strcmp(name, "mutex") == 0 && event->operations[i].sem_op != 0)
			return (event->operations[i].sem_op < 0) == down;
	}
	return false;
}

static void write_lines(struct trace *trace)
{
	for (uint32_t i = 0; i < trace->kept; i++) {
		const struct trace_line *line = &trace->lines[i];

		log_event(trace->log, "semop", LOG_STR("name", line->name),
			LOG_I64("slot", line->slot), LOG_STR("array", line->array),
			LOG_STR("result", line->result == 0 ? "0" : strerrorname_np(-line->result)),
			LOG_U64("us", line->microseconds));
	}
	trace->kept = 0;
}

/*
 * A sleep that ended only because the worker checks, several times a second, whether it must stop.
 */
static bool is_nap(const struct vitrine_event *event)
{
	return event->result == -EINTR ||
	       (event->result == -EAGAIN && event->duration_ns >= LINK_NAP_NS / 2);
}

void trace_observe(const struct vitrine_event *event, void *data)
{
	struct trace *trace = data;
	struct trace_line *line;

	if (event->before || is_nap(event))
		return;
	/* Only retries after EAGAIN can exceed the room: keep the last one. */
	if (trace->kept == TRACE_KEPT)
		trace->kept--;
	line = &trace->lines[trace->kept++];
	snprintf(line->name, sizeof(line->name), "%s", event->name);
	write_array(line->array, sizeof(line->array), event);
	line->slot = event->slot;
	line->result = event->result;
	line->microseconds = event->duration_ns / 1000;
	if (event->result == 0 && changes_mutex(event, true))
		trace->mutex_held = true;
	if (event->result == 0 && changes_mutex(event, false))
		trace->mutex_held = false;
	/* The mutex may have been removed with the channel. */
	if (event->result == -EIDRM || event->result == -EINVAL)
		trace->mutex_held = false;
	if (!trace->mutex_held)
		write_lines(trace);
}
