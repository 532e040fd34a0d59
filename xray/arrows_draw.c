/*
 * arrows_draw.c - draws an arrow from each process to the semaphore on which it sleeps and, if the
 * verdict knows it, one from there to the process that took the semaphore. In a deadlock the arrows
 * form a cycle.
 */
#include "app.h"
#include "theme.h"

struct route {
	struct draw *draw;
	SDL_Color colour;
	int width;
	int gutter; /* the x of the vertical part */
	int below;  /* how far below the semaphore the horizontal part is */
};

static void line(const struct route *route, int x1, int y1, int x2, int y2)
{
	int w = route->width;

	draw_fill(route->draw,
		(SDL_Rect){SDL_min(x1, x2), SDL_min(y1, y2), SDL_abs(x2 - x1) + w,
			SDL_abs(y2 - y1) + w},
		route->colour);
}

/* Draws the head of an arrow with its point at x, y: upwards, or to the right. */
static void head(const struct route *route, int x, int y, bool points_up)
{
	int size = 4 * route->width;

	for (int i = 0; i < size; i++) {
		int half = i / 2;

		if (points_up)
			draw_fill(route->draw,
				(SDL_Rect){x - half + route->width / 2, y + i, 2 * half + 1, 1},
				route->colour);
		else
			draw_fill(route->draw,
				(SDL_Rect){x - i, y - half + route->width / 2, 1, 2 * half + 1},
				route->colour);
	}
}

static const struct app_spot *find_spot(const struct app *app, int set, uint32_t semaphore)
{
	for (size_t i = 0; i < app->spot_count; i++)
		if (app->spots[i].set == set && app->spots[i].semaphore == semaphore)
			return &app->spots[i];
	return NULL;
}

/* From the process up to the semaphore, or from there to the process. */
static void draw_route(const struct route *route, SDL_Rect actor, SDL_Rect spot, bool to_actor,
	int at)
{
	int x = spot.x + spot.w * (to_actor ? 2 : 1) / 3 + at * 2 * route->width;
	int bottom = spot.y + spot.h, side = bottom + route->below;
	int y = actor.y + (to_actor ? draw_px(route->draw, 30) : draw_px(route->draw, 18));

	line(route, x, bottom + 1, x, side);
	line(route, x, side, route->gutter, side);
	line(route, route->gutter, side, route->gutter, y);
	line(route, route->gutter, y, actor.x - route->width, y);
	if (to_actor)
		head(route, actor.x, y, false);
	else
		head(route, x, bottom, true);
}

/* Each arrow has its own lane beside the processes and below the semaphore. */
static struct route next_route(const struct app *app, SDL_Color colour, int *used)
{
	int step = draw_px(app->draw, 5);
	int at = (*used)++ % 6;

	return (struct route){app->draw, colour, draw_px(app->draw, 2),
		app->right.x - draw_px(app->draw, 8) - at * step,
		draw_px(app->draw, 8) + at % 3 * step};
}

static bool is_drawn(SDL_Rect rect)
{
	return rect.w > 0;
}

static void draw_wait(const struct app *app, const struct control_actor *actor, int *used)
{
	const struct call *call = &actor->task->call;
	unsigned number = actor->task->number;
	const struct app_spot *spot;
	struct route route;

	if (actor->doing != CONTROL_SLEEPS || actor->blocked_at == CONTROL_UNKNOWN ||
		number > TRACER_TASKS_MAX || !is_drawn(app->actor_rects[number]))
		return;
	spot = find_spot(app, call->id, call->operations[actor->blocked_at].sem_num);
	if (spot == NULL)
		return;
	route = next_route(app, app->verdict.kind != VERDICT_NONE ? THEME_RED : THEME_AMBER, used);
	draw_route(&route, app->actor_rects[number], spot->rect, false, (int)number % 3);
}

static void draw_giver(const struct app *app, const struct verdict_edge *edge, int *used)
{
	const struct app_spot *spot = find_spot(app, edge->id, edge->semaphore);
	struct route route;

	if (edge->giver == 0 || edge->giver > TRACER_TASKS_MAX || spot == NULL ||
		!is_drawn(app->actor_rects[edge->giver]))
		return;
	route = next_route(app, THEME_RED, used);
	draw_route(&route, app->actor_rects[edge->giver], spot->rect, true, (int)edge->giver % 3);
}

void arrows_draw(struct app *app)
{
	int used = 0;

	for (unsigned i = 1; app->control != NULL && i <= control_count(app->control); i++) {
		const struct control_actor *actor = control_actor(app->control, i);

		if (actor != NULL)
			draw_wait(app, actor, &used);
	}
	for (size_t i = 0; app->verdict.kind != VERDICT_NONE && i < app->verdict.count; i++)
		draw_giver(app, &app->verdict.edges[i], &used);
}
