/* codec_module.c - all of vitrine-codec.so: see codec.h. */
#include "codec.h"

#include "decode.h"
#include "pngfile.h"

__attribute__((visibility("default"))) extern const struct codec vitrine_codec;

const struct codec vitrine_codec = {
	.decode = decode_file, .decode_bytes = decode_bytes, .write_png = pngfile_write};

/* As main does in the windows: before SDL allocates anything. */
__attribute__((constructor)) static void start(void)
{
	decode_start();
}
