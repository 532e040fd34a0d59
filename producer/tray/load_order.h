/*
 * load_order.h - the order in which the files of the tray are loaded: the chosen one first, then
 * those that the tray shows, from left to right, then the others as they came. For the window's
 * thread.
 */
#ifndef VITRINE_PRODUCER_LOAD_ORDER_H
#define VITRINE_PRODUCER_LOAD_ORDER_H

#include "loader.h"
#include "tray.h"
#include "tray_view.h"

/* Call after each change of what is chosen or shown: moves jobs that have not begun. */
void load_order_update(struct loader *loader, const struct tray *tray,
	const struct tray_view *view);

#endif
