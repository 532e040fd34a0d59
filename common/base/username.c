/* username.c - see username.h. */
#include "username.h"

#include <pwd.h>
#include <stdio.h>

#include "text.h"

char *username(char text[USERNAME_MAX], uint32_t uid)
{
	struct passwd entry, *found = NULL;
	char memory[2048], name[64];

	if (getpwuid_r(uid, &entry, memory, sizeof(memory), &found) == 0 && found != NULL)
		snprintf(text, USERNAME_MAX, "%s (%u)",
			text_printable(name, sizeof(name), entry.pw_name), uid);
	else
		snprintf(text, USERNAME_MAX, "%u", uid);
	return text;
}
