/* ipcs.c - see ipcs.h. */
#include "ipcs.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "segment.h"

/* Parses a line of /proc/sysvipc/shm or sem; see proc(5) for the columns. */
static bool parse(const char *line, enum ipcs_kind kind, struct ipcs_object *object)
{
	uint64_t swapped = 0;

	*object = (struct ipcs_object){0};
	if (kind == IPCS_SETS)
		return sscanf(line, "%" SCNd32 " %" SCNd32 " %*o %" SCNu64 " %u", &object->key,
			       &object->id, &object->size, &object->owner) == 4;
	if (sscanf(line,
		    "%" SCNd32 " %" SCNd32 " %*o %" SCNu64 " %*u %*u %" SCNu64
		    " %u %*u %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64,
		    &object->key, &object->id, &object->size, &object->attached, &object->owner,
		    &object->resident, &swapped) < 5)
		return false;
	object->resident += swapped;
	return true;
}

static bool append(struct ipcs_list *list, const struct ipcs_object *object)
{
	struct ipcs_object *objects =
		reallocarray(list->objects, list->count + 1, sizeof(*objects));

	if (objects == NULL)
		return false;
	objects[list->count++] = *object;
	list->objects = objects;
	return true;
}

bool ipcs_read(struct ipcs_list *list, const char *root, enum ipcs_kind kind)
{
	struct ipcs_object object;
	char path[PATH_MAX], line[512];
	bool complete = true;
	FILE *file;

	*list = (struct ipcs_list){0};
	snprintf(path, sizeof(path), "%s/proc/sysvipc/%s", root, kind == IPCS_SETS ? "sem" : "shm");
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (complete && fgets(line, sizeof(line), file) != NULL)
		if (parse(line, kind, &object))
			complete = append(list, &object);
	fclose(file);
	if (!complete) {
		ipcs_free(list);
		errno = ENOMEM;
	}
	return complete;
}

void ipcs_free(struct ipcs_list *list)
{
	free(list->objects);
	*list = (struct ipcs_list){0};
}

const struct ipcs_object *ipcs_with_key(const struct ipcs_list *list, int32_t key)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->objects[i].key == key)
			return &list->objects[i];
	return NULL;
}

const struct ipcs_object *ipcs_with_id(const struct ipcs_list *list, int32_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->objects[i].id == id)
			return &list->objects[i];
	return NULL;
}

bool ipcs_is_channel(const struct ipcs_object *segment, int32_t *semid)
{
	struct segment_status status;
	const struct header *header;
	bool is_ours;
	void *at;

	/* Check again: the list may be out of date. */
	if (segment_status(segment->id, &status) < 0 || status.owner != geteuid() ||
		status.size < sizeof(struct header) || segment_attach(segment->id, false, &at) < 0)
		return false;
	header = at;
	is_ours = header->magic == LAYOUT_MAGIC;
	*semid = header->semid;
	segment_detach(at);
	return is_ours;
}
