/* written.c - see written.h. */
#include "written.h"

#include <stdio_ext.h>
#include <stdlib.h>

#include "monotonic.h"

struct written {
	int id;
	uint64_t look; /* the look in which it was written; 0: there is no text */
	int64_t at_ns;
	char *text;
	size_t length;
};

static bool make_room(struct xray_session *xray, size_t count)
{
	struct written *written;

	if (count <= xray->written_count)
		return true;
	written = reallocarray(xray->written, count, sizeof(*written));
	if (written == NULL)
		return false;
	for (size_t i = xray->written_count; i < count; i++)
		written[i] = (struct written){0};
	xray->written = written;
	xray->written_count = count;
	return true;
}

static bool is_fresh(const struct written *written, const struct snapshot_set *set, int64_t now,
	int64_t age_ns)
{
	return written->look > 0 && written->id == set->object.id &&
	       set->changed <= written->look && now - written->at_ns <= age_ns;
}

static bool renew(struct xray_session *xray, struct written *written,
	const struct snapshot_set *set, written_writer *write, int64_t now)
{
	FILE *file;

	free(written->text);
	*written = (struct written){.id = set->object.id, .at_ns = now};
	file = open_memstream(&written->text, &written->length);
	if (file == NULL)
		return false;
	__fsetlocking(file, FSETLOCKING_BYCALLER); /* no other thread has it */
	write(file, xray, set);
	if (fclose(file) != 0)
		return false;
	written->look = xray->scope.snapshot.looks;
	return true;
}

const char *written_set(struct xray_session *xray, size_t position, written_writer *write,
	int64_t age_ns, size_t *length)
{
	const struct sysv_snapshot *snapshot = &xray->scope.snapshot;
	const struct snapshot_set *set = &snapshot->sets[position];
	int64_t now = monotonic_ns();
	struct written *written;

	if (!make_room(xray, snapshot->set_count))
		return NULL;
	written = &xray->written[position];
	if (!is_fresh(written, set, now, age_ns) && !renew(xray, written, set, write, now))
		return NULL;
	*length = written->length;
	return written->text;
}

void written_end(struct xray_session *xray)
{
	for (size_t i = 0; i < xray->written_count; i++)
		free(xray->written[i].text);
	free(xray->written);
	xray->written = NULL;
	xray->written_count = 0;
}
