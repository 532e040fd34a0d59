/*
 * facts.h - everything known about the image and the channel, in rows: the overlay of key I. Called
 * by summary.c.
 */
#ifndef VITRINE_CONSUMER_FACTS_H
#define VITRINE_CONSUMER_FACTS_H

#include "summary.h"

void facts_make(struct summary *summary, const struct consumer *app);

/* "key 0x76000000   shm 32   sem 7   4 slots of 256 MiB". Returns `text`. */
char *facts_channel(char text[SUMMARY_FACT_MAX], const struct vitrine_info *info);

#endif
