/*
 * poll.c - a consumer in an event loop: it waits for images and for input at the same time, and
 * ends when the input ends (Ctrl+D).
 *
 *	cc -o poll poll.c $(pkg-config --cflags --libs vitrine)
 *	vitrine-producer photo.jpg & ./poll
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <vitrine.h>

/* Takes all waiting images. There may be none, if another consumer was faster. */
static int take_all(struct vitrine_channel *channel)
{
	struct vitrine_image image;
	int rc = VITRINE_OK;

	while (rc == VITRINE_OK) {
		rc = vitrine_take(channel, 0, &image);
		if (rc == VITRINE_OK) {
			printf("image %llu: %s\n", (unsigned long long)image.sequence, image.name);
			rc = vitrine_release(channel, &image);
		}
	}
	fflush(stdout);
	return rc == VITRINE_ETIMEDOUT ? VITRINE_OK : rc;
}

int main(void)
{
	const struct vitrine_options options = {.role = VITRINE_CONSUMER};
	struct vitrine_channel *channel;
	struct pollfd wait[] = {
		{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = -1, .events = POLLIN}};
	char input[256];
	int rc = vitrine_open(&channel, &options);

	if (rc == VITRINE_OK)
		rc = wait[1].fd = vitrine_fd(channel);
	while (rc >= 0 && poll(wait, 2, -1) > 0) {
		if (wait[1].revents != 0)
			rc = take_all(channel);
		if (wait[0].revents != 0 && read(STDIN_FILENO, input, sizeof(input)) <= 0)
			break;
	}
	if (rc < 0)
		fprintf(stderr, "poll: %s\n", vitrine_message(channel));
	vitrine_close(channel);
	return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
