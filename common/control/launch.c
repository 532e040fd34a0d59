/* launch.c - see launch.h. */
#include "launch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/translate.h"
#include "process_status.h"
#include "registers.h"
#include "sysv/sysv_processes.h"

#define HEAD_MAX 256 /* of a file: the kernel looks at as many of its first bytes */

/* ---- finding it ---------------------------------------------------------------------------- */

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* As execvp(3) does: the first file in PATH that may be executed. */
static bool search(const char *name, char path[4096])
{
	const char *folders = getenv("PATH");

	if (folders == NULL)
		folders = "/usr/local/bin:/usr/bin:/bin";
	while (true) {
		size_t length = strcspn(folders, ":");

		snprintf(path, 4096, "%.*s/%s", length > 0 ? (int)length : 1,
			length > 0 ? folders : ".", name);
		if (is_file(path) && access(path, X_OK) == 0)
			return true;
		if (folders[length] == '\0')
			return false;
		folders += length + 1;
	}
}

/* Why an ELF file with these first bytes cannot be controlled; NULL: it can. */
static const char *judge_elf(const unsigned char *head)
{
	uint16_t machine;

	memcpy(&machine, head + offsetof(Elf64_Ehdr, e_machine), sizeof(machine));
	if (head[EI_CLASS] != ELFCLASS64 || machine != CPU_ELF)
		return _("is a program of another architecture; build it for this machine (without "
			 "-m32)");
	return NULL;
}

/* Why a script with these first bytes cannot be started; NULL: it can. `reason` has room for it. */
static const char *judge_script(const char *head, char reason[TRACER_REASON_MAX])
{
	const char *path = head + 2 + strspn(head + 2, " \t");
	int length = (int)strcspn(path, " \t\n");
	char interpreter[HEAD_MAX];

	snprintf(interpreter, sizeof(interpreter), "%.*s", length, path);
	if (access(interpreter, X_OK) == 0)
		return NULL;
	snprintf(reason, TRACER_REASON_MAX,
		strchr(interpreter, '\r') != NULL
			? _("its lines end as on Windows, so its interpreter “%s” is not found; "
			    "dos2unix corrects that")
			: _("its first line names the interpreter “%s”, which does not exist or is "
			    "not executable"),
		interpreter);
	return reason;
}

/* Why the file cannot be controlled; NULL: it can. `reason` has room for it. */
static const char *judge_file(int file, char reason[TRACER_REASON_MAX])
{
	unsigned char head[HEAD_MAX] = {0};
	struct stat status;
	ssize_t length = read(file, head, sizeof(head) - 1);

	if (fstat(file, &status) != 0)
		return strerror(errno);
	if ((status.st_mode & S_ISUID) != 0 ||
		((status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0))
		return _("is set-uid: under control it would run without those rights; control a "
			 "copy of it (cp), or watch it while it runs (without --)");
	if (length >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0)
		return length >= (ssize_t)sizeof(Elf64_Ehdr) ? judge_elf(head)
							     : _("is a damaged ELF file");
	if (length >= 2 && head[0] == '#' && head[1] == '!')
		return judge_script((const char *)head, reason);
	return _("is not a program: it is not an ELF file and does not begin with #!; compile it, "
		 "or name its interpreter (such as python3 FILE)");
}

bool launch_find(const char *name, char path[4096], char reason[TRACER_REASON_MAX])
{
	const char *fault;
	int file;

	if (strchr(name, '/') != NULL) {
		snprintf(path, 4096, "%s", name);
	} else if (!search(name, path)) {
		snprintf(reason, TRACER_REASON_MAX, _("is not in any folder of PATH; %s"),
			access(name, X_OK) == 0 ? _("write ./ before it to run the one in this "
						    "folder")
						: _("give its path"));
		return false;
	}
	file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file < 0) {
		snprintf(reason, TRACER_REASON_MAX, "%s",
			errno == ENOENT ? _("does not exist; compile it first, or correct the path")
					: strerror(errno));
		return false;
	}
	if (!is_file(path))
		fault = _("is not a file");
	else if (access(path, X_OK) != 0)
		fault = _("is not executable; chmod +x makes it so");
	else
		fault = judge_file(file, reason);
	close(file);
	if (fault != reason)
		snprintf(reason, TRACER_REASON_MAX, "%s", fault != NULL ? fault : "");
	return fault == NULL;
}

/* ---- starting it --------------------------------------------------------------------------- */

/* What the child reports if it does not reach its exec. */
struct failure {
	int is_filter; /* false: exec failed */
	int error;
};

/* Runs in the child: only async-signal-safe calls. */
static void become(const struct tracer_program *program, const char *path,
	const struct filter *filter, int go, int failed)
{
	struct failure failure = {0};
	sigset_t none;
	char byte;

	while (read(go, &byte, 1) < 0 && errno == EINTR)
		continue;
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (program->prepare != NULL)
		program->prepare(program->data);
	failure.error = -filter_install(filter);
	failure.is_filter = failure.error != 0;
	if (failure.error == 0) {
		execve(path, program->argv,
			program->environment != NULL ? program->environment : environ);
		failure.error = errno;
	}
	while (write(failed, &failure, sizeof(failure)) < 0 && errno == EINTR)
		continue;
	_exit(127);
}

static void bury(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, __WALL) == pid && !WIFEXITED(status) && !WIFSIGNALED(status))
		ptrace(PTRACE_CONT, pid, NULL, NULL);
}

/*
 * Lets the child continue to its exec, a stop that is left for the tracer, or to its end. Its calls
 * may stop it, too.
 */
static void lead_to_exec(pid_t pid)
{
	siginfo_t stop;
	int status;

	while (true) {
		if (waitid(P_PID, (id_t)pid, &stop, WEXITED | WSTOPPED | WNOWAIT | __WALL) != 0) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (stop.si_code != CLD_TRAPPED || stop.si_status >> 8 == PTRACE_EVENT_EXEC)
			return;
		waitpid(pid, &status, __WALL);
		ptrace(PTRACE_CONT, pid, NULL,
			(long)(stop.si_status >> 8 == 0 ? stop.si_status : 0));
	}
}

static void explain_refusal(pid_t pid, int error, char reason[TRACER_REASON_MAX])
{
	char name[SYSV_NAME_MAX];
	struct process_status status;

	process_status_read(pid, &status);
	if (status.tracer == 0) {
		snprintf(reason, TRACER_REASON_MAX,
			_("cannot be controlled: ptrace: %s; a container or a security policy "
			  "forbids it (docker: --cap-add=SYS_PTRACE)"),
			strerror(error));
		return;
	}
	sysv_process_name(status.tracer, name);
	snprintf(reason, TRACER_REASON_MAX,
		_("is already traced by process %d (%s), and a process can have only "
		  "one tracer: start vitrine xray outside of it"),
		(int)status.tracer, name);
}

/* Attaches, lets the child continue to its exec, and reads whether it got there. */
static bool attach(pid_t pid, unsigned long options, int go, int failed,
	char reason[TRACER_REASON_MAX])
{
	struct failure failure;

	if (ptrace(PTRACE_SEIZE, pid, NULL, options) != 0) {
		explain_refusal(pid, errno, reason);
		return false;
	}
	if (write(go, "", 1) != 1)
		return true;
	lead_to_exec(pid);
	if (read(failed, &failure, sizeof(failure)) <= 0)
		return true;
	snprintf(reason, TRACER_REASON_MAX,
		failure.is_filter ? _("cannot be controlled: this kernel does not support seccomp "
				      "filters: %s")
				  : _("cannot be started: %s"),
		strerror(failure.error));
	return false;
}

bool launch_start(const struct tracer_program *program, const struct filter *filter,
	unsigned long options, pid_t *pid, char reason[TRACER_REASON_MAX])
{
	int go[2], failed[2];
	char path[4096];
	bool is_started;

	if (!launch_find(program->argv[0], path, reason))
		return false;
	if (pipe2(go, O_CLOEXEC) != 0 || pipe2(failed, O_CLOEXEC) != 0) {
		snprintf(reason, TRACER_REASON_MAX, "pipe: %s", strerror(errno));
		return false;
	}
	*pid = fork();
	if (*pid == 0)
		become(program, path, filter, go[0], failed[1]);
	close(go[0]);
	close(failed[1]);
	if (*pid < 0)
		snprintf(reason, TRACER_REASON_MAX, "fork: %s", strerror(errno));
	is_started = *pid > 0 && attach(*pid, options, go[1], failed[0], reason);
	if (*pid > 0 && !is_started)
		bury(*pid);
	close(go[1]);
	close(failed[0]);
	return is_started;
}

int launch_split(int argc, char **argv, struct tracer_program *programs, size_t most, size_t *count,
	char reason[TRACER_REASON_MAX])
{
	int own = argc;

	*count = 0;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		if (own == argc)
			own = i;
		argv[i] = NULL; /* argv[argc] is NULL, too */
		if (*count == most) {
			snprintf(reason, TRACER_REASON_MAX, _("at most %zu programs can be given"),
				most);
			return 0;
		}
		programs[(*count)++].argv = &argv[i + 1];
	}
	for (size_t i = 0; i < *count; i++)
		if (programs[i].argv[0] == NULL) {
			snprintf(reason, TRACER_REASON_MAX, _("must be followed by a program"));
			return 0;
		}
	return own;
}
