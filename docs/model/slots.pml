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
#define ANY(f, i)   (f(0, i) || f(1, i))
#elif N == 3
#define EACH(f)     f(0) f(1) f(2)
#define SUM(f)      (f(0) + f(1) + f(2))
#define RANK(i)     (OLDER(0, i) + OLDER(1, i) + OLDER(2, i))
#define ANY(f, i)   (f(0, i) || f(1, i) || f(2, i))
#elif N == 4
#define EACH(f)     f(0) f(1) f(2) f(3)
#define SUM(f)      (f(0) + f(1) + f(2) + f(3))
#define RANK(i)     (OLDER(0, i) + OLDER(1, i) + OLDER(2, i) + OLDER(3, i))
#define ANY(f, i)   (f(0, i) || f(1, i) || f(2, i) || f(3, i))
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

/* One who holds nothing has nothing to give back: a rest would grow until semop gives ERANGE. */
#define NO_UNDO(i) assert(!undo_ready[i] && !undo_writer[i] && !undo_reader[i]);

inline owes_nothing()
{
	assert(!undo_mutex && !undo_empty && !undo_full);
	EACH(NO_UNDO)
}

#include "looker.pml"
#include "producer.pml"
#include "consumer.pml"

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
