/* startup.c - see startup.h. */
#include "startup.h"

#include <stdio.h>

#include "executable.h"
#include "text.h"
#include "translate.h"

#define KEY_FILE_REFUSED                                                                             \
	_("it decides where images go, so it must be a regular file that belongs to you or root, "   \
	  "that you can read, that nobody else can write and that is not a link: remove it, or fix " \
	  "its owner and mode (chmod go-w), or use --key")

int startup_key(struct vitrine_key *key, const struct common_options *options,
	const struct log *log)
{
	static const char *const sources[] = {[VITRINE_KEY_ARGUMENT] = "--key",
		[VITRINE_KEY_ENVIRONMENT] = "VITRINE_KEY",
		[VITRINE_KEY_FILE] = "./shared_memory.key",
		[VITRINE_KEY_PROGRAM_FILE] = N_("shared_memory.key beside the program"),
		[VITRINE_KEY_DEFAULT] = N_("your own key")};
	char folder[PATH_MAX];
	char what[VITRINE_NAME_MAX + 64];
	int rc = vitrine_key(key, options->key, executable_folder(folder));

	if (rc == VITRINE_OK)
		return 0;
	if (rc == VITRINE_EFOREIGN) {
		log_error(log, gettext(sources[key->source]), KEY_FILE_REFUSED);
		return 1;
	}
	text_print(what, sizeof(what), "%s: “%s”", gettext(sources[key->source]), key->text);
	log_error(log, what,
		key->source >= VITRINE_KEY_FILE && key->text[0] == '\0'
			? _("has no key in its first line: write one there, or remove the file")
			: _("not a key: give a number that is not 0 (0x77010001, or decimal), or a "
			    "name of up to 255 bytes"));
	return key->source == VITRINE_KEY_ARGUMENT ? 2 : 1;
}

struct vitrine_options startup_channel(const struct common_options *options, enum vitrine_role role,
	const struct vitrine_key *key, struct trace *trace)
{
	return (struct vitrine_options){
		.role = role,
		.key = key,
		.slots = options->slots,
		.mode = options->mode,
		.slot_size = options->slot_size,
		.observer = options->verbose ? trace_observe : NULL,
		.observer_data = trace,
		.any_owner = options->any_owner,
	};
}
