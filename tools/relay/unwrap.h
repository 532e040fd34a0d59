/*
 * unwrap.h - takes an image out of a message that carries it as text: in base64, as a data: URI, or
 * as either in a field of a JSON object, as Home Assistant, Node-RED and small cameras send it. The
 * text is untrusted: nesting, the number of values and memory are bounded. Pure; any thread.
 */
#ifndef VITRINE_TOOLS_UNWRAP_H
#define VITRINE_TOOLS_UNWRAP_H

#include <stddef.h>

#include "text.h"

enum unwrap_verdict {
	UNWRAP_NOTHING, /* it is not such a text */
	UNWRAP_DONE,
	UNWRAP_REFUSED, /* it is one, but no image can be extracted; `reason` says why */
};

/*
 * `text` has `size` bytes and a NUL after them. `field` is the path of the field in a JSON object
 * ("image", "camera.image", "images.0"); NULL: none was given, and a JSON object is refused with
 * the name of a field that has an image. UNWRAP_DONE: *bytes, which the caller frees, has *count
 * bytes of an image.
 */
enum unwrap_verdict unwrap(const char *text, size_t size, const char *field, void **bytes,
	size_t *count, char reason[TEXT_REASON_MAX]);

#endif
