/*
 * log.h - the log of a program, for other programs and for people: one line per event on standard
 * output, `event key=value key="quoted value"` or a JSON object, and errors on standard error.
 * Lines are whole and flushed, regardless of which threads write them. Callers give fields and
 * types; the format is decided here.
 *
 *     log_event(log, "published", LOG_U64("seq", 3), LOG_STR("name", name));
 *
 * The common events and their fields (the man pages describe all events of a program); fields in
 * brackets appear only for files, which have no width and height: channel (role key text
 * source semid shmid slots slot_size owner created), window (width height scale renderer), loaded
 * (name path width height [type bytes] ms tray), refused (path, or seq and name, reason), published
 * (seq slot name width height [type] bytes ms md5 or xxh3), waiting (reason for), gave-up, removed,
 * reopened, shown (seq slot name width height [type as] latency_ms md5 or xxh3), saved (path),
 * paused, resumed, frame (number), key (name), click (x y button), mirror (on), step (on), closed
 * (waiting), stream (name kind format width height fps when_full), streaming (sent dropped fps),
 * stream-ended (sent dropped seconds fps).
 */
#ifndef VITRINE_BASE_LOG_H
#define VITRINE_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct log {
	FILE *out;           /* events; stdout */
	FILE *err;           /* errors; stderr */
	const char *program; /* "vitrine-producer" */
	bool json;           /* write events as JSON: {"event": "published", "seq": 3} */
};

enum log_type {
	LOG_TYPE_U64,
	LOG_TYPE_I64,
	LOG_TYPE_HEX,    /* 0x%08x, for keys */
	LOG_TYPE_REAL,   /* three decimal places */
	LOG_TYPE_BOOL,   /* true or false */
	LOG_TYPE_STRING, /* any bytes; control characters become \xNN; NULL is "" */
};

struct log_field {
	const char *key;
	enum log_type type;
	union {
		uint64_t u64;
		int64_t i64;
		double real;
		bool boolean;
		const char *string;
	};
};

#define LOG_U64(name, value)                                                                       \
	((struct log_field){.key = (name), .type = LOG_TYPE_U64, .u64 = (value)})
#define LOG_I64(name, value)                                                                       \
	((struct log_field){.key = (name), .type = LOG_TYPE_I64, .i64 = (value)})
#define LOG_HEX(name, value)                                                                       \
	((struct log_field){.key = (name), .type = LOG_TYPE_HEX, .u64 = (value)})
#define LOG_REAL(name, value)                                                                      \
	((struct log_field){.key = (name), .type = LOG_TYPE_REAL, .real = (value)})
#define LOG_BOOL(name, value)                                                                      \
	((struct log_field){.key = (name), .type = LOG_TYPE_BOOL, .boolean = (value)})
#define LOG_STR(name, value)                                                                       \
	((struct log_field){.key = (name), .type = LOG_TYPE_STRING, .string = (value)})

/*
 * Starts a log on stdout and stderr. `program` must outlive it. From here on SIGPIPE is ignored, so
 * that the program survives if a reader of its log ends (children that need the default action must
 * set it with posix_spawnattr_setsigdefault).
 */
void log_start(struct log *log, const char *program);

/*
 * Writes one event. Any thread. A closed standard output is not an error, because nobody is
 * reading.
 */
#define log_event(log, event, ...)                                                                 \
	log_write((log), LOG_FIELDS(event, __VA_ARGS__),                                           \
		sizeof(LOG_FIELDS(event, __VA_ARGS__)) / sizeof(struct log_field))
#define LOG_FIELDS(event, ...) ((const struct log_field[]){LOG_STR("event", event), __VA_ARGS__})

/* Called by log_event(); the first field is the name of the event. */
void log_write(const struct log *log, const struct log_field fields[], size_t count);

/*
 * Writes "vitrine-producer: what: why" to standard error: one line, printable whatever bytes `what`
 * and `why` hold. Any thread.
 */
void log_error(const struct log *log, const char *what, const char *why);

#endif
