/*
 * double.c - a decoder that misbehaves: vitrine-decoder as it is, limits and all, but for files
 * that say in a comment what is to go wrong. Tests give its path to decoder_create(), or lay it
 * beside a copy of a window's program.
 *
 *	P6
 *	# misbehave: abort
 *	4 4 255 …              an image like any other for the real one
 *
 * DOUBLE_NEEDS: it is confined like the decoder whose libraries need that (confine.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "reader.h"
#include "serve.h"
#include "wire.h"

typedef void misbehaviour(struct raster_sink *sink, char *reason);

/* ---- ends ---------------------------------------------------------------------------------- */

static void do_abort(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	abort();
}

static void do_segv(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	raise(SIGSEGV);
}

static void do_exit(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	_exit(3);
}

static void do_close(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	close(WIRE_SOCKET);
	for (;;)
		pause();
}

static void do_hang(struct raster_sink *sink, char *reason)
{
	volatile bool is_endless = true;

	(void)sink, (void)reason;
	while (is_endless)
		continue;
}

static void do_hang_half_way(struct raster_sink *sink, char *reason)
{
	const struct raster_shape shape = {1000, 1000, 1000, 1000, 6};
	uint32_t rows = 10;

	sink->begin(sink, &shape, reason);
	memset(sink->room(sink, &rows), 0x55, (size_t)rows * 4000);
	sink->put(sink, rows);
	do_hang(sink, reason);
}

/* ---- lies ---------------------------------------------------------------------------------- */

static void do_huge(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_SHAPE,
		.width = 60000,
		.height = 60000,
		.whole_width = 60000,
		.whole_height = 60000,
		.orientation = 1});
}

/* A product that is small in 32 bits. */
static void do_overflow(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_SHAPE,
		.width = 65536,
		.height = 65536,
		.whole_width = 65536,
		.whole_height = 65536,
		.orientation = 1});
}

static void do_nothing_wide(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_SHAPE,
		.width = 0,
		.height = 4,
		.whole_width = 4,
		.whole_height = 4,
		.orientation = 1});
}

static void do_orientation(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_SHAPE,
		.width = 4,
		.height = 4,
		.whole_width = 4,
		.whole_height = 4,
		.orientation = 9});
}

static void do_two_shapes(struct raster_sink *sink, char *reason)
{
	const struct raster_shape shape = {4, 4, 4, 4, 1};

	sink->begin(sink, &shape, reason);
	sink->begin(sink, &shape, reason);
}

static void do_no_shape(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_PART, .bytes = 64});
}

static void do_long_part(struct raster_sink *sink, char *reason)
{
	const struct raster_shape shape = {4000, 4000, 4000, 4000, 1};

	sink->begin(sink, &shape, reason);
	serve_say((struct wire_message){.kind = WIRE_PART, .bytes = 16000000});
}

static void do_too_many_rows(struct raster_sink *sink, char *reason)
{
	const struct raster_shape shape = {4, 4, 4, 4, 1};

	sink->begin(sink, &shape, reason);
	serve_say((struct wire_message){.kind = WIRE_PART, .bytes = 65});
	serve_say((struct wire_message){.kind = WIRE_PART, .bytes = 4096});
}

static void do_too_few_rows(struct raster_sink *sink, char *reason)
{
	const struct raster_shape shape = {4, 4, 4, 4, 1};

	sink->begin(sink, &shape, reason);
	serve_say((struct wire_message){.kind = WIRE_END, .is_good = 1});
}

static void do_flood(struct raster_sink *sink, char *reason)
{
	const struct raster_shape shape = {4, 4, 4, 4, 1};

	sink->begin(sink, &shape, reason);
	for (;;)
		serve_say((struct wire_message){.kind = WIRE_PART, .bytes = 4});
}

static void do_garbage(struct raster_sink *sink, char *reason)
{
	char bytes[sizeof(struct wire_message)];

	(void)sink, (void)reason;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 37 + 11);
	send(WIRE_SOCKET, bytes, sizeof(bytes), MSG_NOSIGNAL);
}

static void do_half_message(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	send(WIRE_SOCKET, "half", 4, MSG_NOSIGNAL);
}

static void do_long_message(struct raster_sink *sink, char *reason)
{
	static const char bytes[60000];

	(void)sink, (void)reason;
	send(WIRE_SOCKET, bytes, sizeof(bytes), MSG_NOSIGNAL);
}

/* A reason without an end, with what a terminal would obey. */
static void do_text(struct raster_sink *sink, char *reason)
{
	(void)sink;
	memset(reason, 'x', TEXT_REASON_MAX);
	memcpy(reason, "\033[2J\r\xff", 6);
}

/* Says more after it has answered. */
static void do_chatter(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_END, .reason = "a first answer"});
	serve_say((struct wire_message){.kind = WIRE_END, .reason = "a second answer"});
}

static void await_the_next_request(void)
{
	char byte;

	recv(WIRE_SOCKET, &byte, 1, MSG_PEEK);
}

/* Says more after it has answered, when the next file is in hand. */
static void do_late_chatter(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_END, .reason = "a first answer"});
	await_the_next_request();
	serve_say((struct wire_message){.kind = WIRE_END, .reason = "a second answer"});
}

/* Answers, and ends when the next file is in hand. */
static void do_late_exit(struct raster_sink *sink, char *reason)
{
	(void)sink, (void)reason;
	serve_say((struct wire_message){.kind = WIRE_END, .reason = "a first answer"});
	await_the_next_request();
	_exit(0);
}

static uint32_t seed; /* of the file in hand */

static uint32_t next_random(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

/*
 * Something like a conversation: mostly in order, with numbers that are mostly near to right ones.
 */
static void do_random(struct raster_sink *sink, char *reason)
{
	const uint32_t width = 1 + next_random() % 700, height = 1 + next_random() % 700;
	uint64_t left = (uint64_t)width * height * 4;

	(void)sink, (void)reason;
	if (next_random() % 8 > 0)
		serve_say((struct wire_message){.kind = WIRE_SHAPE,
			.width = width,
			.height = height,
			.whole_width = width + next_random() % 9,
			.whole_height = height,
			.orientation = 1 + next_random() % 8});
	while (left > 0 && next_random() % 64 > 0) {
		struct wire_message part = {.kind = WIRE_PART,
			.bytes = 4 * (1 + next_random() % (WIRE_PART_BYTES / 4))};

		if (part.bytes > left)
			part.bytes = (uint32_t)left;
		if (next_random() % 64 == 0)
			((uint32_t *)(void *)&part)[next_random() % 9] = next_random();
		left -= part.bytes < left ? part.bytes : left;
		serve_say(part);
	}
	serve_say((struct wire_message){.kind = next_random() % 8 > 0 ? WIRE_END : next_random(),
		.is_good = next_random() % 4,
		.reason = "bad luck"});
}

/* ---- grabs --------------------------------------------------------------------------------- */

static void do_shrink(struct raster_sink *sink, char *reason)
{
	(void)sink;
	bool shrunk = ftruncate(WIRE_WINDOW, 0) == 0;
	bool grown = ftruncate(WIRE_WINDOW, 1 << 30) == 0;

	snprintf(reason, TEXT_REASON_MAX, "shrunk %d grown %d", shrunk, grown);
}

static void do_grow(struct raster_sink *sink, char *reason)
{
	const size_t size = (size_t)16 << 20;
	uint64_t total = 0;
	volatile char *memory;

	(void)sink;
	while ((memory = malloc(size)) != NULL && total < UINT64_C(64) << 30) {
		memory[size - 1] = 1; /* what is limited is addresses, and so no more is touched */
		total += size;
	}
	snprintf(reason, TEXT_REASON_MAX, "got %" PRIu64 " MiB", total >> 20);
}

static void do_descriptors(struct raster_sink *sink, char *reason)
{
	int count = 0;

	(void)sink;
	for (int fd = WIRE_WINDOW + 1; fd < 65536; fd++)
		count += close(fd) == 0;
	snprintf(reason, TEXT_REASON_MAX, "descriptors %d", count);
}

static void do_environment(struct raster_sink *sink, char *reason)
{
	(void)sink;
	snprintf(reason, TEXT_REASON_MAX, "environment:");
	for (char **variable = environ; *variable != NULL; variable++)
		snprintf(reason + strlen(reason), TEXT_REASON_MAX - strlen(reason), " %.20s",
			*variable);
}

/* True if the filter, and not a limit, a wrong argument or luck, refuses the call. */
static bool is_filtered(long result)
{
	return result == -1 && errno == EPERM;
}

/*
 * Calls that other limits would refuse, too, are refused by the filter first: opening and making
 * descriptors (RLIMIT_NOFILE), writing (to a descriptor that is there, and one that is not).
 */
static void try_descriptors(char *reason)
{
	if (!is_filtered(open("/etc/passwd", O_RDONLY)))
		strcat(reason, " openat");
	if (!is_filtered(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, 0)))
		strcat(reason, " openat2");
	if (!is_filtered(socket(AF_UNIX, SOCK_STREAM, 0)))
		strcat(reason, " socket");
	if (!is_filtered(dup(STDERR_FILENO)))
		strcat(reason, " dup");
	if (!is_filtered(write(WIRE_WINDOW + 1, "", 1)))
		strcat(reason, " write");
	if (!is_filtered(write(WIRE_WINDOW, "", 0)))
		strcat(reason, " write-window");
	if (!is_filtered(pwrite(WIRE_WINDOW, "", 0, 0)))
		strcat(reason, " pwrite");
}

/* Memory may become neither code from the start nor later. */
static void try_code(char *reason)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!is_filtered((long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0)))
		strcat(reason, " mmap-code");
	if (page == MAP_FAILED || !is_filtered(mprotect(page, 4096, PROT_READ | PROT_EXEC)))
		strcat(reason, " mprotect-code");
	if (mprotect(page, 4096, PROT_READ) != 0)
		strcat(reason, " (and no mprotect at all)");
}

/* What it may not do; each that succeeds is named. */
static void do_forbidden(struct raster_sink *sink, char *reason)
{
	char *const argv[] = {"true", NULL};

	(void)sink;
	snprintf(reason, TEXT_REASON_MAX, "allowed:");
	try_descriptors(reason);
	try_code(reason);
	if (shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0)
		strcat(reason, " shmget");
	if (kill(getppid(), 0) == 0)
		strcat(reason, " kill");
	if (fork() == 0)
		_exit(0);
	else if (errno != EPERM && errno != EAGAIN)
		strcat(reason, " fork");
	if (prctl(PR_SET_PDEATHSIG, 0) == 0)
		strcat(reason, " prctl");
	execv("/bin/true", argv);
	if (errno != EPERM)
		strcat(reason, " execve");
}

static void *pass(void *argument)
{
	return argument;
}

static void do_threads(struct raster_sink *sink, char *reason)
{
	pthread_t thread;
	const int error = pthread_create(&thread, NULL, pass, NULL);

	(void)sink;
	if (error == 0)
		pthread_join(thread, NULL);
	snprintf(reason, TEXT_REASON_MAX, "a thread: %s", error == 0 ? "started" : "refused");
}

static const struct {
	const char *name;
	misbehaviour *behave;
} misbehaviours[] = {
	{"abort", do_abort},
	{"segv", do_segv},
	{"exit", do_exit},
	{"close", do_close},
	{"hang", do_hang},
	{"hang half-way", do_hang_half_way},
	{"huge", do_huge},
	{"overflow", do_overflow},
	{"nothing wide", do_nothing_wide},
	{"orientation", do_orientation},
	{"two shapes", do_two_shapes},
	{"no shape", do_no_shape},
	{"long part", do_long_part},
	{"too many rows", do_too_many_rows},
	{"too few rows", do_too_few_rows},
	{"flood", do_flood},
	{"garbage", do_garbage},
	{"half message", do_half_message},
	{"long message", do_long_message},
	{"text", do_text},
	{"chatter", do_chatter},
	{"late chatter", do_late_chatter},
	{"late exit", do_late_exit},
	{"random", do_random},
	{"shrink", do_shrink},
	{"grow", do_grow},
	{"descriptors", do_descriptors},
	{"environment", do_environment},
	{"forbidden", do_forbidden},
	{"threads", do_threads},
};

static bool misbehave(const struct raster_source *source, struct raster_sink *sink,
	struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	static const char mark[] = "P6\n# misbehave: ";
	const size_t length = sizeof(mark) - 1;

	if (source->size < 128 || memcmp(source->bytes, mark, length) != 0)
		return raster_decode(source, sink, result, reason);
	for (size_t i = 0; i < sizeof(misbehaviours) / sizeof(misbehaviours[0]); i++) {
		const char *name = misbehaviours[i].name;
		const char *asked = (const char *)source->bytes + length;

		if (strncmp(asked, name, strlen(name)) != 0 || asked[strlen(name)] != '\n')
			continue;
		seed = (uint32_t)strtoul(asked + strlen(name) + 3, NULL, 10);
		misbehaviours[i].behave(sink, reason);
	}
	return false;
}

int main(int argc, char **argv)
{
	char reason[TEXT_REASON_MAX];
	uint64_t memory;

	if (argc != 2 || sscanf(argv[1], "%" SCNu64, &memory) != 1)
		return 2;
	if (!serve_begin())
		return 0;
	signal(SIGXFSZ, SIG_IGN); /* a failure is enough */
	raster_start(&plain_readers);
	serve(misbehave, confine(memory, DOUBLE_NEEDS, reason) ? NULL : reason);
	return 0;
}
