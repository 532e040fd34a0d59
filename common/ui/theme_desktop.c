/* theme_desktop.c - the part of theme.h that asks the desktop which theme it prefers. */
#include "theme.h"

#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "helper.h"

/* GNOME, KDE and others answer through the same portal: 0 no preference, 1 dark, 2 light. */
static char question[] =
	"exec gdbus call --session --timeout 1 --dest org.freedesktop.portal.Desktop"
	" --object-path /org/freedesktop/portal/desktop"
	" --method org.freedesktop.portal.Settings.Read"
	" org.freedesktop.appearance color-scheme 2>/dev/null";

enum { PATIENCE = 2 }; /* seconds: gdbus itself gives up after one */

static bool ends_with(const char *text, const char *end)
{
	const size_t length = strlen(text), wanted = strlen(end);

	return length >= wanted && strcmp(text + length - wanted, end) == 0;
}

/* The number in "(<<uint32 2>>,)"; -1: there is none. */
static int number_of(const char *answer)
{
	const char *number = strstr(answer, "uint32 ");

	return number != NULL ? atoi(number + strlen("uint32 ")) : -1;
}

static void on_end(void *data)
{
	sem_post(data);
}

/* The preference in the child's answer; -1: there is none. */
static int take_answer(struct helper *helper, sem_t *ended)
{
	struct timespec until;
	struct helper_end end;
	int preference = -1;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE;
	if (sem_timedwait(ended, &until) != 0 || !helper_pop(helper, &end))
		return -1;
	if (end.output != NULL && end.status == 0)
		preference = number_of(end.output);
	free(end.output);
	return preference;
}

static int ask_portal(void)
{
	static char shell[] = "sh", option[] = "-c";
	char *const arguments[] = {shell, option, question, NULL};
	struct helper *helper;
	int preference = -1;
	sem_t ended;

	sem_init(&ended, 0, 0);
	helper = helper_create(on_end, &ended);
	if (helper != NULL && helper_start(helper, arguments, -1, HELPER_COLLECT) == 0)
		preference = take_answer(helper, &ended);
	helper_destroy(helper);
	sem_destroy(&ended);
	return preference;
}

enum theme_kind theme_of_desktop(void)
{
	const char *gtk = getenv("GTK_THEME");
	int preference;

	if (gtk != NULL && *gtk != '\0')
		return ends_with(gtk, ":dark") || ends_with(gtk, "-dark") ? THEME_DARK
									  : THEME_LIGHT;
	preference = ask_portal();
	/* Without a preference, these desktops use their light theme. */
	return preference == 0 || preference == 2 ? THEME_LIGHT : THEME_DARK;
}
