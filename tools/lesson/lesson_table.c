/* lesson_table.c - see lesson_table.h. */
#include "lesson_table.h"

#include "published.h"
#include "translate.h"

#define PRODUCER "vitrine-producer"
#define CONSUMER "vitrine-consumer"

enum { GALLERY_IMAGES = 12 }; /* the files in assets/ that the producer opens */

/* ---- detecting steps in the channel ---------------------------------------------------------- */

static bool has_crossed(const struct vitrine_snapshot *now, const struct vitrine_snapshot *before)
{
	(void)before;
	for (uint32_t i = 0; i < now->slot_count; i++)
		if (now->slots[i].latest && now->slots[i].state == VITRINE_SLOT_EMPTY)
			return now->full.value == 0;
	return false;
}

static bool three_have_crossed(const struct vitrine_snapshot *now,
	const struct vitrine_snapshot *before)
{
	return has_crossed(now, before) && published_newest(now) >= 3;
}

static bool producer_sleeps(const struct vitrine_snapshot *now,
	const struct vitrine_snapshot *before)
{
	(void)before;
	return now->empty.value == 0 && now->empty.ncnt > 0;
}

static bool all_have_crossed(const struct vitrine_snapshot *now,
	const struct vitrine_snapshot *before)
{
	return has_crossed(now, before) && now->empty.value == (int32_t)now->slot_count - 1 &&
	       now->empty.ncnt == 0 && now->consumers.value > 0;
}

static bool is_shared(const struct vitrine_snapshot *now, const struct vitrine_snapshot *before)
{
	return published_newest(now) >= GALLERY_IMAGES && all_have_crossed(now, before) &&
	       now->consumers.value == 2 && now->mirrors.value == 1;
}

static bool fills_a_slot(const struct vitrine_snapshot *now)
{
	for (uint32_t i = 0; i < now->slot_count; i++)
		if (now->slots[i].state == VITRINE_SLOT_WRITING)
			return true;
	return false;
}

static bool slot_is_filled(const struct vitrine_snapshot *now,
	const struct vitrine_snapshot *before)
{
	(void)before;
	return fills_a_slot(now);
}

static bool is_undone(const struct vitrine_snapshot *now, const struct vitrine_snapshot *before)
{
	return now->producers.value == 0 && fills_a_slot(before) && !fills_a_slot(now);
}

/* ---- the lessons ----------------------------------------------------------------------------- */

const struct lesson lessons[] = {
	{
		.title = N_("Passing one image: what is shared and what is copied"),
		.page = "1-one-image.md",
		.windows = {{.program = PRODUCER, .options = {"--xray"}},
			{.program = CONSUMER, .options = {"--xray"}}},
		.steps =
			{
				{.text = N_("In the left window press Space."),
					.seen = N_("the image has arrived: full went to 1 and back "
						   "to 0"),
					.is_seen = has_crossed},
				{.text = N_("In another terminal: vitrine status")},
				{.text = N_("In the other terminal: ipcs -m")},
			},
	},
	{
		.title = N_("The bounded buffer: fill it up, watch the producer sleep"),
		.page = "2-bounded-buffer.md",
		.commands = {{.text = "vitrine xray --run --names mutex,empty,full -- "
				      "textbook/producer 9 -- textbook/consumer 9",
			.window = "--names mutex,empty,full -- textbook/producer 9 -- "
				  "textbook/consumer 9"}},
		.windows = {{.program = PRODUCER, .options = {"--xray"}},
			{.program = CONSUMER, .options = {"--xray"}, .after = 1}},
		.steps =
			{
				{.text = N_(
					 "In the right window press Space: the consumer pauses.")},
				{.text = N_(
					 "In the left window press A: it publishes one image after the other."),
					.seen = N_(
						"empty is 0, and the producer sleeps until it rises"),
					.is_seen = producer_sleeps},
				{.text = N_(
					 "In the right window press Space again: the consumer goes on."),
					.seen = N_("all waiting images have arrived, and the "
						   "producer is awake"),
					.is_seen = all_have_crossed},
			},
	},
	{
		.title = N_("Two consumers compete, a mirror watches"),
		.page = "3-two-consumers.md",
		.windows = {{.program = PRODUCER}, {.program = CONSUMER}, {.program = CONSUMER},
			{.program = CONSUMER, .options = {"--mirror"}}},
		.steps =
			{
				{.text = N_(
					 "In the producer's window press A: it publishes all its images."),
					.seen = N_(
						"nothing waits: the two consumers have taken all "
						"images, the mirror none"),
					.is_seen = is_shared},
				{.text = N_(
					 "In each consumer's window press ← again and again: which numbers did "
					 "it get?")},
			},
	},
	{
		.title = N_("No semaphores: images tear"),
		.page = "4-no-semaphores.md",
		.commands = {{.text = "04-unlocked"}, {.text = "04-locked"}},
		.quick = "3",
	},
	{
		.title = N_("kill -9 in every state, and SEM_UNDO"),
		.page = "5-kill.md",
		.commands = {{.text = "05-undo"}, {.text = "05-kill"}},
		.windows = {{.program = PRODUCER, .options = {"--xray", "--step"}},
			{.program = CONSUMER, .options = {"--xray"}}},
		.steps =
			{
				{.text = N_(
					 "In the left window press Space, then . until a slot is “writing”."),
					.seen = N_("a slot is being filled: its writer is 1"),
					.is_seen = slot_is_filled},
				{.text = N_("In another terminal: vitrine status")},
				{.text = N_("In the left window press K, and K again: kill -9."),
					.seen = N_("the kernel no longer counts the producer, and "
						   "has freed its slot"),
					.is_seen = is_undone},
				{.text = N_("In the other terminal: vitrine status")},
			},
		.needs_keys = true,
	},
	{
		.title = N_("The classic mistakes, each with its correct twin"),
		.page = "6-mistakes.md",
		.commands = {{.text = "06-init-wrong"}, {.text = "06-init-right"},
			{.text = "06-order-wrong"}, {.text = "06-order-right"},
			{.text = "06-undo-wrong"}, {.text = "06-undo-right"},
			{.text = "06-overflow-wrong"}, {.text = "06-overflow-right"},
			{.text = "06-leftover-wrong"}, {.text = "06-leftover-right"}},
	},
	{
		.title = N_("Reading ipcs: find every number of the X-ray there"),
		.page = "7-ipcs.md",
		.windows = {{.program = PRODUCER, .options = {"--xray"}},
			{.program = CONSUMER, .options = {"--xray"}}},
		.steps =
			{
				{.text = N_("In the left window press Space three times."),
					.seen = N_("three images have arrived"),
					.is_seen = three_have_crossed},
				{.text = N_(
					 "In another terminal: ipcs -s -i ID, with the ID after “sem” in the "
					 "X-ray")},
				{.text = N_(
					 "In the other terminal: ipcs -m -i ID, with the ID after “shm”")},
			},
	},
	{
		.title = N_("Your own program under the X-ray"),
		.page = "8-your-program.md",
		.commands = {{.text = "vitrine xray --run --names mutex,empty,full -- 08-ring-wrong",
				     .status = 1,
				     .window = "--names mutex,empty,full -- 08-ring-wrong"},
			{.text = "vitrine xray --run --names mutex,empty,full -- 08-ring-right"}},
	},
	{
		.title = N_("Every schedule, and a lost update"),
		.page = "9-every-schedule.md",
		.commands = {{.text = "09-count-wrong", .varies = true},
			{.text = "vitrine check --names mutex -- 09-count-wrong", .status = 1},
			{.text = "vitrine check --names mutex -- 09-count-right"}},
	},
	{
		.title = N_("Readers and writers: a writer starves"),
		.page = "10-readers.md",
		.commands = {{.text = "10-readers-wrong"}, {.text = "10-readers-right"}},
	},
	{
		.title = N_("Five philosophers, and the deadlock drawn"),
		.page = "11-philosophers.md",
		.commands = {{.text = "vitrine xray --run -- 11-philosophers-wrong",
				     .status = 1,
				     .window = "-- 11-philosophers-wrong"},
			{.text = "11-philosophers-right"}},
	},
	{
		.title = N_("The same in POSIX, and what kill -9 does there"),
		.page = "12-posix.md",
		.commands = {{.text = "12-posix-pair"}, {.text = "12-posix-kill-wrong"},
			{.text = "12-posix-kill-right"}},
	},
	{
		.title = N_("Message queues"),
		.page = "13-queues.md",
		.commands = {{.text = "13-full"}, {.text = "13-replies-wrong"},
			{.text = "13-replies-right"}},
	},
	{
		.title = N_("ftok, and the errors that everybody meets"),
		.page = "14-errors.md",
		.commands = {{.text = "14-ftok"}, {.text = "14-errors"}},
	},
};

const size_t lessons_count = sizeof(lessons) / sizeof(lessons[0]);
