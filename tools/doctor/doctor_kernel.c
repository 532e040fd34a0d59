/*
 * doctor_kernel.c - compares the kernel's limits and settings with what a channel of the usual size
 * needs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "budget.h"
#include "doctor.h"
#include "ipcs.h"
#include "text.h"
#include "transitions.h"
#include "translate.h"

#define SEGMENT_BYTES   (VITRINE_SLOTS_DEFAULT * VITRINE_SLOT_SIZE_DEFAULT + (UINT64_C(64) << 10))
#define SEMAPHORES      ((uint64_t)SEM_SLOTS + SLOT_SEMAPHORES * VITRINE_SLOTS_DEFAULT)
#define ADDRESS_BYTES   (SEGMENT_BYTES + (UINT64_C(512) << 20)) /* and a program that attaches it */
#define SEGMENTS_USUAL  UINT64_C(4096)                          /* as kernels have it */
#define NO_LIMIT        UINT64_MAX
/* A comment after a command. */
#define SMALLER_CHANNEL _("or start the first program with a smaller --slot-size, such as 32M")

static uint64_t read_limit(const struct doctor *doctor, const char *path)
{
	uint64_t number;

	return doctor_numbers(doctor, path, &number, 1) == 1 ? number : NO_LIMIT;
}

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static void check_segment_size(struct doctor *doctor)
{
	uint64_t most = read_limit(doctor, "/proc/sys/kernel/shmmax");
	char limit[TEXT_SIZE_MAX], need[TEXT_SIZE_MAX];

	if (most >= SEGMENT_BYTES) {
		doctor_fine(doctor, "kernel.shmmax", _("a channel of %s is allowed"),
			text_size(need, SEGMENT_BYTES));
		return;
	}
	doctor_stop(doctor, "kernel.shmmax", _("a segment may have %s; a channel takes %s"),
		text_size(limit, most), text_size(need, SEGMENT_BYTES));
	doctor_cure("sudo sysctl -w kernel.shmmax=%" PRIu64 "   # %s", SEGMENT_BYTES,
		SMALLER_CHANNEL);
}

/* Checks the limit of this process, which programs started by the same shell also have. */
static void check_addresses(struct doctor *doctor)
{
	struct rlimit limit;
	char have[TEXT_SIZE_MAX], need[TEXT_SIZE_MAX];

	if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur >= ADDRESS_BYTES)
		return;
	doctor_stop(doctor, "ulimit -v",
		_("a program may use %s of address space; a channel and a window need %s"),
		text_size(have, limit.rlim_cur), text_size(need, ADDRESS_BYTES));
	doctor_cure("ulimit -v unlimited   # %s", SMALLER_CHANNEL);
}

static void check_segments(struct doctor *doctor, const struct ipcs_list *segments)
{
	uint64_t pages = read_limit(doctor, "/proc/sys/kernel/shmall");
	uint64_t count = read_limit(doctor, "/proc/sys/kernel/shmmni");
	uint64_t used = 0, needed = SEGMENT_BYTES / page_size() + 1;

	for (size_t i = 0; i < segments->count; i++)
		used += segments->objects[i].size / page_size() + 1;
	if (pages < used || pages - used < needed) {
		doctor_stop(doctor, "kernel.shmall",
			_("all segments together may have %" PRIu64 " pages, %" PRIu64
			  " are allocated; a channel takes %" PRIu64),
			pages, used, needed);
		doctor_cure("sudo sysctl -w kernel.shmall=%" PRIu64 "   # %s", used + 2 * needed,
			SMALLER_CHANNEL);
	} else {
		doctor_fine(doctor, "kernel.shmall", _("there is room for a channel"));
	}
	if (segments->count >= count) {
		doctor_stop(doctor, "kernel.shmmni", _("all %" PRIu64 " segments are in use"),
			count);
		doctor_cure("sudo sysctl -w kernel.shmmni=%" PRIu64 "   # %s",
			count > 0 ? 2 * count : SEGMENTS_USUAL,
			_("or look for leftovers: ipcs -m -p"));
	} else {
		doctor_fine(doctor, "kernel.shmmni", _("%zu of %" PRIu64 " segments are in use"),
			segments->count, count);
	}
}

/* kernel.sem: semaphores per set, semaphores in all, operations per array, sets. */
enum sem_limit { SEMMSL, SEMMNS, SEMOPM, SEMMNI, SEM_LIMITS };

static void check_semaphores(struct doctor *doctor, const struct ipcs_list *sets)
{
	static const char *const names[] = {N_("semaphores per set (SEMMSL)"),
		N_("semaphores in all (SEMMNS)"), N_("operations per array (SEMOPM)"),
		N_("sets (SEMMNI)")};
	uint64_t have[SEM_LIMITS], need[SEM_LIMITS] = {SEMAPHORES, SEMAPHORES, OPERATIONS_MOST, 1};
	uint64_t cure[SEM_LIMITS];
	bool all_fine = true;

	if (doctor_numbers(doctor, "/proc/sys/kernel/sem", have, SEM_LIMITS) != SEM_LIMITS)
		return;
	for (size_t i = 0; i < sets->count; i++)
		need[SEMMNS] += sets->objects[i].size;
	need[SEMMNI] += sets->count;
	for (int i = 0; i < SEM_LIMITS; i++) {
		cure[i] = have[i] < need[i] ? 2 * need[i] : have[i];
		if (have[i] >= need[i])
			continue;
		all_fine = false;
		doctor_stop(doctor, "kernel.sem", _("%" PRIu64 " %s; %" PRIu64 " are needed"),
			have[i], gettext(names[i]), need[i]);
	}
	if (all_fine)
		doctor_fine(doctor, "kernel.sem", _("there is room for a channel's %d semaphores"),
			(int)SEMAPHORES);
	else
		doctor_cure("sudo sysctl -w kernel.sem=\"%" PRIu64 " %" PRIu64 " %" PRIu64
			    " %" PRIu64 "\"   # %s",
			cure[SEMMSL], cure[SEMMNS], cure[SEMOPM], cure[SEMMNI],
			_("sets that nobody needs: ipcs -s"));
}

static void check_rmid_forced(struct doctor *doctor)
{
	if (read_limit(doctor, "/proc/sys/kernel/shm_rmid_forced") != 1) {
		doctor_fine(doctor, "kernel.shm_rmid_forced",
			_("images wait even while no program "
			  "is attached"));
		return;
	}
	doctor_stop(doctor, "kernel.shm_rmid_forced",
		_("is 1: the kernel destroys a channel, and the images waiting in it, as soon as no "
		  "program is attached"));
	doctor_cure("sudo sysctl -w kernel.shm_rmid_forced=0");
}

/*
 * Without overcommit the kernel charges the whole segment at once, even if most pages are never
 * used.
 */
static void check_overcommit(struct doctor *doctor)
{
	uint64_t limit = 0, committed = 0;
	char need[TEXT_SIZE_MAX], left[TEXT_SIZE_MAX], path[4096], line[256];
	FILE *file;

	if (read_limit(doctor, "/proc/sys/vm/overcommit_memory") != 2) {
		doctor_fine(doctor, "vm.overcommit_memory",
			_("only memory that images use is counted"));
		return;
	}
	snprintf(path, sizeof(path), "%s/proc/meminfo", doctor->root);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "CommitLimit: %" SCNu64, &limit);
		sscanf(line, "Committed_AS: %" SCNu64, &committed);
	}
	if (file != NULL)
		fclose(file);
	limit = limit > committed ? (limit - committed) * 1024 : 0;
	text_size(left, limit);
	text_size(need, SEGMENT_BYTES);
	if (limit < SEGMENT_BYTES)
		doctor_stop(doctor, "vm.overcommit_memory",
			_("is 2: a channel is charged for all its %s at once, but only %s are left"),
			need, left);
	else
		doctor_warn(doctor, "vm.overcommit_memory",
			_("is 2: a channel is charged for all its %s at once (%s are left)"), need,
			left);
	doctor_cure("sudo sysctl -w vm.overcommit_memory=0   # %s", SMALLER_CHANNEL);
}

static void check_group(struct doctor *doctor)
{
	uint64_t limit = budget_group_limit(doctor->root);
	char have[TEXT_SIZE_MAX], need[TEXT_SIZE_MAX];

	if (limit >= SEGMENT_BYTES) {
		doctor_fine(doctor, _("memory cgroup"), _("a full channel fits"));
		return;
	}
	doctor_warn(doctor, _("memory cgroup"),
		_("programs here may use %s; a channel full of large images needs %s"),
		text_size(have, limit), text_size(need, SEGMENT_BYTES));
	doctor_cure("docker update --memory 2g CONTAINER   # %s; %s",
		_("or systemctl set-property UNIT MemoryMax=2G"), SMALLER_CHANNEL);
}

void doctor_kernel(struct doctor *doctor)
{
	struct ipcs_list segments, sets;

	if (!ipcs_read(&segments, doctor->root, IPCS_SEGMENTS) ||
		!ipcs_read(&sets, doctor->root, IPCS_SETS)) {
		if (!doctor_exists(doctor, "/proc/self")) {
			doctor_stop(doctor, "/proc",
				_("it is not mounted, and most of Vitrine reads it"));
			doctor_cure("sudo mount -t proc proc /proc");
			return;
		}
		doctor_stop(doctor, "System V IPC", _("this kernel has none (/proc/sysvipc)"));
		doctor_cure("zgrep SYSVIPC /proc/config.gz   # %s",
			_("boot a kernel with CONFIG_SYSVIPC=y"));
		return;
	}
	check_segment_size(doctor);
	check_addresses(doctor);
	check_segments(doctor, &segments);
	check_semaphores(doctor, &sets);
	check_rmid_forced(doctor);
	check_overcommit(doctor);
	check_group(doctor);
	ipcs_free(&segments);
	ipcs_free(&sets);
}
