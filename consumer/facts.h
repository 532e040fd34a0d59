/*
 * facts.h - everything known about the image and the channel, in rows: the overlay of key I. Called
 * by summary.c.
 */
#ifndef VITRINE_CONSUMER_FACTS_H
#define VITRINE_CONSUMER_FACTS_H

#include "summary.h"

void facts_make(struct summary *summary, const struct consumer *app);

#endif
