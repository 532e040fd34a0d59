/*
 * translate.h - texts for people in the user's language, by gettext(3). Texts are written in
 * English and looked up when they are shown:
 *
 *     notices_add(notices, _("%s is not a picture"), name);
 *
 * A table is filled before any look-up, so its texts are only marked, and looked up where they are
 * used: N_("pause") in the table, gettext(entry->text) in the code. argp looks up the texts of its
 * tables itself. A counted noun needs ngettext("%d slot", "%d slots", count): languages differ in
 * the number and the use of their plurals. A message is a whole sentence, because the order of its
 * parts differs; a translator may reorder the arguments of printf (%2$s).
 *
 * Not translated: names of events, fields and options, JSON, and whatever another program parses.
 * po/README.md says how texts reach the translators. All functions: any thread.
 */
#ifndef VITRINE_BASE_TRANSLATE_H
#define VITRINE_BASE_TRANSLATE_H

#include <libintl.h>

#define VITRINE_DOMAIN "vitrine" /* the name of the catalogue */

#define _(text)  gettext(text)
#define N_(text) text

/*
 * Chooses the language that the environment names (LANGUAGE, LC_ALL, LC_MESSAGES, LANG) and finds
 * the translations beside the program. Call first in main(), while there is one thread. Numbers
 * keep their form ("1.5"), because only the locale of messages changes.
 */
void translate_start(void);

/* The language that the texts are translated to, as in "es"; "" for English. Returns `language`. */
#define TRANSLATE_LANGUAGE_MAX 16
const char *translate_language(char language[TRANSLATE_LANGUAGE_MAX]);

/* English from here on: for output that programs parse. While there is one thread. */
void translate_stop(void);

#endif
