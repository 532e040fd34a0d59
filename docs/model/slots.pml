/*
 * slots.pml - the life of a slot, as common/ipc/channel.c and mirror.c live it: reserve, claim,
 * fill, publish or abandon; wait, take, release or requeue; and the optimistic read.
 *
 * The arrays (can_X, refused_X, do_X) come from arrays.pml, which docs/model/arrays.py makes of the
 * table in common/ipc/transitions.c. Every d_step is one thing that nobody can come between: one
 * semop, one GETALL, one write to the segment. A process may be killed before each of its steps,
 * any number of times, and starts anew; nobody stops publishing: there is no end to the images.
 *
 * docs/model/check defines N (slots), WAITING, DROPPING, CONSUMERS, STOPPED (how many of each) and
 * LOOKER (0 none, MIRROR_LOOKS or XRAY_LOOKS); FAULT_… plants a fault in the code instead of the table.
 */
#define MIRROR_LOOKS 1
#define XRAY_LOOKS   2
#define NONE         255

#if N == 2
#define EACH(f)     f(0) f(1)
#define SUM(f)      (f(0) + f(1))
#define RANK(i)     (OLDER(0, i) + OLDER(1, i))
#elif N == 3
#define EACH(f)     f(0) f(1) f(2)
#define SUM(f)      (f(0) + f(1) + f(2))
#define RANK(i)     (OLDER(0, i) + OLDER(1, i) + OLDER(2, i))
#elif N == 4
#define EACH(f)     f(0) f(1) f(2) f(3)
#define SUM(f)      (f(0) + f(1) + f(2) + f(3))
#define RANK(i)     (OLDER(0, i) + OLDER(1, i) + OLDER(2, i) + OLDER(3, i))
#endif

#include "arrays.pml"

/* ---- what the kernel and the segment hold --------------------------------------------------- */

byte sem_mutex = 1, sem_empty = N, sem_full, sem_nothing = 1;
byte sem_ready[N], sem_latest[N], sem_writer[N], sem_reader[N];
byte number[N]; /* the descriptors' sequence numbers */

/* ---- what is true, whatever the semaphores say ---------------------------------------------- */

byte reserved, locked, expected; /* reservations; who holds the mutex; takes that are certain */
bit filling[N], reading[N];      /* a living process does so */
bit unfinished[N];               /* published, and neither released nor dropped */
bit returned[N];                 /* handed out before, to one who died or gave it back */
bit calm;                        /* from now on nobody is killed */

#define is_free(i)      (!sem_ready[i] && !sem_latest[i] && !sem_writer[i] && !sem_reader[i])
#define is_waiting(i)   sem_ready[i]
#define is_latest(i)    sem_latest[i]
#define holds_image(i)  (sem_ready[i] || sem_latest[i] || sem_reader[i])
#define is_droppable(i) (sem_ready[i] && !sem_latest[i])

#define SLOT_IS_SOUND(i)                                                                           \
	assert(sem_ready[i] + sem_writer[i] + sem_reader[i] <= 1); /* one owner */                 \
	assert(sem_latest[i] + sem_writer[i] <= 1);                                                \
	assert(sem_writer[i] == filling[i]);                                                       \
	assert(sem_reader[i] == reading[i]);                                                       \
	assert(sem_ready[i] + sem_reader[i] == unfinished[i]); /* nothing is lost */

/*
 * There is no end to the numbers, so the model keeps their order alone: after each step the images
 * that exist are numbered 1, 2, 3 … anew. (A number that is written and not published yet stays.)
 */
hidden byte rank[N];
#define OLDER(j, i) (holds_image(j) && number[j] < number[i])
#define FIND_RANK(i)                                                                               \
	if                                                                                         \
	:: holds_image(i) -> rank[i] = 1 + RANK(i)                                                 \
	:: else -> rank[i] = (sem_writer[i] -> number[i] : 0)                                      \
	fi;
#define USE_RANK(i)                                                                                \
	number[i] = rank[i];                                                                       \
	rank[i] = 0;

/* Follows every change of semaphores, in the same step. */
inline settle()
{
	assert(sem_mutex + locked == 1);
	assert(sem_empty + reserved == SUM(is_free));
	assert(sem_full + expected == SUM(is_waiting));
	assert(sem_nothing + SUM(is_latest) == 1);
	EACH(SLOT_IS_SOUND)
	EACH(FIND_RANK)
	EACH(USE_RANK)
}

/* ---- being killed: the kernel adds the undo values ------------------------------------------ */

#define UNDO_VALUES                                                                                \
	short undo_mutex, undo_empty, undo_full;                                                   \
	short undo_ready[N], undo_writer[N], undo_reader[N]
#define UNDO(value, undo)                                                                          \
	assert(value + undo >= 0);                                                                 \
	value = value + undo;                                                                      \
	undo = 0;
#define UNDO_SLOT(i)                                                                               \
	UNDO(sem_ready[i], undo_ready[i])                                                          \
	UNDO(sem_writer[i], undo_writer[i])                                                        \
	UNDO(sem_reader[i], undo_reader[i])

inline take_back()
{
	UNDO(sem_mutex, undo_mutex)
	UNDO(sem_empty, undo_empty)
	UNDO(sem_full, undo_full)
	EACH(UNDO_SLOT)
}

/* ---- one who looks and takes nothing -------------------------------------------------------- */

/*
 * What a looker remembers of a number is not the number but what can become of it: ZERO; AHEAD, the
 * newest's plus one, not published (its producer is about to, or was killed, and then the number is
 * used again); PUBLISHED. `look_same` says whether the slot still shows the number that was read,
 * `fresh_…` whether what was read of the slot is still what is there.
 */
#if LOOKER
mtype = { ZERO, AHEAD, PUBLISHED };
mtype shows[N] = ZERO;
mtype look_number = ZERO;
byte look_slot = NONE;
bit look_same, fresh_pixels, fresh_descriptor;
bit mixed[N]; /* new pixels beside an old descriptor */

#define PUBLISHES(i)                                                                               \
	if                                                                                         \
	:: shows[i] == AHEAD -> shows[i] = PUBLISHED                                               \
	:: else                                                                                    \
	fi;
#endif

inline number_becomes_zero(i)
{
#if LOOKER
	shows[i] = ZERO;
	if
	:: look_slot == i -> look_same = 0
	:: else
	fi;
#endif
	skip
}

inline number_becomes_next(i)
{
#if LOOKER
	shows[i] = AHEAD;
	if
	:: look_slot == i -> look_same = (look_number == AHEAD)
	:: else
	fi;
#endif
	skip
}

inline number_is_published()
{
#if LOOKER
	EACH(PUBLISHES)
	if
	:: look_number == AHEAD -> look_number = PUBLISHED
	:: else
	fi;
#endif
	skip
}

inline pixels_change(i)
{
#if LOOKER
	mixed[i] = 1;
	if
	:: look_slot == i -> fresh_pixels = 0
	:: else
	fi;
#endif
	skip
}

inline descriptor_changes(i)
{
#if LOOKER
	mixed[i] = 0;
	if
	:: look_slot == i -> fresh_descriptor = 0
	:: else
	fi;
#endif
	skip
}

/* ---- producers ------------------------------------------------------------------------------ */

mtype = { RESERVE, PICK, CLAIM, ZERO_NUMBER, FILL, FILLED, FIND_LATEST, DESCRIBE, NUMBER, PUBLISH,
	STEAL_LOCK, STEAL_LOOK, STEAL_CHOOSE, STEAL, STEAL_LATE, STEAL_NOTHING };
mtype = { NO_VARIANT, FIRST, OVER_DONE, OVER_WAITING, OVER_READING };

/* Before every write into a slot: it is ours, and nobody has anything of it. */
#define MAY_WRITE(i)                                                                               \
	assert(undo_writer[i] == -1 && sem_writer[i] == 1 && !sem_ready[i] && !sem_latest[i] &&    \
		!sem_reader[i] && !unfinished[i] && !reading[i])

/* One variant of publish. EAGAIN: a consumer was quicker, look again; none of them may sleep. */
#define PUBLISH_AS(which, can, refused, do)                                                        \
	:: d_step {                                                                                \
		at == PUBLISH && variant == which ->                                               \
		if                                                                                 \
		:: can ->                                                                          \
			do;                                                                        \
			assert(slot != latest);                                                    \
			filling[slot] = 0; unfinished[slot] = 1; returned[slot] = 0;               \
			has_slot = 0; has_lock = 0; locked--;                                      \
			number_is_published();                                                     \
			rest()                                                                     \
		:: refused -> latest = NONE; variant = NO_VARIANT; at = FIND_LATEST                \
		:: else -> assert(false)                                                           \
		fi;                                                                                \
		settle()                                                                           \
	}

#define PICK_SLOT(i)                                                                               \
	:: d_step { at == PICK && is_free(i) -> slot = i; at = CLAIM }
#define FIND_LATEST_SLOT(i)                                                                        \
	if                                                                                         \
	:: sem_latest[i] -> latest = i                                                             \
	:: else                                                                                    \
	fi;
#define BIT_IF_DROPPABLE(i) (is_droppable(i) -> 1 << i : 0)
#define BIT_IF_WAITING(i)   (is_waiting(i) -> 1 << i : 0)
#define OLDEST(i)                                                                                  \
	if                                                                                         \
	:: (found & (1 << i)) && (slot == NONE || number[i] < number[slot]) -> slot = i            \
	:: else                                                                                    \
	fi;

/* An image leaves the queue in order, save that one which came back may overtake. */
#define NONE_IS_OLDER(i)                                                                           \
	assert(i == slot || !sem_ready[i] || returned[i] || number[i] > number[slot]);
#define NONE_DROPPABLE_IS_OLDER(i)                                                                 \
	assert(i == slot || !is_droppable(i) || returned[i] || number[i] > number[slot]);

inline rest()
{
	slot = 0; latest = NONE; variant = NO_VARIANT; found = 0;
	at = RESERVE
}

proctype Producer(bit drops)
{
	mtype at = RESERVE, variant = NO_VARIANT;
	byte slot, latest = NONE, found;
	bit has_reservation, has_slot, has_lock;
	UNDO_VALUES;

	do
	:: d_step { /* killed */
		!calm ->
		take_back();
		reserved = reserved - has_reservation;
		locked = locked - has_lock;
		if
		:: has_slot -> filling[slot] = 0
		:: else
		fi;
		has_reservation = 0; has_slot = 0; has_lock = 0;
		rest();
		settle()
	}

	:: d_step {
		at == RESERVE && can_reserve ->
		do_reserve;
		has_reservation = 1; reserved++;
		at = PICK;
		settle()
	}
	:: d_step { at == RESERVE && drops && !can_reserve -> at = STEAL_LOCK }

	EACH(PICK_SLOT)
	:: d_step { at == PICK && SUM(is_free) == 0 -> assert(false) }
	:: d_step {
		at == CLAIM ->
		if
		:: can_claim(slot) ->
			do_claim(slot);
			has_reservation = 0; reserved--;
			has_slot = 1; filling[slot] = 1;
			at = ZERO_NUMBER
		:: refused_claim(slot) -> slot = 0; at = PICK
		:: else -> assert(false)
		fi;
		settle()
	}

	:: d_step {
		at == ZERO_NUMBER ->
		MAY_WRITE(slot);
#ifndef FAULT_NUMBER_STAYS
		number[slot] = 0;
		number_becomes_zero(slot);
#endif
		returned[slot] = 0;
		at = FILL
	}
	:: d_step { at == FILL -> MAY_WRITE(slot); pixels_change(slot); at = FILLED }

	:: d_step {
		at == FILLED ->
		if
		:: can_abandon(slot) -> do_abandon(slot)
		:: else -> assert(false)
		fi;
		filling[slot] = 0; has_slot = 0;
		rest();
		settle()
	}
#ifdef FAULT_NUMBER_BEFORE_LOCK
	:: d_step {
		at == FILLED ->
		EACH(FIND_LATEST_SLOT)
		number[slot] = (latest == NONE -> 1 : number[latest] + 1);
		latest = NONE;
		number_becomes_next(slot);
		at = STEAL_NOTHING /* of no other use to one who has a slot */
	}
	:: d_step {
		at == STEAL_NOTHING && has_slot && can_lock ->
#else
	:: d_step {
		at == FILLED && can_lock ->
#endif
		do_lock;
		has_lock = 1; locked++;
		at = FIND_LATEST;
		settle()
	}
	:: d_step {
		at == FIND_LATEST ->
		EACH(FIND_LATEST_SLOT)
		if
		:: latest == NONE -> variant = FIRST
		:: latest != NONE ->
			if
			:: sem_ready[latest] -> variant = OVER_WAITING
			:: !sem_ready[latest] && sem_reader[latest] -> variant = OVER_READING
			:: else -> variant = OVER_DONE
			fi
		fi;
		at = DESCRIBE
	}
	:: d_step { /* the call failed: give the mutex back, keep the slot */
		at == FIND_LATEST && can_unlock ->
		do_unlock;
		has_lock = 0; locked--;
		at = FILLED;
		settle()
	}
	:: d_step { at == DESCRIBE -> MAY_WRITE(slot); descriptor_changes(slot); at = NUMBER }
	:: d_step {
		at == NUMBER ->
		MAY_WRITE(slot);
#ifndef FAULT_NUMBER_BEFORE_LOCK
		number[slot] = (latest == NONE -> 1 : number[latest] + 1);
		number_becomes_next(slot);
#endif
		at = PUBLISH
	}
	PUBLISH_AS(FIRST, can_publish_first(slot), refused_publish_first(slot), do_publish_first(slot))
	PUBLISH_AS(OVER_DONE, can_publish_over_done(slot, latest),
		refused_publish_over_done(slot, latest), do_publish_over_done(slot, latest))
	PUBLISH_AS(OVER_WAITING, can_publish_over_waiting(slot, latest),
		refused_publish_over_waiting(slot, latest), do_publish_over_waiting(slot, latest))
	PUBLISH_AS(OVER_READING, can_publish_over_reading(slot, latest),
		refused_publish_over_reading(slot, latest), do_publish_over_reading(slot, latest))

	/* drop-oldest, when the buffer is full */
	:: d_step {
		at == STEAL_LOCK && can_lock ->
		do_lock;
		has_lock = 1; locked++;
		at = STEAL_LOOK;
		settle()
	}
	:: d_step {
		at == STEAL_LOOK ->
		found = SUM(BIT_IF_DROPPABLE);
		at = (found == 0 -> STEAL_NOTHING : STEAL_CHOOSE)
	}
	:: d_step {
		at == STEAL_CHOOSE ->
		slot = NONE;
		EACH(OLDEST)
		assert(slot != NONE);
		found = 0;
		at = STEAL
	}
	:: d_step {
		at == STEAL ->
		if
		:: can_steal(slot) ->
			assert(unfinished[slot] && sem_empty == 0);
			do_steal(slot);
			EACH(NONE_DROPPABLE_IS_OLDER)
			unfinished[slot] = 0;
			has_lock = 0; locked--;
			has_slot = 1; filling[slot] = 1;
			at = ZERO_NUMBER
		:: refused_steal(slot) -> assert(sem_empty > 0); slot = 0; at = STEAL_LATE
		:: else -> assert(false)
		fi;
		settle()
	}
	:: d_step {
		at == STEAL_LATE ->
		if
		:: can_steal_reserve ->
			do_steal_reserve;
			has_lock = 0; locked--;
			has_reservation = 1; reserved++;
			at = PICK
		:: refused_steal_reserve -> at = STEAL_LOOK
		:: else -> assert(false)
		fi;
		settle()
	}
	:: d_step {
		at == STEAL_NOTHING && has_lock ->
		if
		:: can_steal_nothing ->
			assert(sem_empty == 0);
			do_steal_nothing;
			has_lock = 0; locked--;
			rest()
		:: refused_steal_nothing -> at = STEAL_LATE
		:: else -> assert(false)
		fi;
		settle()
	}
	od
}

/* ---- consumers ------------------------------------------------------------------------------ */

mtype = { WAIT, TAKE_LOOK, TAKE_CHOOSE, TAKE, READING, RELEASE, RELEASE_LATEST };

#define RELEASE_AS(which, can, refused, do)                                                        \
	:: d_step {                                                                                \
		at == which ->                                                                     \
		if                                                                                 \
		:: can ->                                                                          \
			do;                                                                        \
			reading[slot] = 0; unfinished[slot] = 0; returned[slot] = 0;               \
			has_slot = 0;                                                              \
			slot = 0; at = WAIT                                                        \
		:: refused -> at = READING                                                         \
		:: else -> assert(false)                                                           \
		fi;                                                                                \
		settle()                                                                           \
	}

/* One that `stops` never goes on once it has taken an image (SIGSTOP). */
proctype Consumer(bit stops)
{
	mtype at = WAIT;
	byte slot, found;
	bit has_lock, has_slot;
	UNDO_VALUES;

	do
	:: d_step { /* killed */
		!calm ->
		take_back();
		locked = locked - has_lock;
		expected = expected - has_lock;
		if
		:: has_slot -> reading[slot] = 0; returned[slot] = 1
		:: else
		fi;
		has_lock = 0; has_slot = 0;
		slot = 0; found = 0;
		at = WAIT;
		settle()
	}

	:: d_step {
		at == WAIT && can_wait_and_lock ->
		do_wait_and_lock;
		has_lock = 1; locked++; expected++;
		at = TAKE_LOOK;
		settle()
	}
	:: d_step {
		at == TAKE_LOOK ->
		found = SUM(BIT_IF_WAITING);
		assert(found != 0); /* full was not 0 */
		at = TAKE_CHOOSE
	}
	:: d_step { /* the call failed: give everything back */
		at == TAKE_LOOK && can_unwait ->
		do_unwait;
		has_lock = 0; locked--; expected--;
		at = WAIT;
		settle()
	}
	:: d_step {
		at == TAKE_CHOOSE ->
		slot = NONE;
#ifdef FAULT_TAKE_NEWEST
#define NEWEST(i)                                                                                  \
	if                                                                                         \
	:: (found & (1 << i)) && (slot == NONE || number[i] > number[slot]) -> slot = i            \
	:: else                                                                                    \
	fi;
		EACH(NEWEST)
#else
		EACH(OLDEST)
#endif
		found = 0;
		at = TAKE
	}
	:: d_step {
		at == TAKE ->
		if
		:: can_take(slot) -> do_take(slot)
		:: else -> assert(false)
		fi;
		assert(!reading[slot] && unfinished[slot]);
		EACH(NONE_IS_OLDER)
		has_lock = 0; locked--; expected--;
		has_slot = 1; reading[slot] = 1;
		at = READING;
		settle()
	}
	:: d_step {
		at == READING && !stops ->
		if
		:: can_requeue(slot) -> do_requeue(slot)
		:: else -> assert(false)
		fi;
		reading[slot] = 0; returned[slot] = 1;
		has_slot = 0;
		slot = 0; at = WAIT;
		settle()
	}
	:: d_step {
		at == READING && !stops ->
		at = (sem_latest[slot] -> RELEASE_LATEST : RELEASE)
	}
	RELEASE_AS(RELEASE, can_release(slot), refused_release(slot), do_release(slot))
	RELEASE_AS(RELEASE_LATEST, can_release_latest(slot), refused_release_latest(slot),
		do_release_latest(slot))
	od
}

/* ---- mirrors and the X-ray ------------------------------------------------------------------ */

#if LOOKER
mtype = { CHOOSE, READ_NUMBER, CONFIRM, READ_DESCRIPTOR, CHECK_DESCRIPTOR, READ_PIXELS,
	CHECK_PIXELS };

#if LOOKER == MIRROR_LOOKS
#define looks_at(i) is_latest(i)
#else
#define looks_at(i) holds_image(i)
#endif
#define CHOOSE_SLOT(i)                                                                             \
	:: d_step { at == CHOOSE && looks_at(i) -> look_slot = i; at = READ_NUMBER }

inline look_elsewhere()
{
	look_slot = NONE; look_number = ZERO;
	look_same = 0; fresh_pixels = 0; fresh_descriptor = 0;
	at = CHOOSE
}

/* It is killed, stopped or slow at any moment: it changes nothing, so nobody can tell. */
proctype Looker()
{
	mtype at = CHOOSE;

	do
	EACH(CHOOSE_SLOT)
	:: d_step {
		at == READ_NUMBER ->
		look_number = shows[look_slot];
		look_same = 1;
		if
		:: look_number == ZERO -> look_elsewhere()
		:: else -> at = CONFIRM
		fi
	}
	:: d_step {
		at == CONFIRM ->
#ifdef FAULT_NO_SECOND_LOOK
		at = READ_DESCRIPTOR
#else
		if
		:: looks_at(look_slot) -> at = READ_DESCRIPTOR
		:: else -> look_elsewhere()
		fi
#endif
	}
	:: d_step { at == READ_DESCRIPTOR -> fresh_descriptor = 1; at = CHECK_DESCRIPTOR }
	:: d_step {
		at == CHECK_DESCRIPTOR ->
		if
		:: look_same ->
			assert(fresh_descriptor && look_number == PUBLISHED);
			at = READ_PIXELS
		:: else -> look_elsewhere()
		fi
	}
	:: d_step { at == READ_PIXELS -> fresh_pixels = 1; at = CHECK_PIXELS }
	:: d_step { /* presented: it is whole, of one image, and that was published */
		at == CHECK_PIXELS ->
		assert(!look_same || (fresh_pixels && fresh_descriptor && !mixed[look_slot] &&
			look_number == PUBLISHED));
		look_elsewhere()
	}
	od
}
#endif

/* Without it a killed process that starts anew would hide a deadlock. */
proctype Calm()
{
	calm = 1
}

init
{
	byte k;

	atomic {
		run Calm(); /* first: the search comes to it last, so that faults are found sooner */
		do :: k < WAITING -> run Producer(0); k++ :: else -> k = 0; break od;
		do :: k < DROPPING -> run Producer(1); k++ :: else -> k = 0; break od;
		do :: k < CONSUMERS -> run Consumer(0); k++ :: else -> k = 0; break od;
		do :: k < STOPPED -> run Consumer(1); k++ :: else -> k = 0; break od;
#if LOOKER
		run Looker()
#else
		skip
#endif
	}
}
