/*
 * print.c - prints what was seen, for people; see xray_command.h. Names are made safe for a
 * terminal.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monotonic.h"
#include "scope_text.h"
#include "text.h"
#include "translate.h"
#include "written.h"
#include "xray_command.h"

#define SECOND_NS INT64_C(1000000000)

static void print_head(FILE *file, const struct xray_session *xray, const char *what,
	const struct sysv_object *object)
{
	char owner[32], origin[SCOPE_ORIGIN_MAX];

	fprintf(file, "%s %d, ", what, object->id);
	if (object->key == 0)
		fputs(_("private"), file);
	else
		fprintf(file, _("key 0x%08x"), (unsigned)object->key);
	fputs(scope_origin(&xray->scope, object, origin), file);
	fprintf(file, _(", owner %s, mode %03o"), scope_text_owner(object->owner, owner),
		object->mode);
}

/* ---- sets ----------------------------------------------------------------------------------- */

static void print_semaphore(FILE *file, struct xray_session *xray, const struct snapshot_set *set,
	uint32_t number)
{
	const struct snapshot_semaphore *semaphore = &set->semaphores[number];
	const struct sysv_waiters *waiters = &semaphore->waiters;
	char name[48], last[64];

	scope_name(&xray->scope, set->object.id, number, name, sizeof(name));
	fprintf(file, "  %-12s %5u", name, semaphore->value);
	if (waiters->last != 0)
		fprintf(file, _("   last: %s"), scope_text_process(waiters->last, last));
	if (waiters->for_more > 0)
		fprintf(file,
			ngettext("   %d process waits for it to increase",
				"   %d processes wait for it to increase",
				(unsigned long)waiters->for_more),
			waiters->for_more);
	if (waiters->for_zero > 0)
		fprintf(file,
			ngettext("   %d process waits for it to be 0",
				"   %d processes wait for it to be 0",
				(unsigned long)waiters->for_zero),
			waiters->for_zero);
	putc('\n', file);
}

/* A set over the kernel's limits is reported as unreadable, not as empty. */
static const char *why_unreadable(int error)
{
	if (error == -EACCES)
		return _("no permission to read it; only its owner or root may");
	if (error == -EIDRM || error == -EINVAL)
		return _("it was just removed");
	return strerror(-error);
}

static void print_set(FILE *file, struct xray_session *xray, const struct snapshot_set *set)
{
	print_head(file, xray, _("semaphore set"), &set->object);
	if (set->error != 0) {
		fprintf(file,
			ngettext(", %" PRIu64 " semaphore: %s\n", ", %" PRIu64 " semaphores: %s\n",
				(unsigned long)set->object.size),
			set->object.size, why_unreadable(set->error));
		return;
	}
	putc('\n', file);
	for (uint32_t i = 0; i < set->count; i++)
		print_semaphore(file, xray, set, i);
}

/* The names of processes in it may be a second old. */
static void put_set(FILE *file, struct xray_session *xray, size_t position)
{
	size_t length;
	const char *text = written_set(xray, position, print_set, SECOND_NS, &length);

	if (text != NULL)
		fwrite(text, 1, length, file);
	else
		print_set(file, xray, &xray->scope.snapshot.sets[position]);
}

/* ---- segments, queues, POSIX ---------------------------------------------------------------- */

static void print_users(FILE *file, const struct xray_session *xray, int segment, ino_t inode)
{
	const struct sysv_mapping *mapping;
	size_t count = sysv_processes_of(&xray->scope.snapshot.users, segment, inode, &mapping);

	for (; count > 0; count--, mapping++) {
		char name[48];

		fprintf(file, "  %s %d%s\n", text_printable(name, sizeof(name), mapping->name),
			(int)mapping->pid, mapping->writes ? "" : _(", read-only"));
	}
}

static void print_segment(FILE *file, const struct xray_session *xray,
	const struct sysv_object *segment)
{
	char size[TEXT_SIZE_MAX];

	print_head(file, xray, _("segment"), segment);
	fprintf(file,
		ngettext(", %s, %" PRIu64 " mapping\n", ", %s, %" PRIu64 " mappings\n",
			(unsigned long)segment->count),
		text_size(size, segment->size), segment->count);
	print_users(file, xray, segment->id, (ino_t)segment->id);
}

static void print_queue(FILE *file, const struct xray_session *xray,
	const struct sysv_object *queue)
{
	char process[64];

	print_head(file, xray, _("message queue"), queue);
	fprintf(file,
		ngettext(", %" PRIu64 " message", ", %" PRIu64 " messages",
			(unsigned long)queue->count),
		queue->count);
	fprintf(file,
		ngettext(", %" PRIu64 " byte\n", ", %" PRIu64 " bytes\n",
			(unsigned long)queue->size),
		queue->size);
	if (queue->last != 0)
		fprintf(file, _("  last sender: %s\n"), scope_text_process(queue->last, process));
	if (queue->reader != 0)
		fprintf(file, _("  last receiver: %s\n"),
			scope_text_process(queue->reader, process));
}

static void print_named(FILE *file, const struct xray_session *xray,
	const struct sysv_named *semaphore)
{
	char name[300], owner[32];

	fprintf(file, _("POSIX semaphore %s, owner %s: "),
		text_printable(name, sizeof(name), semaphore->name),
		scope_text_owner(semaphore->owner, owner));
	if (!semaphore->is_readable)
		fputs(_("no permission to read it\n"), file);
	else
		fprintf(file, "%u%s\n", semaphore->value,
			semaphore->waiters == 0 ? "" : _(", a process waits for it to increase"));
	print_users(file, xray, -1, semaphore->inode);
}

/* ---- who sleeps ----------------------------------------------------------------------------- */

static void print_sleeper(FILE *file, struct xray_session *xray, const struct sysv_sleeper *sleeper)
{
	static const char *const calls[] = {"semop", "msgsnd", "msgrcv"};
	char name[48], text[SCOPE_TEXT_MAX], since[24];
	int64_t ns = monotonic_ns() - sleeper->since_ns;

	fprintf(file, _("%s %d sleeps in %s"), text_printable(name, sizeof(name), sleeper->name),
		(int)sleeper->pid, calls[sleeper->sleep]);
	fputs(scope_text_sleeper(&xray->scope, sleeper, text), file);
	if (ns >= SECOND_NS)
		fprintf(file, _("; for %s"), scope_text_duration(ns, since));
	putc('\n', file);
}

void xray_print(FILE *file, struct xray_session *xray)
{
	const struct sysv_snapshot *snapshot = &xray->scope.snapshot;
	size_t found = snapshot->set_count + snapshot->segments.count + snapshot->queues.count +
		       snapshot->nameds.count;

	for (size_t i = 0; i < snapshot->set_count; i++)
		put_set(file, xray, i);
	for (size_t i = 0; i < snapshot->segments.count; i++)
		print_segment(file, xray, &snapshot->segments.objects[i]);
	for (size_t i = 0; i < snapshot->queues.count; i++)
		print_queue(file, xray, &snapshot->queues.objects[i]);
	for (size_t i = 0; i < snapshot->nameds.count; i++)
		print_named(file, xray, &snapshot->nameds.semaphores[i]);
	for (size_t i = 0; i < snapshot->users.sleeper_count; i++)
		if (snapshot_has_sleeper(snapshot, &snapshot->users.sleepers[i]))
			print_sleeper(file, xray, &snapshot->users.sleepers[i]);
	if (found == 0)
		fputs(snapshot->choice_count > 0
				? _("there is no such object; `vitrine xray` without options lists "
				    "all objects\n")
				: _("there is no System V object, and no POSIX named semaphore\n"),
			file);
	if (xray->repeat_ns > 0)
		putc('\n', file);
}
