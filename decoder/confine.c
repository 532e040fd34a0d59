/* confine.c - see confine.h. */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#include "translatable.h"
#include "translate.h"
#include "wire.h"

/*
 * What a decoder may use in addition to the picture's pixels: the file, the surface before it is
 * converted, planes and coefficients of formats that keep them.
 */
#define MEMORY_FACTOR 4
#define MEMORY_MORE   ((uint64_t)256 << 20)

static bool why(char reason[TEXT_REASON_MAX], const char *what, int error)
{
	translatable_write(reason, TEXT_REASON_MAX,
		N_("cannot be decoded: the decoder cannot be confined (%s: %s)"), "%s\n%s", what,
		strerror(error));
	return false;
}

/* If memory runs out, the kernel kills this process before the one with the window. */
static void offer_itself(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "800", 3) != 3)
		errno = 0; /* optional: a failure is harmless */
	close(fd);
}

static bool limit(int resource, uint64_t soft, uint64_t hard)
{
	struct rlimit now;

	/* A hard limit that is already lower cannot be raised. */
	if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
		return false;
	if (now.rlim_max < hard)
		hard = now.rlim_max;
	now = (struct rlimit){soft < hard ? soft : hard, hard};
	return setrlimit((__rlimit_resource_t)resource, &now) == 0;
}

#ifndef VITRINE_SANITIZED
/* Address space that this process uses now, mostly for libraries. */
static uint64_t addresses(void)
{
	uint64_t pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (file != NULL && fscanf(file, "%" SCNu64, &pages) != 1)
		pages = 0;
	if (file != NULL)
		fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool limit_memory(uint64_t memory)
{
	const uint64_t most = memory < UINT64_MAX / 16 ? memory * MEMORY_FACTOR : UINT64_MAX / 4;
	const uint64_t bytes = addresses() + most + MEMORY_MORE;

	return limit(RLIMIT_AS, bytes, bytes);
}
#endif

#if defined(HAVE_SECCOMP) && !defined(VITRINE_SANITIZED)
/*
 * The calls that the decoders, the allocator and abort() need. All others fail with EPERM. The last
 * line has the names of 32-bit machines; elsewhere libseccomp ignores it.
 */
static const int allowed[] = {SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(close),
	SCMP_SYS(fstat), SCMP_SYS(recvmsg), SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sysinfo), SCMP_SYS(restart_syscall),
	SCMP_SYS(_llseek), SCMP_SYS(fstat64), SCMP_SYS(clock_gettime64), SCMP_SYS(futex_time64)};

/* Memory, but not executable memory; and signals, but only to itself. Returns 0 or -errno. */
static int add_conditions(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	const struct scmp_arg_cmp itself = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	const struct scmp_arg_cmp errors = SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO, 0);
	int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_code);

	if (rc == 0) /* of 32-bit machines */
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap2), 1, no_code);
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code);
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, itself);
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, errors);
	return rc;
}

/*
 * What a thread needs: clone() with the flags that create a thread and not a process. A filter
 * cannot see the flags of clone3(), so that fails with ENOSYS, and the C library falls back to
 * clone().
 */
static int add_threads(scmp_filter_ctx filter)
{
	const scmp_datum_t thread =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	const struct scmp_arg_cmp is_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread);
	int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, is_thread);

	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(set_robust_list), 0);
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(rseq), 0);
	return rc;
}

/*
 * cairo checks whether a font's file is readable before it uses the one that is already open:
 * always answer yes, without looking at the file.
 */
static int add_fonts(scmp_filter_ctx filter)
{
	int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(faccessat), 0);

#ifdef __NR_access
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(0), SCMP_SYS(access), 0);
#endif
	return rc;
}

static int filter_calls(unsigned needs)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = filter != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (rc == 0)
		rc = add_conditions(filter);
	if (rc == 0 && (needs & CONFINE_THREADS) != 0)
		rc = add_threads(filter);
	if (rc == 0 && (needs & CONFINE_FONTS) != 0)
		rc = add_fonts(filter);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}
#else
static int filter_calls(unsigned needs)
{
	(void)needs;
	return 0;
}
#endif

bool confine(uint64_t memory, unsigned needs, char reason[TEXT_REASON_MAX])
{
	offer_itself();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return why(reason, "no_new_privs", errno);
	if (!limit(RLIMIT_CORE, 0, 0) || !limit(RLIMIT_NOFILE, WIRE_WINDOW + 2, WIRE_WINDOW + 2) ||
		((needs & CONFINE_THREADS) == 0 && !limit(RLIMIT_NPROC, 0, 0)) ||
		!limit(RLIMIT_FSIZE, 0, 0))
		return why(reason, "setrlimit", errno);
#ifndef VITRINE_SANITIZED
	/* Other processes cannot inspect it, and it never dumps core; LeakSanitizer needs that. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return why(reason, "dumpable", errno);
	if (!limit_memory(memory))
		return why(reason, "RLIMIT_AS", errno);
#else
	(void)memory;
#endif
	int rc = filter_calls(needs);
	return rc == 0 ||
	       why(reason, "seccomp; a build with -DVITRINE_SECCOMP=OFF does not need it", -rc);
}
