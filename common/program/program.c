/* program.c - see program.h. */
#include "program.h"

#include <stdio.h>
#include <sys/prctl.h>

#include "populated.h"
#include "signals.h"
#include "startup.h"
#include "title.h"
#include "translate.h"

static const char *const names[] = {"vitrine-producer", "vitrine-consumer"};
static const char *const roles[] = {N_("producer"), N_("consumer")};

void program_begin(struct program *program, enum role role, char **argv)
{
	*program = (struct program){.role = role};
	translate_start();
	signals_block();
	log_start(&program->log, names[role]);
	role_obey(role, argv, &program->log);
}

int program_enter(struct program *program, const struct common_options *options)
{
	int status;

	/*
	 * Where Yama prevents processes from inspecting each other, this allows the other window's
	 * X-ray to read on which semaphore this program sleeps. Without Yama the call fails, which
	 * does no harm.
	 */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	program->log.json = options->json;
	program->trace.log = &program->log;
	status = startup_key(&program->key, options, &program->log);
	if (status == 0 && !role_receive(&program->previous, options, &program->log))
		status = 1;
	if (status == 0)
		populated_install();
	return status;
}

static const char *title_of(char title[TITLE_MAX], const struct program *program,
	const char *picture, const char *state)
{
	const struct title parts = {
		.picture = picture,
		.role = gettext(roles[program->role]),
		.state = state,
		.channel = program->key.source != VITRINE_KEY_DEFAULT ? program->key.text : NULL,
	};

	return title_make(title, &parts);
}

void program_title(const struct program *program, struct window *window, const char *picture,
	const char *state)
{
	char title[TITLE_MAX];

	window_set_title(window, title_of(title, program, picture, state));
}

struct window *program_window(struct program *program, const struct common_options *options)
{
	char title[TITLE_MAX];
	struct window_options wishes =
		window_options_of(options, title_of(title, program, NULL, NULL));
	char message[512];
	struct window *window;
	const char *no_font;
	SDL_Rect rect;

	wishes.memory = roles[program->role];
	wishes.takes_drops = true;
	wishes.half = program->role == ROLE_CONSUMER ? WINDOW_RIGHT : WINDOW_LEFT;
	window = window_open(&wishes, message, sizeof(message));
	if (window == NULL) {
		log_error(&program->log, _("window"), message);
		return NULL;
	}
	no_font = font_error(draw_fonts(window_draw(window)));
	if (no_font != NULL)
		log_error(&program->log, _("text"), no_font);
	rect = window_rect(window);
	log_event(&program->log, "window", LOG_I64("width", rect.w), LOG_I64("height", rect.h),
		LOG_REAL("scale", (double)draw_scale(window_draw(window))),
		LOG_STR("renderer", window_renderer_name(window)),
		LOG_STR("display", SDL_GetCurrentVideoDriver()));
	return window;
}

int program_leave(struct program *program, int status)
{
	if (program->change.next != NULL)
		status = role_change(&program->change, &program->log);
	role_state_clear(&program->next);
	role_state_clear(&program->previous);
	return status;
}
