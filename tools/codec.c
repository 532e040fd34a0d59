/* codec.c - see codec.h. */
#include "codec.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>

#include "place.h"

#define MODULE "vitrine-codec.so"

/* The module stays until the program ends; loading it again only finds it. */
static const struct codec *load(char reason[TEXT_REASON_MAX])
{
	static const char *const places[] = {"", VITRINE_MODULES};
	char path[PATH_MAX];
	const struct codec *codec;
	void *module;

	place_find(path, places, 2, MODULE);
	module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	codec = module != NULL ? dlsym(module, CODEC_SYMBOL) : NULL;
	if (codec == NULL)
		snprintf(reason, TEXT_REASON_MAX, "the part for images cannot be loaded: %s",
			dlerror());
	return codec;
}

bool codec_write_png(int fd, const struct pixels *pixels, char reason[TEXT_REASON_MAX])
{
	const struct codec *codec = load(reason);

	return codec != NULL && codec->write_png(fd, pixels, reason);
}

bool codec_write_jpeg(int fd, const struct pixels *pixels, int quality,
	char reason[TEXT_REASON_MAX])
{
	const struct codec *codec = load(reason);

	return codec != NULL && codec->write_jpeg(fd, pixels, quality, reason);
}
