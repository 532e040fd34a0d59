/* print_json.c - prints the state as one JSON object on one line; see xray_command.h. */
#include <string.h>

#include "json.h"
#include "monotonic.h"
#include "written.h"
#include "xray_command.h"

/* Writes the origin of a key, if known: the name of a Qt object, or the file that the user gave. */
static void put_origin(struct json *json, const struct xray_session *xray,
	const struct sysv_object *object)
{
	const struct sysv_snapshot *snapshot = &xray->scope.snapshot;
	const struct snapshot_choice *choice = snapshot_find_choice(snapshot, object);
	char name[256];

	if (origin_qt_name(&snapshot->qt, object->key, name, sizeof(name)))
		json_string(json, "qt", name);
	if (choice != NULL && choice->by == SNAPSHOT_BY_FILE)
		json_string(json, "file", choice->path);
}

static void put_object(struct json *json, const struct xray_session *xray,
	const struct sysv_object *object)
{
	json_i64(json, "id", object->id);
	json_i64(json, "key", object->key);
	put_origin(json, xray, object);
	json_u64(json, "owner", object->owner);
	json_u64(json, "mode", object->mode);
}

static void write_set(struct json *json, struct xray_session *xray, const struct snapshot_set *set)
{
	json_object(json, NULL);
	put_object(json, xray, &set->object);
	json_u64(json, "count", set->object.size);
	if (set->error != 0)
		json_string(json, "error", strerrorname_np(-set->error));
	json_array(json, "semaphores");
	for (uint32_t i = 0; set->error == 0 && i < set->count; i++) {
		const struct snapshot_semaphore *semaphore = &set->semaphores[i];
		char name[48];

		scope_name(&xray->scope, set->object.id, i, name, sizeof(name));
		json_object(json, NULL);
		json_string(json, "name", name);
		json_u64(json, "value", semaphore->value);
		json_i64(json, "ncnt", semaphore->waiters.for_more);
		json_i64(json, "zcnt", semaphore->waiters.for_zero);
		json_i64(json, "pid", semaphore->waiters.last);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

static void print_set(FILE *file, struct xray_session *xray, const struct snapshot_set *set)
{
	struct json json = {.file = file};

	write_set(&json, xray, set);
}

static void put_set(struct json *json, struct xray_session *xray, size_t position)
{
	size_t length;
	const char *text = written_set(xray, position, print_set, INT64_MAX, &length);

	if (text != NULL)
		json_written(json, NULL, text, length);
	else
		write_set(json, xray, &xray->scope.snapshot.sets[position]);
}

static void put_users(struct json *json, const struct xray_session *xray, int segment, ino_t inode)
{
	const struct sysv_mapping *mapping;
	size_t count = sysv_processes_of(&xray->scope.snapshot.users, segment, inode, &mapping);

	json_array(json, "attached");
	for (; count > 0; count--, mapping++) {
		json_object(json, NULL);
		json_i64(json, "pid", mapping->pid);
		json_string(json, "name", mapping->name);
		json_bool(json, "writes", mapping->writes);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_segment(struct json *json, const struct xray_session *xray,
	const struct sysv_object *segment)
{
	json_object(json, NULL);
	put_object(json, xray, segment);
	json_u64(json, "bytes", segment->size);
	json_u64(json, "nattch", segment->count);
	json_i64(json, "cpid", segment->creator);
	json_i64(json, "lpid", segment->last);
	put_users(json, xray, segment->id, (ino_t)segment->id);
	json_end_object(json);
}

static void put_queue(struct json *json, const struct xray_session *xray,
	const struct sysv_object *queue)
{
	json_object(json, NULL);
	put_object(json, xray, queue);
	json_u64(json, "messages", queue->count);
	json_u64(json, "bytes", queue->size);
	json_i64(json, "lspid", queue->last);
	json_i64(json, "lrpid", queue->reader);
	json_end_object(json);
}

static void put_named(struct json *json, const struct xray_session *xray,
	const struct sysv_named *semaphore)
{
	json_object(json, NULL);
	json_string(json, "name", semaphore->name);
	json_u64(json, "owner", semaphore->owner);
	if (semaphore->is_readable) {
		json_u64(json, "value", semaphore->value);
		json_bool(json, "has_waiters", semaphore->waiters > 0);
	}
	put_users(json, xray, -1, semaphore->inode);
	json_end_object(json);
}

static void put_sleeper(struct json *json, struct xray_session *xray,
	const struct sysv_sleeper *sleeper)
{
	static const char *const calls[] = {"semop", "msgsnd", "msgrcv"};
	int blocked = snapshot_blocked_at(&xray->scope.snapshot, sleeper);

	json_object(json, NULL);
	json_i64(json, "pid", sleeper->pid);
	json_i64(json, "tid", sleeper->tid);
	json_string(json, "name", sleeper->name);
	json_string(json, "call", calls[sleeper->sleep]);
	json_real(json, "asleep_s", (double)(monotonic_ns() - sleeper->since_ns) / 1e9);
	json_bool(json, "is_outside", sleeper->is_outside);
	if (sleeper->is_known)
		json_i64(json, "object", sleeper->id);
	json_array(json, "operations");
	for (uint32_t i = 0; i < sleeper->count; i++) {
		json_object(json, NULL);
		json_u64(json, "semaphore", sleeper->operations[i].sem_num);
		json_i64(json, "op", sleeper->operations[i].sem_op);
		json_bool(json, "undo", (sleeper->operations[i].sem_flg & SEM_UNDO) != 0);
		json_end_object(json);
	}
	json_end_array(json);
	if (blocked >= 0)
		json_i64(json, "blocked_at", blocked);
	json_end_object(json);
}

void xray_print_json(FILE *file, struct xray_session *xray)
{
	const struct sysv_snapshot *snapshot = &xray->scope.snapshot;
	struct json json = {.file = file};

	json_object(&json, NULL);
	json_array(&json, "sets");
	for (size_t i = 0; i < snapshot->set_count; i++)
		put_set(&json, xray, i);
	json_end_array(&json);
	json_array(&json, "segments");
	for (size_t i = 0; i < snapshot->segments.count; i++)
		put_segment(&json, xray, &snapshot->segments.objects[i]);
	json_end_array(&json);
	json_array(&json, "queues");
	for (size_t i = 0; i < snapshot->queues.count; i++)
		put_queue(&json, xray, &snapshot->queues.objects[i]);
	json_end_array(&json);
	json_array(&json, "posix");
	for (size_t i = 0; i < snapshot->nameds.count; i++)
		put_named(&json, xray, &snapshot->nameds.semaphores[i]);
	json_end_array(&json);
	json_array(&json, "sleepers");
	for (size_t i = 0; i < snapshot->users.sleeper_count; i++)
		put_sleeper(&json, xray, &snapshot->users.sleepers[i]);
	json_end_array(&json);
	json_end_object(&json);
	putc('\n', file);
}
