/* load_order.c - see load_order.h. */
#include "load_order.h"

void load_order_update(struct loader *loader, const struct tray *tray, const struct tray_view *view)
{
	const struct tray_item *chosen = tray_chosen(tray);
	const size_t first = tray_view_first(view);

	/* The last one to be moved to the front comes first, so go from right to left. */
	for (size_t i = first + tray_view_page(view) + 1; i-- > first;) {
		const struct tray_item *item = tray_at(tray, i);

		if (item != NULL && item->wants != 0)
			loader_hurry(loader, item->id);
	}
	if (chosen != NULL)
		loader_hurry(loader, chosen->id);
}
