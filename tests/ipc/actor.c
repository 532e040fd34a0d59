/* actor.c - see actor.h. */
#include "actor.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int64_t actor_patience_ns;

struct order {
	int command, a, b;
};

/* The state of an actor, in its own process. */
struct stage {
	int orders, replies;
	struct vitrine_channel *channel;
	struct vitrine_claim claim;
	struct vitrine_image image;
	const char *hang_before;
	const char *stop_after;
};

static void reply(const struct stage *stage, int rc)
{
	must_equal(write(stage->replies, &rc, sizeof(rc)), sizeof(rc));
}

/* Returns false if the test process is gone. */
static bool next_order(const struct stage *stage, struct order *order)
{
	return read(stage->orders, order, sizeof(*order)) == sizeof(*order);
}

static void observe(const struct vitrine_event *event, void *data)
{
	struct stage *stage = data;
	struct order order;

	if (event->before && stage->hang_before && strcmp(event->name, stage->hang_before) == 0) {
		stage->hang_before = NULL;
		reply(stage, HANGING);
		must(next_order(stage, &order) && order.command == GO);
	}
	if (!event->before && stage->stop_after && strcmp(event->name, stage->stop_after) == 0) {
		stage->stop_after = NULL;
		raise(SIGSTOP);
	}
}

static int open_as(struct stage *stage, enum vitrine_role role, uint32_t slots)
{
	struct vitrine_options options = usual_options(role, slots);

	options.patience_ns = (uint64_t)actor_patience_ns;
	options.observer = observe;
	options.observer_data = stage;
	return vitrine_open(&stage->channel, &options);
}

static int publish(struct stage *stage)
{
	vitrine_file(&stage->image, "actor", 64, NULL);
	pattern_fill(stage->claim.data, 64, (uint64_t)getpid());
	return vitrine_publish(stage->channel, &stage->claim, &stage->image, VITRINE_FOREVER);
}

static int obey(struct stage *stage, const struct order *order)
{
	struct vitrine_channel *channel = stage->channel;

	switch ((enum command)order->command) {
	case OPEN: return open_as(stage, (enum vitrine_role)order->a, (uint32_t)order->b);
	case CLOSE: stage->channel = NULL; return vitrine_close(channel);
	case CLAIM:
		return vitrine_claim(channel, 64, (enum vitrine_when_full)order->a, VITRINE_FOREVER,
			&stage->claim);
	case PUBLISH: return publish(stage);
	case ABANDON: return vitrine_abandon(channel, &stage->claim);
	case TAKE: return vitrine_take(channel, VITRINE_FOREVER, &stage->image);
	case RELEASE: return vitrine_release(channel, &stage->image);
	case REQUEUE: return vitrine_requeue(channel, &stage->image);
	case TRANSIT:
		return handle_do(channel,
			&(struct step){.transition = (enum transition)order->a,
				.slot = order->b,
				.latest = order->b},
			VITRINE_FOREVER);
	case HURRY: hurry(channel); return VITRINE_OK;
	case HANG_BEFORE:
		stage->hang_before = transition_name((enum transition)order->a);
		return VITRINE_OK;
	case STOP_AFTER:
		stage->stop_after = transition_name((enum transition)order->a);
		return VITRINE_OK;
	case GO: break;
	}
	return VITRINE_EINVAL;
}

struct actor actor_start(void)
{
	int orders[2], replies[2];
	struct actor actor;

	must_equal(pipe(orders), 0);
	must_equal(pipe(replies), 0);
	actor = (struct actor){fork_bounded(), orders[1], replies[0]};
	if (actor.pid == 0) {
		struct stage stage = {.orders = orders[0], .replies = replies[1]};
		struct order order;

		close(orders[1]);
		close(replies[0]);
		while (next_order(&stage, &order))
			reply(&stage, obey(&stage, &order));
		_exit(0);
	}
	close(orders[0]);
	close(replies[1]);
	return actor;
}

struct actor actor_open(enum vitrine_role role, uint32_t slots)
{
	struct actor actor = actor_start();

	must_equal(actor_do(&actor, OPEN, (int)role, (int)slots), VITRINE_OK);
	return actor;
}

void actor_tell(const struct actor *actor, enum command command, int a, int b)
{
	struct order order = {(int)command, a, b};

	must_equal(write(actor->orders, &order, sizeof(order)), sizeof(order));
}

bool actor_hear(const struct actor *actor, int64_t limit_ns, int *rc)
{
	struct pollfd fd = {.fd = actor->replies, .events = POLLIN};

	if (poll(&fd, 1, (int)(limit_ns / MILLISECOND_NS)) != 1)
		return false;
	return read(actor->replies, rc, sizeof(*rc)) == sizeof(*rc);
}

int actor_do(const struct actor *actor, enum command command, int a, int b)
{
	int rc = 0;

	actor_tell(actor, command, a, b);
	must(actor_hear(actor, wait_limit_ns, &rc));
	return rc;
}

void actor_kill(struct actor *actor, int signal)
{
	if (actor->pid <= 0)
		return;
	kill(actor->pid, signal);
	await_end(actor->pid);
	close(actor->orders);
	close(actor->replies);
	actor->pid = 0;
}
