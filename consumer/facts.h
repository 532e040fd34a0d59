/*
 * facts.h - everything known about the image and the channel, in rows: the overlay of key I. Called
 * on the window's thread.
 */
#ifndef VITRINE_CONSUMER_FACTS_H
#define VITRINE_CONSUMER_FACTS_H

#include "summary.h"

struct consumer;

/* Adds the rows to a summary, whose pixel is one of them. */
void facts_make(struct summary *summary, const struct consumer *app);

#endif
