/*
 * other_load.h - how busy others keep the machine while something is measured here: /proc/stat less
 * what this process and the children that it waited for have used. Called by race.c and bounds.c.
 */
#ifndef VITRINE_TOOLS_OTHER_LOAD_H
#define VITRINE_TOOLS_OTHER_LOAD_H

struct machine_look {
	double time, busy, stolen, own; /* seconds */
};

void machine_look(struct machine_look *look);

/* The shares of all cores, 0 to 1, that others used and that were stolen since then. */
void machine_since(const struct machine_look *before, double *others, double *stolen);

#endif
