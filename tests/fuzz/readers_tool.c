/*
 * readers_tool.c - see hostile.h: the command vitrine (status, recv) and the X-ray. In the place of
 * tool.c, which needs signals, stand a few lines at the end.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_output.h"
#include "hostile.h"
#include "ipcs.h"
#include "status.h"
#include "tool.h"
#include "xray_model.h"
#include "xray_thumbnail.h"

enum { TIMEOUT_NS = 20000, PATIENCE_NS = 50000 };

static struct vitrine_channel *open_as(const struct hostile *hostile, enum vitrine_role role)
{
	const struct vitrine_options options = {
		.role = role, .key = &hostile->key, .patience_ns = PATIENCE_NS};
	struct vitrine_channel *channel;

	if (vitrine_open(&channel, &options) == VITRINE_OK)
		return channel;
	vitrine_close(channel);
	return NULL;
}

/* ---- vitrine status ------------------------------------------------------------------------- */

/* Writes it to memory and looks at what came out: lines of clean text. */
static void judge_output(void (*write)(FILE *file, const struct status *status),
	const struct status *status)
{
	char *text = NULL, *line, *rest;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	must(file != NULL);
	write(file, status);
	must(fclose(file) == 0 && strlen(text) == size);
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		hostile_judge_text(line, size + 1);
	free(text);
}

void read_as_status(const struct hostile *hostile)
{
	static struct status status;
	struct vitrine_channel *channel = open_as(hostile, VITRINE_INSPECTOR);
	const struct ipcs_object segment = {.key = hostile->key.value, .id = hostile->shmid};
	int32_t semid;

	ipcs_is_channel(&segment, &semid);
	if (channel == NULL)
		return;
	status = (struct status){.key = &hostile->key};
	if (vitrine_inspect(channel, &status.snapshot) == VITRINE_OK) {
		status.exists = true;
		status.info = *vitrine_info(channel);
		judge_output(status_print, &status);
		judge_output(status_json, &status);
	}
	vitrine_close(channel);
}

/* ---- the X-ray ------------------------------------------------------------------------------ */

static void make_thumbnails(const struct hostile *hostile, const struct vitrine_channel *channel,
	const struct vitrine_snapshot *snapshot)
{
	for (uint32_t i = 0; i < snapshot->slot_count; i++) {
		struct xray_thumbnail thumbnail = {0};

		if (!snapshot->slots[i].has_image)
			continue;
		if (xray_thumbnail_make(&thumbnail, &snapshot->slots[i].image,
			    1 + hostile->plan.options, 32))
			must(thumbnail.width <= 1u + hostile->plan.options &&
				thumbnail.height <= 32);
		vitrine_unchanged(channel, &snapshot->slots[i].image);
		free(thumbnail.pixels);
	}
}

static void judge_model(const struct xray_model *model)
{
	hostile_judge_text(model->here, sizeof(model->here));
	hostile_judge_text(model->asleep, sizeof(model->asleep));
	hostile_judge_text(model->segment, sizeof(model->segment));
	hostile_judge_text(model->damage, sizeof(model->damage));
	for (uint32_t i = 0; i < model->slot_count; i++) {
		hostile_judge_text(model->slots[i].name, sizeof(model->slots[i].name));
		hostile_judge_text(model->slots[i].text, sizeof(model->slots[i].text));
	}
}

void read_as_xray(const struct hostile *hostile)
{
	static struct vitrine_snapshot snapshot;
	static struct xray_model model;
	struct vitrine_channel *channel = open_as(hostile, VITRINE_INSPECTOR);
	struct attached_program program = {.pid = getpid(), .name = "fuzz", .sleeps_on = 1};
	struct stepper_stop step = {.number = 1, .name = "take", .slot = 1, .count = 2};
	struct xray_facts facts = {.snapshot = &snapshot,
		.owner = "somebody",
		.programs = &program,
		.program_count = 1,
		.step = &step};

	if (channel == NULL)
		return;
	step.operations[0] = (struct sembuf){(unsigned short)hostile->plan.options, -1, SEM_UNDO};
	step.operations[1] = (struct sembuf){9, +1, 0};
	if (vitrine_inspect(channel, &snapshot) == VITRINE_OK) {
		facts.info = vitrine_info(channel);
		xray_model_make(&model, &facts);
		judge_model(&model);
		make_thumbnails(hostile, channel, &snapshot);
	}
	vitrine_close(channel);
}

/* ---- vitrine recv --------------------------------------------------------------------------- */

/* What is worth writing to a file hundreds of times a second. */
enum { WORTH_BYTES = 6 << 20 };

static void keep(const struct hostile *hostile, const struct vitrine_channel *channel,
	const struct vitrine_image *image)
{
	static struct tool tool;
	static FILE *nowhere;
	uint8_t options = hostile->plan.options;
	struct file_output output = {
		.tool = &tool,
		.path = hostile_folder(),
		.folder = -1,
		.verify = options & 1,
		.numbered = options >> 1 & 1,
		.extension = options >> 2 & 1 ? "jpg" : NULL,
	};

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "we");
	must(nowhere != NULL);
	tool.log = (struct log){.out = nowhere, .err = nowhere, .program = "recv"};
	tool.log.json = options >> 3 & 1;
	if (options >> 4 & 1)
		output.folder = newfile_folder(output.path);
	file_output_write(&output, channel, image);
	if (output.folder >= 0)
		close(output.folder);
}

void read_as_recv(const struct hostile *hostile)
{
	struct vitrine_channel *channel = open_as(hostile, VITRINE_CONSUMER);
	struct vitrine_image image;

	if (channel == NULL)
		return;
	for (int i = 0; i < 2; i++)
		if (vitrine_take(channel, TIMEOUT_NS, &image) == VITRINE_OK) {
			if (image.size <= WORTH_BYTES)
				keep(hostile, channel, &image);
			vitrine_release(channel, &image);
		}
	vitrine_close(channel);
}

/* ---- in the place of tool.c ------------------------------------------------------------------ */

bool tool_interrupted(const struct tool *tool)
{
	(void)tool;
	return false;
}

bool tool_ready(const struct tool *tool, int fd, short events)
{
	(void)tool, (void)fd, (void)events;
	return true;
}
