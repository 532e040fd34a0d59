/*
 * other_load.h - how busy other processes keep the machine during a measurement: /proc/stat minus
 * the use of this process and of the children it has waited for. Called by bench.c and bench/race.
 */
#ifndef VITRINE_TOOLS_OTHER_LOAD_H
#define VITRINE_TOOLS_OTHER_LOAD_H

struct machine_look {
	double time, busy, stolen, own; /* seconds */
};

void machine_look(struct machine_look *look);

/* The shares of all cores, 0 to 1, that other processes used and that were stolen since then. */
void machine_since(const struct machine_look *before, double *others, double *stolen);

#endif
