/*
 * torture_lives.c - see torture.h: the second act. Several programs at once open the channel,
 * publish or take, look, and close; they are killed and stopped at random. None stays, so the
 * channel is created, retired, left half-made and condemned all the time, and sometimes a process
 * removes its set, its segment, or both, as ipcrm would. Every image in a channel that was not
 * removed must be found by the last program; and in the end nothing is left.
 */
#include "torture.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "segment.h"
#include "semset.h"

enum { AT_ONCE = 5, SLOTS = 3, SIZE = 64 };

/* The state of one program. */
struct life {
	struct vitrine_channel *channel;
	uint64_t random;
	uint64_t events, die_at;
	uint64_t publishing, releasing; /* ids */
};

static bool was_removed(int semid)
{
	for (unsigned i = 0; i < atomic_load(&ledger->removed); i++)
		if (atomic_load(&ledger->removed_sets[i]) == semid)
			return true;
	return false;
}

/*
 * True if the call succeeded or failed for a permitted reason: another process removed the channel,
 * or it was retired under an inspector, which is not counted.
 */
static bool is_well(struct life *life, const char *what, int rc)
{
	bool may_go = atomic_load(&ledger->removed) > 0 ||
		      vitrine_info(life->channel)->role == VITRINE_INSPECTOR;

	if (rc == VITRINE_EREMOVED && may_go)
		atomic_fetch_add(&book->found_removed, 1);
	else if (rc != VITRINE_OK)
		fault("%s gave %d: %s", what, rc, vitrine_message(life->channel));
	return rc == VITRINE_OK;
}

static void observe(const struct vitrine_event *event, void *data)
{
	struct life *life = data;
	bool done = !event->before && event->result == 0;

	if (strcmp(event->name, "publish") == 0 && done)
		write_fate(life->publishing, PUBLISHED, 0);
	if (strcmp(event->name, "release") == 0 && event->before)
		write_fate(life->releasing, MAYBE_DONE, 0);
	if (strcmp(event->name, "release") == 0 && done)
		write_fate(life->releasing, DONE, 0);
	if (++life->events == life->die_at)
		raise(SIGKILL);
}

/* ---- what a life is made of ---------------------------------------------------------------- */

static void publish(struct life *life)
{
	struct vitrine_claim claim;
	struct vitrine_image image;
	char name[24];
	int rc = vitrine_claim(life->channel, SIZE, VITRINE_FAIL, 0, &claim);

	if (rc == VITRINE_EFULL || !is_well(life, "claim", rc))
		return;
	life->publishing = atomic_fetch_add(&book->ids, 1) + 1;
	atomic_store(&ledger->home_of[life->publishing], vitrine_info(life->channel)->semid);
	snprintf(name, sizeof(name), "%llu", (unsigned long long)life->publishing);
	vitrine_file(&image, name, SIZE, NULL);
	pattern_fill(claim.data, SIZE, life->publishing);
	do
		rc = vitrine_publish(life->channel, &claim, &image, VITRINE_FOREVER);
	while (rc == VITRINE_EINTR);
	if (is_well(life, "publish", rc))
		atomic_fetch_add(&book->published, 1);
}

static void take(struct life *life)
{
	struct vitrine_image image;
	uint64_t id;
	int rc = vitrine_take(life->channel, 0, &image);
	bool requeues = random_next(&life->random) % 4 == 0;

	if (rc == VITRINE_ETIMEDOUT || !is_well(life, "take", rc))
		return;
	atomic_fetch_add(&book->taken, 1);
	if (!image_is_true(&image, &id) || id >= IMAGES_MAX) {
		fault("image number %llu is torn", (unsigned long long)image.sequence);
		return;
	}
	if (atomic_load(&ledger->fate_of[id]) & DONE)
		fault("image number %llu was handed out after its release",
			(unsigned long long)image.sequence);
	life->releasing = id;
	rc = (requeues ? vitrine_requeue : vitrine_release)(life->channel, &image);
	if (is_well(life, "release", rc))
		atomic_fetch_add(requeues ? &book->requeued : &book->released, 1);
}

static void look(struct life *life)
{
	struct vitrine_snapshot snapshot;
	struct vitrine_image image;
	uint64_t id;
	int rc = vitrine_inspect(life->channel, &snapshot);

	if (!is_well(life, "inspect", rc))
		return;
	rc = vitrine_latest(life->channel, &image);
	if (rc == VITRINE_ENONE || !is_well(life, "latest", rc))
		return;
	if (!image_is_true(&image, &id) && vitrine_unchanged(life->channel, &image))
		fault("image number %llu was shown torn", (unsigned long long)image.sequence);
	atomic_fetch_add(&book->inspected, 1);
}

/* Removes the set, the segment or both, as ipcrm would; records that before. */
static void be_a_stranger(struct life *life)
{
	unsigned which = 1 + (unsigned)(random_next(&life->random) % 3);
	unsigned at = atomic_fetch_add(&ledger->removed, 1);

	if (at >= REMOVED_MAX) {
		atomic_fetch_sub(&ledger->removed, 1);
		return;
	}
	atomic_store(&ledger->removed_sets[at], vitrine_info(life->channel)->semid);
	if (which & 1)
		semset_remove(vitrine_info(life->channel)->semid);
	if (which & 2)
		segment_remove(vitrine_info(life->channel)->shmid);
	atomic_fetch_add(&book->removed, 1);
}

/* Opens the channel; tries again if another process is slow or has removed it. */
static bool enter(struct life *life, enum vitrine_role role)
{
	struct vitrine_options options = usual_options(role, SLOTS);
	int rc;

	options.observer = observe;
	options.observer_data = life;
	options.patience_ns = 100 * MILLISECOND_NS;
	for (;;) {
		rc = vitrine_open(&life->channel, &options);
		if (rc != VITRINE_EBUSY && rc != VITRINE_EINTR &&
			!(rc == VITRINE_EREMOVED && atomic_load(&ledger->removed) > 0))
			break;
		atomic_fetch_add(&book->found_busy, rc == VITRINE_EBUSY);
		vitrine_close(life->channel);
	}
	if (rc == VITRINE_ENONE && role == VITRINE_INSPECTOR)
		return false;
	if (rc != VITRINE_OK) {
		fault("open gave %d: %s", rc, vitrine_message(life->channel));
		return false;
	}
	atomic_fetch_add(&book->opened, 1);
	atomic_fetch_add(&book->created, vitrine_info(life->channel)->created);
	return true;
}

static void live(struct life *life)
{
	enum vitrine_role role = (enum vitrine_role)(random_next(&life->random) % 3);
	uint64_t acts = random_next(&life->random) % 4;

	if (random_next(&life->random) % 12 == 0)
		role = VITRINE_INSPECTOR;
	if (!enter(life, role)) {
		vitrine_close(life->channel);
		return;
	}
	if (role == VITRINE_INSPECTOR && random_next(&life->random) % 3 == 0)
		be_a_stranger(life);
	for (; acts > 0; acts--)
		switch (role) {
		case VITRINE_PRODUCER: publish(life); break;
		case VITRINE_CONSUMER: take(life); break;
		case VITRINE_MIRROR:
		case VITRINE_INSPECTOR: look(life); break;
		}
	vitrine_close(life->channel);
}

/* ---- the master ---------------------------------------------------------------------------- */

static pid_t begin_life(struct torture *torture)
{
	uint64_t *chance = &torture->chance;
	struct life life = {.random = random_next(chance)};
	pid_t parent = getpid(), pid;

	if (random_next(chance) % 2 == 0)
		life.die_at = 1 + random_next(chance) % 24;
	pid = fork();
	must(pid >= 0);
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpriority(PRIO_PROCESS, 0, torture->priority);
	alarm(2 * LIMIT_S);
	if (getppid() == parent)
		live(&life);
	_exit(0);
}

/* Kills or stops the process at a random moment of its first two milliseconds. */
static void torment(struct torture *torture, pid_t pid)
{
	uint64_t what = random_next(&torture->chance) % 8, since_ns;

	if (what > 2)
		return;
	poll(NULL, 0, (int)(random_next(&torture->chance) % 2));
	if (what < 2) {
		kill(pid, SIGKILL);
		return;
	}
	since_ns = clock_ns();
	kill(pid, SIGSTOP);
	poll(NULL, 0, (int)(random_next(&torture->chance) % 30));
	kill(pid, SIGCONT);
	torture_count_stop(torture, clock_ns() - since_ns);
}

/* Waits for one process. True if it was killed. */
static bool bury_one(void)
{
	int status;

	must(wait(&status) > 0);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	if (status != 0)
		fault("a program ended by itself, status 0x%x", status);
	return false;
}

static void run(struct torture *torture, unsigned long until)
{
	unsigned living = 0;

	while (torture->kills + torture->suicides < until && torture_goes_on(torture) &&
		atomic_load(&book->ids) < IMAGES_MAX - PLACES_MAX) {
		for (; living < AT_ONCE; living++) {
			torment(torture, begin_life(torture));
			torture->lives++;
		}
		torture->kills += bury_one();
		living--;
	}
	for (; living > 0; living--)
		torture->kills += bury_one();
}

/* Checks that the last program finds every image that was published and not yet released. */
static void account(struct torture *torture)
{
	struct life life = {.random = 1};

	if (!enter(&life, VITRINE_CONSUMER)) {
		vitrine_close(life.channel);
		return;
	}
	if (!is_at_rest(life.channel))
		fault("the values are not at rest");
	while (value_of(life.channel, SEM_FULL) > 0 && book->faults == 0)
		take(&life);
	vitrine_close(life.channel);
	for (uint64_t id = 1; id <= book->ids; id++)
		if (ledger->fate_of[id] == PUBLISHED && !was_removed(ledger->home_of[id]) &&
			torture->lost++ == 0)
			fault("image %llu is lost", (unsigned long long)id);
}

bool torture_lives(struct torture *torture, unsigned long kills)
{
	open_ledger();
	new_test_key();
	run(torture, torture->kills + torture->suicides + kills);
	account(torture);
	if (!objects_are_gone())
		fault("objects were left behind");
	return torture_goes_on(torture);
}
