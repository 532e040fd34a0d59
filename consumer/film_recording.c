/* film_recording.c - see film_recording.h. */
#include "film_recording.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "executable.h"
#include "monotonic.h"
#include "text.h"
#include "translate.h"

#define FINISH_NS INT64_C(15000000000) /* a program that writes nothing for so long hangs */
#define STEP_NS   20000000

/* "/home/ada/vitrine-2026-11-28-101500.mp4"; false: `reason` says why not. */
static bool choose_path(char path[PATH_MAX], const char *folder, char reason[TEXT_REASON_MAX])
{
	char whole[PATH_MAX], name[64];
	const time_t now = time(NULL);
	struct tm local;

	if (realpath(folder, whole) == NULL || access(whole, W_OK) < 0) {
		text_print(reason, TEXT_REASON_MAX, _("cannot write to the folder %.120s: %s"),
			folder, strerror(errno));
		return false;
	}
	localtime_r(&now, &local);
	strftime(name, sizeof(name), "vitrine-%Y-%m-%d-%H%M%S.mp4", &local);
	if (snprintf(path, PATH_MAX, "%s/%s", strcmp(whole, "/") == 0 ? "" : whole, name) <
		PATH_MAX)
		return true;
	text_print(reason, TEXT_REASON_MAX, _("the folder's path is too long"));
	return false;
}

/*
 * Starts a program that ends when this one does. `in` and `out` become its standard input and
 * output; -1: /dev/null. fork() and not posix_spawn(), which cannot ask for the signal at our
 * death; the child calls only functions that are safe after the fork of a program with threads.
 */
static pid_t start(const char *program, char *const argv[], int in, int out)
{
	const pid_t parent = getpid();
	sigset_t none;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_IGN); /* Ctrl+C is for the window, which ends the recording in order */
	if (in < 0)
		in = open("/dev/null", O_RDONLY);
	if (out < 0)
		out = open("/dev/null", O_WRONLY);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent &&
		dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
		execv(program, argv);
	_exit(127);
}

static bool start_both(struct recording *recording, const char *vitrine, const char *ffmpeg,
	const char *key, double fps)
{
	char rate[16];
	char *const source[] = {"vitrine", "recv", "--mirror", "--stream=y4m", "--fps", rate, "-k",
		(char *)key, "-o", "-", NULL};
	char *const encoder[] = {"ffmpeg", "-v", "error", "-nostdin", "-n", "-f", "yuv4mpegpipe",
		"-i", "-", "-pix_fmt", "yuv420p", "-movflags", "+faststart", recording->path, NULL};
	int ends[2];

	snprintf(rate, sizeof(rate), "%.0f", fps);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	recording->source = start(vitrine, source, -1, ends[1]);
	recording->encoder = start(ffmpeg, encoder, ends[0], -1);
	close(ends[0]);
	close(ends[1]);
	return recording->source > 0 && recording->encoder > 0;
}

bool recording_start(struct recording *recording, const char *key, const char *folder, double fps,
	char reason[TEXT_REASON_MAX])
{
	char vitrine[PATH_MAX], ffmpeg[PATH_MAX];

	if (!executable_find(ffmpeg, "ffmpeg")) {
		text_print(reason, TEXT_REASON_MAX,
			_("recording needs ffmpeg, which is not installed: sudo apt install ffmpeg"));
		return false;
	}
	if (!executable_find(vitrine, "vitrine")) {
		text_print(reason, TEXT_REASON_MAX,
			_("recording needs the command vitrine, which is neither beside this program "
			  "nor in PATH"));
		return false;
	}
	*recording = (struct recording){.started_ns = monotonic_ns()};
	if (!choose_path(recording->path, folder, reason))
		return false;
	if (!start_both(recording, vitrine, ffmpeg, key, fps)) {
		text_print(reason, TEXT_REASON_MAX, _("recording cannot start: %s"),
			strerror(errno));
		recording->state = RECORDING_ON;
		recording_finish(recording);
		*recording = (struct recording){0};
		return false;
	}
	recording->state = RECORDING_ON;
	return true;
}

void recording_stop(struct recording *recording)
{
	if (recording->state != RECORDING_ON)
		return;
	if (recording->source > 0)                /* kill() takes 0 and -1 for many processes */
		kill(recording->source, SIGTERM); /* then ffmpeg reads the end of its pipe */
	recording->state = RECORDING_ENDING;
}

/* True if the program has ended; then *pid is 0, and *is_good says whether it did its work. */
static bool has_ended(pid_t *pid, bool *is_good)
{
	int status = 0;

	if (*pid <= 0)
		return true;
	if (waitpid(*pid, &status, WNOHANG) == 0)
		return false;
	*is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	*pid = 0;
	return true;
}

enum recording_state recording_look(struct recording *recording)
{
	bool is_good = true;

	if (recording->state == RECORDING_DONE || recording->state == RECORDING_FAILED)
		recording->state = RECORDING_OFF;
	if (recording->state == RECORDING_OFF || !has_ended(&recording->encoder, &is_good))
		return recording->state;
	/* Without ffmpeg nobody reads: recv ends, too, at the latest with its next frame. */
	if (recording->source > 0) {
		kill(recording->source, SIGTERM);
		waitpid(recording->source, NULL, 0);
		recording->source = 0;
	}
	recording->state = is_good ? RECORDING_DONE : RECORDING_FAILED;
	return recording->state;
}

/* When the file was last written to. */
static struct timespec last_write(const struct recording *recording)
{
	struct stat status = {0};

	stat(recording->path, &status);
	return status.st_mtim;
}

/* ffmpeg rewrites the file at its end; for a long film on a slow disk this takes minutes. */
enum recording_state recording_finish(struct recording *recording)
{
	const struct timespec step = {.tv_nsec = STEP_NS};
	struct timespec before = last_write(recording);
	int64_t deadline = monotonic_ns() + FINISH_NS;
	enum recording_state state;

	recording_stop(recording);
	while ((state = recording_look(recording)) == RECORDING_ENDING &&
		monotonic_ns() < deadline) {
		const struct timespec now = last_write(recording);

		if (now.tv_sec != before.tv_sec || now.tv_nsec != before.tv_nsec)
			deadline = monotonic_ns() + FINISH_NS;
		before = now;
		nanosleep(&step, NULL);
	}
	if (state == RECORDING_ENDING)
		kill(recording->encoder, SIGKILL);
	return state;
}
