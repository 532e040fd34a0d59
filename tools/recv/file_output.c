/* file_output.c - see file_output.h. */
#include "file_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digest.h"
#include "encode.h"
#include "mediatype.h"
#include "prefault.h"
#include "progress.h"
#include "text.h"
#include "translate.h"

#define CHUNK_BYTES  ((size_t)1 << 20)
#define NUMBERS_MOST 1000000u

/* One image being written. */
struct delivery {
	struct file_output *output;
	const struct vitrine_channel *channel;
	const struct vitrine_image *image;
	struct digest *digest; /* NULL: nothing to check */
	struct newfile file;
	char name[SAFENAME_MAX]; /* final name of the file */
	char reason[TEXT_REASON_MAX];
};

static enum file_output_result failed(struct delivery *delivery, int minus_errno)
{
	newfile_reason(delivery->reason, minus_errno);
	return OUTPUT_FAILED;
}

/* An error of standard output has a different remedy from that of a folder. */
static enum file_output_result failed_output(struct delivery *delivery, int minus_errno)
{
	snprintf(delivery->reason, sizeof(delivery->reason),
		_("cannot be written to standard output: %s; it still waits in the channel, and "
		  "`vitrine recv -o FOLDER` writes it to a folder"),
		strerror(-minus_errno));
	return OUTPUT_FAILED;
}

static enum file_output_result interrupted(struct delivery *delivery)
{
	snprintf(delivery->reason, sizeof(delivery->reason), "%s", _("interrupted"));
	return OUTPUT_FAILED;
}

/* ---- the bytes ------------------------------------------------------------------------------ */

/* Compares the computed checksum with the publisher's. */
static enum file_output_result check(struct delivery *delivery)
{
	const struct vitrine_image *image = delivery->image;
	char got[DIGEST_TEXT_MAX], promised[DIGEST_TEXT_MAX];
	uint8_t result[DIGEST_BYTES];

	if (delivery->digest == NULL)
		return OUTPUT_KEPT;
	digest_finish(delivery->digest, result);
	delivery->digest = NULL;
	digest_text(got, image->checksum, result);
	digest_text(promised, image->checksum, image->digest);
	if (strcmp(got, promised) == 0)
		return OUTPUT_KEPT;
	snprintf(delivery->reason, sizeof(delivery->reason),
		_("refused: its %s is %s, but its publisher computed %s; nothing was written, send "
		  "it again"),
		digest_name(image->checksum), got, promised);
	return OUTPUT_REFUSED;
}

/*
 * Writes the payload in chunks: directly from the slot or, if it is hashed, through a private
 * buffer, because the contents of the slot could still change.
 */
static enum file_output_result write_bytes(struct delivery *delivery, void *buffer)
{
	const struct vitrine_image *image = delivery->image;
	const char *slot = image->data;
	struct progress progress;
	struct prefault prefault;
	int rc = 0;

	progress_start(&progress, image->name, image->size);
	prefault_start(&prefault, slot, image->size);
	for (uint64_t done = 0; done < image->size && rc == 0;) {
		uint64_t left = image->size - done;
		size_t size = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
		const void *chunk = slot + done;

		if (buffer != NULL) {
			chunk = memcpy(buffer, chunk, size);
			digest_add(delivery->digest, chunk, size);
		}
		rc = tool_interrupted(delivery->output->tool)
			     ? -EINTR
			     : newfile_write(&delivery->file, chunk, size);
		done += size;
		progress_update(&progress, done);
	}
	prefault_end(&prefault);
	progress_end(&progress);
	if (rc == -EINTR)
		return interrupted(delivery);
	return rc < 0 ? failed(delivery, rc) : check(delivery);
}

/* Writes the pixels as PNG. If they are checked, the same copy is checked and written. */
static enum file_output_result write_pixels(struct delivery *delivery, void *buffer)
{
	const struct vitrine_image *image = delivery->image;
	const struct pixels pixels = {
		.data = buffer != NULL ? buffer : image->data,
		.width = image->width,
		.height = image->height,
		.pitch = image->pitch,
		.format = image->format,
	};

	if (buffer != NULL) {
		memcpy(buffer, image->data, (size_t)image->size);
		digest_add(delivery->digest, buffer, (size_t)image->size);
	}
	enum file_output_result verdict = check(delivery);
	if (verdict == OUTPUT_KEPT &&
		!encode_png(delivery->file.fd, &pixels, NULL, delivery->reason))
		verdict = OUTPUT_FAILED;
	return verdict;
}

static enum file_output_result write_payload(struct delivery *delivery)
{
	const struct vitrine_image *image = delivery->image;
	bool is_file = image->kind == VITRINE_FILE;
	size_t size = is_file ? CHUNK_BYTES : (size_t)image->size;
	void *buffer = NULL;
	enum file_output_result verdict;

	if (delivery->output->verify && image->checksum != VITRINE_NO_CHECKSUM) {
		const char *missing = digest_missing(image->checksum);

		buffer = malloc(size);
		delivery->digest = digest_create(image->checksum);
		if (buffer == NULL || delivery->digest == NULL) {
			free(buffer);
			snprintf(delivery->reason, sizeof(delivery->reason), "%s",
				missing != NULL ? missing : _("not enough memory"));
			return OUTPUT_FAILED;
		}
	}
	verdict = is_file ? write_bytes(delivery, buffer) : write_pixels(delivery, buffer);
	free(buffer);
	return verdict;
}

/* ---- the name ------------------------------------------------------------------------------- */

/* The extension for a numbered file: from its name, such as ".jpg", or from its type. */
static const char *usual_extension(const struct vitrine_image *image)
{
	const char *dot = strrchr(image->name, '.');
	const char *by_type = mediatype_extension(image->media_type);

	if (dot != NULL && safename_is_extension(dot + 1))
		return dot + 1;
	return by_type != NULL ? by_type : "bin";
}

/* Names it file01.jpg, file02.jpg …: the first free name. Returns 0 or -errno. */
static int number_file(struct delivery *delivery)
{
	struct file_output *output = delivery->output;
	const struct vitrine_image *image = delivery->image;
	const char *extension = image->kind == VITRINE_PIXELS ? "png"
				: output->extension != NULL   ? output->extension
							      : usual_extension(image);
	int rc = -EEXIST;

	while (rc == -EEXIST && output->number < NUMBERS_MOST) {
		snprintf(delivery->name, SAFENAME_MAX, "file%02u.%s", ++output->number, extension);
		rc = newfile_name(&delivery->file, delivery->name);
	}
	return rc;
}

/* Gives the file the first free name. */
static enum file_output_result name_file(struct delivery *delivery)
{
	struct file_output *output = delivery->output;
	const struct vitrine_image *image = delivery->image;
	char wanted[SAFENAME_MAX];
	int rc;

	safename_make(wanted, image->name,
		image->kind == VITRINE_PIXELS ? "png" : output->extension);
	rc = output->numbered
		     ? number_file(delivery)
		     : naming_give(&output->naming, &delivery->file, wanted, delivery->name);
	return rc < 0 ? failed(delivery, rc) : OUTPUT_KEPT;
}

/* ---- one image ------------------------------------------------------------------------------ */

/* True if the line has no control characters, which a terminal would obey. */
static bool is_plain_line(const char *line, size_t length)
{
	size_t size, bad;

	if (length > 0 && line[length - 1] == '\n')
		length--;
	for (size_t at = 0; at < length; at += size) {
		size = line[at] == '\t' ? 1 : text_plain(line + at, &bad);
		if (size == 0)
			return false;
	}
	return true;
}

static bool is_plain_text(int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *file = copy >= 0 ? fdopen(copy, "r") : NULL;
	bool is_plain = file != NULL;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (file == NULL && copy >= 0)
		close(copy);
	if (file != NULL)
		rewind(file);
	while (is_plain && (length = getline(&line, &room, file)) > 0)
		is_plain = is_plain_line(line, (size_t)length);
	free(line);
	if (file != NULL)
		fclose(file);
	return is_plain;
}

/*
 * Copies the finished file to standard output. A pipe that poll() reports as ready accepts PIPE_BUF
 * bytes without sleeping, so a signal ends this even if the reader is stuck.
 */
static enum file_output_result copy_out(struct delivery *delivery)
{
	const struct newfile out = {.fd = STDOUT_FILENO};
	char buffer[64 << 10];
	struct stat status;
	bool is_file = fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
	size_t size = is_file ? sizeof(buffer) : 4096;
	off_t at = 0;

	for (;;) {
		ssize_t count = pread(delivery->file.fd, buffer, size, at);
		int rc;

		if (count == 0)
			return OUTPUT_KEPT;
		if (count < 0)
			return failed(delivery, -errno);
		if (!tool_ready(delivery->output->tool, STDOUT_FILENO, POLLOUT))
			return interrupted(delivery);
		rc = newfile_write(&out, buffer, (size_t)count);
		if (rc < 0)
			return failed_output(delivery, rc);
		at += count;
	}
}

/*
 * A taken image does not change, unless a program with access through --mode manipulates the
 * semaphores: a producer may then claim the slot, which changes its sequence number before its
 * bytes.
 */
static enum file_output_result check_unchanged(struct delivery *delivery)
{
	if (delivery->channel == NULL)
		return OUTPUT_KEPT; /* a private copy */
	if (vitrine_unchanged(delivery->channel, delivery->image))
		return OUTPUT_KEPT;
	snprintf(delivery->reason, sizeof(delivery->reason),
		_("refused: it was overwritten while it was read, because a process "
		  "changed the channel's semaphores (--mode gives others that right). "
		  "Nothing was kept, send it again"));
	return OUTPUT_REFUSED;
}

static enum file_output_result deliver(struct delivery *delivery)
{
	const struct file_output *output = delivery->output;
	bool to_folder = output->folder >= 0;
	enum file_output_result verdict;
	int rc = 0;

	if (to_folder)
		rc = newfile_open(&delivery->file, output->folder);
	else if ((delivery->file.fd = memfd_create("vitrine", MFD_CLOEXEC)) < 0)
		rc = -errno;
	if (rc < 0)
		return failed(delivery, rc);
	verdict = write_payload(delivery);
	if (verdict == OUTPUT_KEPT)
		verdict = check_unchanged(delivery);
	if (verdict != OUTPUT_KEPT)
		return verdict;
	if (!to_folder && isatty(STDOUT_FILENO) && !is_plain_text(delivery->file.fd)) {
		snprintf(delivery->reason, sizeof(delivery->reason),
			_("is not plain text, and standard output is a terminal; it still waits in the "
			  "channel, and `vitrine recv -o FOLDER` writes it to a folder"));
		return OUTPUT_FAILED;
	}
	if (!to_folder)
		return copy_out(delivery);
	rc = newfile_sync(&delivery->file);
	return rc < 0 ? failed(delivery, rc) : name_file(delivery);
}

static void log_received(const struct delivery *delivery)
{
	const struct file_output *output = delivery->output;
	const struct vitrine_image *image = delivery->image;
	char path[PATH_MAX];
	struct log_field fields[7] = {
		LOG_STR("event", "received"),
		LOG_U64("seq", image->sequence),
		LOG_STR("name", image->name),
		LOG_STR("path", path),
		LOG_STR("kind", image->kind == VITRINE_FILE ? "file" : "pixels"),
		LOG_U64("bytes", image->size),
	};
	size_t count = 6;

	if (output->folder < 0)
		strcpy(path, "-");
	else if (strcmp(output->path, ".") == 0)
		strcpy(path, delivery->name);
	else
		snprintf(path, sizeof(path), "%s/%s", output->path, delivery->name);
	if (output->verify)
		fields[count++] = image->checksum != VITRINE_NO_CHECKSUM
					  ? LOG_STR(digest_name(image->checksum), "ok")
					  : LOG_STR("checksum", "none");
	log_write(&output->tool->log, fields, count);
}

enum file_output_result file_output_write(struct file_output *output,
	const struct vitrine_channel *channel, const struct vitrine_image *image)
{
	struct delivery delivery = {
		.output = output,
		.channel = channel,
		.image = image,
		.file.fd = -1,
	};
	enum file_output_result verdict = deliver(&delivery);

	newfile_close(&delivery.file);
	digest_destroy(delivery.digest);
	if (verdict == OUTPUT_KEPT)
		log_received(&delivery);
	else
		log_error(&output->tool->log, image->name, delivery.reason);
	return verdict;
}
