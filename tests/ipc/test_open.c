/* test_open.c - opening, joining, leaving, retiring; the options and their limits; keys. */
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "segment.h"
#include "semset.h"

static void each_role_creates_and_retires(void **state)
{
	(void)state;
	for (unsigned role = VITRINE_PRODUCER; role <= VITRINE_MIRROR; role++) {
		struct vitrine_channel *channel = open_channel(role, 2);
		const struct vitrine_info *info = vitrine_info(channel);

		must(info->created);
		must_equal(info->key, test_key.value);
		must_equal(info->role, role);
		must_equal(info->slots, 2);
		must_equal(info->slot_size, SMALL);
		must_equal(info->segment_size, 4096 + 2 * SMALL);
		must_equal(info->semid, semset_find(test_key.value));
		must_equal(info->shmid, segment_find(test_key.value));
		assert_string_equal(info->key_text, test_key.text);
		must_equal(value_of(channel, SEM_PRODUCERS + role), 1);
		must_equal(vitrine_close(channel), 0);
		must(objects_are_gone());
	}
	must_equal(vitrine_close(NULL), 0);
}

static void joins_what_is_there(void **state)
{
	struct vitrine_channel *first = open_channel(VITRINE_CONSUMER, 5);
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 0);
	struct vitrine_channel *second;

	(void)state;
	options.slot_size = 0;
	must_equal(vitrine_open(&second, &options), VITRINE_OK);
	must(!vitrine_info(second)->created);
	must_equal(vitrine_info(second)->slots, 5);
	must_equal(vitrine_info(second)->slot_size, SMALL);
	must_equal(vitrine_close(first), 0);
	must(is_at_rest(second));
	must_equal(vitrine_close(second), 0);
}

static void the_last_one_out_leaves_what_waits(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 4);
	struct vitrine_channel *mirror = open_channel(VITRINE_MIRROR, 4), *consumer;
	struct vitrine_image image;

	(void)state;
	publish_image(producer, 1);
	publish_image(producer, 2);
	must_equal(vitrine_close(producer), 0); /* a mirror is still there */
	must_equal(vitrine_close(mirror), 2);
	consumer = open_channel(VITRINE_CONSUMER, 4);
	must(!vitrine_info(consumer)->created);
	for (uint64_t i = 1; i <= 2; i++) {
		image = take_image(consumer);
		must_equal(image.sequence, i);
		must_equal(vitrine_release(consumer, &image), VITRINE_OK);
	}
	must_equal(vitrine_close(consumer), 0);
}

static void a_taken_image_waits_again(void **state)
{
	struct vitrine_channel *producer = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_channel *consumer = open_channel(VITRINE_CONSUMER, 2);

	(void)state;
	publish_image(producer, 1);
	take_image(consumer);
	must_equal(vitrine_close(producer), 0);
	must_equal(vitrine_close(consumer), 1);
	must_equal(remove_objects(), 2);
}

static void an_inspector_joins_nothing(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_INSPECTOR, 0);
	struct vitrine_channel *producer, *inspector;
	struct vitrine_image image;

	(void)state;
	options.slot_size = 0;
	open_must_fail(&options, VITRINE_ENONE, "there is no channel");
	must(objects_are_gone());
	producer = open_channel(VITRINE_PRODUCER, 2);
	must_equal(vitrine_open(&inspector, &options), VITRINE_OK);
	must_equal(value_of(inspector, SEM_PRODUCERS), 1);
	must_equal(value_of(inspector, SEM_MIRRORS), 0);
	publish_image(producer, 1);
	must_equal(vitrine_latest(inspector, &image), VITRINE_OK);
	must_equal(vitrine_look(inspector, image.slot, &image), VITRINE_OK);
	must_equal(vitrine_take(inspector, 0, &image), VITRINE_EINVAL);
	must_equal(vitrine_close(producer), 1);
	must_equal(vitrine_remove(inspector), VITRINE_OK);
	must_equal(vitrine_close(inspector), 0);
}

static void impossible_options(void **state)
{
	struct vitrine_key none = {0};
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 1);

	(void)state;
	open_must_fail(&options, VITRINE_EINVAL, "1 slots");
	options.slots = 65;
	open_must_fail(&options, VITRINE_EINVAL, "65 slots");
	options = usual_options((enum vitrine_role)4, 2);
	open_must_fail(&options, VITRINE_EINVAL, "role");
	options = usual_options(VITRINE_PRODUCER, 2);
	options.key = &none;
	open_must_fail(&options, VITRINE_EINVAL, "key");
	options = usual_options(VITRINE_PRODUCER, 2);
	options.slot_size = UINT64_MAX;
	open_must_fail(&options, VITRINE_EINVAL, "too large");
	options = usual_options(VITRINE_PRODUCER, 64); /* the kernel has 47 bits for addresses */
	options.slot_size = UINT64_C(1) << 56;
	open_must_fail(&options, VITRINE_ENOMEM, "--slot-size");
}

static void largest_and_smallest(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 64);
	struct vitrine_channel *channel;

	(void)state;
	options.slot_size = 1;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	remember_objects();
	must_equal(vitrine_info(channel)->slot_size, 4096);
	for (uint64_t i = 1; i <= 64; i++)
		must_equal(publish_image(channel, i), i);
	must(is_at_rest(channel));
	must_equal(vitrine_remove(channel), VITRINE_OK);
	vitrine_close(channel);
}

static void a_larger_slot_than_there_is(void **state)
{
	struct vitrine_channel *channel = open_channel(VITRINE_PRODUCER, 2);
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 9);

	(void)state;
	options.slot_size = SMALL + 1;
	open_must_fail(&options, VITRINE_ETOOLARGE, "--slot-size");
	must(is_at_rest(channel));
	must_equal(value_of(channel, SEM_CONSUMERS), 0);
	must_equal(vitrine_close(channel), 0);
}

static void modes(void **state)
{
	const unsigned segment_modes[] = {0600, 0640, 0644, 0666};
	const unsigned set_modes[] = {0600, 0660, 0666, 0666};

	(void)state;
	umask(077); /* must not shrink what was asked for */
	for (int i = 0; i < 4; i++) {
		struct vitrine_options options = usual_options(VITRINE_MIRROR, 2);
		struct vitrine_channel *channel;
		struct segment_status segment;
		struct semset_status set;

		options.mode = i == 0 ? 0 : segment_modes[i];
		must_equal(vitrine_open(&channel, &options), VITRINE_OK);
		remember_objects();
		must_equal(segment_status(vitrine_info(channel)->shmid, &segment), 0);
		must_equal(semset_status(vitrine_info(channel)->semid, &set), 0);
		must_equal(segment.mode, segment_modes[i]);
		must_equal(set.mode, set_modes[i]);
		must_equal(vitrine_close(channel), 0);
	}
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* Name number i; it contains the pid, because programs may run at the same time. */
static struct vitrine_key nth_key(uint32_t i)
{
	struct vitrine_key key;
	char name[32];

	snprintf(name, sizeof(name), "name %d %u", (int)getpid(), i);
	must_equal(vitrine_key(&key, name, NULL), VITRINE_OK);
	return key;
}

/* Finds two names with the same hash. It has 24 bits, so some ten thousand names are enough. */
static void colliding_keys(struct vitrine_key *first, struct vitrine_key *second)
{
	enum { NAMES = 40000 };
	static int32_t values[NAMES];

	for (uint32_t i = 0; i < NAMES; i++) {
		values[i] = nth_key(i).value;
		for (uint32_t k = 0; k < i; k++) {
			if (values[k] != values[i])
				continue;
			*first = nth_key(k);
			*second = nth_key(i);
			return;
		}
	}
	must_failed(__FILE__, __LINE__, "two names with one hash", 0, 0);
}

static void two_names_with_one_hash(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel, *other;
	struct vitrine_key first, second;

	(void)state;
	colliding_keys(&first, &second);
	must_equal(first.value, second.value);
	options.key = &first;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	options.key = &second;
	open_must_fail(&options, VITRINE_EKEY, first.text);
	open_must_fail(&options, VITRINE_EKEY, second.text);
	options.role = VITRINE_INSPECTOR;
	open_must_fail(&options, VITRINE_EKEY, first.text);
	must_equal(value_of(channel, SEM_PRODUCERS), 1);
	/* A number is the key itself; the channel then shows the name. */
	test_key = first;
	snprintf(test_key.text, sizeof(test_key.text), "0x%08x", (unsigned)first.value);
	for (unsigned role = VITRINE_CONSUMER; role <= VITRINE_INSPECTOR; role++) {
		options = usual_options(role, 2);
		must_equal(vitrine_open(&other, &options), VITRINE_OK);
		assert_string_equal(vitrine_info(other)->key_text, first.text);
		must_equal(vitrine_close(other), 0);
	}
	must_equal(vitrine_close(channel), 0);
}

static void the_default_key(void **state)
{
	struct vitrine_options options = {.role = VITRINE_PRODUCER, .slot_size = SMALL};
	struct vitrine_channel *channel;

	(void)state;
	must_equal(setenv("VITRINE_KEY", test_key.text, 1), 0);
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	must_equal(vitrine_info(channel)->key, test_key.value);
	must_equal(vitrine_info(channel)->slots, VITRINE_SLOTS_DEFAULT);
	must_equal(vitrine_close(channel), 0);
	must_equal(setenv("VITRINE_KEY", "0", 1), 0);
	open_must_fail(&options, VITRINE_EKEY, "0x00000000");
	must_equal(unsetenv("VITRINE_KEY"), 0);
}

/* ---- creators that die or stop ------------------------------------------------------------- */

static void a_stopped_creator_is_named(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_CONSUMER, 2);
	struct actor creator = actor_start();
	struct vitrine_channel *channel;
	char pid[32];
	int status;

	(void)state;
	must_equal(actor_do(&creator, STOP_AFTER, T_BEGIN, 0), VITRINE_OK);
	actor_tell(&creator, OPEN, VITRINE_PRODUCER, 2);
	must_equal(waitpid(creator.pid, &status, WUNTRACED), creator.pid);
	must(WIFSTOPPED(status));
	remember_objects();
	options.patience_ns = 30 * MILLISECOND_NS;
	snprintf(pid, sizeof(pid), "process %d", creator.pid);
	open_must_fail(&options, VITRINE_EBUSY, pid);
	must_equal(kill(creator.pid, SIGCONT), 0);
	must(actor_hear(&creator, LIMIT_S * SECOND_NS, &status) && status == VITRINE_OK);
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	must_equal(actor_do(&creator, CLOSE, 0, 0), 0);
	actor_kill(&creator, SIGKILL);
	must_equal(vitrine_close(channel), 0);
}

/* A set that no process has begun is left alone while the patience lasts, then condemned. */
static void a_creator_that_never_began(void **state)
{
	struct vitrine_options options = usual_options(VITRINE_PRODUCER, 2);
	struct vitrine_channel *channel;
	uint64_t before = clock_ns();
	int dead = semset_create(test_key.value, semaphore_count(4), 0600);

	(void)state;
	options.patience_ns = 50 * MILLISECOND_NS;
	must_equal(vitrine_open(&channel, &options), VITRINE_OK);
	must(clock_ns() - before >= 50 * (uint64_t)MILLISECOND_NS);
	must(vitrine_info(channel)->semid != dead);
	must_equal(vitrine_info(channel)->slots, 2);
	must_equal(vitrine_close(channel), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(each_role_creates_and_retires),
		a_test(joins_what_is_there),
		a_test(the_last_one_out_leaves_what_waits),
		a_test(a_taken_image_waits_again),
		a_test(an_inspector_joins_nothing),
		a_test(impossible_options),
		a_test(largest_and_smallest),
		a_test(a_larger_slot_than_there_is),
		a_test(modes),
		a_test(two_names_with_one_hash),
		a_test(the_default_key),
		a_test(a_stopped_creator_is_named),
		a_test(a_creator_that_never_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
