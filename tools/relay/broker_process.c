/* broker_process.c - see broker_process.h. */
#include "broker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "monotonic.h"
#include "translate.h"

#define START_NS    INT64_C(15000000000)
#define STOP_MS     3000
#define STEP_US     20000
#define FOLDER_MOST 64 /* so that the socket's path fits into a sockaddr_un */

static const unsigned char page[] = {
#include "page.inc"
};

/* Everything in the folder, in the order in which it is removed. */
static const char *const names[] = {
	"page/index.html", "page", "mosquitto.conf", "read.acl", "log", "broker.sock"};

struct broker {
	char folder[FOLDER_MOST];
	char socket[FOLDER_MOST + 16];
	uid_t user; /* of the broker */
	gid_t group;
	bool is_other_user; /* another one than ours: we are root */
	pid_t process;
	int handle; /* its pidfd */
};

static void describe(char reason[512], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void describe(char reason[512], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, 512, format, arguments);
	va_end(arguments);
}

/* ---- its folder ------------------------------------------------------------------------------ */

static void path_of(const struct broker *broker, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", broker->folder, name);
}

/* Gives a new file to the broker's user, if that is another user. */
static bool give_away(const struct broker *broker, const char *path)
{
	return !broker->is_other_user || chown(path, broker->user, broker->group) == 0;
}

static bool write_file(const struct broker *broker, const char *name, const void *bytes,
	size_t size)
{
	char path[PATH_MAX];
	FILE *file;
	bool is_whole;

	path_of(broker, name, path);
	file = fopen(path, "wxe");
	if (file == NULL)
		return false;
	is_whole = fwrite(bytes, 1, size, file) == size;
	return fclose(file) == 0 && is_whole && give_away(broker, path);
}

/* `sockets`: the port for MQTT over WebSockets, if it is not that of the page. */
static bool write_page(const struct broker *broker, const struct broker_options *options,
	uint16_t sockets)
{
	static const char origin[] = "location.origin";
	const unsigned char *place = memmem(page, sizeof(page), origin, strlen(origin));
	char changed[sizeof(page) + 64], *end = changed;

	if (sockets == options->page_port || place == NULL)
		return write_file(broker, "page/index.html", page, sizeof(page));
	end = mempcpy(end, page, (size_t)(place - page));
	end += sprintf(end, "'http://' + location.hostname + ':%u'", sockets);
	place += strlen(origin);
	end = mempcpy(end, place, (size_t)(page + sizeof(page) - place));
	return write_file(broker, "page/index.html", changed, (size_t)(end - changed));
}

static bool write_configuration(const struct broker *broker, const struct broker_options *options,
	uint16_t sockets)
{
	const char *space = options->host[0] != '\0' ? " " : "";
	static const char acl[] = "topic read " BROKER_TOPIC "/#\n";
	char text[8 * PATH_MAX], *end = text;

	/*
	 * Nearly the limits of docs/relay/classroom.conf: the newest picture wins, nothing queues.
	 * For a WebSocket, the answer to a subscription is queued, too, ahead of the retained
	 * message.
	 */
	end += snprintf(text, sizeof(text),
		"per_listener_settings true\n"
		"persistence false\n"
		"log_dest stderr\n"
		"log_type error\nlog_type warning\n"
		"max_inflight_messages 1\nmax_queued_messages 4\nqueue_qos0_messages false\n"
		"max_packet_size 67174400\n"
		"listener 0 %s\nallow_anonymous true\n"
		"listener %u%s%s\nmax_connections 200\nallow_anonymous true\nacl_file %s/read.acl\n",
		broker->socket, options->port, space, options->host, broker->folder);
	if (sockets != options->page_port)
		end += snprintf(end, sizeof(text) - (size_t)(end - text),
			"listener %u%s%s\nprotocol http_api\nhttp_dir %s/page\n"
			"allow_anonymous true\n",
			options->page_port, space, options->host, broker->folder);
	end += snprintf(end, sizeof(text) - (size_t)(end - text),
		"listener %u%s%s\nprotocol websockets\nmax_connections 200\n"
		"allow_anonymous true\nacl_file %s/read.acl\n",
		sockets, space, options->host, broker->folder);
	if (sockets == options->page_port)
		snprintf(end, sizeof(text) - (size_t)(end - text), "http_dir %s/page\n",
			broker->folder);
	return write_file(broker, "mosquitto.conf", text, strlen(text)) &&
	       write_file(broker, "read.acl", acl, strlen(acl));
}

static bool make_folder(struct broker *broker, const struct broker_options *options,
	uint16_t sockets)
{
	const char *parent = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];

	if (parent == NULL || parent[0] != '/' || strlen(parent) > FOLDER_MOST - 24 ||
		access(parent, W_OK) < 0 || broker->is_other_user)
		parent = "/tmp";
	snprintf(broker->folder, sizeof(broker->folder), "%.40s/vitrine-broker-XXXXXX", parent);
	if (mkdtemp(broker->folder) == NULL) { /* mode 0700 */
		broker->folder[0] = '\0';
		return false;
	}
	snprintf(broker->socket, sizeof(broker->socket), "%s/broker.sock", broker->folder);
	path_of(broker, "page", path);
	/* The folders come last: until then no other user can replace a file. */
	return mkdir(path, 0700) == 0 && write_page(broker, options, sockets) &&
	       write_configuration(broker, options, sockets) && give_away(broker, path) &&
	       give_away(broker, broker->folder);
}

static void remove_folder(struct broker *broker)
{
	char path[PATH_MAX];

	if (broker->folder[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		path_of(broker, names[i], path);
		remove(path);
	}
	rmdir(broker->folder);
	broker->folder[0] = '\0';
}

/* ---- the program ----------------------------------------------------------------------------- */

/* Debian installs it in a folder that is only in root's PATH. */
static bool find_program(char path[PATH_MAX])
{
	const char *search = getenv("PATH");
	char places[8192];
	char *rest = places, *place;

	snprintf(places, sizeof(places), "%s:/usr/sbin:/usr/local/sbin",
		search != NULL ? search : "/usr/bin");
	while ((place = strsep(&rest, ":")) != NULL) {
		snprintf(path, PATH_MAX, "%.3000s/mosquitto", place);
		if (place[0] == '/' && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* True if the address can be listened on; otherwise `reason` has the cause and the remedy. */
static bool can_listen(const char *host, uint16_t port, const char *option, char reason[512])
{
	const struct addrinfo hints = {
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	const int on = 1;
	char text[8];
	int fd, error = 0;

	snprintf(text, sizeof(text), "%u", port);
	if (getaddrinfo(host[0] != '\0' ? host : NULL, text, &hints, &found) != 0) {
		describe(reason,
			_("%s is not an address: give one of this machine's (`ip address` lists "
			  "them), such as --serve=192.168.1.5:1883"),
			host);
		return false;
	}
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(fd, found->ai_addr, found->ai_addrlen) < 0 || listen(fd, 1) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	freeaddrinfo(found);
	if (error != 0)
		describe(reason,
			error == EADDRINUSE
				? _("cannot listen on port %u: %s; another program does "
				    "(`ss -ltnp` shows it): end it, or give another port: "
				    "%s")
			: error == EACCES ? _("cannot listen on port %u: %s; give a port from 1024 "
					      "on: %s")
					  : _("cannot listen on port %u: %s; give an address of "
					      "this machine: %s"),
			port, strerror(error), option);
	return error == 0;
}

/* The first free port behind that of the page. */
static uint16_t free_port(const struct broker_options *options)
{
	uint16_t port = options->page_port;
	char reason[512];

	do
		port++;
	while (port != options->page_port && (port == 0 || port == options->port ||
						     !can_listen(options->host, port, "", reason)));
	return port;
}

/* In the child: becomes mosquitto. Returns only if it cannot. */
static void execute(const struct broker *broker, const char *program, pid_t parent)
{
	char configuration[PATH_MAX], log[PATH_MAX];
	char *const argv[] = {"mosquitto", "-c", configuration, NULL};
	sigset_t none;
	int fd;

	path_of(broker, "mosquitto.conf", configuration);
	path_of(broker, "log", log);
	/*
	 * Changes the user here, because mosquitto's own change would cancel the signal at our
	 * death.
	 */
	if (broker->is_other_user && (setgid(broker->group) < 0 || setuid(broker->user) < 0))
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		return;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
		return;
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		dup2(fd, STDIN_FILENO);
	setpgid(0, 0); /* Ctrl+C ends us, and we end it */
	execv(program, argv);
}

static bool launch(struct broker *broker, const char *program)
{
	const pid_t parent = getpid();

	broker->process = fork();
	if (broker->process == 0) {
		execute(broker, program, parent);
		_exit(127);
	}
	if (broker->process < 0)
		return false;
	broker->handle = (int)syscall(SYS_pidfd_open, broker->process, 0);
	return broker->handle >= 0;
}

static bool has_ended(const struct broker *broker, int ms)
{
	struct pollfd polled = {.fd = broker->handle, .events = POLLIN};

	return poll(&polled, 1, ms) > 0;
}

/* Waits until it accepts connections; false: it has ended, or does not answer. */
static bool await(const struct broker *broker)
{
	const int64_t deadline = monotonic_ns() + START_NS;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	bool is_there = false;

	strcpy(address.sun_path, broker->socket);
	while (!is_there && !has_ended(broker, 0) && monotonic_ns() < deadline) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		is_there =
			fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
		if (fd >= 0)
			close(fd);
		if (!is_there)
			usleep(STEP_US);
	}
	/* Mosquitto opens the socket before the ports, and ends if it cannot open a port. */
	return is_there && !has_ended(broker, 100);
}

/* Chooses the user of the broker: for root it is mosquitto, as in Debian's package. */
static void choose_user(struct broker *broker)
{
	const struct passwd *entry = geteuid() == 0 ? getpwnam("mosquitto") : NULL;

	broker->is_other_user = entry != NULL;
	broker->user = entry != NULL ? entry->pw_uid : geteuid();
	broker->group = entry != NULL ? entry->pw_gid : getegid();
}

static void end(struct broker *broker)
{
	if (broker->process > 0) {
		kill(broker->process, SIGTERM);
		if (broker->handle < 0 || !has_ended(broker, STOP_MS))
			kill(broker->process, SIGKILL);
		waitpid(broker->process, NULL, 0);
	}
	if (broker->handle >= 0)
		close(broker->handle);
	broker->process = -1;
	broker->handle = -1;
	remove_folder(broker);
}

/* Starts `program`; false: `reason` says why not. */
static bool run(struct broker *broker, const struct broker_options *options, const char *program,
	uint16_t sockets, char reason[512])
{
	char words[TEXT_REASON_MAX];

	if (!make_folder(broker, options, sockets))
		describe(reason, _("cannot make a folder for it in %s: %s"),
			broker->folder[0] != '\0' ? broker->folder : "/tmp", strerror(errno));
	else if (!launch(broker, program))
		describe(reason, _("cannot start %s: %s"), program, strerror(errno));
	else if (!await(broker))
		describe(reason, _("%s does not start: %s"), program,
			broker_last_words(broker, words));
	else
		return true;
	end(broker);
	return false;
}

/* Starts it; false: `reason` says why not. */
static bool start(struct broker *broker, const struct broker_options *options, char reason[512])
{
	char program[PATH_MAX];

	if (!find_program(program)) {
		describe(reason, _("mosquitto is not installed: sudo apt install mosquitto"));
		return false;
	}
	if (!can_listen(options->host, options->port, "--serve=:1884", reason) ||
		!can_listen(options->host, options->page_port, "--page-port=8081", reason))
		return false;
	choose_user(broker);
	/*
	 * From 2.1 on it serves pages only on a port without WebSockets, by a protocol that ends
	 * older ones at once.
	 */
	return run(broker, options, program, free_port(options), reason) ||
	       run(broker, options, program, options->page_port, reason);
}

struct broker *broker_start(const struct broker_options *options, char reason[512])
{
	struct broker *broker = calloc(1, sizeof(*broker));

	if (broker == NULL) {
		describe(reason, "%s", strerror(errno));
		return NULL;
	}
	broker->process = -1;
	broker->handle = -1;
	if (start(broker, options, reason))
		return broker;
	broker_stop(broker);
	return NULL;
}

const char *broker_socket(const struct broker *broker)
{
	return broker->socket;
}

int broker_ended(const struct broker *broker)
{
	return broker->handle;
}

const char *broker_last_words(const struct broker *broker, char text[TEXT_REASON_MAX])
{
	char path[PATH_MAX], line[TEXT_REASON_MAX];
	FILE *file;

	snprintf(text, TEXT_REASON_MAX, _("it printed no message"));
	path_of(broker, "log", path);
	file = fopen(path, "re");
	if (file == NULL)
		return text;
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0')
			text_printable(text, TEXT_REASON_MAX, line);
	}
	fclose(file);
	return text;
}

void broker_stop(struct broker *broker)
{
	if (broker == NULL)
		return;
	end(broker);
	free(broker);
}
