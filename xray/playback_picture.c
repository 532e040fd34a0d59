/*
 * playback_picture.c - the steps of a recording as an animated picture: each is drawn into memory,
 * and ffmpeg encodes them. Needs no display.
 */
#include <SDL.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "executable.h"
#include "playback_window.h"
#include "text.h"
#include "translate.h"

/* The arguments of ffmpeg for each kind of file, by the extension of its name. */
static const struct {
	const char *ending;
	const char *options[8];
} kinds[] = {
	/* A palette made from the pictures' colours: the default one makes text hard to read. */
	{".gif",
		{"-vf", "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=none",
			"-loop", "0"}},
	{".png", {"-f", "apng", "-plays", "0"}},
	{".apng", {"-f", "apng", "-plays", "0"}},
	{".webp", {"-c:v", "libwebp_anim", "-lossless", "1", "-loop", "0"}},
	{".mp4", {"-pix_fmt", "yuv420p", "-movflags", "+faststart", "-r", "25"}},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), WORDS = 32 };

static int kind_of(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (int i = 0; dot != NULL && i < KINDS; i++)
		if (strcasecmp(dot, kinds[i].ending) == 0)
			return i;
	return -1;
}

/* Starts ffmpeg. Returns where to write the frames to, or -errno. */
static int start_encoder(const char *path, int kind, const struct playback_look *look, pid_t *pid)
{
	char size[32], rate[32];
	const char *words[WORDS] = {"ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt",
		"bgr0", "-s", size, "-framerate", rate, "-i", "-"};
	size_t count = 14;
	posix_spawn_file_actions_t actions;
	sigset_t none;
	posix_spawnattr_t attributes;
	int ends[2], error;

	snprintf(size, sizeof(size), "%dx%d", look->width, look->height);
	snprintf(rate, sizeof(rate), "%d/%d", 1000, (int)(look->seconds * 1000));
	for (size_t i = 0; i < 8 && kinds[kind].options[i] != NULL; i++)
		words[count++] = kinds[kind].options[i];
	words[count] = path;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	error = posix_spawnp(pid, "ffmpeg", &actions, &attributes, (char *const *)words, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[0]);
	if (error == 0)
		return ends[1];
	close(ends[1]);
	return -error;
}

static bool write_all(int file, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t count = write(file, bytes, size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return false;
		bytes += count;
		size -= (size_t)count;
	}
	return true;
}

/*
 * Draws all steps and writes them to the pipe. False: ffmpeg has ended early, or there is no
 * memory.
 */
static bool write_steps(struct playback_view *view, SDL_Surface *surface, int pipe)
{
	const SDL_Rect all = {0, 0, surface->w, surface->h};

	for (size_t i = 0; i < playback_length(view->playback); i++) {
		playback_go(view->playback, i);
		playback_draw(view, all);
		SDL_RenderFlush(draw_renderer(view->draw));
		for (int y = 0; y < surface->h; y++)
			if (!write_all(pipe, (const char *)surface->pixels + y * surface->pitch,
				    (size_t)surface->w * 4))
				return false;
	}
	return true;
}

static bool draw_steps(struct playback *playback, const struct playback_look *look, int pipe)
{
	struct playback_view *view = calloc(1, sizeof(*view)); /* large */
	SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormat(0, look->width, look->height, 32,
		SDL_PIXELFORMAT_XRGB8888);
	SDL_Renderer *renderer = surface != NULL ? SDL_CreateSoftwareRenderer(surface) : NULL;
	bool is_written = false;

	if (view != NULL && renderer != NULL)
		view->draw = draw_create(renderer, look->scale);
	if (view != NULL && view->draw != NULL)
		view->xray = xray_create(view->draw, COLOUR_TEAL);
	if (view != NULL && view->xray != NULL) {
		view->playback = playback;
		view->is_lecture = look->is_lecture;
		is_written = write_steps(view, surface, pipe);
		xray_destroy(view->xray);
	}
	if (view != NULL)
		draw_destroy(view->draw);
	SDL_DestroyRenderer(renderer);
	SDL_FreeSurface(surface);
	free(view);
	return is_written;
}

bool playback_picture(struct playback *playback, const char *path, const struct playback_look *look,
	char message[RECORDED_MESSAGE])
{
	char ffmpeg[PATH_MAX];
	int kind = kind_of(path), pipe, status = 0;
	bool is_drawn;
	pid_t pid;

	if (kind < 0) {
		text_print(message, RECORDED_MESSAGE, "%s",
			_("give a name that ends in .gif, .apng, .png, .webp or .mp4"));
		return false;
	}
	if (!executable_find(ffmpeg, "ffmpeg")) {
		text_print(message, RECORDED_MESSAGE, "%s",
			_("this needs ffmpeg, which is not installed: sudo apt install ffmpeg"));
		return false;
	}
	signal(SIGPIPE, SIG_IGN); /* if ffmpeg ends early, write() says so */
	pipe = start_encoder(path, kind, look, &pid);
	if (pipe < 0) {
		snprintf(message, RECORDED_MESSAGE, "ffmpeg: %s", strerror(-pipe));
		return false;
	}
	is_drawn = draw_steps(playback, look, pipe);
	close(pipe);
	waitpid(pid, &status, 0);
	if (is_drawn && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	text_print(message, RECORDED_MESSAGE, "%s",
		_("ffmpeg could not write the file: see its message"));
	return false;
}
