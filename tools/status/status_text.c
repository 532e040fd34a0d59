/* status_text.c - prints a look at a channel for people. */
#include <string.h>
#include <unistd.h>

#include "status.h"
#include "text.h"
#include "translate.h"
#include "username.h"

const char *status_state(const struct vitrine_slot_info *slot)
{
	switch ((enum vitrine_slot_state)slot->state) {
	case VITRINE_SLOT_EMPTY: return N_("empty");
	case VITRINE_SLOT_WRITING: return N_("writing");
	case VITRINE_SLOT_READY: return N_("ready");
	case VITRINE_SLOT_READING: return N_("reading");
	case VITRINE_SLOT_DAMAGED: break;
	}
	return N_("damaged");
}

static void print_channel(FILE *file, const struct status *status)
{
	const struct vitrine_info *info = &status->info;
	char slot[TEXT_SIZE_MAX], resident[TEXT_SIZE_MAX], key[VITRINE_NAME_MAX];
	char owner[USERNAME_MAX];

	fprintf(file, _("channel 0x%08x"), (unsigned)info->key);
	if (strncmp(info->key_text, "0x", 2) != 0)
		fprintf(file, " \"%s\"", text_printable(key, sizeof(key), info->key_text));
	fprintf(file, _(", owner %s, mode %04o\n"), username(owner, info->owner_uid),
		status->snapshot.mode);
	if (info->owner_uid != geteuid())
		fputs(_("belongs to another user, who can read and change everything published "
			"here\n"),
			file);
	fprintf(file, _("semaphore set %d, segment %d: %u slots of %s, %s in memory\n"),
		info->semid, info->shmid, info->slots, text_size(slot, info->slot_size),
		text_size(resident, status->resident));
	if (status->snapshot.segment_removed)
		fputs(_("the segment was removed (ipcrm); it disappears when the last program "
			"detaches\n"),
			file);
}

static void print_semaphore(FILE *file, const char *name, const struct vitrine_semaphore *semaphore)
{
	fprintf(file, "  %-10s %5d  ", name, semaphore->value);
	if (semaphore->pid != 0)
		fprintf(file, "%8d", semaphore->pid);
	else
		fprintf(file, "%8s", "-");
	if (semaphore->ncnt > 0) {
		fputs("  ", file);
		fprintf(file, _("%d until it increases"), semaphore->ncnt);
	}
	if (semaphore->zcnt > 0)
		fprintf(file, _("  %d until it is 0"), semaphore->zcnt);
	putc('\n', file);
}

static void print_semaphores(FILE *file, const struct vitrine_snapshot *snapshot)
{
	fputs(_("\n  semaphore  value  last pid  asleep\n"), file);
	print_semaphore(file, "mutex", &snapshot->mutex);
	print_semaphore(file, "empty", &snapshot->empty);
	print_semaphore(file, "full", &snapshot->full);
	print_semaphore(file, "nothing", &snapshot->nothing);
	print_semaphore(file, "alive", &snapshot->alive);
	print_semaphore(file, "producers", &snapshot->producers);
	print_semaphore(file, "consumers", &snapshot->consumers);
	print_semaphore(file, "mirrors", &snapshot->mirrors);
}

/* "1 by 4242", with the number of sleepers. Returns `cell`. */
static const char *cell_of(char cell[48], const struct vitrine_semaphore *semaphore)
{
	char by[16] = "", asleep[16] = "";
	int count = semaphore->ncnt + semaphore->zcnt;

	if (semaphore->pid != 0)
		snprintf(by, sizeof(by), _(" by %d"), semaphore->pid);
	if (count > 0)
		snprintf(asleep, sizeof(asleep), " +%d", count);
	snprintf(cell, 48, "%d%s%s", semaphore->value, by, asleep);
	return cell;
}

static void print_slot_semaphores(FILE *file, const struct vitrine_snapshot *snapshot)
{
	char ready[48], latest[48], writer[48], reader[48];

	fputs(_("\n  slot  ready           latest          writer          reader\n"), file);
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		const struct vitrine_slot_info *slot = &snapshot->slots[i];

		fprintf(file, "  %4u  %-14s  %-14s  %-14s  %s\n", i, cell_of(ready, &slot->ready),
			cell_of(latest, &slot->latest_semaphore), cell_of(writer, &slot->writer),
			cell_of(reader, &slot->reader));
	}
}

static void print_image(FILE *file, const struct vitrine_image *image)
{
	char name[VITRINE_NAME_MAX], type[VITRINE_MEDIA_TYPE_MAX], size[TEXT_SIZE_MAX];

	fprintf(file, "#%llu %s", (unsigned long long)image->sequence,
		text_printable(name, sizeof(name), image->name));
	if (image->kind == VITRINE_PIXELS)
		fprintf(file, ", %u x %u", image->width, image->height);
	else
		fprintf(file, ", %s", text_printable(type, sizeof(type), image->media_type));
	fprintf(file, _(", %s, %.1f s old"), text_size(size, image->size),
		(double)vitrine_age_ns(image) / 1e9);
}

static void print_slots(FILE *file, const struct status *status)
{
	fputs(_("\n  slot  state    holder\n"), file);
	for (uint32_t i = 0; i < status->snapshot.slot_count; i++) {
		const struct vitrine_slot_info *slot = &status->snapshot.slots[i];

		char holder[16] = "-";

		if (slot->holder != 0)
			snprintf(holder, sizeof(holder), "%d", slot->holder);
		fprintf(file, slot->has_image ? "  %4u  %-7s  %-8s  " : "  %4u  %-7s  %s", i,
			gettext(status_state(slot)), holder);
		if (slot->has_image)
			print_image(file, &slot->image);
		fputs(slot->latest ? _(", the newest\n") : "\n", file);
	}
}

/* Prints the processes found, and nattch if that is more, because it counts mappings. */
static void print_processes(FILE *file, const struct status *status)
{
	char name[sizeof(status->processes[0].name)];

	fprintf(file, _("\nattached: %zu"), status->process_count);
	for (size_t i = 0; i < status->process_count; i++)
		fprintf(file, "%s %s %d (%s)", i == 0 ? ":" : ",",
			text_printable(name, sizeof(name), status->processes[i].name),
			status->processes[i].pid,
			status->processes[i].writes ? _("may write") : _("reads"));
	if (status->attached > status->process_count)
		fprintf(file,
			_("; nattch is %u: a process has attached it more than once, "
			  "or other users' processes have attached it"),
			status->attached);
	putc('\n', file);
}

void status_print(FILE *file, const struct status *status)
{
	print_channel(file, status);
	print_semaphores(file, &status->snapshot);
	print_slot_semaphores(file, &status->snapshot);
	print_slots(file, status);
	print_processes(file, status);
}
