/*
 * doctor_channels.c - checks the objects under our keys: this user's channel, and leftovers of dead
 * programs.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "ipcs.h"
#include "proc_stat.h"
#include "semset.h"
#include "transitions.h"
#include "translate.h"

static bool is_stopped(pid_t pid)
{
	struct proc_stat stat;

	return proc_stat_read(pid, &stat) && (stat.state == 'T' || stat.state == 't');
}

/* A process that was stopped while holding the mutex makes all others wait. */
static void check_mutex(struct doctor *doctor, struct vitrine_channel *channel)
{
	struct vitrine_snapshot snapshot;

	if (vitrine_inspect(channel, &snapshot) != VITRINE_OK || snapshot.mutex.value > 0 ||
		snapshot.alive.value == 0 || !is_stopped(snapshot.mutex.pid)) {
		doctor_fine(doctor, _("channel"), _("%s exists and is in order"),
			vitrine_info(channel)->key_text);
		return;
	}
	doctor_stop(doctor, _("channel"),
		_("process %d was stopped while holding the mutex: all others wait"),
		snapshot.mutex.pid);
	doctor_cure("kill -CONT %d", snapshot.mutex.pid);
}

/* The channel that programs would open with this user's key. */
static void check_key(struct doctor *doctor)
{
	struct vitrine_channel *channel;
	int rc;

	doctor->tool->channel.role = VITRINE_INSPECTOR;
	rc = vitrine_open(&channel, &doctor->tool->channel);
	if (rc == VITRINE_OK) {
		check_mutex(doctor, channel);
	} else if (rc == VITRINE_ENONE) {
		doctor_fine(doctor, _("channel"),
			_("there is none under %s; the first program creates "
			  "it"),
			doctor->tool->key.text);
	} else {
		doctor_stop(doctor, _("channel"), "%s", vitrine_message(channel));
		doctor_cure("export VITRINE_KEY=%s-%u   # %s", "mine", (unsigned)doctor->user,
			_("or any other name, for both programs"));
	}
	vitrine_close(channel);
}

/* The number of images waiting in a set; -1: it cannot be read. */
static int waiting_in(int32_t semid)
{
	unsigned short values[SEMAPHORES_MAX];
	struct semset_status status;

	if (semset_status(semid, &status) < 0 || status.count > SEMAPHORES_MAX ||
		status.count <= SEM_FULL || semset_values(semid, status.count, values) < 0)
		return -1;
	return values[SEM_FULL];
}

/* Reports a channel that no process has attached. */
static unsigned report_segment(struct doctor *doctor, const struct ipcs_object *segment,
	const struct ipcs_list *sets)
{
	unsigned key = (unsigned)segment->key;
	int32_t semid;
	int waiting;

	if (segment->key == 0 || segment->attached > 0 || !ipcs_is_channel(segment, &semid))
		return 0;
	waiting = ipcs_with_id(sets, semid) != NULL ? waiting_in(semid) : -1;
	if (waiting > 0) {
		doctor_warn(doctor, _("leftovers"),

			ngettext("%d image waits in channel 0x%08x, and no program has it open",
				"%d images wait in channel 0x%08x, and no program has it open",
				(unsigned long)waiting),
			waiting, key);
		doctor_cure(
			_("vitrine recv -k 0x%1$08x   # or drop: vitrine clean -k 0x%1$08x --force"),
			key);
	} else {
		doctor_warn(doctor, _("leftovers"),
			_("channel 0x%08x was left behind by a program that died (segment %d)"),
			key, segment->id);
		doctor_cure("vitrine clean -k 0x%08x", key);
	}
	return 1;
}

/* Reports a set that looks like ours but has no segment: its creator died in between. */
static unsigned report_set(struct doctor *doctor, const struct ipcs_object *set,
	const struct ipcs_list *segments)
{
	unsigned key = (unsigned)set->key;
	struct semset_status status;

	if ((key >> 24 != 0x76 && key >> 24 != 0x77) || semset_status(set->id, &status) < 0 ||
		status.owner != geteuid() || set->size < SEM_SLOTS ||
		(set->size - SEM_SLOTS) % SLOT_SEMAPHORES != 0 ||
		ipcs_with_key(segments, set->key) != NULL)
		return 0;
	doctor_warn(doctor, _("leftovers"), _("semaphore set %d has no segment: its creator died"),
		set->id);
	doctor_cure("vitrine clean -k 0x%08x", key);
	return 1;
}

static void check_leftovers(struct doctor *doctor)
{
	struct ipcs_list segments, sets;
	unsigned found = 0;

	if (!ipcs_read(&segments, "", IPCS_SEGMENTS))
		return;
	if (ipcs_read(&sets, "", IPCS_SETS)) {
		for (size_t i = 0; i < segments.count; i++)
			found += report_segment(doctor, &segments.objects[i], &sets);
		for (size_t i = 0; i < sets.count; i++)
			found += report_set(doctor, &sets.objects[i], &segments);
		ipcs_free(&sets);
	}
	ipcs_free(&segments);
	if (found == 0)
		doctor_fine(doctor, _("leftovers"), _("there are none"));
}

void doctor_channels(struct doctor *doctor)
{
	check_key(doctor);
	check_leftovers(doctor);
}
