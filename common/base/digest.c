/* digest.c - see digest.h. HAVE_LIBMD and HAVE_LIBXXHASH come from CMake. */
#include "digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#ifdef HAVE_LIBMD
#include <md5.h>
#endif
#ifdef HAVE_LIBXXHASH
#include <xxhash.h>
#endif

#include "translate.h"

struct digest {
	uint32_t kind;
#ifdef HAVE_LIBMD
	MD5_CTX md5;
#endif
#ifdef HAVE_LIBXXHASH
	XXH3_state_t *xxh3;
#endif
};

bool digest_kind(const char *name, uint32_t *kind)
{
	for (*kind = VITRINE_MD5; *kind <= VITRINE_XXH3; (*kind)++)
		if (strcasecmp(name, digest_name(*kind)) == 0)
			return true;
	return false;
}

const char *digest_name(uint32_t kind)
{
	switch (kind) {
	case VITRINE_MD5: return "md5";
	case VITRINE_XXH3: return "xxh3";
	default: return "none";
	}
}

const char *digest_missing(uint32_t kind)
{
	static const char *const missing[] = {
#ifndef HAVE_LIBMD
		[VITRINE_MD5] =
			N_("this build has no MD5: install libmd-dev and build again, or use xxh3"),
#endif
#ifndef HAVE_LIBXXHASH
		[VITRINE_XXH3] = N_(
			"this build has no XXH3: install libxxhash-dev and build again, or use md5"),
#endif
		[VITRINE_XXH3 + 1] = NULL,
	};

	if (kind != VITRINE_MD5 && kind != VITRINE_XXH3)
		return _("unknown checksum");
	return missing[kind] != NULL ? gettext(missing[kind]) : NULL;
}

struct digest *digest_create(uint32_t kind)
{
	struct digest *digest = digest_missing(kind) == NULL ? calloc(1, sizeof(*digest)) : NULL;

	if (digest == NULL)
		return NULL;
	digest->kind = kind;
#ifdef HAVE_LIBMD
	MD5Init(&digest->md5);
#endif
#ifdef HAVE_LIBXXHASH
	digest->xxh3 = XXH3_createState(); /* must be aligned to 64 bytes */
	if (digest->xxh3 == NULL) {
		free(digest);
		return NULL;
	}
	XXH3_64bits_reset(digest->xxh3);
#endif
	return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t size)
{
#ifdef HAVE_LIBMD
	if (digest->kind == VITRINE_MD5)
		MD5Update(&digest->md5, bytes, size);
#endif
#ifdef HAVE_LIBXXHASH
	if (digest->kind == VITRINE_XXH3)
		XXH3_64bits_update(digest->xxh3, bytes, size);
#endif
#if !defined(HAVE_LIBMD) && !defined(HAVE_LIBXXHASH)
	(void)digest, (void)bytes, (void)size;
#endif
}

void digest_finish(struct digest *digest, uint8_t result[DIGEST_BYTES])
{
	memset(result, 0, DIGEST_BYTES);
#ifdef HAVE_LIBMD
	if (digest->kind == VITRINE_MD5)
		MD5Final(result, &digest->md5);
#endif
#ifdef HAVE_LIBXXHASH
	if (digest->kind == VITRINE_XXH3) {
		XXH64_canonical_t canonical;

		XXH64_canonicalFromHash(&canonical, XXH3_64bits_digest(digest->xxh3));
		memcpy(result, canonical.digest, sizeof(canonical.digest));
	}
#endif
	digest_destroy(digest);
}

void digest_destroy(struct digest *digest)
{
	if (digest == NULL)
		return;
#ifdef HAVE_LIBXXHASH
	XXH3_freeState(digest->xxh3);
#endif
	free(digest);
}

bool digest_of(uint32_t kind, const void *bytes, size_t size, uint8_t result[DIGEST_BYTES])
{
	struct digest *digest = digest_create(kind);

	if (digest == NULL)
		return false;
	digest_add(digest, bytes, size);
	digest_finish(digest, result);
	return true;
}

char *digest_text(char text[DIGEST_TEXT_MAX], uint32_t kind, const uint8_t result[DIGEST_BYTES])
{
	size_t bytes = kind == VITRINE_MD5 ? 16 : kind == VITRINE_XXH3 ? 8 : 0;

	text[0] = '\0';
	for (size_t i = 0; i < bytes; i++)
		snprintf(text + 2 * i, 3, "%02x", result[i]);
	return text;
}
