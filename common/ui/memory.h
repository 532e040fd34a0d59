/*
 * memory.h - how much memory a window may fill with decoded pictures if nobody says.
 */
#ifndef VITRINE_UI_MEMORY_H
#define VITRINE_UI_MEMORY_H

#include <stdint.h>

/*
 * A quarter of what is available to this process (MemAvailable, or the limit of its memory cgroup
 * if that is less): at least 64 MiB, at most 1 GiB. `root` stands before /proc and /sys, "" on a
 * real system. Any thread.
 */
uint64_t memory_budget(const char *root);

#endif
