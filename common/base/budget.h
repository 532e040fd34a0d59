/* budget.h - the default limit on the memory for decoded pictures. */
#ifndef VITRINE_BASE_BUDGET_H
#define VITRINE_BASE_BUDGET_H

#include <stdint.h>

#define BUDGET_LEAST (UINT64_C(64) << 20)
#define BUDGET_MOST  (UINT64_C(1) << 30)

/*
 * A quarter of the memory available to this process (MemAvailable, or the limit of its memory
 * cgroup if that is lower), between BUDGET_LEAST and BUDGET_MOST bytes. `root` is prepended to
 * /proc and /sys: "" except in tests. Any thread.
 */
uint64_t budget_default(const char *root);

/* The limit of the memory cgroup in bytes; UINT64_MAX: none. Any thread. */
uint64_t budget_group_limit(const char *root);

#endif
