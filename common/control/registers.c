/* registers.c - see registers.h. */
#include "registers.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

int registers_read(pid_t tid, struct registers *registers)
{
	struct iovec part = {registers, sizeof(*registers)};

	return ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &part) == 0 ? 0 : -errno;
}

int registers_write(pid_t tid, const struct registers *registers)
{
	struct iovec part = {(void *)(uintptr_t)registers, sizeof(*registers)};

	return ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &part) == 0 ? 0 : -errno;
}

#if defined(__x86_64__)

uint64_t registers_counter(const struct registers *registers)
{
	return registers->user.rip;
}

uint64_t registers_stack(const struct registers *registers)
{
	return registers->user.rsp;
}

/* System V ABI for AMD64, figure 3.36. */
void registers_dwarf(const struct registers *registers, uint64_t values[REGISTERS_DWARF])
{
	const struct user_regs_struct *user = &registers->user;
	const unsigned long long ordered[REGISTERS_DWARF] = {user->rax, user->rdx, user->rcx,
		user->rbx, user->rsi, user->rdi, user->rbp, user->rsp, user->r8, user->r9,
		user->r10, user->r11, user->r12, user->r13, user->r14, user->r15, user->rip};

	for (unsigned i = 0; i < REGISTERS_DWARF; i++)
		values[i] = ordered[i];
}

int registers_set_argument(pid_t tid, unsigned number, uint64_t value)
{
	struct registers registers = {0};
	struct user_regs_struct *user = &registers.user;
	unsigned long long *const arguments[] = {
		&user->rdi, &user->rsi, &user->rdx, &user->r10, &user->r8, &user->r9};
	int error = registers_read(tid, &registers);

	if (error != 0)
		return error;
	*arguments[number] = value;
	return registers_write(tid, &registers);
}

int registers_answer(pid_t tid, int64_t result)
{
	struct registers registers = {0};
	int error = registers_read(tid, &registers);

	if (error != 0)
		return error;
	registers.user.orig_rax = (unsigned long long)-1; /* no such call */
	registers.user.rax = (unsigned long long)result;
	return registers_write(tid, &registers);
}

int registers_set_result(pid_t tid, int64_t result)
{
	struct registers registers = {0};
	int error = registers_read(tid, &registers);

	if (error != 0)
		return error;
	registers.user.rax = (unsigned long long)result;
	return registers_write(tid, &registers);
}

int registers_interrupt(pid_t tid)
{
	return registers_set_result(tid, -EINTR);
}

#define CALLER_BYTES 2 /* of the instruction syscall */

uint64_t registers_caller(const struct registers *registers)
{
	return registers->user.rip - CALLER_BYTES;
}

static void set_arguments(struct user_regs_struct *user,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	user->rdi = arguments[0];
	user->rsi = arguments[1];
	user->rdx = arguments[2];
	user->r10 = arguments[3];
	user->r8 = arguments[4];
}

void registers_prepare(struct registers *registers, uint64_t caller, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	set_arguments(&registers->user, arguments);
	registers->user.rip = caller;
	registers->user.rax = (unsigned long long)number;
	registers->user.orig_rax = (unsigned long long)-1; /* no call is to be restarted */
}

int64_t registers_result(const struct registers *registers)
{
	return (int64_t)registers->user.rax;
}

int registers_replace(pid_t tid, const struct registers *registers, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	struct registers replaced = *registers;

	set_arguments(&replaced.user, arguments);
	replaced.user.orig_rax = (unsigned long long)number;
	return registers_write(tid, &replaced);
}

int registers_again(pid_t tid, const struct registers *registers)
{
	struct registers again = *registers;

	again.user.rax = registers->user.orig_rax;
	again.user.orig_rax = (unsigned long long)-1;
	again.user.rip -= CALLER_BYTES;
	return registers_write(tid, &again);
}

#elif defined(__aarch64__)

uint64_t registers_counter(const struct registers *registers)
{
	return registers->user.pc;
}

uint64_t registers_stack(const struct registers *registers)
{
	return registers->user.sp;
}

void registers_dwarf(const struct registers *registers, uint64_t values[REGISTERS_DWARF])
{
	for (unsigned i = 0; i < 31; i++)
		values[i] = registers->user.regs[i];
	values[31] = registers->user.sp;
}

int registers_set_argument(pid_t tid, unsigned number, uint64_t value)
{
	struct registers registers = {0};
	int error = registers_read(tid, &registers);

	if (error != 0)
		return error;
	registers.user.regs[number] = value;
	return registers_write(tid, &registers);
}

int registers_set_result(pid_t tid, int64_t result)
{
	return registers_set_argument(tid, 0, (uint64_t)result);
}

/* The kernel has already set the program counter back to the system call instruction. */
int registers_interrupt(pid_t tid)
{
	struct registers registers = {0};
	int error = registers_read(tid, &registers);

	if (error != 0)
		return error;
	registers.user.pc += 4;
	registers.user.regs[0] = (unsigned long long)-EINTR;
	return registers_write(tid, &registers);
}

static int set_call(pid_t tid, int number)
{
	struct iovec part = {&number, sizeof(number)};

	return ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &part) == 0 ? 0 : -errno;
}

int registers_answer(pid_t tid, int64_t result)
{
	int error = set_call(tid, -1); /* no such call */

	return error != 0 ? error : registers_set_result(tid, result);
}

#define CALLER_BYTES 4 /* of the instruction svc */

uint64_t registers_caller(const struct registers *registers)
{
	return registers->user.pc - CALLER_BYTES;
}

void registers_prepare(struct registers *registers, uint64_t caller, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	memcpy(registers->user.regs, arguments, REGISTERS_ARGUMENTS * sizeof(arguments[0]));
	registers->user.regs[8] = (unsigned long long)number;
	registers->user.pc = caller;
}

int64_t registers_result(const struct registers *registers)
{
	return (int64_t)registers->user.regs[0];
}

int registers_replace(pid_t tid, const struct registers *registers, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	struct registers replaced = *registers;
	int error = set_call(tid, (int)number);

	memcpy(replaced.user.regs, arguments, REGISTERS_ARGUMENTS * sizeof(arguments[0]));
	return error != 0 ? error : registers_write(tid, &replaced);
}

/* The number of the call is still in its register. */
int registers_again(pid_t tid, const struct registers *registers)
{
	struct registers again = *registers;

	again.user.pc -= CALLER_BYTES;
	return registers_write(tid, &again);
}

#else

uint64_t registers_counter(const struct registers *registers)
{
	(void)registers;
	return 0;
}

uint64_t registers_stack(const struct registers *registers)
{
	(void)registers;
	return 0;
}

void registers_dwarf(const struct registers *registers, uint64_t values[REGISTERS_DWARF])
{
	(void)registers;
	values[0] = 0;
}

int registers_set_argument(pid_t tid, unsigned number, uint64_t value)
{
	(void)tid, (void)number, (void)value;
	return -ENOSYS;
}

int registers_answer(pid_t tid, int64_t result)
{
	(void)tid, (void)result;
	return -ENOSYS;
}

int registers_set_result(pid_t tid, int64_t result)
{
	(void)tid, (void)result;
	return -ENOSYS;
}

int registers_interrupt(pid_t tid)
{
	(void)tid;
	return -ENOSYS;
}

uint64_t registers_caller(const struct registers *registers)
{
	(void)registers;
	return 0;
}

void registers_prepare(struct registers *registers, uint64_t caller, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	(void)registers, (void)caller, (void)number, (void)arguments;
}

int64_t registers_result(const struct registers *registers)
{
	(void)registers;
	return -ENOSYS;
}

int registers_replace(pid_t tid, const struct registers *registers, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS])
{
	(void)tid, (void)registers, (void)number, (void)arguments;
	return -ENOSYS;
}

int registers_again(pid_t tid, const struct registers *registers)
{
	(void)tid, (void)registers;
	return -ENOSYS;
}

#endif
