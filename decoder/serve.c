/*
 * serve.c - see serve.h. Fills the window's parts in turn with rows, without gaps. A row longer
 * than a part is made in separate memory and copied through the window in pieces.
 */
#include "serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "translate.h"
#include "wire.h"

/* A photograph has its size within this many bytes, even after thumbnails and colour profiles. */
#define HEAD_BYTES ((size_t)256 << 10)

/* The transfer of one picture through the window. */
struct hatch {
	struct raster_sink sink;
	uint8_t *window;
	uint32_t part;      /* the part being filled */
	uint32_t full;      /* bytes in it */
	uint32_t owed;      /* parts that the parent has not given back */
	size_t row;         /* bytes */
	uint32_t *long_row; /* NULL: rows fit into a part */
};

bool serve_begin(void)
{
	struct ucred maker;
	socklen_t size = sizeof(maker);

	/* The order matters: if the parent dies between the two calls, the second one notices. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return getsockopt(WIRE_SOCKET, SOL_SOCKET, SO_PEERCRED, &maker, &size) == 0 &&
	       maker.pid == getppid();
}

/* ---- the socket: if it fails, the parent is gone, and so is the reason to be here ------------ */

static uint32_t number; /* of the current request */

void serve_say(struct wire_message message)
{
	ssize_t size;

	message.number = number;
	do
		size = send(WIRE_SOCKET, &message, sizeof(message), MSG_NOSIGNAL);
	while (size < 0 && errno == EINTR);
	if (size != (ssize_t)sizeof(message))
		_exit(0);
}

static void await_credit(struct hatch *hatch)
{
	ssize_t size;
	char credit;

	do
		size = recv(WIRE_SOCKET, &credit, 1, 0);
	while (size < 0 && errno == EINTR);
	if (size != 1)
		_exit(0);
	hatch->owed--;
}

/* Receives a request and its file; false: the parent has closed the socket. */
static bool take_request(struct wire_request *request, int *file)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = {request, sizeof(*request)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t size;

	do
		size = recvmsg(WIRE_SOCKET, &message, MSG_CMSG_CLOEXEC);
	while (size < 0 && errno == EINTR);
	if (size != (ssize_t)sizeof(*request) || CMSG_FIRSTHDR(&message) == NULL)
		return false;
	memcpy(file, CMSG_DATA(&control.header), sizeof(*file));
	return true;
}

/* ---- the window ------------------------------------------------------------------------------ */

static struct hatch *hatch_of(struct raster_sink *sink)
{
	return (struct hatch *)(void *)((char *)sink - offsetof(struct hatch, sink));
}

static uint8_t *part_of(const struct hatch *hatch)
{
	return hatch->window + (size_t)hatch->part * WIRE_PART_BYTES;
}

/* Hands the part over, and waits until the next one is free. */
static void turn(struct hatch *hatch)
{
	if (hatch->full == 0)
		return;
	serve_say((struct wire_message){.kind = WIRE_PART, .bytes = hatch->full});
	hatch->part = (hatch->part + 1) % WIRE_PARTS;
	hatch->full = 0;
	hatch->owed++;
	while (hatch->owed == WIRE_PARTS)
		await_credit(hatch);
}

static bool begin(struct raster_sink *sink, const struct raster_shape *shape,
	char reason[TEXT_REASON_MAX])
{
	struct hatch *hatch = hatch_of(sink);

	hatch->row = (size_t)shape->width * 4;
	if (hatch->row > WIRE_PART_BYTES && (hatch->long_row = malloc(hatch->row)) == NULL) {
		snprintf(reason, TEXT_REASON_MAX, N_("not enough memory"));
		return false;
	}
	serve_say((struct wire_message){
		.kind = WIRE_SHAPE,
		.width = shape->width,
		.height = shape->height,
		.whole_width = shape->whole_width,
		.whole_height = shape->whole_height,
		.orientation = shape->orientation,
	});
	return true;
}

static uint32_t *room(struct raster_sink *sink, uint32_t *rows)
{
	struct hatch *hatch = hatch_of(sink);

	if (hatch->long_row != NULL) {
		*rows = 1;
		return hatch->long_row;
	}
	if (WIRE_PART_BYTES - hatch->full < hatch->row)
		turn(hatch);
	size_t most = (WIRE_PART_BYTES - hatch->full) / hatch->row;
	if (*rows > most)
		*rows = (uint32_t)most;
	return (uint32_t *)(void *)(part_of(hatch) + hatch->full);
}

static void put(struct raster_sink *sink, uint32_t rows)
{
	struct hatch *hatch = hatch_of(sink);
	const uint8_t *from = (const uint8_t *)hatch->long_row;

	if (from == NULL) {
		hatch->full += (uint32_t)(rows * hatch->row);
		return;
	}
	for (size_t left = hatch->row; left > 0;) {
		size_t size = WIRE_PART_BYTES - hatch->full;

		if (size > left)
			size = left;
		memcpy(part_of(hatch) + hatch->full, from, size);
		hatch->full += (uint32_t)size;
		from += size;
		left -= size;
		if (hatch->full == WIRE_PART_BYTES)
			turn(hatch);
	}
}

/* ---- a file ---------------------------------------------------------------------------------- */

/* The last animation: its frames are requested one after the other. */
static struct {
	uint8_t *bytes; /* NULL: there is none */
	size_t size;
	uint64_t identity;
} kept;

static bool is_kept(const struct wire_request *request)
{
	return (request->flags & WIRE_ANIMATES) != 0 && kept.bytes != NULL &&
	       kept.identity == request->identity;
}

static void forget(void)
{
	if (kept.bytes == NULL)
		return;
	raster_forget();
	free(kept.bytes);
	kept.bytes = NULL;
}

/*
 * Reads the file into memory, so that it cannot change during decoding. Shorter if it was
 * truncated.
 */
static uint8_t *read_file(int file, uint64_t size, size_t *got)
{
	uint8_t *bytes = size < SIZE_MAX ? malloc(size > 0 ? (size_t)size : 1) : NULL;

	for (*got = 0; bytes != NULL && *got < size;) {
		ssize_t count = pread(file, bytes + *got, (size_t)size - *got, (off_t)*got);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		*got += (size_t)count;
	}
	return bytes;
}

static bool decode_frame(serve_decode *decode, struct raster_source *source,
	const struct wire_request *request, int file, struct hatch *hatch,
	struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	source->animates = true;
	source->frame = request->frame;
	source->is_kept = is_kept(request);
	if (!source->is_kept) {
		forget();
		kept.bytes = read_file(file, request->file_size, &kept.size);
		kept.identity = request->identity;
	}
	source->bytes = kept.bytes;
	source->size = kept.size;
	if (kept.bytes != NULL)
		return decode(source, &hatch->sink, result, reason);
	snprintf(reason, TEXT_REASON_MAX, N_("not enough memory to read it"));
	return false;
}

static bool decode_file(serve_decode *decode, const struct wire_request *request, int file,
	struct hatch *hatch, struct raster_result *result, char reason[TEXT_REASON_MAX])
{
	struct raster_source source = {
		.format = (enum format)request->format,
		.limit = request->limit,
		.box_width = request->box_width,
		.box_height = request->box_height,
	};
	uint8_t *bytes;
	bool is_good = false;

	if ((request->flags & WIRE_ANIMATES) != 0)
		return decode_frame(decode, &source, request, file, hatch, result, reason);
	forget();
	bytes = read_file(file, request->file_size, &source.size);
	source.bytes = bytes;
	if (bytes != NULL)
		is_good = decode(&source, &hatch->sink, result, reason);
	else
		snprintf(reason, TEXT_REASON_MAX, N_("not enough memory to read it"));
	free(bytes);
	return is_good;
}

/* Reports the size in the header, and waits for permission to decode. */
static void announce(const struct wire_request *request, int file, struct hatch *hatch)
{
	const bool looks = (request->flags & WIRE_LOOKS) != 0;
	const uint64_t whole =
		looks || request->file_size < HEAD_BYTES ? request->file_size : HEAD_BYTES;
	const uint64_t most = is_kept(request) ? 0 : whole; /* it was announced before */
	struct raster_source source = {.format = (enum format)request->format};
	struct raster_header header = {0};
	uint8_t *bytes = read_file(file, most, &source.size);

	source.bytes = bytes;
	if (bytes != NULL)
		raster_look(&header, &source, looks);
	free(bytes);
	serve_say((struct wire_message){
		.kind = WIRE_HEADER,
		.width = header.width < UINT32_MAX ? (uint32_t)header.width : UINT32_MAX,
		.height = header.height < UINT32_MAX ? (uint32_t)header.height : UINT32_MAX,
		.ends_early = header.ends_early,
	});
	if ((request->flags & WIRE_WAITS) == 0)
		return;
	hatch->owed++;
	await_credit(hatch);
}

static void answer(serve_decode *decode, const struct wire_request *request, int file,
	uint8_t *window, const char *refusal)
{
	struct hatch hatch = {.sink = {begin, room, put}, .window = window};
	struct wire_message end = {.kind = WIRE_END};
	struct raster_result result = {0};

	if (refusal == NULL)
		announce(request, file, &hatch);
	if (refusal != NULL)
		snprintf(end.reason, sizeof(end.reason), "%s", refusal);
	else if ((request->flags & WIRE_LOOKS) != 0)
		snprintf(end.reason, sizeof(end.reason), "was only examined");
	else
		end.is_good = decode_file(decode, request, file, &hatch, &result, end.reason);
	free(hatch.long_row);
	turn(&hatch);
	while (hatch.owed > 0)
		await_credit(&hatch);
	end.is_opaque = result.is_opaque;
	end.is_damaged = result.is_damaged;
	end.ends_early = result.is_incomplete;
	end.frames = result.frames;
	end.duration = result.duration_ms;
	snprintf(end.note, sizeof(end.note), "%s", result.note);
	serve_say(end);
}

void serve(serve_decode *decode, const char *refusal)
{
	void *window = mmap(NULL, (size_t)WIRE_PARTS * WIRE_PART_BYTES, PROT_READ | PROT_WRITE,
		MAP_SHARED, WIRE_WINDOW, 0);
	struct wire_request request = {0};
	int file;

	if (window == MAP_FAILED)
		refusal = N_("cannot be decoded: the decoder has not enough memory for its pixels");
	while (take_request(&request, &file)) {
		number = request.number;
		answer(decode, &request, file, window, refusal);
		close(file);
	}
}
