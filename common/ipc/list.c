/* list.c - lists the channels of this user by inspecting each segment that the user owns. */
#include <errno.h>
#include <stdio.h>

#include "ipcs.h"
#include "vitrine.h"

/* Calls `visit` if the segment is a channel. Returns whether it is. */
static bool visit_segment(const struct ipcs_object *segment, vitrine_visitor *visit, void *data)
{
	struct vitrine_key key = {.value = segment->key};
	const struct vitrine_options options = {.role = VITRINE_INSPECTOR, .key = &key};
	struct vitrine_channel *channel = NULL;
	bool is_channel = false;
	int32_t semid;

	/* Key 0: it was removed, and disappears when the last process detaches. */
	if (key.value == 0 || !ipcs_is_channel(segment, &semid))
		return false;
	snprintf(key.text, sizeof(key.text), "0x%08x", (unsigned)key.value);
	if (vitrine_open(&channel, &options) == VITRINE_OK) {
		const struct vitrine_info *info = vitrine_info(channel);

		is_channel = info->shmid == segment->id;
		if (is_channel)
			visit(info, data);
	}
	vitrine_close(channel);
	return is_channel;
}

int vitrine_list(vitrine_visitor *visit, void *data)
{
	struct ipcs_list list;
	int found = 0;

	if (!ipcs_read(&list, "", IPCS_SEGMENTS))
		return errno == ENOMEM ? VITRINE_ENOMEM : VITRINE_ESYSTEM;
	for (size_t i = 0; i < list.count; i++)
		found += visit_segment(&list.objects[i], visit, data);
	ipcs_free(&list);
	return found;
}
