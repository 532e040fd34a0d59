/*
 * layout.h - the layout of the segment. It is part of the protocol, because all processes share
 * these bytes. This file declares no functions.
 *
 *     [ header | descriptor 0 … N-1 | padding to a page | slot 0 | slot 1 | … ]
 *
 * The structs use fixed-width types in the machine's byte order and no pointers; every offset is
 * asserted. A reader does not trust the contents: image_load() copies a descriptor once, and the
 * copy is checked.
 */
#ifndef VITRINE_IPC_LAYOUT_H
#define VITRINE_IPC_LAYOUT_H

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "vitrine.h"

#define LAYOUT_MAGIC   UINT64_C(0x0a656e6972746976) /* "vitrine\n" in little-endian memory */
#define LAYOUT_VERSION 1u

/*
 * One per slot. Only the process that has claimed the slot writes it. `sequence` is a sequence
 * lock: claim sets it to 0 before the first byte of the slot changes; publish sets the new number
 * once all bytes are written.
 */
struct descriptor {
	_Atomic uint64_t sequence;
	int64_t published_ns; /* CLOCK_MONOTONIC; negative: before boot */
	uint64_t size;        /* bytes of payload */
	uint64_t resident;    /* bytes from the slot's start that may have pages */
	uint32_t kind;
	uint32_t format;
	uint32_t width;
	uint32_t height;
	uint32_t pitch;
	int32_t publisher;
	uint32_t checksum;
	uint32_t previous; /* 1 + the slot of the image published before this one; 0: none */
	uint8_t digest[16];
	char name[VITRINE_NAME_MAX];
	char media_type[VITRINE_MEDIA_TYPE_MAX];
	uint64_t populated;        /* bytes from the slot's start that certainly have pages */
	uint8_t reserved_408[104]; /* 0 */
};

/*
 * Written by the creator before init and, except for the descriptors, not changed afterwards.
 * `magic` is written last.
 */
struct header {
	_Atomic uint64_t magic;
	uint32_t layout_version;
	uint32_t header_size; /* bytes: where slot 0 begins */
	uint32_t slot_count;
	uint32_t descriptor_size; /* bytes */
	uint64_t slot_size;       /* bytes, whole pages */
	int32_t semid;            /* the set that this segment belongs to */
	int32_t creator;          /* pid */
	uint64_t created_ns;      /* CLOCK_REALTIME */
	char key_text[VITRINE_NAME_MAX];
	uint8_t reserved_304[208]; /* 0 */
	struct descriptor descriptors[];
};

static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a read-only mapping cannot take a lock");
static_assert(offsetof(struct descriptor, sequence) == 0, "layout");
static_assert(offsetof(struct descriptor, published_ns) == 8, "layout");
static_assert(offsetof(struct descriptor, size) == 16, "layout");
static_assert(offsetof(struct descriptor, resident) == 24, "layout");
static_assert(offsetof(struct descriptor, kind) == 32, "layout");
static_assert(offsetof(struct descriptor, format) == 36, "layout");
static_assert(offsetof(struct descriptor, width) == 40, "layout");
static_assert(offsetof(struct descriptor, height) == 44, "layout");
static_assert(offsetof(struct descriptor, pitch) == 48, "layout");
static_assert(offsetof(struct descriptor, publisher) == 52, "layout");
static_assert(offsetof(struct descriptor, checksum) == 56, "layout");
static_assert(offsetof(struct descriptor, previous) == 60, "layout");
static_assert(offsetof(struct descriptor, digest) == 64, "layout");
static_assert(offsetof(struct descriptor, name) == 80, "layout");
static_assert(offsetof(struct descriptor, media_type) == 336, "layout");
static_assert(offsetof(struct descriptor, populated) == 400, "layout");
static_assert(offsetof(struct descriptor, reserved_408) == 408, "layout");
static_assert(sizeof(struct descriptor) == 512, "layout");
static_assert(offsetof(struct header, magic) == 0, "layout");
static_assert(offsetof(struct header, layout_version) == 8, "layout");
static_assert(offsetof(struct header, header_size) == 12, "layout");
static_assert(offsetof(struct header, slot_count) == 16, "layout");
static_assert(offsetof(struct header, descriptor_size) == 20, "layout");
static_assert(offsetof(struct header, slot_size) == 24, "layout");
static_assert(offsetof(struct header, semid) == 32, "layout");
static_assert(offsetof(struct header, creator) == 36, "layout");
static_assert(offsetof(struct header, created_ns) == 40, "layout");
static_assert(offsetof(struct header, key_text) == 48, "layout");
static_assert(offsetof(struct header, reserved_304) == 304, "layout");
static_assert(offsetof(struct header, descriptors) == 512, "layout");

#endif
