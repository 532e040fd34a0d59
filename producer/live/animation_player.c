/*
 * animation_player.c - animations: the chosen one plays in the window, and one that was published
 * is sent as a live stream, again and again, until another publication takes its place. Both are a
 * broadcast, one of them without a channel. A broadcast that must end is stopped at once, and
 * destroyed when its thread has ended, so that the window never waits for it.
 */
#include <stdlib.h>
#include <string.h>

#include "monotonic.h"
#include "producer.h"
#include "text.h"
#include "translate.h"

bool player_can_play(const struct tray_item *item)
{
	return item != NULL && !tray_is_file(item) && item->thumbnail != NULL &&
	       item->thumbnail->frames > 1;
}

/* ---- one broadcast ------------------------------------------------------------------------- */

static void wake(void *window)
{
	window_wake(window);
}

static bool start(struct producer *app, struct player *player, const struct tray_item *item,
	const struct vitrine_options *channel)
{
	static const struct live_choice own_rate = {.fps = LIVE_OWN_RATE};
	const struct producer_arguments *arguments = app->arguments;
	char reason[512];

	text_print(reason, sizeof(reason), "%s", _("cannot be played: not enough memory"));
	*player = (struct player){
		.path = strdup(item->path), .id = item->id, .version = item->version};
	if (player->path != NULL)
		player->broadcast = broadcast_create(
			&(struct broadcast_options){
				.path = player->path,
				.choice = &own_rate,
				.channel = channel,
				.animates = true,
				.when_full = arguments->has_when_full ? (int)arguments->when_full
								      : VITRINE_DROP_OLDEST,
				.checksum = arguments->common.checksum,
				.memory = arguments->common.memory,
				.log = channel != NULL ? app->log : NULL,
				.wake = wake,
				.wake_data = app->window,
			},
			reason);
	if (player->broadcast != NULL)
		return true;
	free(player->path);
	*player = (struct player){.id = item->id, .version = item->version, .has_failed = true};
	if (channel != NULL)
		intake_refuse(app, item->path, reason);
	return false;
}

static void stop(struct player *player)
{
	if (player->broadcast == NULL || player->is_ending)
		return;
	player->is_ending = true;
	broadcast_stop(player->broadcast);
}

static void destroy(struct player *player)
{
	broadcast_destroy(player->broadcast);
	free(player->path);
	*player = (struct player){0};
}

static bool is_over(const struct player *player)
{
	return player->look.state == BROADCAST_ENDED || player->look.state == BROADCAST_FAILED;
}

/* `item` may be NULL. */
static bool is_for(const struct player *player, const struct tray_item *item)
{
	return item != NULL && player->id == item->id && player->version == item->version;
}

static bool plays(const struct player *player, const struct tray_item *item)
{
	return player->broadcast != NULL && !player->is_ending && is_for(player, item);
}

/* Looks at the broadcast, and destroys it if it has ended; only a failure is remembered. */
static void follow(struct producer *app, struct player *player)
{
	uint64_t sent = player->look.counts.sent;

	if (player->broadcast == NULL)
		return;
	broadcast_look(player->broadcast, &player->look);
	if (player->look.counts.sent != sent)
		window_touch(app->window);
	if (!is_over(player))
		return;
	if (player->look.state == BROADCAST_FAILED && !player->is_ending &&
		player == &app->players.sent)
		notices_add(app->notices, monotonic_ns(), NOTICE_ERROR, player->look.name,
			player->look.reason);
	const struct player left = {
		.id = player->id, .version = player->version, .has_failed = !player->is_ending};

	destroy(player);
	*player = left;
	window_touch(app->window);
}

/* ---- sending ------------------------------------------------------------------------------- */

bool player_send(struct producer *app, const struct tray_item *item)
{
	struct player *sent = &app->players.sent;

	if (plays(sent, item)) {
		if (sent->is_paused)
			player_pause(app);
		return true;
	}
	return start(app, sent, item, app->channel);
}

bool player_make_way(struct producer *app, const struct tray_item *item)
{
	struct player *sent = &app->players.sent;

	if (sent->broadcast == NULL || plays(sent, item))
		return true;
	stop(sent);
	return false;
}

bool player_sends(const struct producer *app, const struct tray_item *item)
{
	return plays(&app->players.sent, item);
}

/* Once the first frame was sent, marks the item as published. */
static void take_first_frame(struct producer *app, bool had_frame)
{
	const struct player *sent = &app->players.sent;
	struct tray_item *item = tray_find(app->tray, sent->id);

	if (sent->broadcast == NULL || had_frame || sent->look.counts.sent == 0 || item == NULL)
		return;
	item->published = sent->look.counts.sequence;
	app->announced = item->id;
	producer_look_soon(app);
}

/* ---- what the user does -------------------------------------------------------------------- */

/* The player of the chosen animation; one that sends is shown, too. NULL: there is none. */
static struct player *chosen_player(const struct producer *app)
{
	const struct tray_item *item = tray_chosen(app->tray);
	struct players *players = (struct players *)(uintptr_t)&app->players;

	if (monitor_is_shown(app))
		return NULL;
	if (plays(&players->sent, item))
		return &players->sent;
	return plays(&players->local, item) ? &players->local : NULL;
}

static void set_pause(struct producer *app, struct player *player, bool is_paused)
{
	player->is_paused = is_paused;
	player->has_told = false;
	broadcast_pause(player->broadcast, is_paused);
	log_event(app->log, is_paused ? "paused" : "resumed");
	window_touch(app->window);
}

void player_pause(struct producer *app)
{
	struct player *player = chosen_player(app);

	if (player != NULL)
		set_pause(app, player, !player->is_paused);
}

void player_step(struct producer *app)
{
	struct player *player = chosen_player(app);

	if (player == NULL)
		return;
	if (!player->is_paused)
		set_pause(app, player, true);
	player->has_told = false;
	broadcast_step(player->broadcast);
}

struct picture *player_frame(const struct producer *app)
{
	const struct player *player = chosen_player(app);

	return player != NULL ? broadcast_preview(player->broadcast) : NULL;
}

bool player_is_running(const struct producer *app)
{
	const struct player *player = chosen_player(app);

	return player != NULL && !player->is_paused;
}

char *player_status(const struct producer *app, char text[BROADCAST_TEXT_MAX])
{
	const struct player *player = chosen_player(app);

	text[0] = '\0';
	if (player == NULL)
		return text;
	if (player == &app->players.sent)
		return broadcast_status(&player->look, text);
	text_print(text, BROADCAST_TEXT_MAX, "%s", player->is_paused ? _("paused") : _("playing"));
	return text;
}

/* ---- at work ------------------------------------------------------------------------------- */

/* Plays the chosen animation in the window, unless it is being sent. */
static void follow_chosen(struct producer *app)
{
	struct player *local = &app->players.local;
	const struct tray_item *item = tray_chosen(app->tray);
	bool is_wanted = player_can_play(item) && item->pixels != NULL && !monitor_is_shown(app) &&
			 !player_sends(app, item);

	if (is_wanted && (plays(local, item) || (local->has_failed && is_for(local, item))))
		return;
	if (local->broadcast != NULL)
		stop(local);
	else if (is_wanted)
		start(app, local, item, NULL);
}

struct picture *player_work(struct producer *app)
{
	bool had_frame = app->players.sent.look.counts.sent > 0;
	struct player *player;

	follow(app, &app->players.sent);
	follow(app, &app->players.local);
	take_first_frame(app, had_frame);
	follow_chosen(app);
	player = chosen_player(app);
	if (player == NULL || player->shown_version == player->look.version ||
		view_uploading(app->view))
		return NULL;
	player->shown_version = player->look.version;
	return broadcast_preview(player->broadcast);
}

void player_presented(struct producer *app)
{
	struct player *player = chosen_player(app);

	if (player == NULL || player->has_told || !player->look.stands ||
		player->look.version == 0 || player->shown_version != player->look.version ||
		view_uploading(app->view))
		return;
	player->has_told = true;
	log_event(app->log, "frame", LOG_U64("number", player->look.version));
}

void player_forget(struct producer *app)
{
	app->players.sent.shown_version = 0;
	app->players.local.shown_version = 0;
}

void player_end(struct producer *app)
{
	destroy(&app->players.sent);
	destroy(&app->players.local);
}
