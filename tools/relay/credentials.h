/*
 * credentials.h - what a broker wants to see before it talks: user, password, certificates. The
 * password comes from a file or from the environment, never from the arguments, and never goes to
 * the log.
 */
#ifndef VITRINE_TOOLS_CREDENTIALS_H
#define VITRINE_TOOLS_CREDENTIALS_H

#include <stdbool.h>

#include "address.h"
#include "text.h"

#define CREDENTIALS_MAX 256 /* bytes of a user's name or a password, with the closing NUL */

struct credentials {
	const char *user_option;   /* --user; NULL: not given */
	const char *password_file; /* --password-file; NULL: not given */
	const char *ca_file;       /* --cafile; NULL: those that the system trusts */
	const char *cert_file;     /* --cert, with --certkey: who we are; NULL: not given */
	const char *key_file;
	/* filled by credentials_find() */
	char user[CREDENTIALS_MAX]; /* "": none */
	char password[CREDENTIALS_MAX];
};

/*
 * Finds the user (--user, the URL, $VITRINE_MQTT_USER) and the password (--password-file,
 * $VITRINE_MQTT_PASSWORD, which is taken out of the environment), and looks whether the files of the
 * certificates can be read. false: `reason` says what is wrong.
 */
bool credentials_find(struct credentials *credentials, const struct address *address,
	char reason[TEXT_REASON_MAX]);

/* Overwrites the password in memory. */
void credentials_forget(struct credentials *credentials);

#endif
