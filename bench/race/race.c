/* race.c - starts the processes of a race, supervises them and computes the result; see race.h. */
#include "race.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "other_load.h"

enum { PATIENCE_MS = 60000 };

struct side {
	pid_t pid;  /* 0: not started, or ended */
	int socket; /* "ready" arrives here; closing it means "go", for the host "end" */
	bool is_ready, failed;
	int status; /* of waitpid(), once it failed */
};

struct race {
	const struct race_peer *peer;
	const struct race_plan *plan;
	struct peer_task task;
	struct race_area *area;
	struct side sides[RACE_SIDES];
	bool interrupted, is_stuck;
};

static bool fail(struct race_area *area, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Only the first reason is kept. */
static bool fail(struct race_area *area, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (area->error[0] == '\0')
		vsnprintf(area->error, sizeof(area->error), format, arguments);
	va_end(arguments);
	return false;
}

/* ---- a process ----------------------------------------------------------------------------- */

static const struct peer *load(const struct race_peer *which, char error[256])
{
	void *module;
	const struct peer *peer;

	if (which->peer != NULL)
		return which->peer;
	module = dlopen(which->module, RTLD_NOW | RTLD_GLOBAL); /* it may load modules itself */
	peer = module != NULL ? dlsym(module, "bench_peer") : NULL;
	if (peer == NULL)
		snprintf(error, 256, "%s", dlerror());
	return peer;
}

/* Redirects the output of a peer and its libraries to a file; its last line says why it failed. */
static void redirect(const struct race *race, enum peer_side side)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/said-%d", race->task.folder, (int)side);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		close(fd);
	}
}

static const char *last_words(const struct race *race, enum peer_side side, char line[128])
{
	char path[128], next[128];
	FILE *file;

	line[0] = '\0';
	snprintf(path, sizeof(path), "%s/said-%d", race->task.folder, (int)side);
	file = fopen(path, "re");
	while (file != NULL && fgets(next, sizeof(next), file) != NULL) {
		next[strcspn(next, "\n")] = '\0';
		if (next[0] != '\0')
			memcpy(line, next, sizeof(next));
	}
	if (file != NULL)
		fclose(file);
	return line;
}

/* How a process ended that said nothing. */
static const char *how_it_ended(int status, char line[128])
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS)
		return "killed by SIGBUS: its shared memory is full; df -h /dev/shm shows how full";
	if (WIFSIGNALED(status))
		snprintf(line, 128, "killed by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		snprintf(line, 128, "exit status %d, without a message", WEXITSTATUS(status));
	return line;
}

static bool fail_side(struct race *race, enum peer_side side, const char *what)
{
	static const char *const names[] = {
		[PEER_HOST] = "host", [PEER_CONSUMER] = "consumer", [PEER_PRODUCER] = "producer"};
	char line[128];
	const char *why = last_words(race, side, line);

	if (why[0] == '\0')
		why = how_it_ended(race->sides[side].status, line);
	return fail(race->area, "%s: %s: %s", names[side], what, why);
}

static bool play(struct race *race, enum peer_side side, int socket)
{
	struct race_area *area = race->area;
	const struct peer *peer = load(race->peer, area->error);
	void *self = peer != NULL ? peer->open(&race->task, side) : NULL;
	bool is_done = self != NULL;
	char byte = 'r';

	if (self == NULL)
		return fail_side(race, side, "does not open");
	if (write(socket, &byte, 1) == 1 && read(socket, &byte, 1) == 0) {
		if (side == PEER_CONSUMER)
			is_done = race_consume(peer, self, race->plan, area);
		else if (side == PEER_PRODUCER)
			is_done = race_produce(peer, self, race->plan, area);
	}
	peer->close(self, side);
	return is_done || fail_side(race, side, "failed");
}

static bool start_side(struct race *race, enum peer_side side)
{
	pid_t parent = getpid();
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
		return fail(race->area, "socketpair: %s", strerror(errno));
	fflush(NULL);
	race->sides[side] = (struct side){.pid = fork(), .socket = sockets[0]};
	if (race->sides[side].pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (side != PEER_HOST) /* the host must stay to clean up */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0); /* a terminal's ^C must reach only the parent */
		if (getppid() != parent)
			_exit(1);
		for (int other = 0; other <= (int)side; other++)
			close(race->sides[other].socket);
		redirect(race, side);
		exit(play(race, side, sockets[1]) ? 0 : 1); /* libraries may have exit handlers */
	}
	close(sockets[1]);
	return race->sides[side].pid > 0 || fail(race->area, "fork: %s", strerror(errno));
}

/* ---- watching ------------------------------------------------------------------------------ */

static void end_side(struct side *side)
{
	int status;

	close(side->socket);
	if (waitpid(side->pid, &status, 0) == side->pid) {
		side->failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
		side->status = status;
	}
	side->pid = 0;
}

/* Reads a side's socket: the side is ready or, if it is closed, the process has ended. */
static void hear(struct side *side)
{
	char byte;

	if (read(side->socket, &byte, 1) == 1)
		side->is_ready = true;
	else
		end_side(side);
}

/*
 * Waits until all running sides are ready (or, later, have ended). false: one failed, none
 * progressed in time, or the user interrupted.
 */
static bool watch(struct race *race, bool until_ready)
{
	for (;;) {
		struct pollfd polled[RACE_SIDES + 1];
		bool is_waiting = false;

		for (int i = 0; i < RACE_SIDES; i++) {
			struct side *side = &race->sides[i];
			bool matters =
				side->pid > 0 && (until_ready ? !side->is_ready : i != PEER_HOST);

			polled[i] = (struct pollfd){
				.fd = side->pid > 0 ? side->socket : -1, .events = POLLIN};
			is_waiting = is_waiting || matters;
			if (side->failed)
				return fail_side(race, (enum peer_side)i, "ended too early");
		}
		if (!is_waiting)
			return true;
		polled[RACE_SIDES] = (struct pollfd){.fd = race->plan->interrupt, .events = POLLIN};
		if (poll(polled, RACE_SIDES + 1, PATIENCE_MS) == 0)
			return fail(race->area, "no progress for %d seconds", PATIENCE_MS / 1000);
		race->interrupted = polled[RACE_SIDES].revents != 0;
		if (race->interrupted)
			return false;
		for (int i = 0; i < RACE_SIDES; i++)
			if (polled[i].fd >= 0 && polled[i].revents != 0)
				hear(&race->sides[i]);
	}
}

static void go(struct race *race)
{
	for (int i = PEER_CONSUMER; i < RACE_SIDES; i++)
		shutdown(race->sides[i].socket, SHUT_WR);
}

/* Ends all processes, the host last: it must clean up, so it is killed only if it hangs. */
static void end_all(struct race *race)
{
	for (int i = RACE_SIDES - 1; i >= 0; i--) {
		struct side *side = &race->sides[i];

		if (side->pid <= 0)
			continue;
		if (i != PEER_HOST) {
			kill(side->pid, SIGKILL);
		} else {
			struct pollfd polled = {.fd = side->socket, .events = POLLIN};
			char byte;

			shutdown(side->socket, SHUT_WR);
			while (poll(&polled, 1, PATIENCE_MS) > 0 &&
				read(side->socket, &byte, 1) > 0)
				continue;
			kill(side->pid, SIGKILL); /* it has ended or hangs */
		}
		end_side(side);
	}
}

/* ---- reckoning ----------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a;
	uint64_t second = *(const uint64_t *)b;

	return (first > second) - (first < second);
}

/* p50 and p99 of `to` minus `from`; overwrites `to`. */
static void percentiles(uint64_t *to, const uint64_t *from, uint64_t count, double result[2])
{
	uint64_t middle, most;

	if (count == 0)
		return;
	for (uint64_t i = 0; i < count; i++)
		to[i] = to[i] > from[i] ? to[i] - from[i] : 0;
	qsort(to, (size_t)count, sizeof(*to), compare);
	middle = count / 2;
	most = count * 99 / 100;
	result[0] = (double)to[middle] / 1e3;
	result[1] = (double)to[most] / 1e3;
}

static void reckon(struct race_area *area, struct race_result *result)
{
	const struct race_usage *producer = &area->usage[PEER_PRODUCER];
	const struct race_usage *consumer = &area->usage[PEER_CONSUMER];
	double frames = (double)area->frames;

	result->frames = area->frames;
	if (area->frames == 0)
		return;
	result->rate = frames * 1e9 / (double)(area->end_ns - area->start_ns);
	result->cpu_us = (double)(producer->cpu_ns + consumer->cpu_ns) / 1e3 / frames;
	result->switches = (double)(producer->switches + consumer->switches) / frames;
	result->faults = (double)(producer->faults + consumer->faults) / frames;
	percentiles(area->pointer_ns, area->publish_ns, area->samples, result->pointer_us);
	percentiles(area->copied_ns, area->have_ns, area->samples, result->copied_us);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
	rmdir(path);
}

static bool set_up(struct race *race)
{
	const struct race_plan *plan = race->plan;
	const char *folder = getenv("TMPDIR");

	race->area = mmap(NULL, sizeof(*race->area), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (race->area == MAP_FAILED)
		return false;
	race->task = (struct peer_task){
		.size = (size_t)plan->width * plan->height * 4,
		.width = plan->width,
		.height = plan->height,
		.slots = plan->slots,
		/* The pid makes the key and the name unique. */
		.key = (int32_t)(0x77010000u | ((unsigned)getpid() & 0xffff)),
	};
	snprintf(race->task.name, sizeof(race->task.name), "/vitrine-bench-%d", (int)getpid());
	snprintf(race->task.folder, sizeof(race->task.folder), "%.32s/vitrine-bench-XXXXXX",
		folder != NULL && strlen(folder) <= 32 ? folder : "/tmp");
	return mkdtemp(race->task.folder) != NULL;
}

bool race_run(const struct race_peer *peer, const struct race_plan *plan,
	struct race_result *result)
{
	struct race race = {.peer = peer, .plan = plan};
	struct machine_look before;
	bool is_done;

	*result = (struct race_result){0};
	if (!set_up(&race)) {
		snprintf(result->error, sizeof(result->error), "cannot be set up: %s",
			strerror(errno));
		return false;
	}
	machine_look(&before);
	is_done = start_side(&race, PEER_HOST) && watch(&race, true) &&
		  start_side(&race, PEER_CONSUMER) && start_side(&race, PEER_PRODUCER) &&
		  watch(&race, true);
	if (is_done) {
		go(&race);
		is_done = watch(&race, false);
	}
	end_all(&race);
	machine_since(&before, &result->others, &result->stolen);
	if (is_done)
		reckon(race.area, result);
	result->is_stuck = race.is_stuck;
	if (!is_done && !race.interrupted)
		memcpy(result->error, race.area->error, sizeof(result->error));
	remove_folder(race.task.folder);
	munmap(race.area, sizeof(*race.area));
	return is_done;
}

bool race_describe(const struct race_peer *which, char name[64], char title[128], bool *in_place,
	char error[256])
{
	struct {
		char name[64], title[128], error[256];
		bool in_place, is_there;
	} *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		0);
	bool is_there = false;
	pid_t pid;

	if (told == MAP_FAILED)
		return false;
	fflush(NULL);
	pid = fork(); /* side effects of loading a library stay in the child */
	if (pid == 0) {
		const struct peer *peer = load(which, told->error);

		if (peer != NULL) {
			snprintf(told->name, sizeof(told->name), "%s", peer->name);
			snprintf(told->title, sizeof(told->title), "%s", peer->title);
			told->in_place = peer->claim != NULL;
			told->is_there = true;
		}
		_exit(0);
	}
	if (pid > 0 && waitpid(pid, NULL, 0) == pid) {
		is_there = told->is_there;
		*in_place = told->in_place;
		memcpy(name, told->name, sizeof(told->name));
		memcpy(title, told->title, sizeof(told->title));
		memcpy(error, told->error, sizeof(told->error));
	}
	munmap(told, sizeof(*told));
	return is_there;
}
