/*
 * numbers.h - includes <sys/syscall.h> and defines the usual name for the call behind semop() and
 * semtimedop() on 32-bit machines, where only the variant with 64-bit seconds has a number.
 */
#ifndef VITRINE_SYSV_NUMBERS_H
#define VITRINE_SYSV_NUMBERS_H

#include <sys/syscall.h>

#ifndef SYS_semtimedop
#define SYS_semtimedop SYS_semtimedop_time64
#endif

#endif
