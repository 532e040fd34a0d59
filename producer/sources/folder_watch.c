/* folder_watch.c - see folder_watch.h. */
#include "folder_watch.h"
#include "format.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOOK_AGAIN_MS 1000 /* for a missing folder */

struct queued {
	struct folder_event event;
	struct queued *next;
};

struct folder_watch {
	char *folder;
	void (*wake)(void *data);
	void *wake_data;
	int inotify;
	int ending; /* an eventfd */
	pthread_t thread;

	pthread_mutex_t lock; /* protects the queue */
	struct queued *first;
	struct queued **last;

	/* the thread's own */
	int descriptor; /* of the folder; -1: missing */
	bool was_told;  /* that it is missing */
};

bool folder_watch_wants(const char *name)
{
	static const char *const unfinished[] = {"~", ".part", ".tmp", ".crdownload"};
	size_t length = strlen(name);

	if (name[0] == '.')
		return false;
	for (size_t i = 0; i < sizeof(unfinished) / sizeof(unfinished[0]); i++) {
		size_t end = strlen(unfinished[i]);

		if (length >= end && strcmp(name + length - end, unfinished[i]) == 0)
			return false;
	}
	return format_is_image_name(name);
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* `name`: of a file in the folder, or NULL for the folder itself. */
static void tell(struct folder_watch *watch, enum folder_news news, const char *name, int problem)
{
	struct queued *queued = calloc(1, sizeof(*queued));
	char *path = NULL;

	if (name == NULL)
		path = strdup(watch->folder);
	else if (asprintf(&path, "%s/%s", watch->folder, name) < 0)
		path = NULL;
	if (queued == NULL || path == NULL) {
		free(queued);
		free(path);
		return;
	}
	queued->event = (struct folder_event){.news = news, .path = path, .problem = problem};
	pthread_mutex_lock(&watch->lock);
	*watch->last = queued;
	watch->last = &queued->next;
	pthread_mutex_unlock(&watch->lock);
	watch->wake(watch->wake_data);
}

static void look_for_folder(struct folder_watch *watch)
{
	watch->descriptor = inotify_add_watch(watch->inotify, watch->folder,
		IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
	if (watch->descriptor >= 0) {
		watch->was_told = false;
		tell(watch, FOLDER_BACK, NULL, 0);
	} else if (!watch->was_told) {
		watch->was_told = true;
		tell(watch, FOLDER_GONE, NULL, errno);
	}
}

/* The folder was deleted, unmounted or renamed: whatever has its name now is another folder. */
static void lose_folder(struct folder_watch *watch, bool is_still_watched)
{
	if (is_still_watched)
		inotify_rm_watch(watch->inotify, watch->descriptor);
	watch->descriptor = -1;
	look_for_folder(watch);
}

static void handle(struct folder_watch *watch, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		tell(watch, FOLDER_LOST, NULL, 0);
	if (event->wd != watch->descriptor || watch->descriptor < 0)
		return; /* an event of an ended watch */
	if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED))
		lose_folder(watch, !(event->mask & IN_IGNORED));
	else if (event->len > 0 && !(event->mask & IN_ISDIR) && folder_watch_wants(event->name))
		tell(watch, FOLDER_FILE, event->name, 0);
}

static void read_events(struct folder_watch *watch)
{
	_Alignas(struct inotify_event) char
		buffer[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
	ssize_t got = read(watch->inotify, buffer, sizeof(buffer));

	for (char *at = buffer; at < buffer + got;) {
		const struct inotify_event *event = (const struct inotify_event *)at;

		handle(watch, event);
		at += sizeof(*event) + event->len;
	}
}

static void *work(void *argument)
{
	struct folder_watch *watch = argument;
	struct pollfd fds[2] = {
		{.fd = watch->inotify, .events = POLLIN}, {.fd = watch->ending, .events = POLLIN}};

	for (;;) {
		if (watch->descriptor < 0)
			look_for_folder(watch);
		poll(fds, 2, watch->descriptor < 0 ? LOOK_AGAIN_MS : -1);
		if (fds[1].revents != 0)
			return NULL;
		if (fds[0].revents != 0)
			read_events(watch);
	}
}

/* ---- the window's side --------------------------------------------------------------------- */

static void free_watch(struct folder_watch *watch)
{
	struct folder_event event;

	while (folder_watch_pop(watch, &event))
		free(event.path);
	if (watch->inotify >= 0)
		close(watch->inotify);
	if (watch->ending >= 0)
		close(watch->ending);
	pthread_mutex_destroy(&watch->lock);
	free(watch->folder);
	free(watch);
}

struct folder_watch *folder_watch_create(const char *folder, void (*wake)(void *data),
	void *wake_data)
{
	struct folder_watch *watch = calloc(1, sizeof(*watch));
	int rc;

	if (watch == NULL)
		return NULL;
	watch->wake = wake;
	watch->wake_data = wake_data;
	watch->descriptor = -1;
	watch->last = &watch->first;
	pthread_mutex_init(&watch->lock, NULL);
	watch->folder = strdup(folder);
	watch->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	watch->ending = eventfd(0, EFD_CLOEXEC);
	rc = watch->folder == NULL || watch->inotify < 0 || watch->ending < 0 ? errno : 0;
	if (rc == 0)
		rc = pthread_create(&watch->thread, NULL, work, watch);
	if (rc == 0)
		return watch;
	free_watch(watch);
	errno = rc;
	return NULL;
}

void folder_watch_destroy(struct folder_watch *watch)
{
	const uint64_t one = 1;

	if (watch == NULL)
		return;
	/* Writing to an empty eventfd never blocks. */
	if (write(watch->ending, &one, sizeof(one)) == sizeof(one))
		pthread_join(watch->thread, NULL);
	free_watch(watch);
}

bool folder_watch_pop(struct folder_watch *watch, struct folder_event *event)
{
	struct queued *queued;

	pthread_mutex_lock(&watch->lock);
	queued = watch->first;
	if (queued != NULL) {
		watch->first = queued->next;
		if (watch->first == NULL)
			watch->last = &watch->first;
	}
	pthread_mutex_unlock(&watch->lock);
	if (queued == NULL)
		return false;
	*event = queued->event;
	free(queued);
	return true;
}
