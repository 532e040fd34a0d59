/*
 * vitrine.h - hand images from process to process through System V shared memory.
 *
 * A channel is one semaphore set and one segment of N slots under one key. Producers claim a slot,
 * write into it in place and publish it; consumers take the oldest image, read it in place and
 * release it; mirrors look at the newest image and hold nothing. The semaphore set is the whole
 * protocol: whatever a killed process held, the kernel takes back (SEM_UNDO).
 *
 * Conventions, for every function here:
 *  - returns 0 or a count, or a negative enum vitrine_error; vitrine_message() says the rest;
 *  - nothing prints, exits, installs a signal handler or keeps state outside of the handle;
 *  - a handle belongs to one thread at a time, except where "any thread" is said; a second thread
 *    opens a second handle. A handle does not survive fork(): the child gets VITRINE_EFORK;
 *  - SEM_UNDO belongs to the process: what a dead thread held is given back when the process ends;
 *    execve() does not end it, so release what is held and close the handle first, or it stays held,
 *    and counted as being here, until the program that was executed ends;
 *  - a handle belongs to the IPC namespace that it was opened in: after unshare() or setns() with
 *    CLONE_NEWIPC its ids mean nothing or something else. Close it before;
 *  - a call that may sleep says so and takes timeout_ns: nanoseconds, 0 not to sleep at all,
 *    VITRINE_FOREVER for no limit. A signal ends a sleep with VITRINE_EINTR, and
 *    so does vitrine_wake();
 *  - a program that locks its memory uses mlockall(… | MCL_ONFAULT): MCL_FUTURE alone makes shmat(2)
 *    fill the whole segment, slots that no image touches included, or fail by RLIMIT_MEMLOCK;
 *  - any call may give VITRINE_EREMOVED (somebody removed the channel: close, open again),
 *    VITRINE_EFORK and VITRINE_ESYSTEM; a docstring names only what is special to its call;
 *  - an enum is stored and handed over as uint32_t, so that its size is the same for every compiler;
 *  - structs grow only at their end, and VITRINE_ABI grows with them. vitrine_open() hands the
 *    program's VITRINE_ABI to the library, which refuses one that it does not know.
 *
 * In C++ `struct` may be left out before every type but vitrine_key, vitrine_info and vitrine_claim:
 * a function has the same name, as with stat(2), and the word says which of the two is meant.
 */
#ifndef VITRINE_H
#define VITRINE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default) /* all that follows is exported; nothing else is */

#define VITRINE_ABI               2u /* changes when a struct or a function of this header does */
#define VITRINE_FOREVER           INT64_C(-1)
#define VITRINE_SLOTS_MIN         2u
#define VITRINE_SLOTS_MAX         64u
#define VITRINE_SLOTS_DEFAULT     4u
#define VITRINE_SLOT_SIZE_DEFAULT (UINT64_C(256) << 20) /* bytes */
#define VITRINE_NAME_MAX          256u                  /* bytes, with the closing NUL */
#define VITRINE_MEDIA_TYPE_MAX    64u                   /* bytes, with the closing NUL */

enum vitrine_error {
	VITRINE_OK = 0,
	VITRINE_EINVAL = -1,    /* an argument makes no sense */
	VITRINE_ETIMEDOUT = -2, /* the time given was over */
	VITRINE_EINTR = -3,     /* a signal came while it slept, or vitrine_wake() was called */
	VITRINE_EREMOVED = -4,  /* somebody removed the channel */
	VITRINE_ETOOLARGE = -5, /* larger than a slot */
	VITRINE_EFULL = -6,     /* no slot is free, and none may be dropped */
	VITRINE_ENONE = -7,     /* there is no such channel, or no image yet */
	VITRINE_EFOREIGN = -8,  /* what lies under the key is somebody else's */
	VITRINE_EVERSION =
		-9,           /* a channel of another layout version, or a library of another ABI */
	VITRINE_EKEY = -10,   /* not a key, or another name hashes to the same key */
	VITRINE_EBUSY = -11,  /* somebody has been making the channel for too long */
	VITRINE_ELIMIT = -12, /* a kernel limit on shared memory or semaphores */
	VITRINE_ENOMEM = -13, /* no memory */
	VITRINE_EACCES = -14, /* the channel's mode keeps this user out */
	VITRINE_EDAMAGED = -15, /* the channel's numbers contradict each other */
	VITRINE_EFORK = -16,    /* the handle was opened by a parent process */
	VITRINE_ESYSTEM = -17,  /* a system call failed otherwise: see the message */
};

/* The VITRINE_ABI that the library was built with: a binding compares it with its own. */
uint32_t vitrine_abi(void);

/* The version of the library, as in "0.1.0"; it may be newer than this header. Any thread. */
const char *vitrine_version(void);

/* One sentence on an error code, for any thread; never NULL. */
const char *vitrine_strerror(int error);

/* ---- keys ---------------------------------------------------------------------------------- */

enum vitrine_key_source {
	VITRINE_KEY_ARGUMENT,     /* the text handed in, usually --key */
	VITRINE_KEY_ENVIRONMENT,  /* VITRINE_KEY */
	VITRINE_KEY_FILE,         /* ./shared_memory.key */
	VITRINE_KEY_PROGRAM_FILE, /* shared_memory.key beside the program */
	VITRINE_KEY_DEFAULT,      /* the user's own: 0x76000000 + uid */
};

struct vitrine_key {
	int32_t value;               /* the key_t; never 0, which is IPC_PRIVATE */
	uint32_t source;             /* enum vitrine_key_source */
	char text[VITRINE_NAME_MAX]; /* the name, or the number as 0x%08x */
};

/*
 * Finds out which key to use: `text` if it is not NULL, else $VITRINE_KEY, else the first line of
 * shared_memory.key in the working directory, then in `program_dir` (may be NULL), else the user's
 * own. A number (0x…, or decimal) is the key itself, any other text is hashed to 0x77…….
 * A key file decides where images go, so it must be a regular file, not a link, with one name,
 * that belongs to this user or root and that nobody else may write; one that is there must have a
 * key. Any thread; never sleeps. VITRINE_EKEY: empty, too long, 0, or not a 32-bit number; key->text
 * and key->source then say what was refused. VITRINE_EFOREIGN: the key file of key->source is not
 * such a file, or cannot be opened.
 */
int vitrine_key(struct vitrine_key *key, const char *text, const char *program_dir);

/* ---- channels ------------------------------------------------------------------------------ */

struct vitrine_channel;

enum vitrine_role {
	VITRINE_PRODUCER, /* claims and publishes; the only role with write access to the segment */
	VITRINE_CONSUMER, /* takes and releases */
	VITRINE_MIRROR,   /* looks at the newest image; takes nothing, delays nobody */
	VITRINE_INSPECTOR, /* looks at the state; joins nothing, creates nothing */
};

/*
 * Called before and after each system call that changes the channel. `before` the array is about
 * to be done; after it `result` is 0 or -errno and `duration_ns` says how long it took, sleep
 * included. Runs on the caller's thread. Between "lock" or "wait and lock" and the next array the
 * channel's mutex is held: an observer must not sleep there, unless to be seen is its purpose.
 */
struct sembuf;
struct vitrine_event {
	const char *name; /* "claim", "publish" … or "create set", "remove segment" … */
	const struct sembuf *operations; /* the semop array; NULL for other calls */
	uint32_t count;                  /* of operations */
	int32_t slot;                    /* -1: none */
	int32_t latest;                  /* publish: the slot that was the newest; -1: none */
	bool before;
	int32_t result; /* 0, or -errno */
	uint64_t duration_ns;
};
typedef void vitrine_observer(const struct vitrine_event *event, void *data);

struct vitrine_options {
	uint32_t role;                 /* enum vitrine_role */
	uint32_t slots;                /* for who creates; 0: VITRINE_SLOTS_DEFAULT */
	uint32_t mode;                 /* for who creates: permission bits; 0: 0600 */
	bool wakeable;                 /* vitrine_wake() may end the sleeps of this handle */
	bool any_owner;                /* a producer may join a channel of another user */
	const struct vitrine_key *key; /* NULL: vitrine_key(NULL, NULL) decides */
	uint64_t slot_size;            /* bytes, for who creates; 0: VITRINE_SLOT_SIZE_DEFAULT */
	uint64_t patience_ns;          /* with a creator that is slow or dead; 0: two seconds */
	vitrine_observer *observer;    /* may be NULL */
	void *observer_data;
};

/*
 * What vitrine_open() calls with the VITRINE_ABI of the program that includes this header; a binding
 * of another language calls it with the one that it was written for. EVERSION: the library has
 * another one, and has not looked at *options.
 */
int vitrine_open_abi(struct vitrine_channel **channel, const struct vitrine_options *options,
	uint32_t abi);

/*
 * Opens the channel under options->key; a producer, consumer or mirror creates it if there is
 * none. What a producer publishes in a channel of another user that user can read, change and keep,
 * so it is refused (EFOREIGN) unless options->any_owner is set; under the default key everybody is
 * refused. Sleeps up to twice options->patience_ns while somebody else is creating it. The caller owns
 * *channel and ends it with vitrine_close() *whatever this returns*: after a failure the handle
 * holds no kernel object but still has the message (it is NULL only if there was no memory).
 * Errors: EINVAL, EKEY (another name has this key), EFOREIGN, EVERSION, EBUSY, ELIMIT, ENOMEM,
 * EACCES, EDAMAGED, EINTR; ETOOLARGE: it exists with smaller slots than asked for; ENONE: an
 * inspector found none.
 */
static inline int vitrine_open(struct vitrine_channel **channel,
	const struct vitrine_options *options)
{
	return vitrine_open_abi(channel, options, VITRINE_ABI);
}

/*
 * Gives back what this handle holds (claims are abandoned, taken images requeued), leaves, and
 * removes the channel if nobody is in it and nothing waits. Never sleeps. Returns how many images
 * wait in a channel that this was the last to leave, else 0. NULL is allowed.
 */
int vitrine_close(struct vitrine_channel *channel);

/*
 * The first half of vitrine_close(), for languages in which a view of an image may outlive the
 * handle: gives back and leaves, but keeps the memory mapped until vitrine_close(). All other calls
 * give VITRINE_EINVAL from then on. Never sleeps. Returns what vitrine_close() would; then 0.
 */
int vitrine_leave(struct vitrine_channel *channel);

/*
 * Why the last call on this handle failed: which call, with what, why, and the remedy. Empty if it
 * succeeded; never NULL. Calls that any thread may make leave it as it is.
 */
const char *vitrine_message(const struct vitrine_channel *channel);

/* What does not change while a handle is open. Any thread. */
struct vitrine_info {
	int32_t key;
	int32_t semid;
	int32_t shmid;
	uint32_t role; /* enum vitrine_role */
	uint32_t slots;
	uint32_t owner_uid; /* of the set; if two users have its rights, the one that is not this */
	bool created;       /* by this handle */
	uint64_t slot_size; /* bytes */
	uint64_t segment_size;           /* bytes */
	char key_text[VITRINE_NAME_MAX]; /* as the creator wrote it */
};
const struct vitrine_info *vitrine_info(const struct vitrine_channel *channel);

/* What vitrine_list() calls; *info is valid only during the call. */
typedef void vitrine_visitor(const struct vitrine_info *info, void *data);

/*
 * Calls `visit` for each channel that this user owns, whatever its key, in the order in which the
 * kernel lists them. Returns how many there are. Reads /proc/sysvipc/shm, joins nothing, never
 * sleeps. Any thread. ENOMEM; ESYSTEM: the kernel has no System V IPC, or there is no /proc.
 */
int vitrine_list(vitrine_visitor *visit, void *data);

/*
 * Removes the channel for everybody, at once: the set first, then the segment, by id. Images that
 * wait are lost; programs inside get VITRINE_EREMOVED. Never sleeps. EACCES: not the owner's.
 */
int vitrine_remove(struct vitrine_channel *channel);

/* ---- sleeping, and other ways to wait -------------------------------------------------------- */

/*
 * Ends the sleep of the thread that uses this handle, or, if it is not asleep, the next one, with
 * VITRINE_EINTR: no wake is lost, and two before that sleep are one. Any thread, and a signal
 * handler. A handle that was opened with options->wakeable sleeps 100 ms at a time and looks
 * whether it was woken: a wake takes that long at most. EINVAL: it was opened without.
 */
int vitrine_wake(struct vitrine_channel *channel);

/*
 * A descriptor for poll(2), select(2) or epoll(7): readable while an image waits (a consumer), or
 * while there is a newer one than vitrine_latest() last gave (a mirror), and once the channel was
 * removed. After poll() call vitrine_take() or vitrine_latest() with no time to wait; another
 * consumer may have been quicker. The program neither reads nor closes the descriptor.
 *
 * System V semaphores have no descriptor, so the first call starts a thread with all signals blocked,
 * which waits with a handle of its own; vitrine_close() ends it, and may take 100 ms for that. The
 * same descriptor each time, or a negative error: EINVAL (not a consumer or mirror), ENOMEM.
 */
int vitrine_fd(struct vitrine_channel *channel);

/* ---- images -------------------------------------------------------------------------------- */

/* DRM FourCC codes (drm_fourcc.h); 8 bits a component, sRGB, alpha straight, rows top down. */
#define VITRINE_FOURCC(a, b, c, d)                                                                 \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define VITRINE_XR24 VITRINE_FOURCC('X', 'R', '2', '4') /* bytes B G R x */
#define VITRINE_AR24 VITRINE_FOURCC('A', 'R', '2', '4') /* bytes B G R A */
#define VITRINE_XB24 VITRINE_FOURCC('X', 'B', '2', '4') /* bytes R G B x */
#define VITRINE_AB24 VITRINE_FOURCC('A', 'B', '2', '4') /* bytes R G B A */
#define VITRINE_R8   VITRINE_FOURCC('R', '8', ' ', ' ') /* one byte, shown as grey */
#define VITRINE_NV12 VITRINE_FOURCC('N', 'V', '1', '2') /* Y plane, then interleaved U V at half */
#define VITRINE_YU12 VITRINE_FOURCC('Y', 'U', '1', '2') /* Y plane, U plane, V plane at half */

enum vitrine_kind {
	VITRINE_PIXELS = 1, /* width x height pixels of `format`, rows `pitch` bytes apart */
	VITRINE_FILE = 2,   /* `size` bytes of a file, of `media_type` */
};

/* The media type of pixels that are one frame of many: windows show them as live video. */
#define VITRINE_MEDIA_TYPE_FRAME "video/x-raw"

enum vitrine_checksum {
	VITRINE_NO_CHECKSUM = 0,
	VITRINE_MD5 = 1,  /* 16 bytes */
	VITRINE_XXH3 = 2, /* 8 bytes, big endian (the canonical form) */
};

/*
 * One image. To publish, fill what describes it (vitrine_pixels() or vitrine_file() do); a reader
 * gets a private copy whose numbers were all checked against the real size of the segment.
 */
struct vitrine_image {
	uint64_t sequence;    /* 1, 2, 3 … in the order of publication; set by publish */
	int64_t published_ns; /* CLOCK_MONOTONIC; negative: before the boot; set by publish */
	uint64_t size;        /* bytes of payload */
	const void *data;     /* readers: in the slot, read-only, `size` bytes */
	uint32_t slot;        /* readers: where it lies */
	uint32_t kind;        /* enum vitrine_kind */
	uint32_t format;      /* pixels: FourCC */
	uint32_t width;       /* pixels */
	uint32_t height;      /* pixels */
	uint32_t pitch;       /* bytes from one row to the next (of plane Y, for video) */
	int32_t publisher;    /* pid; set by publish */
	uint32_t checksum;    /* enum vitrine_checksum */
	uint8_t digest[16];
	char name[VITRINE_NAME_MAX]; /* UTF-8, no directory, no control characters */
	char media_type[VITRINE_MEDIA_TYPE_MAX];
};

/*
 * Describes `width` x `height` pixels of `format` in rows without gaps, named after the last part
 * of `path`; bytes of it that are not UTF-8 or are control characters become %XX. Fills all of
 * *image. Any thread. EINVAL: a format that is not above, a side of 0, or over 2^32 bytes a row.
 */
int vitrine_pixels(struct vitrine_image *image, const char *path, uint32_t width, uint32_t height,
	uint32_t format);

/* Describes `size` bytes of a file; media_type may be NULL ("application/octet-stream"). */
int vitrine_file(struct vitrine_image *image, const char *path, uint64_t size,
	const char *media_type);

/*
 * Nanoseconds since the image was published; 0 if its published_ns is in the future. Any thread. Use
 * it instead of a subtraction: published_ns comes from another process, and a wrong one overflows.
 */
int64_t vitrine_age_ns(const struct vitrine_image *image);

/* ---- producers ----------------------------------------------------------------------------- */

enum vitrine_when_full {
	VITRINE_WAIT,        /* sleep until a slot is free */
	VITRINE_DROP_OLDEST, /* overwrite the oldest image that waits and is not the newest; see below */
	VITRINE_FAIL,        /* give VITRINE_EFULL */
};

struct vitrine_claim {
	uint32_t slot;
	void *data;       /* writable, page-aligned, `size` bytes that are sure to exist */
	uint64_t size;    /* bytes */
	uint64_t dropped; /* drop-oldest: the number of the image that made way; 0: none */
};

/*
 * Claims a slot for `size` bytes. The caller writes into claim->data, then publishes or abandons.
 * Only the processor may write there, or a system call that has returned: what the kernel or a device
 * still writes by itself when the process is killed (io_uring, O_DIRECT reads under way, V4L2 with
 * USERPTR, RDMA) lands in the image of the producer that gets the slot next. Have such devices write
 * to memory of your own, and copy.
 *
 * VITRINE_DROP_OLDEST never waits for its turn, so a slot that comes free goes to a producer that
 * sleeps in VITRINE_WAIT first: where producers of both kinds share a full channel, almost all images
 * are those of the waiting ones. Let all producers of such a channel wait, or all drop.
 * May sleep: with VITRINE_WAIT until a slot is free, else only while another process decides the
 * order of images (microseconds, unless it is stopped just there). Makes the memory exist first,
 * for claims over 32 MiB with a few threads that end before it returns. `when_full` is an enum
 * vitrine_when_full. Errors: EINVAL, ETOOLARGE
 * (before anything is touched), EFULL, ETIMEDOUT, EINTR, ENOMEM.
 */
int vitrine_claim(struct vitrine_channel *channel, uint64_t size, uint32_t when_full,
	int64_t timeout_ns, struct vitrine_claim *claim);

/*
 * Hands the claimed slot over as the newest image; sets image->sequence, published_ns, publisher
 * and slot. If image->sequence is 0, a published_ns that is neither 0 nor in the future stays: a
 * program that passes on an image from elsewhere sets it, to a negative time if the image is older
 * than this machine's boot. May sleep while another process decides the order of images. After
 * ETIMEDOUT or EINTR the claim is still held: call again, or abandon. EINVAL: the image does not
 * fit the size that was claimed.
 */
int vitrine_publish(struct vitrine_channel *channel, const struct vitrine_claim *claim,
	struct vitrine_image *image, int64_t timeout_ns);

/* Gives a claimed slot back unpublished. Never sleeps. EINVAL: not claimed by this handle. */
int vitrine_abandon(struct vitrine_channel *channel, const struct vitrine_claim *claim);

/*
 * Gives the memory of free slots back to the system: call it when idle. Never sleeps. Returns how
 * many slots were emptied that their writers had noted as having memory. A mirror that is reading
 * such a slot makes its pages again, and so what it reads is zeros until vitrine_unchanged() says
 * no; the next call gives those back as well. While it empties a slot (100 ms for 256 MiB), that slot
 * is claimed: a producer with VITRINE_DROP_OLDEST may drop an image meanwhile.
 */
int vitrine_trim(struct vitrine_channel *channel);

/* ---- consumers ----------------------------------------------------------------------------- */

/*
 * Takes the oldest image that waits; it stays in its slot, untouched by anybody, until it is
 * released. If this process dies first, the image waits again. Sleeps until there is one. Errors:
 * ETIMEDOUT, EINTR; EDAMAGED: its numbers cannot be true (it is released; take again).
 */
int vitrine_take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image);

/* Done with it: the slot is free again (or kept while it is the newest). Never sleeps. */
int vitrine_release(struct vitrine_channel *channel, const struct vitrine_image *image);

/* Gives a taken image back unread: it waits again, before all newer ones. Never sleeps. */
int vitrine_requeue(struct vitrine_channel *channel, const struct vitrine_image *image);

/* ---- mirrors, and everybody who looks ------------------------------------------------------ */

/*
 * Finds the newest image without taking it. Read the pixels, then ask vitrine_unchanged(): false
 * means that a producer may have written there meanwhile and what was read must be thrown away.
 * Never sleeps. ENONE: nothing was published yet; EDAMAGED.
 */
int vitrine_latest(struct vitrine_channel *channel, struct vitrine_image *image);

/* The same for the image in slot `slot`, be it waiting, being read or the newest. ENONE: none. */
int vitrine_look(struct vitrine_channel *channel, uint32_t slot, struct vitrine_image *image);

/* Whether the slot still holds the image that vitrine_latest or vitrine_look found. Any thread. */
bool vitrine_unchanged(const struct vitrine_channel *channel, const struct vitrine_image *image);

/*
 * Sleeps until there is an image newer than `sequence` (0: any at all). ETIMEDOUT, EINTR; ENONE: an
 * inspector's channel is just being made.
 */
int vitrine_wait_newer(struct vitrine_channel *channel, uint64_t sequence, int64_t timeout_ns);

/* ---- inspection ---------------------------------------------------------------------------- */

struct vitrine_semaphore {
	int32_t value;
	int32_t pid;  /* of the process that changed it last; 0: nobody */
	int32_t ncnt; /* processes asleep until it rises */
	int32_t zcnt; /* processes asleep until it is zero */
};

enum vitrine_slot_state {
	VITRINE_SLOT_EMPTY,
	VITRINE_SLOT_WRITING,
	VITRINE_SLOT_READY,
	VITRINE_SLOT_READING,
	VITRINE_SLOT_DAMAGED, /* its semaphores contradict each other */
};

struct vitrine_slot_info {
	uint32_t state; /* enum vitrine_slot_state */
	int32_t holder; /* pid of who writes or reads it; 0: nobody */
	bool latest;    /* it holds the newest image */
	bool has_image; /* `image` is valid: waiting, being read, or the newest */
	struct vitrine_semaphore ready, latest_semaphore, writer, reader;
	struct vitrine_image image; /* image.data may be read as after vitrine_look() */
};

struct vitrine_snapshot {
	struct vitrine_semaphore mutex, empty, full, nothing, alive, producers, consumers, mirrors;
	uint32_t owner_uid;   /* of the segment */
	uint32_t mode;        /* of the segment */
	uint32_t attached;    /* processes' attachments to the segment */
	bool segment_removed; /* ipcrm -m: it goes when the last one detaches */
	uint64_t resident;    /* bytes of memory the slots may use now, as their writers noted */
	uint32_t slot_count;
	struct vitrine_slot_info slots[VITRINE_SLOTS_MAX];
};

/*
 * Looks at everything once: all values come from one GETALL, so they fit each other; pids and
 * sleepers are asked one by one just after. Disturbs nobody, takes no lock. Any thread.
 */
int vitrine_inspect(const struct vitrine_channel *channel, struct vitrine_snapshot *snapshot);

/* The name of semaphore `number` of a set: "empty", "ready 3". Returns `text`. Any thread. */
const char *vitrine_semaphore_name(uint32_t number, char *text, uint64_t size);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
