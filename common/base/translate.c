/* translate.c - see translate.h. */
#include "translate.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "executable.h"

/* The locale that the environment names for messages; NULL: none. */
static const char *named_locale(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

/* The code of the language of the catalogue. (Its head is not to be had from glibc 2.43 on.) */
static const char *catalogue(void)
{
	return _("en");
}

static bool has_catalogue(const char *folder, const char *language, size_t length)
{
	char path[PATH_MAX];
	const int size = snprintf(path, sizeof(path), "%s/%.*s/LC_MESSAGES/%s.mo", folder,
		(int)length, language, VITRINE_DOMAIN);

	return size < (int)sizeof(path) && access(path, R_OK) == 0;
}

/* True if the folder has a catalogue for one of the languages, as in "es_MX.UTF-8:pt". */
static bool is_translated(const char *folder, const char *languages)
{
	while (*languages != '\0') {
		if (has_catalogue(folder, languages, strcspn(languages, ".@:")) ||
			has_catalogue(folder, languages, strcspn(languages, "_.@:")))
			return true;
		languages += strcspn(languages, ":");
		languages += *languages == ':';
	}
	return false;
}

/* A locale of a new name, with the messages of C.UTF-8. */
static void make_a_locale(void)
{
	char folder[] = "/tmp/vitrine-locale-XXXXXX", link[sizeof(folder) + 16];

	if (getenv("LOCPATH") != NULL || mkdtemp(folder) == NULL)
		return;
	snprintf(link, sizeof(link), "%s/xx_XX.UTF-8", folder);
	if (symlink("/usr/lib/locale/C.utf8", link) == 0) {
		setenv("LOCPATH", folder, 1);
		setlocale(LC_MESSAGES, "xx_XX.UTF-8");
		unsetenv("LOCPATH");
		unlink(link);
	}
	rmdir(folder);
}

/*
 * gettext translates nothing in the locale C, in which a program stays if the user's locale is not
 * installed, as in most containers. Any other locale will do, because LANGUAGE overrides its
 * language. To glibc 2.43 C.UTF-8 is C, and often no other one is installed.
 */
static void use_another_locale(const char *folder, const char *language)
{
	static const char *const names[] = {"C.UTF-8", "en_US.UTF-8"};

	setenv("LANGUAGE", language, 0);
	if (!is_translated(folder, getenv("LANGUAGE")))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (setlocale(LC_MESSAGES, names[i]) != NULL && strcmp(catalogue(), "en") != 0)
			return;
	make_a_locale();
}

/* The folder of the translations: in the build, or installed beside bin/ or libexec/vitrine/. */
static bool find_translations(char folder[PATH_MAX])
{
	static const char *const places[] = {
		"", VITRINE_SHARE_FROM_BIN, VITRINE_SHARE_FROM_LIBEXEC};

	/* the dot: /usr/bin/locale is a program */
	return executable_find_file(folder, places, sizeof(places) / sizeof(places[0]), "locale/.");
}

void translate_start(void)
{
	const char *language = getenv("LANGUAGE");
	const char *locale = named_locale();
	char folder[PATH_MAX];

	if ((locale == NULL && language == NULL) || !find_translations(folder))
		return;
	bindtextdomain(VITRINE_DOMAIN, folder);
	bind_textdomain_codeset(VITRINE_DOMAIN, "UTF-8"); /* whatever LC_CTYPE is */
	bind_textdomain_codeset("libc", "UTF-8");         /* of argp and strerror() */
	textdomain(VITRINE_DOMAIN);
	if (setlocale(LC_MESSAGES, "") == NULL || locale == NULL ||
		(strncmp(locale, "C.", 2) == 0 && language != NULL && *language != '\0'))
		use_another_locale(folder, locale != NULL ? locale : language);
}

const char *translate_language(char language[TRANSLATE_LANGUAGE_MAX])
{
	language[0] = '\0';
	if (strcmp(catalogue(), "en") != 0)
		sscanf(catalogue(), "%15[A-Za-z_]", language);
	return language;
}

void translate_stop(void)
{
	setlocale(LC_MESSAGES, "C");
}
