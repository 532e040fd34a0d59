/*
 * credentials.h - user, password and certificates for a broker. The password comes from a file or
 * from the environment, never from the arguments, and is never logged.
 */
#ifndef VITRINE_TOOLS_CREDENTIALS_H
#define VITRINE_TOOLS_CREDENTIALS_H

#include <stdbool.h>

#include "address.h"
#include "text.h"

#define CREDENTIALS_MAX 256 /* bytes of a user name or password, with its NUL */

struct credentials {
	const char *user_option;   /* --user; NULL: not given */
	const char *password_file; /* --password-file; NULL: not given */
	const char *ca_file;       /* --cafile; NULL: the system's CAs */
	const char *cert_file;     /* --cert, with --certkey; NULL: not given */
	const char *key_file;
	/* filled by credentials_find() */
	char user[CREDENTIALS_MAX]; /* "": none */
	char password[CREDENTIALS_MAX];
};

/*
 * Finds the user (--user, the URL, $VITRINE_MQTT_USER) and the password (--password-file, or
 * $VITRINE_MQTT_PASSWORD, which is removed from the environment), and checks that the certificate
 * files are readable. false: `reason` says what is wrong.
 */
bool credentials_find(struct credentials *credentials, const struct address *address,
	char reason[TEXT_REASON_MAX]);

/* Overwrites the password in memory. */
void credentials_forget(struct credentials *credentials);

#endif
