/* scene.c - the situations of scene.h. Each leaves no other slot in the channel to claim. */
#include "scene.h"
#include "scene_play.h"

/* ---- what the director does himself -------------------------------------------------------- */

static void publish(struct scene *scene)
{
	publish_image(scene->producer, ++scene->published);
}

static void take(struct scene *scene)
{
	scene->image = take_image(scene->consumer);
	scene->taken = true;
}

static void publish_and_finish(struct scene *scene)
{
	struct vitrine_image image;

	publish(scene);
	image = take_image(scene->consumer);
	must_equal(vitrine_release(scene->consumer, &image), VITRINE_OK);
}

static void claim(struct scene *scene)
{
	must_equal(vitrine_claim(scene->producer, 64, VITRINE_FAIL, 0, &scene->claim), VITRINE_OK);
	scene->claimed = true;
}

/* ---- what the holder does ------------------------------------------------------------------ */

static void holder(struct scene *scene, enum command command, int a)
{
	must_equal(actor_do(&scene->holder, command, a, -1), VITRINE_OK);
}

/* The holder executes `command` and hangs just before `transition`. */
static void holder_hangs(struct scene *scene, enum transition transition, enum command command,
	int a)
{
	holder(scene, HANG_BEFORE, (int)transition);
	must_equal(actor_do(&scene->holder, command, a, -1), HANGING);
}

/* ---- a claimed slot ------------------------------------------------------------------------ */

void claimed_first(struct scene *scene)
{
	holder(scene, CLAIM, VITRINE_FAIL);
}

void claimed_over_done(struct scene *scene)
{
	publish_and_finish(scene);
	holder(scene, CLAIM, VITRINE_FAIL);
}

void claimed_over_waiting(struct scene *scene)
{
	publish(scene);
	holder(scene, CLAIM, VITRINE_FAIL);
}

void claimed_over_reading(struct scene *scene)
{
	publish(scene);
	take(scene);
	holder(scene, CLAIM, VITRINE_FAIL);
}

void reserved(struct scene *scene)
{
	publish_and_finish(scene);
	holder_hangs(scene, T_CLAIM, CLAIM, VITRINE_FAIL);
}

/* With a separate array. */
void merely_reserved(struct scene *scene)
{
	publish_and_finish(scene);
	holder(scene, TRANSIT, T_RESERVE);
}

/* Reserves and claims in one array: the slot that the holder has just used. */
void claimed_in_a_hurry(struct scene *scene)
{
	claimed_over_done(scene);
	holder(scene, ABANDON, 0);
	holder(scene, HURRY, 0);
	holder(scene, CLAIM, VITRINE_FAIL);
}

void stolen(struct scene *scene)
{
	publish(scene);
	publish(scene);
	holder(scene, CLAIM, VITRINE_DROP_OLDEST);
}

/* The holder sleeps on the mutex, in publish. */
void claimed_and_asleep(struct scene *scene)
{
	claimed_over_done(scene);
	must_equal(do_transition(scene->mirror, T_LOCK, 0), 0);
	scene->locked = true;
	actor_tell(&scene->holder, PUBLISH, 0, 0);
	await_sleepers(scene->mirror->info.semid, SEM_MUTEX, false, 1);
}

/* ---- the mutex ----------------------------------------------------------------------------- */

void in_publish_over_done(struct scene *scene)
{
	claimed_over_done(scene);
	holder_hangs(scene, T_PUBLISH_FIRST, PUBLISH, 0);
}

void in_publish_over_waiting(struct scene *scene)
{
	claimed_over_waiting(scene);
	holder_hangs(scene, T_PUBLISH_FIRST, PUBLISH, 0);
}

/* The holder is taking one of two waiting images. */
void in_take(struct scene *scene)
{
	publish(scene);
	publish(scene);
	holder_hangs(scene, T_TAKE, TAKE, 0);
}

/* The holder is taking the only waiting image. */
void in_last_take(struct scene *scene)
{
	publish(scene);
	holder_hangs(scene, T_TAKE, TAKE, 0);
}

void in_steal(struct scene *scene)
{
	publish(scene);
	publish(scene);
	holder_hangs(scene, T_STEAL, CLAIM, VITRINE_DROP_OLDEST);
}

/* Nothing may be dropped: one slot is the newest, the other one is claimed. */
void in_vain_steal(struct scene *scene)
{
	publish(scene);
	claim(scene);
	holder_hangs(scene, T_STEAL_NOTHING, CLAIM, VITRINE_DROP_OLDEST);
}

/* As before, but the other slot is being read, so it may become free. */
void in_late_steal(struct scene *scene)
{
	publish(scene);
	publish(scene);
	take(scene);
	holder_hangs(scene, T_STEAL_NOTHING, CLAIM, VITRINE_DROP_OLDEST);
}

void locked(struct scene *scene)
{
	publish(scene);
	claim(scene);
	holder(scene, TRANSIT, T_LOCK);
}

/* ---- a taken slot -------------------------------------------------------------------------- */

void taken_old(struct scene *scene)
{
	publish(scene);
	publish(scene);
	holder(scene, TAKE, 0);
}

void taken_only(struct scene *scene)
{
	publish(scene);
	holder(scene, TAKE, 0);
}

void waited_for(struct scene *scene)
{
	publish(scene);
	holder(scene, TRANSIT, T_WAIT_AND_LOCK);
}

void waited_for_one_of_two(struct scene *scene)
{
	publish(scene);
	publish(scene);
	holder(scene, TRANSIT, T_WAIT_AND_LOCK);
}
