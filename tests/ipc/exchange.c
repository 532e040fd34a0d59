/*
 * exchange.c - publishes or takes one image. builds.py builds it with several compilers and C
 * libraries, and passes images from each build to each other.
 *
 *	exchange publish KEY TEXT     publishes TEXT as a file, and leaves
 *	exchange take KEY             takes it, and prints it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vitrine.h"

static int publish(struct vitrine_channel *channel, const char *text)
{
	const uint64_t size = strlen(text);
	struct vitrine_claim claim;
	struct vitrine_image image;
	int rc = vitrine_claim(channel, size, VITRINE_FAIL, 0, &claim);

	if (rc < 0)
		return rc;
	memcpy(claim.data, text, size);
	vitrine_file(&image, "exchange", size, "text/plain");
	return vitrine_publish(channel, &claim, &image, VITRINE_FOREVER);
}

static int take(struct vitrine_channel *channel)
{
	struct vitrine_image image;
	int rc = vitrine_take(channel, 0, &image);

	if (rc < 0)
		return rc;
	printf("%s %s ", image.name, image.media_type);
	fwrite(image.data, 1, image.size, stdout);
	return vitrine_release(channel, &image);
}

int main(int argc, char **argv)
{
	const bool publishes = argc == 4 && strcmp(argv[1], "publish") == 0;
	struct vitrine_options options = {.slot_size = 4096};
	struct vitrine_channel *channel;
	struct vitrine_key key;
	int rc;

	if (argc < 3 || vitrine_key(&key, argv[2], NULL) < 0)
		return 2;
	options.role = publishes ? VITRINE_PRODUCER : VITRINE_CONSUMER;
	options.key = &key;
	rc = vitrine_open(&channel, &options);
	if (rc == VITRINE_OK)
		rc = publishes ? publish(channel, argv[3]) : take(channel);
	if (rc < 0)
		fprintf(stderr, "exchange: %s\n", vitrine_message(channel));
	vitrine_close(channel);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
