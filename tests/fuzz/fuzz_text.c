/*
 * fuzz_text.c - texts that others wrote: names, dropped URIs, keys, options, and what log and JSON
 * make of them. The first byte of an input says which.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arraytext.h"
#include "clean_text.h"
#include "debug_options.h"
#include "hostile.h"
#include "json.h"
#include "log.h"
#include "mediatype.h"
#include "options.h"
#include "safename.h"
#include "text.h"
#include "tracefile.h"
#include "uri.h"
#include "utf8.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static void image_name(const char *text)
{
	struct vitrine_image image;

	must(vitrine_pixels(&image, text, 1, 1, VITRINE_R8) == VITRINE_OK);
	hostile_judge_name(image.name, sizeof(image.name));
	must(vitrine_file(&image, text, 1, text) == VITRINE_OK);
	hostile_judge_name(image.name, sizeof(image.name));
	must(memchr(image.media_type, '\0', sizeof(image.media_type)) != NULL);
	mediatype_extension(text);
}

static void judge_safe(const char *name)
{
	char printable[SAFENAME_MAX];

	must(name[0] != '\0' && name[0] != '.' && name[0] != '-' && strchr(name, '/') == NULL);
	must(strcmp(text_printable(printable, sizeof(printable), name), name) == 0);
}

static void safe_name(const char *text)
{
	char name[SAFENAME_MAX], numbered[SAFENAME_MAX];
	const char *dot = strrchr(text, '.');

	judge_safe(safename_make(name, text, NULL));
	judge_safe(safename_number(numbered, name, UINT_MAX));
	judge_safe(safename_make(name, text, "png"));
	if (dot != NULL && safename_is_extension(dot + 1))
		judge_safe(safename_make(name, text, dot + 1));
}

static void dropped(const char *text)
{
	char path[PATH_MAX], reason[TEXT_REASON_MAX];
	const char *cursor = text;
	enum uri_kind kind;

	while ((kind = uri_next(&cursor, path, reason)) != URI_END) {
		must(cursor >= text && cursor <= text + strlen(text));
		must(strlen(path) < sizeof(path));
		if (kind == URI_PATH)
			must(path[0] == '/');
		else
			hostile_judge_text(reason, sizeof(reason));
	}
}

/* As --key, and as shared_memory.key. */
static void key(const char *text)
{
	struct vitrine_key key, again;
	char path[128];
	FILE *file;

	if (vitrine_key(&key, text, NULL) == VITRINE_OK) {
		must(key.value != 0 && strlen(key.text) < sizeof(key.text));
		must(vitrine_key(&again, key.text, NULL) == VITRINE_OK && again.value == key.value);
	}
	snprintf(path, sizeof(path), "%s/shared_memory.key", hostile_folder());
	file = fopen(path, "we");
	must(file != NULL);
	fputs(text, file);
	fclose(file);
	vitrine_key(&key, NULL, hostile_folder());
	must(memchr(key.text, '\0', sizeof(key.text)) != NULL);
	unlink(path);
}

static void numbers(const char *text)
{
	uint64_t bytes = 0;
	int64_t ns = 0;

	if (options_size(text, 1 << 30, &bytes))
		must(bytes <= 1 << 30);
	if (debug_options_duration(text, &ns))
		must(ns >= 0 && ns <= INT64_C(8000000000));
}

/* Whatever goes in, one line comes out. */
static void written(const char *text)
{
	char *out = NULL, printable[64];
	size_t size = 0;
	struct log log = {.program = "fuzz"};

	for (int json = 0; json < 2; json++) {
		log.out = log.err = open_memstream(&out, &size);
		must(log.out != NULL);
		log.json = json;
		log_event(&log, "saved", LOG_STR("path", text));
		must(fclose(log.out) == 0 && size > 0 && out[size - 1] == '\n');
		out[size - 1] = '\0';
		must(strlen(out) == size - 1);
		hostile_judge_text(out, size);
		free(out);
	}
	hostile_judge_text(text_printable(printable, sizeof(printable), text), sizeof(printable));
}

static void characters(const char *text)
{
	const char *at = text;
	char bytes[UTF8_MAX];

	while (*at != '\0') {
		const char *before = at;
		uint32_t character = utf8_next(&at);

		must(at > before && at <= text + strlen(text));
		must(utf8_put(bytes, character) <= sizeof(bytes));
	}
}

/* A file that is called a trace. */
static void trace(const char *text)
{
	char path[128], message[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/trace", hostile_folder());
	file = fopen(path, "we");
	must(file != NULL);
	fputs(text, file);
	fclose(file);
	tracefile_close(tracefile_open(path, "fuzz", message, sizeof(message)));
	unlink(path);
}

static void (*const targets[])(const char *text) = {
	image_name, safe_name, dropped, key, numbers, written, characters, trace};
enum { TARGETS = sizeof(targets) / sizeof(targets[0]) };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	must(chdir("/") == 0); /* no shared_memory.key here */
	unsetenv("VITRINE_KEY");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	char *text;

	if (size == 0)
		return -1;
	text = strndup((const char *)input + 1, size - 1); /* its own memory: no byte too far */
	must(text != NULL);
	targets[input[0] % TARGETS](text);
	free(text);
	return 0;
}
