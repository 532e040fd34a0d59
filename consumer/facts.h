/*
 * facts.h - all that is known of the image and of the channel, in rows: the overlay of the key I.
 * summary.c calls it.
 */
#ifndef VITRINE_CONSUMER_FACTS_H
#define VITRINE_CONSUMER_FACTS_H

#include "summary.h"

void facts_make(struct summary *summary, const struct consumer *app);

/* "key 0x76000000   shm 32   sem 7   4 slots of 256 MiB". Returns `text`. */
char *facts_channel(char text[SUMMARY_FACT_MAX], const struct vitrine_info *info);

#endif
