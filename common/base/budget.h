/*
 * budget.h - how much memory a window may fill with decoded pictures if nobody says.
 */
#ifndef VITRINE_BASE_BUDGET_H
#define VITRINE_BASE_BUDGET_H

#include <stdint.h>

#define BUDGET_LEAST (UINT64_C(64) << 20)
#define BUDGET_MOST  (UINT64_C(1) << 30)

/*
 * A quarter of what is available to this process (MemAvailable, or the limit of its memory cgroup
 * if that is less), between BUDGET_LEAST and BUDGET_MOST bytes. `root` stands before /proc and
 * /sys: "" on a real system. Any thread.
 */
uint64_t budget_default(const char *root);

/* The memory cgroup's own limit in bytes; UINT64_MAX: there is none. Any thread. */
uint64_t budget_group_limit(const char *root);

#endif
