/* judge.c - see judge.h. */
#include "judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "digest.h"
#include "mediatype.h"
#include "safename.h"
#include "sniff.h"

/* A photograph's name, or the topic's last part with the usual ending: "7b.jpg". */
static void name_it(char name[SAFENAME_MAX], const struct header *header, const char *topic,
	const char *type)
{
	const char *extension = mediatype_extension(type);
	char last[SAFENAME_MAX];

	if (header->name[0] != '\0') {
		safename_make(name, header->name, NULL);
		return;
	}
	snprintf(last, sizeof(last), "%.200s.%s", text_base_name(topic),
		extension != NULL ? extension : "bin");
	safename_make(name, last, NULL);
}

static bool looks_sound(const struct sniff *sniff, uint64_t memory, char reason[TEXT_REASON_MAX])
{
	uint64_t most = memory / 4; /* pixels */

	if (sniff->cut_short || sniff->damaged) {
		snprintf(reason, TEXT_REASON_MAX, "%s",
			sniff->cut_short ? "it ends too early" : "it is damaged");
		return false;
	}
	if (sniff->width != 0 && sniff->height > most / sniff->width) {
		snprintf(reason, TEXT_REASON_MAX,
			"it promises %" PRIu64 " x %" PRIu64
			" pixels, more than --memory has room for",
			sniff->width, sniff->height);
		return false;
	}
	return true;
}

/* Hashes the bytes, and compares with what the header promises. */
static bool check_digest(const void *bytes, size_t size, const struct header *header,
	struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	uint32_t kind = header->checksum != VITRINE_NO_CHECKSUM ? header->checksum : VITRINE_XXH3;
	struct digest *digest = digest_missing(kind) == NULL ? digest_create(kind) : NULL;

	image->checksum = header->checksum;
	memcpy(image->digest, header->digest, sizeof(image->digest));
	if (digest == NULL)
		return true; /* this build cannot; a consumer that can will */
	digest_add(digest, bytes, size);
	digest_finish(digest, image->digest);
	image->checksum = kind;
	if (header->checksum == VITRINE_NO_CHECKSUM ||
		memcmp(image->digest, header->digest, sizeof(image->digest)) == 0)
		return true;
	snprintf(reason, TEXT_REASON_MAX, "its %s is not what its sender says: it was damaged",
		digest_name(kind));
	return false;
}

bool judge(const void *bytes, size_t size, const struct header *header, const char *topic,
	uint64_t memory, struct vitrine_image *image, char reason[TEXT_REASON_MAX])
{
	struct sniff sniff = sniff_bytes(bytes, size);
	const char *type = mediatype_of(bytes, size < SNIFF_BYTES ? size : SNIFF_BYTES,
		sniff.format != SNIFF_UNKNOWN || header_is_complete(header) ? header->name : "");
	char name[SAFENAME_MAX];

	if (sniff.format == SNIFF_UNKNOWN && !header_is_complete(header)) {
		snprintf(reason, TEXT_REASON_MAX, "it is no image (%s)", type);
		return false;
	}
	if (!looks_sound(&sniff, memory, reason))
		return false;
	name_it(name, header, topic, type);
	vitrine_file(image, name, size, type);
	return check_digest(bytes, size, header, image, reason);
}
