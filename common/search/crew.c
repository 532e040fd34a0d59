/* crew.c - see crew.h. */
#include "crew.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/timespec.h"
#include "base/translate.h"
#include "search/namespaces.h"

#define FAREWELL_MS 5000 /* time for a worker to end its run and remove its objects */

/* What a worker shares with its master. */
struct exchange {
	bool is_over;
	bool is_apart;
	struct job job;
	struct report report;
};

struct worker {
	pid_t pid;
	int socket; /* one byte each way: begin, done */
	bool is_busy;
	struct exchange *exchange;
};

struct crew {
	unsigned count;
	struct worker workers[CREW_MAX];
};

/* ---- the worker's side ---------------------------------------------------------------------- */

/* Programs and their tracer take turns: switching is cheapest on one processor. */
static void stay_on(unsigned number)
{
	cpu_set_t allowed, own;
	int seen = 0, wanted;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return;
	wanted = (int)number % CPU_COUNT(&allowed);
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || seen++ != wanted)
			continue;
		CPU_ZERO(&own);
		CPU_SET(cpu, &own);
		sched_setaffinity(0, sizeof(own), &own);
		return;
	}
}

_Noreturn static void work(struct worker *worker, const struct execution_options *options,
	unsigned number)
{
	struct execution_options own = *options;
	struct exchange *exchange = worker->exchange;
	struct namespaces namespaces;
	struct execution *execution;
	char byte, reason[512];

	stay_on(number);
	setsid(); /* programs cannot open the terminal, and ^C does not reach them */
	namespaces_enter(&namespaces);
	exchange->is_apart = namespaces.has_objects;
	own.namespaces = &namespaces;
	own.is_over = &exchange->is_over;
	if (!exchange->is_apart)
		own.salt = (int32_t)((uint32_t)(getpid() * 64 + (int)number) << 8 | 1);
	if (!execution_create(&execution, &own, reason))
		_exit(1);
	while (write(worker->socket, "", 1) == 1 && read(worker->socket, &byte, 1) == 1)
		execution_run(execution, &exchange->job, &exchange->report);
	execution_destroy(execution);
	namespaces_leave(&namespaces);
	_exit(0);
}

/* ---- the master's side ---------------------------------------------------------------------- */

static bool hire(struct crew *crew, const struct execution_options *options)
{
	unsigned number = crew->count;
	struct worker *worker = &crew->workers[number];
	pid_t master = getpid();
	int sockets[2];

	worker->exchange = mmap(NULL, sizeof(*worker->exchange), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (worker->exchange == MAP_FAILED)
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
		munmap(worker->exchange, sizeof(*worker->exchange));
		return false;
	}
	worker->is_busy = true; /* until the worker reports that it is ready */
	worker->pid = fork();
	if (worker->pid == 0) {
		for (unsigned i = 0; i < number; i++)
			close(crew->workers[i].socket);
		close(sockets[0]);
		worker->socket = sockets[1];
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != master)
			_exit(1);
		work(worker, options, number);
	}
	close(sockets[1]);
	worker->socket = sockets[0];
	if (worker->pid < 0) {
		close(sockets[0]);
		munmap(worker->exchange, sizeof(*worker->exchange));
		return false;
	}
	crew->count++;
	return true;
}

static unsigned processors(void)
{
	cpu_set_t allowed;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&allowed);
}

bool crew_create(struct crew **created, const struct execution_options *options, unsigned workers,
	char reason[512])
{
	struct crew *crew = calloc(1, sizeof(*crew));

	*created = NULL;
	if (workers == 0)
		workers = processors();
	for (unsigned i = 0; crew != NULL && i < workers && i < CREW_MAX; i++)
		hire(crew, options);
	if (crew == NULL || crew->count == 0) {
		snprintf(reason, 512, _("no process could be started: %s"), strerror(errno));
		crew_destroy(crew);
		return false;
	}
	for (unsigned i = 0; i < crew->count; i++) {
		if (crew_wait(crew, INT64_C(10000000000), -1) >= 0)
			continue;
		snprintf(reason, 512, _("a worker did not start"));
		crew_destroy(crew);
		return false;
	}
	*created = crew;
	return true;
}

static void dismiss(struct worker *worker)
{
	struct pollfd polled = {.fd = worker->socket, .events = POLLIN};

	/* Closes its end when it is done; a run ends at its next step. */
	while (poll(&polled, 1, FAREWELL_MS) > 0) {
		char byte;

		if (read(worker->socket, &byte, 1) <= 0)
			break;
	}
	kill(worker->pid, SIGKILL);
	while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	close(worker->socket);
	munmap(worker->exchange, sizeof(*worker->exchange));
}

void crew_destroy(struct crew *crew)
{
	if (crew == NULL)
		return;
	for (unsigned i = 0; i < crew->count; i++) {
		crew->workers[i].exchange->is_over = true;
		shutdown(crew->workers[i].socket, SHUT_WR);
	}
	for (unsigned i = 0; i < crew->count; i++)
		dismiss(&crew->workers[i]);
	free(crew);
}

bool crew_is_apart(const struct crew *crew)
{
	return crew->workers[0].exchange->is_apart;
}

int crew_idle(const struct crew *crew)
{
	for (unsigned i = 0; i < crew->count; i++)
		if (!crew->workers[i].is_busy)
			return (int)i;
	return -1;
}

unsigned crew_busy(const struct crew *crew)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < crew->count; i++)
		busy += crew->workers[i].is_busy;
	return busy;
}

struct job *crew_job(struct crew *crew, unsigned worker)
{
	return &crew->workers[worker].exchange->job;
}

const struct report *crew_report(const struct crew *crew, unsigned worker)
{
	return &crew->workers[worker].exchange->report;
}

void crew_start(struct crew *crew, unsigned worker)
{
	crew->workers[worker].is_busy = true;
	if (send(crew->workers[worker].socket, "", 1, MSG_NOSIGNAL) != 1)
		shutdown(crew->workers[worker].socket,
			SHUT_RDWR); /* crew_wait() reports the worker as lost */
}

int crew_wait(struct crew *crew, int64_t timeout_ns, int interrupt)
{
	struct pollfd polled[CREW_MAX + 1];
	struct timespec time = timespec_of(timeout_ns);
	unsigned count = crew->count;
	char byte;

	for (unsigned i = 0; i < count; i++)
		polled[i] = (struct pollfd){
			.fd = crew->workers[i].is_busy ? crew->workers[i].socket : -1,
			.events = POLLIN};
	polled[count] = (struct pollfd){.fd = interrupt, .events = POLLIN};
	if (ppoll(polled, count + 1, timeout_ns < 0 ? NULL : &time, NULL) <= 0)
		return -1;
	for (unsigned i = 0; i < count; i++) {
		if (polled[i].revents == 0)
			continue;
		if (read(crew->workers[i].socket, &byte, 1) != 1)
			return -2;
		crew->workers[i].is_busy = false;
		return (int)i;
	}
	return -1;
}
