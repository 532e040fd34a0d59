/*
 * vitrine.h - pass images between processes through System V shared memory.
 *
 * A channel is one semaphore set and one segment of N slots, both under one key. A producer claims
 * a slot, writes into it in place and publishes it. A consumer takes the oldest image, reads it in
 * place and releases it. A mirror reads the newest image and holds nothing. All synchronisation
 * between producers and consumers is done by the semaphore set; if a process is killed, the kernel
 * releases whatever it held (SEM_UNDO).
 *
 * Conventions:
 *  - A function that returns int returns a negative enum vitrine_error if it fails; otherwise 0, or
 *    the count or descriptor that its comment describes. vitrine_message() has the details of an
 *    error.
 *  - No function prints, exits, installs a signal handler or keeps state outside of the handle.
 *  - Only one thread at a time may use a handle, except with functions marked "any thread". A
 *    second thread should open a handle of its own.
 *  - A handle does not survive fork(). In the child, calls that need the channel return
 *    VITRINE_EFORK and have no effect; vitrine_leave() returns 0, and vitrine_close() frees the
 *    child's copy of the handle and returns 0.
 *  - SEM_UNDO belongs to the process: what a thread held when it ended is released only when the
 *    whole process ends. execve() does not end the process. Before execve(), release everything
 *    and close the handle; otherwise the claims and the taken images stay held, and the program
 *    stays counted in the channel, until the executed program ends.
 *  - A handle belongs to the IPC namespace in which it was opened. After unshare() or setns() with
 *    CLONE_NEWIPC its ids are invalid or name other objects: close the handle before that.
 *  - The comment of each function that may sleep says so. Most of these functions take timeout_ns:
 *    nanoseconds, 0 for no sleep at all, VITRINE_FOREVER for no limit. A signal ends such a sleep
 *    with VITRINE_EINTR; so does vitrine_wake() if the handle was opened with options->wakeable.
 *  - A program that locks its memory must use mlockall(… | MCL_ONFAULT). With MCL_FUTURE alone,
 *    shmat(2) allocates the whole segment, including slots that no image uses, or fails because of
 *    RLIMIT_MEMLOCK.
 *  - Any call may return VITRINE_EREMOVED (the channel was removed: close it and open it again),
 *    VITRINE_EDAMAGED (another program has changed the semaphores), VITRINE_EFORK or
 *    VITRINE_ESYSTEM. Each comment lists the errors particular to its call, without the prefix
 *    VITRINE_.
 *  - An enum is stored and passed as uint32_t, so that its size is the same for every compiler.
 *  - Structs grow only at their end, and VITRINE_ABI changes when they do. vitrine_open() passes
 *    the program's VITRINE_ABI to the library, which refuses one that it does not know.
 *
 * In C++ `struct` may be omitted before every type except vitrine_key, vitrine_info and
 * vitrine_claim. These three have a function of the same name, as with stat(2), so the keyword is
 * needed to name the type.
 */
#ifndef VITRINE_H
#define VITRINE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default) /* everything from here on is exported, nothing else is */

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
	VITRINE_EINVAL = -1,    /* an argument is invalid */
	VITRINE_ETIMEDOUT = -2, /* the timeout expired */
	VITRINE_EINTR = -3,     /* a signal or vitrine_wake() ended the sleep */
	VITRINE_EREMOVED = -4,  /* the channel was removed */
	VITRINE_ETOOLARGE = -5, /* larger than a slot */
	VITRINE_EFULL = -6,     /* no slot is free, and none could be freed by dropping an image */
	VITRINE_ENONE = -7,     /* no such channel, or no image yet */
	VITRINE_EFOREIGN = -8,  /* another program's or user's object, or an untrusted key file */
	VITRINE_EVERSION = -9,  /* another layout version, or another ABI of the library */
	VITRINE_EKEY = -10,     /* not a valid key, or another name hashes to the same key */
	VITRINE_EBUSY = -11,    /* another process is taking too long to create the channel */
	VITRINE_ELIMIT = -12,   /* a kernel limit on shared memory or semaphores was reached */
	VITRINE_ENOMEM = -13,   /* not enough memory */
	VITRINE_EACCES = -14,   /* the channel's mode, or its owner, denies this user access */
	VITRINE_EDAMAGED = -15, /* the channel's semaphores or descriptors contradict each other */
	VITRINE_EFORK = -16,    /* the handle was opened by a parent process */
	VITRINE_ESYSTEM = -17,  /* a system call failed for another reason; see the message */
};

/*
 * Returns the VITRINE_ABI that the library was built with; a language binding compares it with its
 * own. Any thread.
 */
uint32_t vitrine_abi(void);

/*
 * Returns the version of the library, such as "0.2.0"; it may be newer than this header. Any
 * thread.
 */
const char *vitrine_version(void);

/* Returns a short description of an error code; never NULL. Any thread. */
const char *vitrine_strerror(int error);

/* ---- keys ---------------------------------------------------------------------------------- */

enum vitrine_key_source {
	VITRINE_KEY_ARGUMENT,     /* the `text` argument, usually from --key */
	VITRINE_KEY_ENVIRONMENT,  /* $VITRINE_KEY */
	VITRINE_KEY_FILE,         /* ./shared_memory.key */
	VITRINE_KEY_PROGRAM_FILE, /* shared_memory.key beside the program */
	VITRINE_KEY_DEFAULT,      /* 0x76000000 + effective uid (hashed if over 24 bits) */
};

struct vitrine_key {
	int32_t value;               /* the key_t; never 0, which is IPC_PRIVATE */
	uint32_t source;             /* enum vitrine_key_source */
	char text[VITRINE_NAME_MAX]; /* the name, or the number as 0x%08x */
};

/*
 * Chooses the key. The first of these that exists decides: `text` (if not NULL); $VITRINE_KEY (if
 * not empty); the first line of shared_memory.key in the working directory; the first line of
 * shared_memory.key in `program_dir` (which may be NULL); the user's own key (VITRINE_KEY_DEFAULT).
 * A number (0x…, or decimal) is the key itself; any other text is hashed to a key between
 * 0x77000000 and 0x77ffffff.
 *
 * A key file decides where images go, so it must be a regular file (not a symbolic link) with
 * no other hard link; it must belong to this user or root, and nobody else may have permission to
 * write to it.
 *
 * Any thread; never sleeps. Errors: EKEY (the text or the first line is empty, too long, 0, or a
 * number of more than 32 bits; key->text and key->source identify what was refused); EFOREIGN (the
 * key file, see key->source, cannot be opened or does not meet the conditions above).
 */
int vitrine_key(struct vitrine_key *key, const char *text, const char *program_dir);

/* ---- channels ------------------------------------------------------------------------------ */

struct vitrine_channel;

enum vitrine_role {
	VITRINE_PRODUCER, /* claims and publishes; the only role with write access to the segment */
	VITRINE_CONSUMER, /* takes and releases */
	VITRINE_MIRROR,   /* reads the newest image without taking it; delays no other process */
	VITRINE_INSPECTOR, /* reads the state; neither joins nor creates a channel */
};

struct sembuf; /* see semop(2) */

/*
 * The argument of an observer, which is called before and after each system call that changes the
 * channel. If `before` is true, the call is about to be executed; otherwise `result` is 0 or
 * -errno, and `duration_ns` is how long the call took, including any sleep. The observer runs on
 * the caller's thread. After "lock" or "wait and lock" has succeeded, the channel's mutex is held
 * until another array succeeds; an array that fails leaves it held. The observer must not sleep
 * while the mutex is held, unless it is meant to show how the others then wait (step mode).
 */
struct vitrine_event {
	const char *name; /* "claim", "publish" … or "create set", "remove segment" … */
	const struct sembuf *operations; /* the semop array; NULL for other calls */
	uint32_t count;                  /* number of operations */
	int32_t slot;                    /* -1: none */
	int32_t latest; /* publish, wait for newer: the slot of the newest image so far; -1: none */
	bool before;
	int32_t result; /* 0, or -errno */
	uint64_t duration_ns;
};
typedef void vitrine_observer(const struct vitrine_event *event, void *data);

struct vitrine_options {
	uint32_t role;  /* enum vitrine_role */
	uint32_t slots; /* number of slots of a new channel; 0: VITRINE_SLOTS_DEFAULT */
	uint32_t mode;  /* permission bits of a new channel; 0: 0600 */
	bool wakeable;  /* allow vitrine_wake() to end the sleeps of this handle */
	bool any_owner; /* allow a producer to join a channel of another user */
	const struct vitrine_key *key; /* NULL: the key that vitrine_key(&key, NULL, NULL) finds */
	uint64_t slot_size;            /* bytes; 0: VITRINE_SLOT_SIZE_DEFAULT; see vitrine_open() */
	uint64_t patience_ns; /* how long to wait for a slow or dead creator; 0: two seconds */
	vitrine_observer *observer; /* may be NULL */
	void *observer_data;
};

/*
 * vitrine_open() calls this function with the VITRINE_ABI of the program that includes this header.
 * A language binding calls it with the VITRINE_ABI that it was written for. EVERSION also means
 * that the library does not know this ABI and has not read *options.
 */
int vitrine_open_abi(struct vitrine_channel **channel, const struct vitrine_options *options,
	uint32_t abi);

/*
 * Opens the channel under options->key. A producer, consumer or mirror creates it if there is none;
 * options->slots, mode and slot_size apply only then, except that an existing channel with slots
 * smaller than options->slot_size is refused (ETOOLARGE).
 *
 * If the channel belongs to another user, that user can read, change and keep whatever is published
 * in it; a producer is therefore refused (EFOREIGN) unless options->any_owner is set. Under the
 * user's own key (VITRINE_KEY_DEFAULT), a channel of another user is refused to every role.
 *
 * May sleep while another process creates the channel: up to twice options->patience_ns for each
 * set that it finds under the key, and up to options->patience_ns for a half-made segment in use.
 *
 * The caller owns *channel and must pass it to vitrine_close(), whatever this call returns: after a
 * failure the handle holds no kernel object but still has the message (*channel is NULL only if
 * memory was short). Errors: EINVAL, EKEY (another name has this key), EFOREIGN, EVERSION,
 * EBUSY, ELIMIT, ENOMEM, EACCES, EDAMAGED, EINTR, ETOOLARGE; ENONE (an inspector found no channel).
 */
static inline int vitrine_open(struct vitrine_channel **channel,
	const struct vitrine_options *options)
{
	return vitrine_open_abi(channel, options, VITRINE_ABI);
}

/*
 * Gives back everything this handle holds (claims are abandoned, taken images requeued), leaves the
 * channel, and removes it if it is then unused, no image waits in it, and it belongs to this user.
 * Never sleeps, except that after vitrine_fd() it may wait up to 100 ms for the thread to end. If
 * no other handle is in the channel, returns the number of images still waiting; otherwise 0. NULL
 * is allowed.
 */
int vitrine_close(struct vitrine_channel *channel);

/*
 * The first half of vitrine_close(), for languages in which a view of an image may outlive the
 * handle: gives everything back and leaves the channel, but keeps the memory mapped. Until
 * vitrine_close(), all other calls that need the channel return VITRINE_EINVAL, except
 * vitrine_inspect(), vitrine_inspect_values() and vitrine_unchanged(). An inspector has nothing to
 * leave: its handle stays usable. Never sleeps. Returns what vitrine_close() would have returned;
 * vitrine_close() then returns 0.
 */
int vitrine_leave(struct vitrine_channel *channel);

/*
 * Returns a message about the failure of the last call on this handle: the call, its arguments, the
 * reason and the remedy. Never returns NULL; the message is empty if that call succeeded. Functions
 * marked "any thread" do not change it.
 */
const char *vitrine_message(const struct vitrine_channel *channel);

/* The properties of a channel that do not change while a handle is open. Any thread. */
struct vitrine_info {
	int32_t key;
	int32_t semid;
	int32_t shmid;
	uint32_t role; /* enum vitrine_role */
	uint32_t slots;
	uint32_t owner_uid;              /* the set's owner or, if this user owns it, its creator */
	bool created;                    /* this handle created the channel */
	uint64_t slot_size;              /* bytes */
	uint64_t segment_size;           /* bytes */
	char key_text[VITRINE_NAME_MAX]; /* as the creator gave it */
};
const struct vitrine_info *vitrine_info(const struct vitrine_channel *channel);

/* The callback of vitrine_list(); *info is valid only during the call. */
typedef void vitrine_visitor(const struct vitrine_info *info, void *data);

/*
 * Calls `visit` for each channel that this user owns, whatever its key, in the order in which the
 * kernel lists them. Returns the number of channels. Reads /proc/sysvipc/shm; joins no channel and
 * never sleeps. Any thread. Errors: ENOMEM; ESYSTEM (the kernel has no System V IPC, or /proc is
 * not mounted).
 */
int vitrine_list(vitrine_visitor *visit, void *data);

/*
 * Removes the channel at once, for all processes: first the set, then the segment, both by id.
 * Waiting images are lost; other processes in the channel get VITRINE_EREMOVED. Never sleeps.
 * Errors: EACCES (this user does not own the channel).
 */
int vitrine_remove(struct vitrine_channel *channel);

/* ---- sleeping, and other ways to wait -------------------------------------------------------- */

/*
 * Interrupts a sleeping call on this handle, which then returns VITRINE_EINTR. If no call sleeps,
 * the next sleep ends at once, so no wake-up is lost; several wake-ups before a sleep count as one.
 * Any thread; signal handlers may call it, too. The handle must have been opened with
 * options->wakeable: its calls then sleep for at most 100 ms at a time and check for a wake-up in
 * between, so a wake-up takes effect within 100 ms. Errors: EINVAL (the handle was opened without
 * options->wakeable).
 */
int vitrine_wake(struct vitrine_channel *channel);

/*
 * Returns a descriptor for poll(2), select(2) or epoll(7). For a consumer it is readable while an
 * image waits; for a mirror, while the newest image is newer than the last one returned by
 * vitrine_latest() or vitrine_next() (those returned before the first vitrine_fd() do not count);
 * for both, once the channel has been removed. After poll(), a consumer calls vitrine_take() with a
 * timeout of 0 (another consumer may have taken the image first), and a mirror calls
 * vitrine_latest() or vitrine_next(). The program must neither read nor close the descriptor.
 *
 * System V semaphores have no descriptor, so the first call starts a thread, with all signals
 * blocked, that waits on a handle of its own. vitrine_close() ends the thread; this may take up to
 * 100 ms. All later calls return the same descriptor. Errors: EINVAL (not a consumer or mirror),
 * ENOMEM, and those of vitrine_open().
 */
int vitrine_fd(struct vitrine_channel *channel);

/* ---- images -------------------------------------------------------------------------------- */

/*
 * DRM FourCC codes (drm_fourcc.h): 8 bits per component, sRGB, straight alpha, rows from the top
 * down.
 */
#define VITRINE_FOURCC(a, b, c, d)                                                                 \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define VITRINE_XR24 VITRINE_FOURCC('X', 'R', '2', '4') /* bytes B G R x */
#define VITRINE_AR24 VITRINE_FOURCC('A', 'R', '2', '4') /* bytes B G R A */
#define VITRINE_XB24 VITRINE_FOURCC('X', 'B', '2', '4') /* bytes R G B x */
#define VITRINE_AB24 VITRINE_FOURCC('A', 'B', '2', '4') /* bytes R G B A */
#define VITRINE_RG24 VITRINE_FOURCC('R', 'G', '2', '4') /* bytes B G R */
#define VITRINE_BG24 VITRINE_FOURCC('B', 'G', '2', '4') /* bytes R G B */
#define VITRINE_R8   VITRINE_FOURCC('R', '8', ' ', ' ') /* one byte per pixel, shown as grey */
#define VITRINE_NV12 VITRINE_FOURCC('N', 'V', '1', '2') /* Y plane, then interleaved U and V */
#define VITRINE_YU12 VITRINE_FOURCC('Y', 'U', '1', '2') /* Y, U, V planes */

enum vitrine_kind {
	VITRINE_PIXELS = 1, /* `width` x `height` pixels of `format`, rows `pitch` bytes apart */
	VITRINE_FILE = 2,   /* `size` bytes of a file, of `media_type` */
};

/* The media type of pixels that are one frame of a video: windows show them as live video. */
#define VITRINE_MEDIA_TYPE_FRAME "video/x-raw"

enum vitrine_checksum {
	VITRINE_NO_CHECKSUM = 0,
	VITRINE_MD5 = 1,  /* 16 bytes */
	VITRINE_XXH3 = 2, /* 8 bytes, big-endian (the canonical form) */
};

/*
 * The description of one image. Fill it in before you publish the image; vitrine_pixels() or
 * vitrine_file() does most of it. A reader gets a private copy, whose numbers have been checked
 * against the real size of the segment.
 */
struct vitrine_image {
	uint64_t sequence;    /* 1, 2, 3 … in the order of publication; set by publish */
	int64_t published_ns; /* CLOCK_MONOTONIC; negative: before boot; set by publish */
	uint64_t size;        /* bytes of payload */
	const void *data;     /* readers: `size` bytes in the slot, read-only */
	uint32_t slot;        /* the slot that holds the image; set by publish */
	uint32_t kind;        /* enum vitrine_kind */
	uint32_t format;      /* pixels: FourCC */
	uint32_t width;       /* pixels */
	uint32_t height;      /* pixels */
	uint32_t pitch;       /* bytes from one row to the next (YUV: of the Y plane) */
	int32_t publisher;    /* pid; set by publish */
	uint32_t checksum;    /* enum vitrine_checksum */
	uint8_t digest[16];
	char name[VITRINE_NAME_MAX]; /* UTF-8, no directory, no control characters */
	char media_type[VITRINE_MEDIA_TYPE_MAX];
};

/*
 * Describes `width` x `height` pixels of `format` in rows without gaps. The name is the last
 * component of `path`, in which control characters and bytes that are not UTF-8 become %XX. Sets
 * every field of *image. Any thread. Errors: EINVAL (a format not listed above, a zero width or
 * height, a width or height above 2^24, or more than 2^30 bytes per row).
 */
int vitrine_pixels(struct vitrine_image *image, const char *path, uint32_t width, uint32_t height,
	uint32_t format);

/*
 * Describes `size` bytes of a file; media_type may be NULL ("application/octet-stream"). Sets every
 * field of *image, the name as in vitrine_pixels(). Any thread.
 */
int vitrine_file(struct vitrine_image *image, const char *path, uint64_t size,
	const char *media_type);

/*
 * Returns the nanoseconds since the image was published; 0 if published_ns is in the future. Any
 * thread. Use this instead of a subtraction: published_ns comes from another process, and with a
 * wrong value the subtraction could overflow.
 */
int64_t vitrine_age_ns(const struct vitrine_image *image);

/* ---- arrays -------------------------------------------------------------------------------- */

/*
 * Two pixels in four bytes. Only the array passed to vitrine_store() may have these formats, and
 * its type must then be VITRINE_UINT8.
 */
#define VITRINE_YUYV VITRINE_FOURCC('Y', 'U', 'Y', 'V') /* bytes Y U Y V */
#define VITRINE_UYVY VITRINE_FOURCC('U', 'Y', 'V', 'Y') /* bytes U Y V Y */

enum vitrine_type {
	VITRINE_UINT8,
	VITRINE_UINT16,
	VITRINE_FLOAT32,
	VITRINE_FLOAT64,
};

/*
 * Pixels in memory that belongs to the program. If `low` and `high` are both 0, the range of the
 * type is used: 0 … 255, 0 … 65535 or, for floats, 0 … 1.
 */
struct vitrine_array {
	void *data;      /* the first pixel of the top row; aligned for `type` */
	int64_t stride;  /* bytes from one row to the next; negative: rows from the bottom up */
	uint32_t width;  /* pixels */
	uint32_t height; /* pixels */
	uint32_t format; /* the order of the components, as a FourCC; not NV12 or YU12 */
	uint32_t type;   /* enum vitrine_type, of each component */
	double low;      /* the value that corresponds to the byte 0 */
	double high;     /* the value that corresponds to the byte 255 */
};

/*
 * Converts the whole array and writes it into an image; the array's top left corner goes to column
 * x, row y of the image. `data` is the memory of the image: claim->data. *image describes the image
 * that will be published: fill it in with vitrine_pixels(); its pitch may then be increased, and
 * its size with it. The array is not changed.
 *
 * Numbers are rounded and clipped; NaN becomes 0; a uint16 without low and high is reduced to its
 * high byte. A missing alpha becomes 255; colours are converted to grey with the luma of BT.601. An
 * NV12 or YU12 image accepts only YUYV and UYVY, at an even x. Each pair of rows of such an
 * image shares its chroma, so if you fill the image in several calls, work from the top down.
 *
 * Any thread. Never sleeps. Errors: EINVAL (unknown format or type; low and high equal but not 0,
 * or not finite; stride smaller than a row; array larger than the rest of the image).
 */
int vitrine_store(const struct vitrine_image *image, void *data, uint32_t x, uint32_t y,
	const struct vitrine_array *array);

/*
 * Converts pixels of an image, starting at column x, row y, until the array is full. Writes only to
 * the memory at array->data. NV12 and YU12 are treated as limited range, with the matrix of BT.709
 * for images of 720 rows or more and of BT.601 for others. If the array has no alpha, alpha is
 * dropped and the colours stay as they are. Without low and high, a byte is multiplied by 257 for a
 * uint16, and divided by 255 for a float.
 *
 * Any thread. Never sleeps. Errors: EINVAL (as for vitrine_store(), or the array is YUYV or UYVY).
 */
int vitrine_load(const struct vitrine_image *image, uint32_t x, uint32_t y,
	const struct vitrine_array *array);

/* ---- producers ----------------------------------------------------------------------------- */

enum vitrine_when_full {
	VITRINE_WAIT,        /* sleep until a slot is free */
	VITRINE_DROP_OLDEST, /* drop the oldest waiting image that is not the newest; see below */
	VITRINE_FAIL,        /* return VITRINE_EFULL */
};

struct vitrine_claim {
	uint32_t slot;
	void *data;       /* writable, page-aligned, `size` bytes */
	uint64_t size;    /* bytes */
	uint64_t dropped; /* drop-oldest: the sequence number of the dropped image; 0: none */
};

/*
 * Claims a slot for `size` bytes. The caller writes into claim->data, then publishes or abandons
 * the claim. `when_full` is an enum vitrine_when_full.
 *
 * With VITRINE_WAIT this call may sleep until a slot is free. VITRINE_DROP_OLDEST sleeps only while
 * another process holds the mutex (microseconds, unless that process is stopped while holding it).
 * VITRINE_FAIL never sleeps.
 *
 * On Linux 5.14 or newer this call allocates the slot's memory before it returns, so that a write
 * cannot raise SIGBUS: if memory is short, the claim fails with ENOMEM (VITRINE_DROP_OLDEST may
 * have dropped an image by then). For 32 MiB or more it starts up to three threads, which have
 * ended when it returns. Older versions of Linux have no MADV_POPULATE_WRITE: there the first write
 * to each page allocates it, and if memory is short, that write ends the program (SIGBUS, or the
 * OOM killer).
 *
 * VITRINE_DROP_OLDEST does not queue for a slot, so a slot that becomes free goes first to a
 * producer asleep in VITRINE_WAIT: if producers of both kinds share a full channel, almost all
 * images come from the waiting ones. Either all producers of such a channel should wait, or all
 * should drop.
 *
 * Write into the slot only with the program's own code or through system calls that have returned
 * before you publish. If the kernel or a device still writes there after the process was killed
 * (io_uring, an O_DIRECT read in progress, V4L2 with USERPTR, RDMA), the data goes into the image
 * of the next producer that claims the slot. Let such devices write to private memory, and copy
 * from there.
 *
 * Errors: EINVAL, ETOOLARGE (nothing was claimed or dropped), EFULL, ETIMEDOUT, EINTR, ENOMEM.
 */
int vitrine_claim(struct vitrine_channel *channel, uint64_t size, uint32_t when_full,
	int64_t timeout_ns, struct vitrine_claim *claim);

/*
 * Publishes the image in the claimed slot as the newest one, and sets image->sequence,
 * published_ns, publisher and slot. Exception: if image->sequence is 0 and published_ns is neither
 * 0 nor in the future, published_ns is kept, so that a relay can pass on the original time; it is
 * negative if the image is older than this machine's boot.
 *
 * May sleep while another process holds the mutex. After any error except EREMOVED the claim is
 * still held: publish again, or abandon it. *image may have been changed by then; to keep the
 * original time, set sequence and published_ns again before the retry. Errors: EINVAL (this handle
 * has not claimed the slot, or *image is invalid or larger than the claim), ETIMEDOUT,
 * EINTR.
 */
int vitrine_publish(struct vitrine_channel *channel, const struct vitrine_claim *claim,
	struct vitrine_image *image, int64_t timeout_ns);

/*
 * Gives a claimed slot back without publishing an image. Never sleeps. Errors: EINVAL (this handle
 * has not claimed the slot). After any other error except EREMOVED the slot is still claimed.
 */
int vitrine_abandon(struct vitrine_channel *channel, const struct vitrine_claim *claim);

/*
 * Allocates memory for `size` bytes in the slot that the next vitrine_claim() of this handle will
 * probably get, and frees the memory that this slot has beyond `size`. The claim and the first
 * write to each page then allocate nothing. Call this while the program is idle, before it claims a
 * slot for an image of that size. The slot stays free, and another producer may claim it. Like
 * vitrine_trim(), this call claims the slot only while it allocates or frees memory (tens of
 * milliseconds for 100 MiB). If the slot already has the memory, the call costs one system call.
 * Never sleeps and wakes no consumer.
 *
 * vitrine_trim() of this handle leaves the prepared slot alone until it has been claimed, or until
 * the next vitrine_prepare(). With a size of 0 this call only ends that protection. Errors:
 * ETOOLARGE, EFULL (no slot is free), ENOMEM.
 */
int vitrine_prepare(struct vitrine_channel *channel, uint64_t size);

/*
 * Returns the memory of free slots to the system, except that of the slot that this handle has
 * prepared. Call this while the program is idle. Never sleeps. Returns the number of slots emptied,
 * not counting slots whose pages were allocated only by mirrors. (If a slot is emptied while a
 * mirror is reading it, the mirror's reads allocate the slot's pages again. The mirror then reads
 * zeros, vitrine_unchanged() returns false, and the next vitrine_trim() frees those pages.) While
 * this call empties a slot (some 100 ms for 256 MiB), the slot is claimed: a producer with
 * VITRINE_DROP_OLDEST may have to drop an image in that time. Errors: ENOMEM.
 */
int vitrine_trim(struct vitrine_channel *channel);

/* ---- consumers ----------------------------------------------------------------------------- */

/*
 * Takes the oldest waiting image. Sleeps until an image waits and no other process holds the mutex.
 * The image stays unchanged in its slot until it is released; if this process dies first, the image
 * waits again. Errors: ETIMEDOUT, EINTR. EDAMAGED may also mean that the description of the image
 * is impossible; its slot has then been released, and the next call takes the next image.
 */
int vitrine_take(struct vitrine_channel *channel, int64_t timeout_ns, struct vitrine_image *image);

/*
 * Releases a taken image: its slot becomes free, or is kept while the image is the newest. Never
 * sleeps. Errors: EINVAL (this handle has not taken the image). After any other error except
 * EREMOVED the image is still taken.
 */
int vitrine_release(struct vitrine_channel *channel, const struct vitrine_image *image);

/*
 * Puts a taken image back: it waits again, ahead of all newer ones. Never sleeps. Errors: EINVAL
 * (this handle has not taken the image). After any other error except EREMOVED the image is still
 * taken.
 */
int vitrine_requeue(struct vitrine_channel *channel, const struct vitrine_image *image);

/* ---- reading without taking ------------------------------------------------------------------ */

/*
 * Finds the newest image without taking it. Read the pixels, then call vitrine_unchanged(): if it
 * returns false, a producer may have overwritten the slot in the meantime, and what was read must
 * be discarded. Never sleeps. Errors: ENONE (nothing has been published yet), EDAMAGED.
 */
int vitrine_latest(struct vitrine_channel *channel, struct vitrine_image *image);

/*
 * Like vitrine_latest(), but for a mirror that wants every image: finds the oldest image that is
 * newer than `sequence`, even if it has been consumed. `sequence` is the number of the last image
 * that the mirror has read. The search goes back from the newest image, one image at a time, and
 * ends early if an image has been overwritten. If the image found does not have the number sequence
 * + 1, the mirror has missed the images in between.
 *
 * While a mirror is in the channel, a producer claims the free slot with the oldest image
 * (otherwise the free slot that was used last, which is faster and takes less memory). If consumers
 * are so fast that every slot is free except that of the newest image, an image then stays for
 * slots - 1 publications: with the default of 4 slots, a mirror can be 3 images late and miss none.
 * Errors: ENONE (no image is newer), EDAMAGED.
 */
int vitrine_next(struct vitrine_channel *channel, uint64_t sequence, struct vitrine_image *image);

/*
 * Like vitrine_latest(), but for the image in slot `slot`, whether it is waiting, being read or the
 * newest. Errors: ENONE (the slot holds no published image, or it changed during the call), EINVAL
 * (there is no such slot), EDAMAGED.
 */
int vitrine_look(struct vitrine_channel *channel, uint32_t slot, struct vitrine_image *image);

/*
 * Returns true while the slot still holds the image that vitrine_latest(), vitrine_next() or
 * vitrine_look() found. Any thread.
 */
bool vitrine_unchanged(const struct vitrine_channel *channel, const struct vitrine_image *image);

/*
 * Sleeps until there is an image newer than `sequence` (0: any image at all). Errors: ETIMEDOUT,
 * EINTR, EDAMAGED, ENONE (the handle is an inspector and the channel is still being created).
 */
int vitrine_wait_newer(struct vitrine_channel *channel, uint64_t sequence, int64_t timeout_ns);

/* ---- inspection ---------------------------------------------------------------------------- */

struct vitrine_semaphore {
	int32_t value;
	int32_t pid;  /* the process that last operated on it; 0: none */
	int32_t ncnt; /* number of processes asleep until it increases */
	int32_t zcnt; /* number of processes asleep until it is zero */
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
	int32_t holder; /* pid of the process writing or reading it; 0: none */
	bool latest;    /* the slot holds the newest image */
	bool has_image; /* `image` is valid: waiting, being read, or the newest */
	struct vitrine_semaphore ready, latest_semaphore, writer, reader;
	struct vitrine_image image; /* after reading image.data, call vitrine_unchanged() */
};

struct vitrine_snapshot {
	struct vitrine_semaphore mutex, empty, full, nothing, alive, producers, consumers, mirrors;
	uint32_t owner_uid;   /* the owner of the segment */
	uint32_t mode;        /* the permission bits of the segment */
	uint32_t attached;    /* number of attachments of the segment, in all processes */
	bool segment_removed; /* ipcrm -m: the segment disappears when the last process detaches */
	uint64_t resident;    /* bytes of memory of the slots, as recorded by producers */
	uint32_t slot_count;
	struct vitrine_slot_info slots[VITRINE_SLOTS_MAX];
};

/*
 * Reads the whole state. All semaphore values come from one GETALL, so they are consistent; pids
 * and sleeper counts are read one at a time just afterwards. Takes no lock and delays no other
 * process. Never sleeps. Any thread. Errors: ENOMEM, EINVAL (the handle is not open).
 */
int vitrine_inspect(const struct vitrine_channel *channel, struct vitrine_snapshot *snapshot);

/*
 * Like vitrine_inspect(), but for programs that poll the state frequently: pid, ncnt and zcnt are
 * read only for `mutex` and `consumers`. For all other semaphores, each of which would cost three
 * system calls, they are 0. Never sleeps. Any thread.
 */
int vitrine_inspect_values(const struct vitrine_channel *channel,
	struct vitrine_snapshot *snapshot);

/*
 * Writes the name of semaphore `number`, such as "empty" or "ready 3", to `text`. Returns `text`.
 * Any thread.
 */
const char *vitrine_semaphore_name(uint32_t number, char *text, uint64_t size);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
