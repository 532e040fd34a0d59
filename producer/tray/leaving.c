/* leaving.c - see leaving.h. */
#include "leaving.h"

#include "dialog.h"
#include "text.h"
#include "theme.h"
#include "translate.h"

enum { QUIT_BUTTON, STAY_BUTTON, LINE_MAX_BYTES = 160 };

bool leaving_quit(struct leaving *leaving, size_t waiting, size_t by_hand)
{
	if (leaving->asks || (waiting == 0 && by_hand == 0))
		return true;
	*leaving = (struct leaving){.asks = true, .waiting = waiting, .by_hand = by_hand};
	return false;
}

bool leaving_follow(struct leaving *leaving, size_t waiting, size_t by_hand)
{
	leaving->asks = false;
	return leaving_quit(leaving, waiting, by_hand);
}

/* The texts live in `lines`, which the dialog points to. */
static struct dialog describe(const struct leaving *leaving, char lines[2][LINE_MAX_BYTES])
{
	size_t waiting = leaving->waiting;
	size_t by_hand = leaving->by_hand;

	text_print(lines[0], LINE_MAX_BYTES,
		ngettext("%zu image still waits to be published.",
			"%zu images still wait to be published.", waiting),
		waiting);
	text_print(lines[1], LINE_MAX_BYTES,
		ngettext("You added %zu file to the tray; Ctrl+T opens it next time.",
			"You added %zu files to the tray; Ctrl+T opens them next time.", by_hand),
		by_hand);
	return (struct dialog){
		.title = _("Quit the producer?"),
		.lines = {waiting > 0 ? lines[0] : NULL, by_hand > 0 ? lines[1] : NULL},
		.buttons = {[QUIT_BUTTON] = _("Q  quit"), [STAY_BUTTON] = _("Esc  stay")},
		.border = THEME_AMBER,
	};
}

static enum leaving_answer answer(struct leaving *leaving, bool quits)
{
	leaving->asks = false;
	return quits ? LEAVING_QUITS : LEAVING_STAYS;
}

static bool insists(SDL_Keycode key)
{
	return key == SDLK_q || key == SDLK_w || key == SDLK_RETURN || key == SDLK_KP_ENTER;
}

static bool is_modifier(SDL_Keycode key)
{
	return key >= SDLK_LCTRL && key <= SDLK_RGUI;
}

enum leaving_answer leaving_event(struct leaving *leaving, const SDL_Event *event,
	struct draw *draw, SDL_Rect area)
{
	char lines[2][LINE_MAX_BYTES];
	struct dialog dialog = describe(leaving, lines);

	if (!leaving->asks)
		return LEAVING_NOTHING;
	switch (event->type) {
	case SDL_KEYDOWN:
		if (event->key.repeat != 0 || is_modifier(event->key.keysym.sym))
			return LEAVING_TAKEN;
		return answer(leaving, insists(event->key.keysym.sym));
	case SDL_MOUSEBUTTONDOWN:
		return answer(leaving, dialog_hit(&dialog, draw, area, event->button.x,
					       event->button.y) == QUIT_BUTTON);
	case SDL_TEXTINPUT:
	case SDL_KEYUP:
	case SDL_MOUSEBUTTONUP:
	case SDL_MOUSEMOTION:
	case SDL_MOUSEWHEEL: return LEAVING_TAKEN;
	default: return LEAVING_NOTHING;
	}
}

void leaving_draw(const struct leaving *leaving, struct draw *draw, SDL_Rect area)
{
	char lines[2][LINE_MAX_BYTES];
	struct dialog dialog = describe(leaving, lines);

	if (leaving->asks)
		dialog_draw(&dialog, draw, area);
}
