/*
 * registers.h - what differs between processors: the registers, and which of them hold a system
 * call. Supports x86-64 and aarch64; elsewhere no program can be controlled, and tracer_create()
 * says so. `tid` is a thread at a ptrace stop. Errors are negative errno values.
 */
#ifndef VITRINE_CONTROL_REGISTERS_H
#define VITRINE_CONTROL_REGISTERS_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

#if defined(__x86_64__)
#include <linux/audit.h>
#define CPU_AUDIT_ARCH  AUDIT_ARCH_X86_64
#define CPU_ELF         62 /* EM_X86_64 */
/* registers in DWARF numbering from 0: the last is the program counter */
#define REGISTERS_DWARF 17
struct registers {
	struct user_regs_struct user;
};
#elif defined(__aarch64__)
#include <linux/audit.h>
#define CPU_AUDIT_ARCH  AUDIT_ARCH_AARCH64
#define CPU_ELF         183 /* EM_AARCH64 */
#define REGISTERS_DWARF 32
struct registers {
	struct user_regs_struct user;
};
#else
#define CPU_UNSUPPORTED
#define CPU_AUDIT_ARCH  0
#define CPU_ELF         0
#define REGISTERS_DWARF 1
struct registers {
	char none;
};
#endif

int registers_read(pid_t tid, struct registers *registers);
int registers_write(pid_t tid, const struct registers *registers);

uint64_t registers_counter(const struct registers *registers);
uint64_t registers_stack(const struct registers *registers);

/* The registers in DWARF numbering. */
void registers_dwarf(const struct registers *registers, uint64_t values[REGISTERS_DWARF]);

/* At a stop before a call: the address of the instruction that makes it. */
uint64_t registers_caller(const struct registers *registers);

#define REGISTERS_ARGUMENTS 5 /* of a call that is not in the program */

/*
 * Sets `registers` so that the instruction at `caller`, from registers_caller(), makes this call.
 * Read the registers after the call: registers_result() extracts its result.
 */
void registers_prepare(struct registers *registers, uint64_t caller, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS]);
int64_t registers_result(const struct registers *registers);

/*
 * At a stop before a call: the kernel executes this call instead. At the stop after it,
 * registers_again() leads back.
 */
int registers_replace(pid_t tid, const struct registers *registers, long number,
	const uint64_t arguments[REGISTERS_ARGUMENTS]);

/* At a stop before a call: changes argument 0 to 5. */
int registers_set_argument(pid_t tid, unsigned number, uint64_t value);

/* At a stop before a call: the kernel skips it, and the program gets `result`. */
int registers_answer(pid_t tid, int64_t result);

/* At the stop of a signal, after a call that the kernel would restart: the call returns EINTR. */
int registers_interrupt(pid_t tid);

/*
 * At a stop after a call: the program repeats the call that it was about to make when `registers`
 * were read, at a stop before that call.
 */
int registers_again(pid_t tid, const struct registers *registers);

/* At a stop after a call: replaces the result that the program gets. */
int registers_set_result(pid_t tid, int64_t result);

#endif
