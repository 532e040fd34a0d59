/* receiver.c - see receiver.h: the thread, and its communication with the window. */
#include "receiver_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "decode.h"
#include "monotonic.h"
#include "translate.h"

/* The pause between a failure and the next attempt. */
#define RETRY_NS INT64_C(500000000)

/*
 * While nothing is taken, the thread does not sleep in the channel, so it checks at this interval
 * whether the channel still exists.
 */
#define CHECK_NS INT64_C(1000000000)

/* ---- between the threads ------------------------------------------------------------------- */

void receiver_set(struct receiver *receiver, enum receiver_pace pace, bool mirror)
{
	worker_lock(&receiver->worker);
	if (receiver->wishes.pace != pace || receiver->wishes.mirror != mirror) {
		receiver->wishes.pace = pace;
		receiver->wishes.mirror = mirror;
		worker_tell(&receiver->worker);
	}
	worker_remind(&receiver->worker); /* the window looks in once a second */
	worker_unlock(&receiver->worker);
}

bool receiver_look(struct receiver *receiver, struct hand *hand)
{
	bool has;

	worker_lock(&receiver->worker);
	has = receiver->has_hand && !receiver->is_done;
	if (has)
		*hand = receiver->hand;
	worker_unlock(&receiver->worker);
	return has;
}

bool receiver_has(struct receiver *receiver, uint64_t number)
{
	bool has;

	worker_lock(&receiver->worker);
	has = receiver->has_hand && receiver->hand.number == number;
	worker_unlock(&receiver->worker);
	return has;
}

void receiver_read(struct receiver *receiver, uint64_t number)
{
	worker_lock(&receiver->worker);
	if (receiver->has_hand && receiver->hand.number == number) {
		receiver->is_read = true;
		worker_tell(&receiver->worker);
	}
	worker_unlock(&receiver->worker);
}

void receiver_done(struct receiver *receiver, uint64_t number, double latency_ms)
{
	worker_lock(&receiver->worker);
	if (receiver->has_hand && receiver->hand.number == number) {
		receiver->is_done = true;
		receiver->latency_ms = latency_ms;
		worker_tell(&receiver->worker);
	}
	worker_unlock(&receiver->worker);
}

bool receiver_trouble(struct receiver *receiver, struct trouble *trouble)
{
	worker_lock(&receiver->worker);
	*trouble = receiver->trouble;
	receiver->trouble.reason[0] = '\0';
	worker_unlock(&receiver->worker);
	return trouble->reason[0] != '\0';
}

uint64_t receiver_refused(struct receiver *receiver)
{
	uint64_t refused;

	worker_lock(&receiver->worker);
	refused = receiver->refused;
	worker_unlock(&receiver->worker);
	return refused;
}

void receiver_tell(const struct receiver *receiver)
{
	receiver->options.wake(receiver->options.wake_data);
}

struct receiver_wishes receiver_wishes(struct receiver *receiver)
{
	struct receiver_wishes wishes;

	worker_lock(&receiver->worker);
	wishes = receiver->wishes;
	worker_unlock(&receiver->worker);
	return wishes;
}

bool receiver_wishes_equal(const struct receiver_wishes *a, const struct receiver_wishes *b)
{
	return a->pace == b->pace && a->mirror == b->mirror && a->ending == b->ending;
}

/* Sleeps for `ns`, or until the window's wishes differ from `now`. */
static void rest(struct receiver *receiver, struct receiver_wishes now, int64_t ns)
{
	int64_t until = monotonic_ns() + ns;

	worker_lock(&receiver->worker);
	while (receiver_wishes_equal(&receiver->wishes, &now) &&
		worker_wait_until(&receiver->worker, until))
		continue;
	worker_unlock(&receiver->worker);
}

void receiver_hand_over(struct receiver *receiver, const struct vitrine_image *image,
	const struct content *content)
{
	worker_lock(&receiver->worker);
	receiver->hand = (struct hand){
		.number = receiver->last_number, .image = *image, .content = *content};
	receiver->has_hand = true;
	receiver->is_read = false;
	receiver->is_done = false;
	if (receiver->wishes.pace == RECEIVER_STEPS)
		receiver->wishes.pace = RECEIVER_PAUSES;
	worker_unlock(&receiver->worker);
	receiver_tell(receiver);
}

bool receiver_wait_until_read(struct receiver *receiver, bool presented)
{
	bool is_read;

	worker_lock(&receiver->worker);
	while (!(receiver->is_read && !presented) && !receiver->is_done && !receiver->wishes.ending)
		worker_wait(&receiver->worker);
	is_read = receiver->is_read;
	worker_unlock(&receiver->worker);
	return is_read;
}

bool receiver_wait_until_done(struct receiver *receiver)
{
	double latency_ms;
	bool is_done;

	worker_lock(&receiver->worker);
	while (!receiver->is_done && !receiver->wishes.ending)
		worker_wait(&receiver->worker);
	is_done = receiver->is_done;
	latency_ms = receiver->latency_ms;
	receiver->has_hand = false;
	worker_unlock(&receiver->worker);
	if (is_done)
		history_set_latency(receiver->options.history, receiver->last_number, latency_ms);
	return is_done;
}

void receiver_report(struct receiver *receiver, const char *subject, const char *reason)
{
	log_error(receiver->options.log, subject, reason);
	worker_lock(&receiver->worker);
	snprintf(receiver->trouble.subject, sizeof(receiver->trouble.subject), "%s", subject);
	snprintf(receiver->trouble.reason, sizeof(receiver->trouble.reason), "%s", reason);
	worker_unlock(&receiver->worker);
	receiver_tell(receiver);
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* Joins the channel in the wanted role if necessary. True: it is joined. */
static bool join(struct receiver *receiver, bool as_mirror)
{
	struct link *link = receiver->options.link;
	enum vitrine_role role = as_mirror ? VITRINE_MIRROR : VITRINE_CONSUMER;
	bool is_change = as_mirror != receiver->is_mirror;

	if (link_channel(link) != NULL && !is_change)
		return true;
	if (link_channel(link) == NULL) {
		receiver->last_sequence = 0;
		return link_open(link, role) == VITRINE_OK;
	}
	receiver->is_mirror = as_mirror;
	log_event(receiver->options.log, "mirror", LOG_BOOL("on", as_mirror));
	return link_change_role(link, role) == VITRINE_OK;
}

/*
 * Handles the result `rc` of a call: recovers if possible, otherwise reports it, and waits a
 * moment.
 */
static void recover(struct receiver *receiver, int rc, struct receiver_wishes wishes)
{
	struct link *link = receiver->options.link;

	switch (rc) {
	case VITRINE_OK:
	case VITRINE_ETIMEDOUT:
	case VITRINE_EINTR:
	case VITRINE_ENONE: return;
	case VITRINE_EREMOVED:
		receiver->last_sequence = 0;
		if (link_recover(link, rc) != VITRINE_OK)
			rest(receiver, wishes, RETRY_NS);
		return;
	case VITRINE_ENOMEM:
		receiver_report(receiver, "channel", _("not enough memory for the image"));
		break;
	default: receiver_report(receiver, "channel", vitrine_message(link_channel(link))); break;
	}
	rest(receiver, wishes, RETRY_NS);
}

/* Checks that the channel still exists, while nothing is taken. */
static int check_channel(struct receiver *receiver)
{
	struct vitrine_snapshot snapshot;
	int rc = vitrine_inspect_values(link_channel(receiver->options.link), &snapshot);

	return rc == VITRINE_OK && snapshot.segment_removed ? VITRINE_EREMOVED : rc;
}

static void *work(void *argument)
{
	struct receiver *receiver = argument;
	struct receiver_wishes wishes;

	worker_allow_interrupts();
	receiver->decoder = decoder_create(&receiver->options.decoder);
	for (wishes = receiver_wishes(receiver); !wishes.ending;
		wishes = receiver_wishes(receiver)) {
		if (!join(receiver, wishes.mirror)) {
			rest(receiver, wishes, RETRY_NS);
		} else if (wishes.pace == RECEIVER_PAUSES) {
			recover(receiver, check_channel(receiver), wishes);
			rest(receiver, wishes, CHECK_NS);
		} else {
			recover(receiver,
				wishes.mirror ? receiver_mirror(receiver, &wishes)
					      : receiver_take(receiver, &wishes),
				wishes);
		}
	}
	if (link_channel(receiver->options.link) != NULL)
		receiver->waiting = link_close(receiver->options.link);
	decoder_destroy(receiver->decoder);
	return NULL;
}

struct receiver *receiver_create(const struct receiver_options *options)
{
	struct receiver *receiver = calloc(1, sizeof(*receiver));

	if (receiver == NULL)
		return NULL;
	receiver->options = *options;
	receiver->is_mirror = options->mirror;
	receiver->wishes =
		(struct receiver_wishes){.pace = RECEIVER_GOES_ON, .mirror = options->mirror};
	if (worker_start(&receiver->worker, work, receiver))
		return receiver;
	free(receiver);
	return NULL;
}

int receiver_destroy(struct receiver *receiver)
{
	int waiting;

	if (receiver == NULL)
		return 0;
	worker_lock(&receiver->worker);
	receiver->wishes.ending = true;
	worker_tell(&receiver->worker);
	worker_unlock(&receiver->worker);
	worker_end(&receiver->worker);
	waiting = receiver->waiting;
	free(receiver);
	return waiting;
}
