/* folder_watch.c - see folder_watch.h. */
#include "folder_watch.h"
#include "collect.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_AGAIN_MS 1000 /* for a missing folder */

/* IN_CREATE reports links; a file that is written is reported when it is closed. */
#define EVENTS                                                                                     \
	(IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE_SELF |               \
		IN_MOVE_SELF | IN_ONLYDIR)

struct queued {
	struct folder_event event;
	struct queued *next;
};

/* A folder within the watched one. */
struct subfolder {
	int descriptor;
	char *path;
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

	/* used only by the thread */
	int descriptor; /* of the folder; -1: missing */
	bool was_told;  /* the window knows that it is missing */
	struct subfolder *subfolders;
	size_t subfolder_count;
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
	return name[0] != '\0';
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* Queues an event. Takes ownership of `path`, which may be NULL if there was no memory. */
static void tell(struct folder_watch *watch, enum folder_news news, char *path, int problem)
{
	struct queued *queued = calloc(1, sizeof(*queued));

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

/* ---- folders in it --------------------------------------------------------------------------- */

static struct subfolder *subfolder_of(const struct folder_watch *watch, int descriptor)
{
	for (size_t i = 0; i < watch->subfolder_count; i++)
		if (watch->subfolders[i].descriptor == descriptor)
			return &watch->subfolders[i];
	return NULL;
}

static void forget_subfolder(struct folder_watch *watch, struct subfolder *subfolder)
{
	free(subfolder->path);
	*subfolder = watch->subfolders[--watch->subfolder_count];
}

/* Stops watching this folder and those below it; with NULL all of them. */
static void leave_subfolders(struct folder_watch *watch, const char *path)
{
	const size_t length = path != NULL ? strlen(path) : 0;

	for (size_t i = watch->subfolder_count; i-- > 0;) {
		struct subfolder *subfolder = &watch->subfolders[i];
		bool is_below = path == NULL || (strncmp(subfolder->path, path, length) == 0 &&
							(subfolder->path[length] == '\0' ||
								subfolder->path[length] == '/'));

		if (!is_below)
			continue;
		inotify_rm_watch(watch->inotify, subfolder->descriptor);
		forget_subfolder(watch, subfolder);
	}
}

/* Remembers the folder. False: it is known, or there is no memory. */
static bool add_subfolder(struct folder_watch *watch, int descriptor, const char *path)
{
	struct subfolder *grown;

	if (descriptor == watch->descriptor || subfolder_of(watch, descriptor) != NULL)
		return false; /* a link to a folder that is watched, perhaps to one above it */
	grown = realloc(watch->subfolders, (watch->subfolder_count + 1) * sizeof(*grown));
	if (grown == NULL)
		return false;
	watch->subfolders = grown;
	grown[watch->subfolder_count] =
		(struct subfolder){.descriptor = descriptor, .path = strdup(path)};
	if (grown[watch->subfolder_count].path == NULL)
		return false;
	watch->subfolder_count++;
	return true;
}

static void watch_subfolders(struct folder_watch *watch, const char *path, unsigned depth);

/*
 * Watches a folder in the watched one, and the folders in it. Skips folders that cannot be watched,
 * because they are not readable or because there are too many (fs.inotify.max_user_watches).
 */
static void watch_subfolder(struct folder_watch *watch, const char *path, unsigned depth)
{
	int descriptor = inotify_add_watch(watch->inotify, path, EVENTS);

	if (descriptor >= 0 && add_subfolder(watch, descriptor, path))
		watch_subfolders(watch, path, depth);
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void watch_subfolders(struct folder_watch *watch, const char *path, unsigned depth)
{
	DIR *stream = depth < COLLECT_DEPTH_MAX ? opendir(path) : NULL;
	const struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		char below[PATH_MAX];

		if (entry->d_name[0] != '.' &&
			(entry->d_type == DT_DIR || entry->d_type == DT_LNK ||
				entry->d_type == DT_UNKNOWN) &&
			snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) < PATH_MAX &&
			is_folder(below))
			watch_subfolder(watch, below, depth + 1);
	}
	if (stream != NULL)
		closedir(stream);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void look_for_folder(struct folder_watch *watch)
{
	watch->descriptor = inotify_add_watch(watch->inotify, watch->folder, EVENTS);
	if (watch->descriptor >= 0) {
		watch->was_told = false;
		watch_subfolders(watch, watch->folder, 0);
		tell(watch, FOLDER_BACK, strdup(watch->folder), 0);
	} else if (!watch->was_told) {
		watch->was_told = true;
		tell(watch, FOLDER_GONE, strdup(watch->folder), errno);
	}
}

/* The folder was deleted, unmounted or renamed: whatever has its name now is another folder. */
static void lose_folder(struct folder_watch *watch, bool is_still_watched)
{
	leave_subfolders(watch, NULL);
	if (is_still_watched)
		inotify_rm_watch(watch->inotify, watch->descriptor);
	watch->descriptor = -1;
	look_for_folder(watch);
}

/* Events were lost, perhaps of folders that appeared or disappeared: starts again. */
static void look_again(struct folder_watch *watch)
{
	leave_subfolders(watch, NULL);
	if (watch->descriptor >= 0)
		watch_subfolders(watch, watch->folder, 0);
	tell(watch, FOLDER_READ, strdup(watch->folder), 0);
}

/* True for a link to a folder above it, whose images are all there. */
static bool is_loop(const struct folder_watch *watch, const char *path)
{
	struct stat folder, status;
	char above[PATH_MAX];

	if (stat(path, &folder) != 0)
		return false;
	for (size_t length = strlen(path); length >= strlen(watch->folder); length--)
		if (path[length] == '/' &&
			snprintf(above, sizeof(above), "%.*s", (int)length, path) < PATH_MAX &&
			stat(above, &status) == 0 && status.st_dev == folder.st_dev &&
			status.st_ino == folder.st_ino)
			return true;
	return false;
}

/* A folder, or a link to one, appeared in the watched folder. */
static void enter_folder(struct folder_watch *watch, const char *path)
{
	if (is_loop(watch, path))
		return;
	watch_subfolder(watch, path, 1);
	tell(watch, FOLDER_READ, strdup(path), 0);
}

/* Only a link is complete when it is created; a file is reported when it is closed. */
static bool is_link(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 &&
	       (S_ISLNK(status.st_mode) || (S_ISREG(status.st_mode) && status.st_nlink > 1));
}

/* Something happened to an entry of a watched folder. */
static void handle_entry(struct folder_watch *watch, const char *path, uint32_t mask)
{
	const bool is_new = mask & (IN_CREATE | IN_MOVED_TO);

	if (mask & IN_MOVED_FROM) {
		if (mask & IN_ISDIR)
			leave_subfolders(watch, path);
	} else if (is_new && is_folder(path)) {
		enter_folder(watch, path);
	} else if (!(mask & IN_ISDIR) && (!(mask & IN_CREATE) || is_link(path)) &&
		   collect_takes(path)) {
		tell(watch, FOLDER_FILE, strdup(path), 0);
	}
}

static void handle(struct folder_watch *watch, const struct inotify_event *event)
{
	const bool is_of_folder =
		event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED);
	struct subfolder *subfolder = subfolder_of(watch, event->wd);
	const bool is_top = event->wd == watch->descriptor && watch->descriptor >= 0;
	const char *folder;
	char path[PATH_MAX];

	if (event->mask & IN_Q_OVERFLOW)
		look_again(watch);
	if (is_top)
		folder = watch->folder;
	else if (subfolder != NULL)
		folder = subfolder->path;
	else
		return; /* an event of an ended watch */
	if (is_of_folder && is_top)
		lose_folder(watch, !(event->mask & IN_IGNORED));
	else if (event->mask & IN_IGNORED && subfolder != NULL)
		forget_subfolder(watch, subfolder);
	else if (!is_of_folder && event->len > 0 && folder_watch_wants(event->name) &&
		 snprintf(path, sizeof(path), "%s/%s", folder, event->name) < PATH_MAX)
		handle_entry(watch, path, event->mask);
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
	for (size_t i = 0; i < watch->subfolder_count; i++)
		free(watch->subfolders[i].path);
	free(watch->subfolders);
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
