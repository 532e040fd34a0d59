/* presence.c - see presence.h. */
#include "presence.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attached.h"
#include "text.h"
#include "translate.h"

#define STOPPED_NS INT64_C(1000000000)

char *presence_consumers(char text[PRESENCE_MAX], const struct link_look *look, bool had_consumer)
{
	int consumers = look->snapshot.consumers.value;
	int mirrors = look->snapshot.mirrors.value;

	text[0] = '\0';
	if (consumers == 0)
		text_append(text, PRESENCE_MAX,
			had_consumer ? _("no consumer") : _("no consumer yet"));
	else if (consumers == 1)
		text_append(text, PRESENCE_MAX, _("1 consumer"));
	else
		text_append(text, PRESENCE_MAX,
			ngettext("%d consumer shares the images", "%d consumers share the images",
				(unsigned long)consumers),
			consumers);
	if (mirrors > 0)
		text_append(text, PRESENCE_MAX,
			ngettext(", %d mirror", ", %d mirrors", (unsigned long)mirrors), mirrors);
	if (look->is_anothers)
		text_append(text, PRESENCE_MAX, _(", %s owns the channel"), look->owner);
	return text;
}

char *presence_producers(char text[PRESENCE_MAX], const struct link_look *look)
{
	int producers = look->snapshot.producers.value;

	text[0] = '\0';
	if (producers == 0)
		text_append(text, PRESENCE_MAX, _("no producer"));
	else
		text_append(text, PRESENCE_MAX,
			ngettext("%d producer", "%d producers", (unsigned long)producers),
			producers);
	return text;
}

#define NBSP "\u00a0" /* a space at which no line is broken */

char *presence_channel(char text[PRESENCE_MAX], const struct vitrine_info *info)
{
	char number[16];

	snprintf(number, sizeof(number), "0x%08x", (uint32_t)info->key);
	/* TRANSLATORS: here and below, leave the spaces at which no line may break. */
	text_print(text, PRESENCE_MAX, _("key\u00a0%s"), number);
	if (strcmp(info->key_text, number) != 0)
		text_append(text, PRESENCE_MAX, " “%.100s”", info->key_text);
	text_append(text, PRESENCE_MAX, ", shm" NBSP "%d, sem" NBSP "%d", info->shmid, info->semid);
	return text;
}

char *presence_slots(char text[PRESENCE_MAX], const struct link_look *look)
{
	const struct vitrine_snapshot *snapshot = &look->snapshot;
	char size[TEXT_SIZE_MAX];

	text_print(text, PRESENCE_MAX, _("%u\u00a0of\u00a0%s: %d\u00a0empty, %d\u00a0waiting"),
		look->info.slots, text_size(size, look->info.slot_size), snapshot->empty.value,
		snapshot->full.value);
	return text;
}

static bool is_alive(int32_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/*
 * The pid of the only consumer, if there is exactly one and the kernel's last pid still identifies
 * it; otherwise 0.
 */
static int32_t only_consumer(const struct vitrine_snapshot *snapshot)
{
	if (snapshot->consumers.value != 1)
		return 0;
	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		if (snapshot->slots[i].state == VITRINE_SLOT_READING)
			return snapshot->slots[i].holder;
	return is_alive(snapshot->consumers.pid) ? snapshot->consumers.pid : 0;
}

static uint32_t count(const struct vitrine_snapshot *snapshot, enum vitrine_slot_state state)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < snapshot->slot_count; i++)
		found += snapshot->slots[i].state == state;
	return found;
}

/* "consumer 4242 reads “a.png”"; "a consumer" of another PID namespace has no number here. */
static void append_reader(char text[PRESENCE_MAX], int32_t pid, const char *name)
{
	if (pid > 0)
		text_append(text, PRESENCE_MAX, _("consumer %d reads “%s”, "), pid, name);
	else
		text_append(text, PRESENCE_MAX, _("a consumer reads “%s”, "), name);
}

/* "consumer 4242 reads “lighthouse.jpg”", for the first images being read. */
static void append_readers(char text[PRESENCE_MAX], const struct vitrine_snapshot *snapshot)
{
	uint32_t reading = count(snapshot, VITRINE_SLOT_READING);

	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];
		char name[64];

		if (slot->state != VITRINE_SLOT_READING)
			continue;
		if (reading > 1)
			text_append(text, PRESENCE_MAX, _("%u are being read, "), reading);
		else
			append_reader(text, slot->holder,
				text_printable(name, sizeof(name),
					slot->has_image ? slot->image.name : _("an image")));
		return;
	}
}

static void append_waiting(char text[PRESENCE_MAX], const struct vitrine_snapshot *snapshot)
{
	uint32_t ready = count(snapshot, VITRINE_SLOT_READY);
	bool reads = count(snapshot, VITRINE_SLOT_READING) > 0;
	int consumers = snapshot->consumers.value;
	int32_t pid = only_consumer(snapshot);

	text_append(text, PRESENCE_MAX, ngettext("%u waits ", "%u wait ", ready), ready);
	if (consumers == 0)
		text_append(text, PRESENCE_MAX,
			_("and there is no consumer: start vitrine-consumer"));
	else if (consumers > 1)
		text_append(text, PRESENCE_MAX, _("for the %d consumers, which are paused or slow"),
			consumers);
	else if (reads)
		text_append(text, PRESENCE_MAX, _("for it; it is paused or slow"));
	else if (pid != 0)
		text_append(text, PRESENCE_MAX, _("for consumer %d, which is paused or slow"), pid);
	else
		text_append(text, PRESENCE_MAX, _("for the consumer, which is paused or slow"));
}

char *presence_full(char text[PRESENCE_MAX], const struct link_look *look)
{
	const struct vitrine_snapshot *snapshot = &look->snapshot;
	uint32_t writing = count(snapshot, VITRINE_SLOT_WRITING);

	text[0] = '\0';
	if (snapshot->slot_count == 2)
		text_append(text, PRESENCE_MAX, _("both slots are in use: "));
	else
		text_append(text, PRESENCE_MAX, _("all %u slots are in use: "),
			snapshot->slot_count);
	if (writing > 0)
		text_append(text, PRESENCE_MAX,
			ngettext("%u is being filled, ", "%u are being filled, ", writing),
			writing);
	append_readers(text, snapshot);
	append_waiting(text, snapshot);
	return text;
}

int32_t presence_mutex_holder(struct presence_mutex *watch, const struct link_look *look,
	int64_t now_ns)
{
	bool is_held = look->state == LINK_OPEN && look->snapshot.alive.value > 0 &&
		       look->snapshot.mutex.value == 0;
	int32_t pid = 0;

	if (is_held)
		pid = look->snapshot.mutex.pid > 0 ? look->snapshot.mutex.pid : PRESENCE_UNNAMED;
	if (pid != watch->pid)
		*watch = (struct presence_mutex){.pid = pid, .since_ns = now_ns};
	/* A sleeper wakes several times a second, so one look without sleepers means nothing. */
	if (look->snapshot.mutex.ncnt > 0) {
		watch->is_awaited = true;
		watch->awaited_ns = now_ns;
	}
	/* If this program holds it itself in step mode, its step card says so. */
	if (pid == 0 || pid == getpid() || now_ns - watch->since_ns <= STOPPED_NS)
		return 0;
	return watch->is_awaited && now_ns - watch->awaited_ns <= STOPPED_NS ? pid : 0;
}

char *presence_holder(char text[PRESENCE_MAX], int32_t pid)
{
	text[0] = '\0';
	if (pid <= 0) /* kill(0) and kill(-1) would reach the reader's own processes */
		text_append(text, PRESENCE_MAX,
			_("waits for mutex: a process that cannot be identified from here (in "
			  "another container?) was stopped while holding it; others wait until it "
			  "continues or ends"));
	else if (attached_has_thread(pid, STEPPER_THREAD_NAME))
		text_append(text, PRESENCE_MAX, _("waits for mutex, held by %d (stepping)"), pid);
	else
		text_append(text, PRESENCE_MAX,
			_("waits for mutex: process %d was stopped while holding it; others wait "
			  "until it continues (kill -CONT %d) or ends"),
			pid, pid);
	return text;
}
