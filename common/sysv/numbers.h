/*
 * numbers.h - <sys/syscall.h>, and by the usual name the call that semop() and semtimedop() make on
 * machines of 32 bits, where only the one with 64 bits of seconds has a number of its own.
 */
#ifndef VITRINE_SYSV_NUMBERS_H
#define VITRINE_SYSV_NUMBERS_H

#include <sys/syscall.h>

#ifndef SYS_semtimedop
#define SYS_semtimedop SYS_semtimedop_time64
#endif

#endif
