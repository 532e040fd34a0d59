/* role.c - see role.h. */
#include "role.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "digest.h"
#include "executable.h"
#include "theme.h"
#include "translate.h"

static const char *const names[] = {"producer", "consumer"};
static const char *const programs[] = {"vitrine-producer", "vitrine-consumer"};

const char *role_program(enum role role)
{
	return programs[role];
}

/* Returns only on failure. */
static void become(enum role role, char **argv, const struct log *log)
{
	char path[PATH_MAX];

	if (executable_find(path, role_program(role))) {
		argv[0] = path;
		execv(path, argv);
		log_error(log, path, strerror(errno));
	} else {
		log_error(log, path,
			_("is neither beside this program nor in PATH: install it, or build both"));
	}
}

/* ---- at the start -------------------------------------------------------------------------- */

/*
 * The value of a --role option that starts at argv[0], and its number of words; NULL: not a --role.
 */
static const char *role_of(char *const *argv, size_t *words)
{
	static const char option[] = "--role";
	size_t length = strlen(option);

	*words = 1;
	if (strncmp(argv[0], option, length) != 0)
		return NULL;
	if (argv[0][length] == '=')
		return argv[0] + length + 1;
	if (argv[0][length] != '\0')
		return NULL;
	*words = argv[1] != NULL ? 2 : 1;
	return argv[1];
}

void role_obey(enum role own, char **argv, const struct log *log)
{
	enum role other = own == ROLE_PRODUCER ? ROLE_CONSUMER : ROLE_PRODUCER;
	size_t words;

	for (char **at = argv + 1; *at != NULL && strcmp(*at, "--") != 0; at++) {
		const char *value = role_of(at, &words);

		if (value == NULL || strcmp(value, names[other]) != 0)
			continue;
		for (char **to = at; (*to = to[words]) != NULL; to++)
			; /* move the rest up */
		become(other, argv, log);
		exit(1);
	}
}

/* ---- while it runs ------------------------------------------------------------------------- */

/* A growing list of arguments; unusable once memory has run out. */
struct words {
	char **words;
	size_t count;
	bool failed;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *words, const char *format, ...)
{
	char **more = reallocarray(words->words, words->count + 2, sizeof(char *));
	va_list arguments;

	if (more == NULL) {
		words->failed = true;
		return;
	}
	words->words = more;
	va_start(arguments, format);
	if (vasprintf(&more[words->count], format, arguments) < 0)
		words->failed = true;
	else
		words->count++;
	va_end(arguments);
	more[words->count] = NULL;
}

static void add_common(struct words *words, const struct role_change *change)
{
	const struct common_options *common = change->common;

	add(words, "--key=%s", change->key->text);
	if (common->slots != 0)
		add(words, "--slots=%" PRIu32, common->slots);
	if (common->slot_size != 0)
		add(words, "--slot-size=%" PRIu64, common->slot_size);
	if (common->mode != 0)
		add(words, "--mode=%" PRIo32, common->mode);
	if (common->any_owner)
		add(words, "--any-owner");
	add(words, "--memory=%" PRIu64, common->memory);
	if (common->decode_timeout_ns != 0)
		add(words, "--decode-timeout=%" PRId64, common->decode_timeout_ns / 1000000000);
	if (common->checksum != VITRINE_NO_CHECKSUM)
		add(words, "--checksum=%s", digest_name(common->checksum));
	if (common->verbose)
		add(words, "--verbose");
	if (common->json)
		add(words, "--json");
	add(words, "--geometry=%dx%d%+d%+d", change->place.w, change->place.h, change->place.x,
		change->place.y);
	if (common->title != NULL)
		add(words, "--title=%s", common->title);
	add(words, "--text-size=%d", change->text_size);
	if (change->lecture)
		add(words, "--lecture");
	add(words, "--theme=%s", theme_kind() == THEME_LIGHT ? "light" : "dark");
	if (change->full_screen)
		add(words, "--full-screen");
}

static void add_debugger(struct words *words, const struct debug_options *debugger)
{
	if (debugger->xray)
		add(words, "--xray");
	if (debugger->timeline)
		add(words, "--timeline");
	if (debugger->step != STEPPER_RUNS)
		add(words, "--step=%s", debugger->step == STEPPER_ALL ? "all" : "transitions");
	if (debugger->slow_ns > 0)
		add(words, "--slow=%" PRId64 "ms", debugger->slow_ns / 1000000);
	if (debugger->trace != NULL)
		add(words, "--%s=%s", debugger->records ? "record" : "trace", debugger->trace);
}

int role_change(const struct role_change *change, const struct log *log)
{
	const struct role_state *next = change->next;
	enum role_state_kind own =
		change->to == ROLE_PRODUCER ? ROLE_STATE_PRODUCER : ROLE_STATE_CONSUMER;
	int fd = role_state_send(next);
	struct words words = {0};

	if (fd < 0) {
		log_error(log, programs[change->to], strerror(-fd));
		return 1;
	}
	add(&words, "%s", programs[change->to]);
	add_common(&words, change);
	add_debugger(&words, &change->debugger);
	for (size_t i = 0; i < next->count; i++)
		if (next->items[i].kind == own)
			add(&words, "%s", next->items[i].text);
	add(&words, "--role-state=%d", fd);
	if (words.failed)
		log_error(log, programs[change->to], strerror(ENOMEM));
	else
		become(change->to, words.words, log);
	return 1;
}

bool role_receive(struct role_state *previous, const struct common_options *common,
	const struct log *log)
{
	if (common->role_state < 0 || role_state_receive(previous, common->role_state))
		return true;
	log_error(log, "--role-state", strerror(errno));
	return false;
}
