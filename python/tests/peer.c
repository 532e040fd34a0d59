/*
 * peer.c - the C side of the Python module's tests: publishes and takes bytes that are told byte
 * for byte, and says how C lays out the structs that Python mirrors. Started by test_peer.py.
 *
 *	peer layout                              "struct size" and "struct.field offset" lines
 *	peer send KEY FORMAT WIDTH HEIGHT COUNT  images from standard input, each of whole rows
 *	peer send KEY FILE NAME                  standard input as one file
 *	peer recv KEY COUNT                      a line that describes it, then its bytes, each
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vitrine.h"

#define SIZE(type) printf("%s %zu\n", #type, sizeof(struct vitrine_##type))
#define OFFSET(type, field)                                                                        \
	printf(#type "." #field " %zu\n", offsetof(struct vitrine_##type, field))

static int layout(void)
{
	printf("abi %u\n", vitrine_abi());
	SIZE(key);
	OFFSET(key, text);
	SIZE(options);
	OFFSET(options, wakeable);
	OFFSET(options, key);
	OFFSET(options, slot_size);
	OFFSET(options, observer_data);
	OFFSET(options, any_owner);
	SIZE(info);
	OFFSET(info, owner_uid);
	OFFSET(info, created);
	OFFSET(info, key_text);
	OFFSET(info, owner_uid);
	SIZE(image);
	OFFSET(image, data);
	OFFSET(image, digest);
	OFFSET(image, media_type);
	SIZE(claim);
	OFFSET(claim, dropped);
	SIZE(semaphore);
	SIZE(slot_info);
	OFFSET(slot_info, has_image);
	OFFSET(slot_info, image);
	SIZE(snapshot);
	OFFSET(snapshot, resident);
	OFFSET(snapshot, slots);
	return EXIT_SUCCESS;
}

static int complain(const struct vitrine_channel *channel)
{
	fprintf(stderr, "peer: %s\n", vitrine_message(channel));
	return EXIT_FAILURE;
}

/* Reads `image->size` bytes into a slot and publishes them. */
static int send_one(struct vitrine_channel *channel, struct vitrine_image *image)
{
	struct vitrine_claim claim;

	if (vitrine_claim(channel, image->size, VITRINE_WAIT, VITRINE_FOREVER, &claim) < 0)
		return complain(channel);
	if (fread(claim.data, 1, image->size, stdin) != image->size) {
		vitrine_abandon(channel, &claim);
		fprintf(stderr, "peer: standard input ended early\n");
		return EXIT_FAILURE;
	}
	return vitrine_publish(channel, &claim, image, VITRINE_FOREVER) < 0 ? complain(channel)
									    : EXIT_SUCCESS;
}

static int send_pixels(struct vitrine_channel *channel, char **words)
{
	struct vitrine_image image;
	const char *format = words[0];
	uint32_t fourcc = VITRINE_FOURCC(format[0], format[1], format[2], format[3]);
	int status = EXIT_SUCCESS;

	for (int count = atoi(words[3]); status == EXIT_SUCCESS && count > 0; count--) {
		if (vitrine_pixels(&image, "from C", (uint32_t)atoi(words[1]),
			    (uint32_t)atoi(words[2]), fourcc) < 0)
			return EXIT_FAILURE;
		status = send_one(channel, &image);
	}
	return status;
}

static int send_file(struct vitrine_channel *channel, const char *name)
{
	struct vitrine_claim claim;
	struct vitrine_image image;
	const uint64_t most = UINT64_C(1) << 20;

	if (vitrine_claim(channel, most, VITRINE_WAIT, VITRINE_FOREVER, &claim) < 0)
		return complain(channel);
	vitrine_file(&image, name, fread(claim.data, 1, most, stdin), NULL);
	return vitrine_publish(channel, &claim, &image, VITRINE_FOREVER) < 0 ? complain(channel)
									     : EXIT_SUCCESS;
}

static int receive(struct vitrine_channel *channel, int count)
{
	struct vitrine_image image;

	for (; count > 0; count--) {
		if (vitrine_take(channel, VITRINE_FOREVER, &image) < 0)
			return complain(channel);
		printf("%u %.4s %u %u %u %llu %s\n", image.kind,
			image.kind == VITRINE_PIXELS ? (const char *)&image.format : "file",
			image.width, image.height, image.pitch, (unsigned long long)image.size,
			image.name);
		fwrite(image.data, 1, image.size, stdout);
		if (vitrine_release(channel, &image) < 0)
			return complain(channel);
	}
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct vitrine_options options = {.role = VITRINE_CONSUMER};
	struct vitrine_channel *channel;
	struct vitrine_key key;
	int status;

	if (argc == 2 && strcmp(argv[1], "layout") == 0)
		return layout();
	if (argc < 4 || vitrine_key(&key, argv[2], NULL) < 0)
		return 2;
	options.key = &key;
	if (strcmp(argv[1], "send") == 0)
		options.role = VITRINE_PRODUCER;
	if (vitrine_open(&channel, &options) < 0)
		status = complain(channel);
	else if (options.role == VITRINE_CONSUMER)
		status = receive(channel, atoi(argv[3]));
	else if (argc == 7)
		status = send_pixels(channel, argv + 3);
	else
		status = send_file(channel, argv[4]);
	vitrine_close(channel);
	return status;
}
