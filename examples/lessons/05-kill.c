/*
 * 05-kill.c - kill -9 of a real Vitrine producer, consumer and mirror in every state that they have,
 * and what the kernel then does to the semaphores.
 *
 *	cc -std=c17 -pedantic -o kill 05-kill.c lesson.c $(pkg-config --cflags --libs vitrine)
 *	./kill
 *
 * A victim enters a state, says so through a pipe, and sleeps there; then it is killed. After each
 * kill every value must be what it was at rest.
 */
#define _XOPEN_SOURCE 700 /* System V IPC, with -std=c17 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vitrine.h>

#include "lesson.h"

static struct vitrine_key key;
static int told[2]; /* a pipe: the victim is in its state */

/* The victim says that it is in its state, and stays there. */
static void stay(void)
{
	if (write(told[1], "", 1) == 1)
		for (;;)
			pause();
}

/* Called before each semop. Before "publish" and "take" the mutex is held. */
static void stop_with_mutex(const struct vitrine_event *event, void *data)
{
	(void)data;
	if (event->before &&
		(strcmp(event->name, "publish") == 0 || strcmp(event->name, "take") == 0))
		stay();
}

static struct vitrine_channel *join(enum vitrine_role role, vitrine_observer *observer)
{
	const struct vitrine_options options = {
		.role = role, .key = &key, .slot_size = 1 << 20, .observer = observer};
	struct vitrine_channel *channel;

	if (vitrine_open(&channel, &options) == VITRINE_OK)
		return channel;
	fprintf(stderr, "%s\n", vitrine_message(channel));
	exit(EXIT_FAILURE);
}

static void publish(struct vitrine_channel *channel)
{
	struct vitrine_image image;
	struct vitrine_claim claim;

	vitrine_pixels(&image, "grey", 16, 16, VITRINE_R8);
	if (vitrine_claim(channel, image.size, VITRINE_WAIT, VITRINE_FOREVER, &claim) ==
		VITRINE_OK) {
		memset(claim.data, 0x80, (size_t)image.size);
		vitrine_publish(channel, &claim, &image, VITRINE_FOREVER);
	}
}

static const struct {
	const char *name;
	enum vitrine_role role;
	bool has_mutex;
} states[] = {
	{"a producer fills", VITRINE_PRODUCER, false},
	{"a producer publishes", VITRINE_PRODUCER, true},
	{"a consumer takes", VITRINE_CONSUMER, true},
	{"a consumer reads", VITRINE_CONSUMER, false},
	{"a mirror looks", VITRINE_MIRROR, false},
};

enum { STATES = sizeof(states) / sizeof(states[0]) };

/* The victim: enters its state, and stays there. */
static void be_in_state(int number)
{
	enum vitrine_role role = states[number].role;
	bool has_mutex = states[number].has_mutex;
	struct vitrine_channel *channel = join(role, has_mutex ? stop_with_mutex : NULL);
	struct vitrine_claim claim;
	struct vitrine_image image;

	if (role == VITRINE_PRODUCER && has_mutex)
		publish(channel);
	else if (role == VITRINE_PRODUCER)
		vitrine_claim(channel, 256, VITRINE_WAIT, VITRINE_FOREVER, &claim);
	else if (role == VITRINE_CONSUMER)
		vitrine_take(channel, VITRINE_FOREVER, &image);
	stay();
}

/* Prints one line; `line` receives its numbers, to be compared. */
static void show(struct vitrine_channel *channel, const char *when, char line[128])
{
	static const char *const names[] = {"empty", "writing", "ready", "reading", "damaged"};
	struct vitrine_snapshot now;
	int length;

	vitrine_inspect(channel, &now);
	length = snprintf(line, 128, "%5d %5d %4d %4d %4d %4d ", now.mutex.value, now.empty.value,
		now.full.value, now.producers.value, now.consumers.value, now.mirrors.value);
	for (uint32_t i = 0; i < now.slot_count; i++)
		length += snprintf(line + length, 128 - (size_t)length, " %s",
			names[now.slots[i].state]);
	printf("%-20s%s\n", when, line);
}

static bool kill_in_state(struct vitrine_channel *channel, int number, const char *rest)
{
	pid_t victim = lesson_child(be_in_state, number);
	char line[128], byte;

	if (read(told[0], &byte, 1) == 1)
		show(channel, states[number].name, line);
	lesson_kill(victim);
	show(channel, "  kill -9", line);
	return strcmp(line, rest) == 0;
}

int main(int argc, char **argv)
{
	struct vitrine_channel *channel;
	bool is_as_before = true;
	char rest[128];

	lesson_start();
	if (pipe(told) < 0)
		lesson_fail("pipe");
	snprintf(rest, sizeof(rest), "lesson 5 of user %u", (unsigned)getuid());
	if (vitrine_key(&key, argc > 1 ? argv[1] : rest, NULL) != VITRINE_OK)
		return EXIT_FAILURE;
	channel = join(VITRINE_PRODUCER, NULL);
	if (!vitrine_info(channel)->created)
		lesson_key_in_use(key.value);
	publish(channel);
	publish(channel);

	printf("%-20s%s\n", "", "mutex empty full prod cons mirr  slots");
	show(channel, "at rest", rest);
	for (int i = 0; i < STATES && !lesson_interrupted(); i++)
		is_as_before = kill_in_state(channel, i, rest) && is_as_before;
	vitrine_remove(channel); /* two images wait in it, and no consumer will take them */
	vitrine_close(channel);
	return is_as_before && !lesson_interrupted() ? EXIT_SUCCESS : EXIT_FAILURE;
}
