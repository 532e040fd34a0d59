/* appearance.c - see appearance.h. */
#include "appearance.h"

#include <stddef.h>

static const int sizes[] = {100, 125, 150, 175, 200, 250, 300};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };
_Static_assert(OPTIONS_TEXT_LEAST == 100 && OPTIONS_TEXT_MOST == 300, "the ends of `sizes`");

static int larger(int size)
{
	for (size_t i = 0; i < SIZES; i++)
		if (sizes[i] > size)
			return sizes[i];
	return size;
}

static int smaller(int size)
{
	for (size_t i = SIZES; i-- > 0;)
		if (sizes[i] < size)
			return sizes[i];
	return size;
}

bool appearance_command(struct window *window, int command)
{
	const int size = window_text_size(window);

	switch (command) {
	case APPEARANCE_LARGER: window_set_text_size(window, larger(size)); break;
	case APPEARANCE_SMALLER: window_set_text_size(window, smaller(size)); break;
	case APPEARANCE_USUAL: window_set_text_size(window, sizes[0]); break;
	case APPEARANCE_THEME:
		window_set_theme(window, theme_kind() == THEME_DARK ? THEME_LIGHT : THEME_DARK);
		break;
	case APPEARANCE_LECTURE: window_set_lecture(window, !window_is_lecture(window)); break;
	default: return false;
	}
	return true;
}
