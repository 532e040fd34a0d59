/*
 * test_late.c - shows that data which the kernel still writes for a killed producer lands in the
 * image of the next one. This is not a guarantee, but a limit (docs/reliability.md, "What is not
 * promised"); the test keeps the page true.
 *
 * The producer lets io_uring read a file into its slot. The test itself provides the file through
 * FUSE, so it decides when the bytes arrive: after the producer is dead and another one has
 * published in that slot.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, BYTES = SMALL, DEAD = 0xee, ALIVE = 'W' };

/* ---- a file whose bytes come late ---------------------------------------------------------- */

static struct {
	int fd; /* of /dev/fuse */
	char path[32];
	pthread_t thread;
	_Atomic uint64_t read_request; /* the one that is not answered yet; 0: none */
} late;

static void reply(uint64_t request, int error, const void *data, size_t size)
{
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + size), .error = error, .unique = request};
	struct iovec parts[] = {{&header, sizeof(header)}, {(void *)(uintptr_t)data, size}};

	if (writev(late.fd, parts, 2) < 0 && errno != ENOENT) /* the request was given up */
		perror("writev(/dev/fuse)");
}

static void reply_attributes(uint64_t request)
{
	struct fuse_attr_out out = {
		.attr = {.ino = FUSE_ROOT_ID, .size = BYTES, .mode = S_IFREG | 0600, .nlink = 1}};

	reply(request, 0, &out, sizeof(out));
}

static void serve(const struct fuse_in_header *in)
{
	const struct fuse_init_out started = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.flags = FUSE_ASYNC_DIO,
		.max_write = BYTES,
	};
	const struct fuse_open_out opened = {.open_flags = FOPEN_DIRECT_IO};

	switch (in->opcode) {
	case FUSE_INIT: reply(in->unique, 0, &started, sizeof(started)); break;
	case FUSE_GETATTR: reply_attributes(in->unique); break;
	case FUSE_OPEN: reply(in->unique, 0, &opened, sizeof(opened)); break;
	case FUSE_READ: atomic_store(&late.read_request, in->unique); break;
	case FUSE_FLUSH:
	case FUSE_RELEASE: reply(in->unique, 0, NULL, 0); break;
	case FUSE_FORGET:
	case FUSE_INTERRUPT: break; /* want no answer */
	default: reply(in->unique, -ENOSYS, NULL, 0);
	}
}

static void *serve_all(void *unused)
{
	static union {
		struct fuse_in_header header;
		char bytes[BYTES + 4096];
	} request;

	while (read(late.fd, &request, sizeof(request)) > 0 || errno == EINTR)
		serve(&request.header);
	return unused;
}

static bool mount_late(void)
{
	char options[96];
	int file;

	late.fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (late.fd < 0 || unshare(CLONE_NEWNS) < 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	strcpy(late.path, "/tmp/vitrine-late-XXXXXX");
	file = mkstemp(late.path);
	must(file >= 0);
	close(file);
	snprintf(options, sizeof(options), "fd=%d,rootmode=100000,user_id=0,group_id=0", late.fd);
	if (mount("late", late.path, "fuse", MS_NOSUID | MS_NODEV, options) < 0) {
		unlink(late.path);
		return false;
	}
	must_equal(pthread_create(&late.thread, NULL, serve_all, NULL), 0);
	return true;
}

static void unmount_late(void)
{
	umount2(late.path, MNT_DETACH);
	pthread_cancel(late.thread); /* read(2) is where it is cancelled */
	pthread_join(late.thread, NULL);
	close(late.fd);
	unlink(late.path);
}

/* ---- the producer that is killed ----------------------------------------------------------- */

static int ring_setup(struct io_uring_params *params)
{
	return (int)syscall(SYS_io_uring_setup, 1, params);
}

/* Makes the kernel read the whole file to `at`; returns at once. */
static void read_by_itself(int file, void *at)
{
	struct io_uring_params params = {0};
	int ring = ring_setup(&params);
	const size_t size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
	struct io_uring_sqe *entry;
	char *queue;

	must(ring >= 0);
	queue = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	entry = mmap(NULL, sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		IORING_OFF_SQES);
	must(queue != MAP_FAILED && entry != MAP_FAILED);
	*entry = (struct io_uring_sqe){.opcode = IORING_OP_READ,
		.fd = file,
		.addr = (uint64_t)(uintptr_t)at,
		.len = BYTES};
	*(unsigned *)(void *)(queue + params.sq_off.array) = 0;
	atomic_store((_Atomic unsigned *)(void *)(queue + params.sq_off.tail), 1);
	must_equal(syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0), 1);
}

static void claim_read_and_wait(void)
{
	struct vitrine_channel *channel = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_claim claim;
	int file = open(late.path, O_RDONLY | O_CLOEXEC);
	struct stat status;

	must(file >= 0);
	must_equal(fstat(file, &status), 0); /* the kernel asks how long it is */
	must_equal(status.st_size, BYTES);
	must_equal(vitrine_claim(channel, BYTES, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	read_by_itself(file, claim.data);
	for (;;)
		pause();
}

/* Kills a producer while its read is pending. */
static void kill_while_it_reads(void)
{
	struct wait wait = {0};
	int child = fork_bounded();

	if (child == 0)
		claim_read_and_wait();
	while (atomic_load(&late.read_request) == 0) {
		must_equal(waitpid(child, NULL, WNOHANG), 0);
		wait_a_little(&wait);
	}
	must_equal(kill(child, SIGKILL), 0);
	await_end(child);
}

/* ---- the one that comes after it ----------------------------------------------------------- */

static bool is_all(const struct vitrine_image *image, int byte)
{
	const volatile uint8_t *bytes = image->data;

	for (uint64_t i = 0; i < image->size; i++)
		if (bytes[i] != byte)
			return false;
	return true;
}

static void what_is_written_after_a_death(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);
	static uint8_t bytes[BYTES];
	struct vitrine_claim claim;
	struct vitrine_image image;
	struct wait wait = {0};

	(void)state;
	publish_image(producer, 1); /* and stays in its slot: there is one more */
	image = take_image(consumer);
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	kill_while_it_reads();
	must_equal(vitrine_claim(producer, BYTES, VITRINE_FAIL, 0, &claim), VITRINE_OK);
	memset(claim.data, ALIVE, BYTES);
	vitrine_file(&image, "x", BYTES, NULL);
	must_equal(vitrine_publish(producer, &claim, &image, 0), VITRINE_OK);
	must_equal(vitrine_take(consumer, 0, &image), VITRINE_OK);
	must(is_all(&image, ALIVE));

	memset(bytes, DEAD, sizeof(bytes));
	reply(atomic_load(&late.read_request), 0, bytes, sizeof(bytes));
	while (!is_all(&image, DEAD))
		wait_a_little(&wait);
	must(vitrine_unchanged(consumer, &image)); /* no number tells of it */
	must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	vitrine_close(consumer);
	vitrine_close(producer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {a_test(what_is_written_after_a_death)};
	struct io_uring_params params = {0};
	int ring = ring_setup(&params), failed;

	if (ring < 0) {
		printf("skipped: io_uring is not to be had: %s\n", strerror(errno));
		return SKIPPED;
	}
	close(ring);
	if (!mount_late()) {
		printf("skipped: no file system of its own: %s\n", strerror(errno));
		return SKIPPED;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unmount_late();
	return failed;
}
