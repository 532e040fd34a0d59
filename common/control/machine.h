/*
 * machine.h - what differs between processors: the registers, and which of them hold a system call.
 * Supports x86-64 and aarch64; elsewhere no program can be controlled, and tracer_create() says so.
 * `tid` is a thread at a ptrace stop. Errors are negative errno values.
 */
#ifndef VITRINE_CONTROL_MACHINE_H
#define VITRINE_CONTROL_MACHINE_H

#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

#if defined(__x86_64__)
#include <linux/audit.h>
#define MACHINE_AUDIT_ARCH AUDIT_ARCH_X86_64
#define MACHINE_ELF        62 /* EM_X86_64 */
/* registers in DWARF numbering from 0: the last is the program counter */
#define MACHINE_DWARF      17
struct machine_registers {
	struct user_regs_struct user;
};
#elif defined(__aarch64__)
#include <linux/audit.h>
#define MACHINE_AUDIT_ARCH AUDIT_ARCH_AARCH64
#define MACHINE_ELF        183 /* EM_AARCH64 */
#define MACHINE_DWARF      32
struct machine_registers {
	struct user_regs_struct user;
};
#else
#define MACHINE_UNSUPPORTED
#define MACHINE_AUDIT_ARCH 0
#define MACHINE_ELF        0
#define MACHINE_DWARF      1
struct machine_registers {
	char none;
};
#endif

int machine_read(pid_t tid, struct machine_registers *registers);
int machine_write(pid_t tid, const struct machine_registers *registers);

uint64_t machine_counter(const struct machine_registers *registers);
uint64_t machine_stack(const struct machine_registers *registers);

/* The registers in DWARF numbering. */
void machine_dwarf(const struct machine_registers *registers, uint64_t values[MACHINE_DWARF]);

/* At a stop before a call: the address of the instruction that makes it. */
uint64_t machine_caller(const struct machine_registers *registers);

#define MACHINE_ARGUMENTS 5 /* of a call that is not in the program */

/*
 * Sets `registers` so that the instruction at `caller`, from machine_caller(), makes this call.
 * Read the registers after the call: machine_result() extracts its result.
 */
void machine_prepare(struct machine_registers *registers, uint64_t caller, long number,
	const uint64_t arguments[MACHINE_ARGUMENTS]);
int64_t machine_result(const struct machine_registers *registers);

/*
 * At a stop before a call: the kernel executes this call instead. At the stop after it,
 * machine_again() leads back.
 */
int machine_replace(pid_t tid, const struct machine_registers *registers, long number,
	const uint64_t arguments[MACHINE_ARGUMENTS]);

/* At a stop before a call: changes argument 0 to 5. */
int machine_set_argument(pid_t tid, unsigned number, uint64_t value);

/* At a stop before a call: the kernel skips it, and the program gets `result`. */
int machine_answer(pid_t tid, int64_t result);

/* At the stop of a signal, after a call that the kernel would restart: the call returns EINTR. */
int machine_interrupt(pid_t tid);

/*
 * At a stop after a call: the program repeats the call that it was about to make when `registers`
 * were read, at a stop before that call.
 */
int machine_again(pid_t tid, const struct machine_registers *registers);

/* At a stop after a call: replaces the result that the program gets. */
int machine_set_result(pid_t tid, int64_t result);

#endif
