/* list.c - lists the channels of this user by inspecting each segment that the user owns. */
#include <errno.h>
#include <stdio.h>

#include "ipcs.h"
#include "vitrine.h"

/*
 * Calls `visit` if the segment is a channel. Returns 1 if it is, 0 if it is not (any more), or
 * VITRINE_ENOMEM if this could not be determined.
 */
static int visit_segment(const struct ipcs_object *segment, vitrine_visitor *visit, void *data)
{
	struct vitrine_key key = {.value = segment->key};
	const struct vitrine_options options = {.role = VITRINE_INSPECTOR, .key = &key};
	struct vitrine_channel *channel = NULL;
	int32_t semid;
	int rc;

	/* Key 0: the segment was removed, and disappears when the last process detaches. */
	if (key.value == 0 || !ipcs_is_channel(segment, &semid))
		return 0;
	snprintf(key.text, sizeof(key.text), "0x%08x", (unsigned)key.value);
	rc = vitrine_open(&channel, &options);
	if (rc == VITRINE_OK) {
		const struct vitrine_info *info = vitrine_info(channel);

		rc = info->shmid == segment->id;
		if (rc == 1)
			visit(info, data);
	}
	vitrine_close(channel);
	return rc < 0 && rc != VITRINE_ENOMEM ? 0 : rc;
}

int vitrine_list(vitrine_visitor *visit, void *data)
{
	struct ipcs_list list;
	int found = 0;

	if (!ipcs_read(&list, "", IPCS_SEGMENTS))
		return errno == ENOMEM ? VITRINE_ENOMEM : VITRINE_ESYSTEM;
	for (size_t i = 0; i < list.count; i++) {
		int rc = visit_segment(&list.objects[i], visit, data);

		if (rc < 0) {
			found = rc;
			break;
		}
		found += rc;
	}
	ipcs_free(&list);
	return found;
}
