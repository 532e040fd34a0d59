/* codec_module.c - all of vitrine-codec.so: see codec.h. */
#include "codec.h"

#include "hugepages.h"
#include "pngfile.h"

__attribute__((visibility("default"))) extern const struct codec vitrine_codec;

const struct codec vitrine_codec = {
	.write_png = pngfile_write,
	.write_jpeg = pngfile_write_jpeg,
};

/* As main does in the windows: before SDL allocates anything. */
__attribute__((constructor)) static void start(void)
{
	hugepages_install();
}
