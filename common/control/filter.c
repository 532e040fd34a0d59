/* filter.c - see filter.h. */
#include "filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "registers.h"
#include "sysv/numbers.h"

#define X32_CALL 0x40000000 /* marks a call of the x32 ABI on x86-64 */

static const int sysv_calls[] = {
#ifdef SYS_semop
	SYS_semop,
#endif
	SYS_semtimedop,
	SYS_semget,
	SYS_semctl,
	SYS_shmget,
	SYS_shmat,
	SYS_shmdt,
	SYS_shmctl,
	SYS_msgget,
	SYS_msgsnd,
	SYS_msgrcv,
	SYS_msgctl,
};

static void add(struct filter *filter, struct sock_filter instruction)
{
	filter->code[filter->length++] = instruction;
}

static void load(struct filter *filter, size_t offset)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

static void give(struct filter *filter, uint32_t action)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* Calls that do not access the program's memory, among them those of guard.c. */
static const int quiet_calls[] = {SYS_mprotect, SYS_brk, SYS_munmap, SYS_rt_sigreturn};

/* Matches one system call number: if it is equal, the next instruction gives the action. */
static void add_call(struct filter *filter, int call, uint32_t action)
{
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1));
	give(filter, action);
}

void filter_write(struct filter *filter, const int *calls, size_t count, bool all)
{
	filter->length = 0;
	load(filter, offsetof(struct seccomp_data, arch));
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CPU_AUDIT_ARCH, 1, 0));
	give(filter, SECCOMP_RET_TRACE | FILTER_FOREIGN);
	load(filter, offsetof(struct seccomp_data, nr));
	add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALL, 0, 1));
	give(filter, SECCOMP_RET_TRACE | FILTER_FOREIGN);
	for (size_t i = 0; i < sizeof(sysv_calls) / sizeof(sysv_calls[0]); i++)
		add_call(filter, sysv_calls[i], SECCOMP_RET_TRACE);
	for (size_t i = 0; i < count && i < FILTER_CALLS_MAX; i++)
		add_call(filter, calls[i], SECCOMP_RET_TRACE);
	for (size_t i = 0; i < sizeof(quiet_calls) / sizeof(quiet_calls[0]); i++)
		add_call(filter, quiet_calls[i], SECCOMP_RET_ALLOW);
	give(filter, all ? SECCOMP_RET_TRACE | FILTER_OTHER : SECCOMP_RET_ALLOW);
}

int filter_install(const struct filter *filter)
{
	const struct sock_fprog program = {
		.len = filter->length, .filter = (struct sock_filter *)(uintptr_t)filter->code};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0)
		return -errno;
	return 0;
}
