/* status_json.c - prints a look at a channel for programs. The member names must not change. */
#include <string.h>

#include "digest.h"
#include "json.h"
#include "status.h"

static void write_hex(struct json *json, const char *name, uint32_t number)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%08x", number);
	json_string(json, name, text);
}

static void write_semaphore(struct json *json, const char *name,
	const struct vitrine_semaphore *semaphore)
{
	json_object(json, name);
	json_i64(json, "value", semaphore->value);
	json_i64(json, "pid", semaphore->pid);
	json_i64(json, "ncnt", semaphore->ncnt);
	json_i64(json, "zcnt", semaphore->zcnt);
	json_end_object(json);
}

static void write_fourcc(struct json *json, const char *name, uint32_t format)
{
	char text[5] = {(char)format, (char)(format >> 8), (char)(format >> 16),
		(char)(format >> 24), '\0'};
	char *space = strchr(text, ' ');

	if (space != NULL)
		*space = '\0';
	json_string(json, name, text);
}

static void write_no_image(struct json *json)
{
	static const char *const names[] = {"sequence", "name", "kind", "format", "width", "height",
		"size", "media_type", "checksum", "publisher", "age_s"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_null(json, names[i]);
}

static void write_image(struct json *json, const struct vitrine_image *image)
{
	bool is_pixels = image->kind == VITRINE_PIXELS;

	json_u64(json, "sequence", image->sequence);
	json_string(json, "name", image->name);
	json_string(json, "kind", is_pixels ? "pixels" : "file");
	if (is_pixels) {
		write_fourcc(json, "format", image->format);
		json_u64(json, "width", image->width);
		json_u64(json, "height", image->height);
	} else {
		json_null(json, "format");
		json_null(json, "width");
		json_null(json, "height");
	}
	json_u64(json, "size", image->size);
	json_string(json, "media_type", is_pixels ? NULL : image->media_type);
	json_string(json, "checksum", digest_name(image->checksum));
	json_i64(json, "publisher", image->publisher);
	json_real(json, "age_s", (double)vitrine_age_ns(image) / 1e9);
}

static void write_slot(struct json *json, const struct status *status, uint32_t number)
{
	const struct vitrine_slot_info *slot = &status->snapshot.slots[number];

	json_object(json, NULL);
	json_u64(json, "slot", number);
	json_string(json, "state", status_state(slot));
	json_bool(json, "latest", slot->latest);
	json_i64(json, "holder", slot->holder);
	if (slot->has_image)
		write_image(json, &slot->image);
	else
		write_no_image(json);
	json_object(json, "semaphores");
	write_semaphore(json, "ready", &slot->ready);
	write_semaphore(json, "latest", &slot->latest_semaphore);
	write_semaphore(json, "writer", &slot->writer);
	write_semaphore(json, "reader", &slot->reader);
	json_end_object(json);
	json_end_object(json);
}

static void write_channel(struct json *json, const struct status *status)
{
	char mode[8];

	snprintf(mode, sizeof(mode), "%04o", status->snapshot.mode & 07777);
	json_i64(json, "semid", status->info.semid);
	json_i64(json, "shmid", status->info.shmid);
	json_u64(json, "owner", status->info.owner_uid);
	json_string(json, "mode", mode);
	json_u64(json, "slot_count", status->info.slots);
	json_u64(json, "slot_size", status->info.slot_size);
	json_u64(json, "resident", status->resident);
	json_u64(json, "attached", status->attached);
	json_bool(json, "removed", status->snapshot.segment_removed);
	json_array(json, "processes");
	for (size_t i = 0; i < status->process_count; i++) {
		json_object(json, NULL);
		json_i64(json, "pid", status->processes[i].pid);
		json_string(json, "name", status->processes[i].name);
		json_bool(json, "writes", status->processes[i].writes);
		json_end_object(json);
	}
	json_end_array(json);
}

static void write_semaphores(struct json *json, const struct vitrine_snapshot *snapshot)
{
	write_semaphore(json, "mutex", &snapshot->mutex);
	write_semaphore(json, "empty", &snapshot->empty);
	write_semaphore(json, "full", &snapshot->full);
	write_semaphore(json, "nothing", &snapshot->nothing);
	write_semaphore(json, "alive", &snapshot->alive);
	write_semaphore(json, "producers", &snapshot->producers);
	write_semaphore(json, "consumers", &snapshot->consumers);
	write_semaphore(json, "mirrors", &snapshot->mirrors);
}

void status_json(FILE *file, const struct status *status)
{
	struct json json = {.file = file};

	json_object(&json, NULL);
	json_bool(&json, "exists", status->exists);
	write_hex(&json, "key", (uint32_t)status->key->value);
	json_string(&json, "text", status->exists ? status->info.key_text : status->key->text);
	if (status->exists) {
		write_channel(&json, status);
		write_semaphores(&json, &status->snapshot);
		json_array(&json, "slots");
		for (uint32_t i = 0; i < status->snapshot.slot_count; i++)
			write_slot(&json, status, i);
		json_end_array(&json);
	}
	json_end_object(&json);
	putc('\n', file);
}
