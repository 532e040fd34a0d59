/* credentials.c - see credentials.h. */
#include "credentials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "readfile.h"
#include "translate.h"

#define PASSWORD_FILE_BYTES ((size_t)64 << 10)

static bool copy(char to[CREDENTIALS_MAX], const char *from, const char *what,
	char reason[TEXT_REASON_MAX])
{
	if (strlen(from) < CREDENTIALS_MAX) {
		strcpy(to, from);
		return true;
	}
	snprintf(reason, TEXT_REASON_MAX, _("%s is longer than %d bytes"), what,
		CREDENTIALS_MAX - 1);
	return false;
}

/* Reads the password from the first line of the file. */
static bool read_password(struct credentials *credentials, char reason[TEXT_REASON_MAX])
{
	const char *path = credentials->password_file;
	size_t size;
	char *text;
	int rc = readfile(path, PASSWORD_FILE_BYTES, &text, &size);
	bool is_read = false;

	if (rc < 0) {
		snprintf(reason, TEXT_REASON_MAX, "--password-file %.150s: %s", path,
			strerror(-rc));
		return false;
	}
	text[strcspn(text, "\r\n")] = '\0';
	if (text[0] == '\0')
		snprintf(reason, TEXT_REASON_MAX,
			_("--password-file %.150s: its first line is empty"), path);
	else
		is_read = copy(credentials->password, text, _("the password"), reason);
	explicit_bzero(text, size);
	free(text);
	return is_read;
}

static bool take_from_environment(struct credentials *credentials, char reason[TEXT_REASON_MAX])
{
	char *password = getenv("VITRINE_MQTT_PASSWORD");
	bool is_copied;

	if (password == NULL)
		return true;
	is_copied = copy(credentials->password, password, "$VITRINE_MQTT_PASSWORD", reason);
	explicit_bzero(password, strlen(password));
	unsetenv("VITRINE_MQTT_PASSWORD");
	return is_copied;
}

static bool find_user(struct credentials *credentials, const struct address *address,
	char reason[TEXT_REASON_MAX])
{
	const char *user = credentials->user_option;

	if (user == NULL && address->user[0] != '\0')
		user = address->user;
	if (user == NULL)
		user = getenv("VITRINE_MQTT_USER");
	return user == NULL || copy(credentials->user, user, _("the user name"), reason);
}

/* libmosquitto opens it; if it is a FIFO, that would wait for a writer. */
static bool can_read(const char *option, const char *path, char reason[TEXT_REASON_MAX])
{
	struct stat status;
	bool is_readable = path == NULL || access(path, R_OK) == 0;

	if (path == NULL || (is_readable && stat(path, &status) == 0 && S_ISREG(status.st_mode)))
		return true;
	snprintf(reason, TEXT_REASON_MAX, "%s %.180s: %s", option, path,
		is_readable ? _("is not a file") : strerror(errno));
	return false;
}

bool credentials_find(struct credentials *credentials, const struct address *address,
	char reason[TEXT_REASON_MAX])
{
	if (!take_from_environment(credentials, reason) || !find_user(credentials, address, reason))
		return false;
	if (credentials->password_file != NULL && !read_password(credentials, reason))
		return false;
	if (credentials->password[0] != '\0' && credentials->user[0] == '\0') {
		snprintf(reason, TEXT_REASON_MAX,
			_("there is a password but no user: give --user, or set $VITRINE_MQTT_USER"));
		return false;
	}
	return can_read("--cafile", credentials->ca_file, reason) &&
	       can_read("--cert", credentials->cert_file, reason) &&
	       can_read("--certkey", credentials->key_file, reason);
}

void credentials_forget(struct credentials *credentials)
{
	explicit_bzero(credentials->password, sizeof(credentials->password));
}
