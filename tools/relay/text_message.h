/*
 * text_message.h - takes an image out of a message that carries it as text: in base64, as a data:
 * URI, or as either in a field of a JSON object, as Home Assistant, Node-RED and small cameras send
 * it. The text is untrusted: nesting, the number of values and memory are bounded. Pure; any
 * thread.
 */
#ifndef VITRINE_TOOLS_TEXT_MESSAGE_H
#define VITRINE_TOOLS_TEXT_MESSAGE_H

#include <stddef.h>

#include "text.h"

enum text_message_verdict {
	TEXT_MESSAGE_NOTHING, /* it is not such a text */
	TEXT_MESSAGE_DONE,
	TEXT_MESSAGE_REFUSED, /* it is one, but no image can be extracted; `reason` says why */
};

/*
 * `text` has `size` bytes and a NUL after them. `field` is the path of the field in a JSON object
 * ("image", "camera.image", "images.0"); NULL: none was given, and a JSON object is refused with
 * the name of a field that has an image. TEXT_MESSAGE_DONE: *bytes, which the caller frees, has
 * *count bytes of an image.
 */
enum text_message_verdict text_message_image(const char *text, size_t size, const char *field,
	void **bytes, size_t *count, char reason[TEXT_REASON_MAX]);

#endif
