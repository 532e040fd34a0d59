/* window_options.c - the part of window.h that reads the command line's options. */
#include "window.h"

#include <string.h>

static enum theme_kind theme_named(const char *name)
{
	if (name == NULL)
		return THEME_DARK;
	if (strcmp(name, "auto") == 0)
		return theme_of_desktop();
	return strcmp(name, "light") == 0 ? THEME_LIGHT : THEME_DARK;
}

struct window_options window_options_of(const struct common_options *common, const char *title)
{
	return (struct window_options){
		.title = common->title != NULL ? common->title : title,
		.keeps_title = common->title != NULL,
		.width = common->has_size ? common->width : 0,
		.height = common->has_size ? common->height : 0,
		.has_position = common->has_position,
		.x = common->x,
		.y = common->y,
		.full_screen = common->full_screen,
		.text_size = common->text_size,
		.lecture = common->lecture,
		.has_theme = common->theme != NULL,
		.theme = theme_named(common->theme),
	};
}
