/*
 * decoder.c - see decoder.h: the parent's side of the conversation in wire.h.
 *
 * The pixels come through a small window that stays in the processor's cache, and are copied out of
 * it while the child works on the next ones. Mapping the whole picture from the child would save
 * the copy but cost more: two page faults per 4 KiB, one in each process. The copy also means that
 * the child can no longer change the pixels.
 */
#include "decoder.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "child.h"
#include "monotonic.h"
#include "populated.h"
#include "size_limit.h"
#include "translatable.h"
#include "translate.h"
#include "upright.h"
#include "wire.h"

#define LOOK_MS 50 /* interval at which to check whether decoding was cancelled */

_Static_assert(WIRE_NOTE_MAX <= PICTURE_NOTE_MAX && WIRE_REASON_MAX <= TEXT_REASON_MAX, "they fit");

struct decoder {
	struct decoder_options options;
	/* one per program, each started when it is needed */
	struct child children[FORMAT_DECODERS];
	bool is_fresh[FORMAT_DECODERS]; /* the child has not been sent a request yet */
	uint32_t number;                /* of the last request */
};

/* A picture being received. */
struct delivery {
	struct child *child;
	const struct decoder_request *request;
	uint32_t number; /* of the request */
	struct decoder_answer *answer;
	char *reason;
	int64_t timeout;  /* ns */
	int64_t deadline; /* CLOCK_MONOTONIC, ns */
	bool has_begun;   /* the child has sent a message about this file */
	bool has_header;
	bool is_allowed; /* for a look only: the limit allows the size that the header gives */
	bool has_shape;
	struct upright upright;
	uint32_t parts; /* received */
};

enum step {
	GOES_ON,
	IS_THERE,   /* the picture */
	IS_REFUSED, /* failed with a reason; the child can be used again */
	IS_BROKEN,  /* failed with a reason; the child must be replaced */
	/* the same, before any message about this file: the previous file may be the cause */
	IS_SPOILT,
};

/* ---- what the child says ------------------------------------------------------------------- */

static enum step nonsense(struct delivery *delivery)
{
	snprintf(delivery->reason, TEXT_REASON_MAX,
		_("the decoder sent an invalid answer: the file is damaged or malicious"));
	return IS_BROKEN;
}

static bool is_sensible(const struct wire_message *shape, uint64_t limit)
{
	const uint64_t side = INT32_MAX;

	return shape->width > 0 && shape->width <= shape->whole_width &&
	       shape->whole_width <= side && shape->height > 0 &&
	       shape->height <= shape->whole_height && shape->whole_height <= side &&
	       (uint64_t)shape->width * shape->height <= limit / 4 && shape->orientation >= 1 &&
	       shape->orientation <= 8;
}

/* Sends to the child. If it has ended, recv() will report that. */
static bool give_credit(const struct delivery *delivery)
{
	const char credit = WIRE_CREDIT;

	return send(delivery->child->socket, &credit, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1 ||
	       errno == EPIPE || errno == ECONNRESET;
}

/* The memory for the surface and the picture; less if it is reduced. */
static uint64_t need_of(const struct decoder_request *request, const struct wire_message *header)
{
	const uint64_t need =
		size_limit_need(request->limit, header->width, header->height, request->file_size);
	const bool is_reduced =
		request->box_width > 0 && request->format == FORMAT_JPEG && header->width > 0;

	/* A progressive image is kept as coefficients until all of it has been read. */
	return is_reduced ? need / 2 : need;
}

/* If the limit can never allow the size, the child refuses it by itself: do not wait for room. */
static enum step take_header(struct delivery *delivery, const struct wire_message *header)
{
	const struct decoder_request *request = delivery->request;
	struct decoder_answer *answer = delivery->answer;
	char translatable[TEXT_REASON_MAX];
	bool is_allowed;

	if (delivery->has_header)
		return nonsense(delivery);
	delivery->has_header = true;
	is_allowed = size_limit_allows(request->limit, header->width, header->height,
		request->file_size, translatable);
	if (!is_allowed)
		translatable_translate(delivery->reason, TEXT_REASON_MAX, translatable);
	if (request->looks) {
		answer->width = header->width;
		answer->height = header->height;
		answer->ends_early = header->ends_early != 0;
		delivery->is_allowed = is_allowed;
		return GOES_ON;
	}
	if (request->admits == NULL)
		return GOES_ON;
	const int64_t begun = monotonic_ns();
	if (is_allowed && !request->admits(request->data, need_of(request, header))) {
		snprintf(delivery->reason, TEXT_REASON_MAX, _("was cancelled"));
		return IS_BROKEN;
	}
	delivery->deadline += monotonic_ns() - begun;
	return give_credit(delivery) ? GOES_ON : nonsense(delivery);
}

static enum step take_shape(struct delivery *delivery, const struct wire_message *shape)
{
	struct decoder_answer *answer = delivery->answer;
	const bool swaps = shape->orientation >= 5;

	if (delivery->has_shape || !is_sensible(shape, delivery->request->limit))
		return nonsense(delivery);
	answer->pixels = populated_malloc((size_t)shape->width * shape->height * 4);
	if (answer->pixels == NULL ||
		!upright_begin(&delivery->upright, answer->pixels, shape->width, shape->height,
			(int)shape->orientation)) {
		snprintf(delivery->reason, TEXT_REASON_MAX, _("not enough memory for its pixels"));
		return IS_BROKEN;
	}
	answer->width = swaps ? shape->height : shape->width;
	answer->height = swaps ? shape->width : shape->height;
	answer->whole_width = swaps ? shape->whole_height : shape->whole_width;
	answer->whole_height = swaps ? shape->whole_width : shape->whole_height;
	delivery->has_shape = true;
	return GOES_ON;
}

static enum step take_part(struct delivery *delivery, uint32_t bytes)
{
	const size_t part = (size_t)(delivery->parts++ % WIRE_PARTS) * WIRE_PART_BYTES;
	const uint8_t *from = delivery->child->window + part;

	if (!delivery->has_shape || bytes == 0 || bytes > WIRE_PART_BYTES || bytes % 4 != 0)
		return nonsense(delivery);
	while (bytes > 0) {
		uint64_t pixels;
		uint32_t *to = upright_room(&delivery->upright, &pixels);
		if (pixels == 0)
			return nonsense(delivery);
		if (pixels > bytes / 4)
			pixels = bytes / 4;
		memcpy(to, from, (size_t)pixels * 4);
		upright_put(&delivery->upright, pixels);
		from += pixels * 4;
		bytes -= (uint32_t)pixels * 4;
	}
	return give_credit(delivery) ? GOES_ON : nonsense(delivery);
}

/* What the child says is only ever text. */
static void translate(char *to, size_t size, const char *said)
{
	char sentence[TEXT_REASON_MAX];

	text_printable(to, size, translatable_translate(sentence, sizeof(sentence), said));
}

/* Adds the format to a reason that does not tell it, unless the reason is a limit. */
static void name_format(char reason[TEXT_REASON_MAX], enum format format)
{
	const char *name = format_info(format)->name;

	if (strcasestr(reason, name) == NULL && strstr(reason, "--memory") == NULL)
		text_append(reason, TEXT_REASON_MAX, " (%s)", name);
}

static enum step take_end(struct delivery *delivery, struct wire_message *end)
{
	end->note[sizeof(end->note) - 1] = '\0';
	end->reason[sizeof(end->reason) - 1] = '\0';
	if (delivery->request->looks && delivery->has_header)
		return delivery->is_allowed ? IS_THERE : IS_REFUSED;
	if (!end->is_good && end->reason[0] != '\0') {
		translate(delivery->reason, TEXT_REASON_MAX, end->reason);
		name_format(delivery->reason, delivery->request->format);
		return IS_REFUSED;
	}
	if (!end->is_good || !delivery->has_shape || !upright_is_whole(&delivery->upright))
		return nonsense(delivery);
	delivery->answer->is_opaque = end->is_opaque != 0;
	delivery->answer->is_damaged = end->is_damaged != 0;
	delivery->answer->is_incomplete = end->ends_early != 0;
	delivery->answer->frames = end->frames;
	delivery->answer->duration_ms = end->duration;
	translate(delivery->answer->note, sizeof(delivery->answer->note), end->note);
	return IS_THERE;
}

static enum step take_message(struct delivery *delivery)
{
	struct wire_message message;
	ssize_t size =
		recv(delivery->child->socket, &message, sizeof(message), MSG_DONTWAIT | MSG_TRUNC);

	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return GOES_ON;
	if (size <= 0) {
		child_bury(delivery->child, delivery->reason);
		return delivery->has_begun ? IS_BROKEN : IS_SPOILT;
	}
	if (size != sizeof(message) || message.number != delivery->number) {
		nonsense(delivery);
		return delivery->has_begun ? IS_BROKEN : IS_SPOILT;
	}
	delivery->has_begun = true;
	switch (message.kind) {
	case WIRE_HEADER: return take_header(delivery, &message);
	case WIRE_SHAPE: return take_shape(delivery, &message);
	case WIRE_PART: return take_part(delivery, message.bytes);
	case WIRE_END: return take_end(delivery, &message);
	default: return nonsense(delivery);
	}
}

/* ---- the conversation ---------------------------------------------------------------------- */

/*
 * Waits at most LOOK_MS for a message from the child. Fails if decoding was cancelled or takes too
 * long.
 */
static enum step wait_for_message(struct delivery *delivery)
{
	const struct decoder_request *request = delivery->request;
	struct pollfd polled = {.fd = delivery->child->socket, .events = POLLIN};

	poll(&polled, 1, LOOK_MS);
	if (request->gives_up != NULL && request->gives_up(request->data)) {
		snprintf(delivery->reason, TEXT_REASON_MAX, _("was cancelled"));
		return IS_BROKEN;
	}
	if (monotonic_ns() < delivery->deadline)
		return GOES_ON;
	snprintf(delivery->reason, TEXT_REASON_MAX,
		_("decoding it was stopped after %g s; --decode-timeout allows more"),
		(double)delivery->timeout / 1e9);
	return IS_BROKEN;
}

static enum step converse(struct delivery *delivery)
{
	enum step step = GOES_ON;

	while (step == GOES_ON) {
		step = wait_for_message(delivery);
		if (step == GOES_ON)
			step = take_message(delivery);
	}
	return step;
}

static bool send_request(struct decoder *decoder, const struct child *child,
	const struct decoder_request *asked)
{
	struct wire_request request = {
		.number = ++decoder->number,
		.file_size = asked->file_size,
		.limit = asked->limit,
		.box_width = asked->box_width,
		.box_height = asked->box_height,
		.format = asked->format,
		.frame = asked->frame,
		.identity = asked->identity,
		.flags = (asked->admits != NULL && !asked->looks ? WIRE_WAITS : 0u) |
			 (asked->looks ? WIRE_LOOKS : 0u) | (asked->animates ? WIRE_ANIMATES : 0u),
	};
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.bytes = {0}};
	struct iovec part = {&request, sizeof(request)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};

	control.header = (struct cmsghdr){
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	};
	memcpy(CMSG_DATA(&control.header), &asked->file, sizeof(int));
	return sendmsg(child->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	       (ssize_t)sizeof(request);
}

/* ---- which program ------------------------------------------------------------------------- */

#define PREFIX "vitrine-decoder"

static const char *const programs[FORMAT_DECODERS] = {
	[FORMAT_BY_DECODER] = PREFIX,
	[FORMAT_BY_HEIF] = PREFIX "-heif",
	[FORMAT_BY_JXL] = PREFIX "-jxl",
	[FORMAT_BY_SDL] = PREFIX "-sdl",
	[FORMAT_BY_SVG] = PREFIX "-svg",
};

static const char *suffix_of(enum format_decoder which)
{
	return programs[which] + sizeof(PREFIX) - 1;
}

/* If the decoder for drawings is missing, SDL_image draws them, with fewer features. */
static enum format_decoder decoder_of(const char *program, enum format format)
{
	const enum format_decoder which = format_info(format)->decoder;

	return which == FORMAT_BY_SVG && !child_is_installed(program, suffix_of(which))
		       ? FORMAT_BY_SDL
		       : which;
}

enum decoder_presence decoder_presence(const char *program, enum format format)
{
	const enum format_decoder which = decoder_of(program, format);

	if (which == FORMAT_NO_DECODER || !child_is_installed(program, suffix_of(which)))
		return DECODER_MISSING;
	return which == format_info(format)->decoder ? DECODER_THERE : DECODER_PARTLY;
}

const char *decoder_program(enum format format)
{
	const char *program = programs[format_info(format)->decoder];

	return program != NULL ? program : "";
}

static bool make_ready(struct decoder *decoder, enum format_decoder which,
	char reason[TEXT_REASON_MAX])
{
	const struct decoder_options *options = &decoder->options;
	struct child *child = &decoder->children[which];

	if (child_is_ready(child))
		return true;
	child_end(child);
	decoder->is_fresh[which] = true;
	return child_start(child, options->program, suffix_of(which), options->memory, reason);
}

/* Why a format cannot be opened: what it is, and the command that converts it. */
static bool why_not_here(const struct decoder *decoder, enum format format,
	char reason[TEXT_REASON_MAX])
{
	const struct format_info *info = format_info(format);

	bool is_an = strcmp(format_article(format), "an") == 0;

	if (info->decoder == FORMAT_NO_DECODER)
		snprintf(reason, TEXT_REASON_MAX,
			is_an ? _("is an %s image, a format that cannot be opened here; this "
				  "converts it: %s")
			      : _("is a %s image, a format that cannot be opened here; this "
				  "converts it: %s"),
			info->name, info->cure != NULL ? info->cure : "convert");
	else if (info->cure == NULL ||
		 decoder_presence(decoder->options.program, format) != DECODER_MISSING)
		return false;
	else
		snprintf(reason, TEXT_REASON_MAX,
			is_an ? _("is an %s image, and %s, which opens such images, is not "
				  "installed; this converts it: %s")
			      : _("is a %s image, and %s, which opens such images, is not "
				  "installed; this converts it: %s"),
			info->name, decoder_program(format), info->cure);
	return true;
}

/* A request could not be sent. If the child has ended, the reason is how it ended. */
static void explain(struct child *child, int error, char reason[TEXT_REASON_MAX])
{
	if (error == EPIPE || error == ECONNRESET) {
		child_bury(child, reason);
		return;
	}
	snprintf(reason, TEXT_REASON_MAX, _("cannot be handed to the decoder: %s"),
		strerror(error));
	child_end(child);
}

/* If the child ended between two files, no file is to blame: retry with a new child. */
static bool ask(struct decoder *decoder, enum format_decoder which,
	const struct decoder_request *request, char reason[TEXT_REASON_MAX])
{
	struct child *child = &decoder->children[which];

	for (int tries = 0; tries < 2; tries++) {
		if (!make_ready(decoder, which, reason))
			return false;
		child_limit_time(child, decoder->options.timeout_ns);
		if (send_request(decoder, child, request))
			return true;
		explain(child, errno, reason);
	}
	return false;
}

/* Sends the request and receives the answer. *answer has pixels if the result is IS_THERE. */
static enum step run_once(struct decoder *decoder, enum format_decoder which,
	const struct decoder_request *request, struct decoder_answer *answer,
	char reason[TEXT_REASON_MAX])
{
	struct delivery delivery = {
		.child = &decoder->children[which],
		.request = request,
		.answer = answer,
		.reason = reason,
		.timeout = decoder->options.timeout_ns,
	};

	*answer = (struct decoder_answer){0};
	if (!ask(decoder, which, request, reason))
		return IS_REFUSED;
	delivery.number = decoder->number;
	delivery.deadline = monotonic_ns() + delivery.timeout;
	enum step end = converse(&delivery);
	if (end == IS_BROKEN || end == IS_SPOILT)
		child_end(delivery.child);
	upright_end(&delivery.upright);
	if (end != IS_THERE) {
		free(answer->pixels);
		answer->pixels = NULL;
	}
	return end;
}

/*
 * If an earlier file may have damaged the child, replaces the child and tries again: only the
 * failure of a new child is attributed to this file.
 */
bool decoder_run(struct decoder *decoder, const struct decoder_request *request,
	struct decoder_answer *answer, char reason[TEXT_REASON_MAX])
{
	enum step end;
	bool was_fresh;

	if (decoder == NULL) {
		*answer = (struct decoder_answer){0};
		snprintf(reason, TEXT_REASON_MAX, _("not enough memory"));
		return false;
	}
	*answer = (struct decoder_answer){0};
	if (why_not_here(decoder, request->format, reason))
		return false;
	const enum format_decoder which = decoder_of(decoder->options.program, request->format);
	do {
		end = run_once(decoder, which, request, answer, reason);
		was_fresh = decoder->is_fresh[which];
		decoder->is_fresh[which] = false;
	} while (end == IS_SPOILT && !was_fresh);
	return end == IS_THERE;
}

/* ---- its life ------------------------------------------------------------------------------ */

struct decoder *decoder_create(const struct decoder_options *options)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder));

	if (decoder == NULL)
		return NULL;
	decoder->options = *options;
	if (decoder->options.timeout_ns == 0)
		decoder->options.timeout_ns = DECODER_TIMEOUT_NS;
	for (int i = 0; i < FORMAT_DECODERS; i++)
		decoder->children[i].socket = -1;
	return decoder;
}

void decoder_destroy(struct decoder *decoder)
{
	if (decoder == NULL)
		return;
	for (int i = 0; i < FORMAT_DECODERS; i++)
		child_end(&decoder->children[i]);
	free(decoder);
}

int decoder_pid(const struct decoder *decoder)
{
	return decoder->children[FORMAT_BY_DECODER].pid;
}
