/*
 * opening.pml - opening, leaving and retiring, as opening.c, creating.c and closing.c of common/ipc
 * do it: any start order, processes killed at any step, creators that are slow and not dead.
 *
 * The arrays (can_X, refused_X, do_X) come from arrays.pml, as in slots.pml; of a slot's life this
 * model knows only that images wait, are taken, and are done. Every d_step is one system call that
 * nobody can come between. Sets and segments have numbers that are never used again; 0 is none.
 *
 * docs/model/check defines PROGRAMS (they run as producer, consumer, mirror, producer …), KILLS,
 * SLOW (how often somebody's patience with a living creator ends), FAILURES (how often there is no
 * memory for a segment) and STRANGER (1: somebody runs ipcrm once, on the set or on the segment).
 */
#define N        2
#define SETS     10 /* more than are ever made: asserted */
#define PRODUCER 0
#define CONSUMER 1
#define MIRROR   2

#include "arrays.pml"

/* ---- what the kernel holds ------------------------------------------------------------------ */

byte set_under_key, sets_made;
bit set_exists[SETS], begun[SETS]; /* begun: sem_otime is not 0 */
byte sem_mutex[SETS], sem_empty[SETS], sem_full[SETS], sem_nothing[SETS], sem_alive[SETS];
byte members[3 * SETS]; /* the semaphores producers, consumers, mirrors of each set */

byte segment_under_key, segments_made;
bit segment_exists[SETS];
byte header_names[SETS]; /* the set that the segment's header names; 0: no header yet */

/* ---- what is true --------------------------------------------------------------------------- */

byte taken[SETS]; /* images being read, of each set */
bit creator_died[SETS];
byte unread; /* images published and not yet handed over */
byte kills, slow = SLOW, failures = FAILURES, finished;

/* What a removed set held is of no meaning to anybody: equal states are to be equal. */
inline forget_set(s)
{
	set_exists[s] = 0; begun[s] = 0; creator_died[s] = 0;
	sem_mutex[s] = 0; sem_empty[s] = 0; sem_full[s] = 0; sem_nothing[s] = 0; sem_alive[s] = 0;
	members[3 * s + PRODUCER] = 0; members[3 * s + CONSUMER] = 0; members[3 * s + MIRROR] = 0
}

inline remove_set(s)
{
	if
	:: set_exists[s] ->
		assert(STRANGER || sem_full[s] + taken[s] == 0); /* no image is lost */
		forget_set(s);
		if
		:: set_under_key == s -> set_under_key = 0
		:: else
		fi
	:: else
	fi
}

inline remove_segment(g)
{
	if
	:: segment_exists[g] ->
		assert(STRANGER || header_names[g] == 0 || !set_exists[header_names[g]] ||
			sem_full[header_names[g]] + taken[header_names[g]] == 0);
		segment_exists[g] = 0; header_names[g] = 0;
		if
		:: segment_under_key == g -> segment_under_key = 0
		:: else
		fi
	:: else
	fi
}

mtype = { CREATE, FIND, BEGIN, MAKE_SEGMENT, LOOK_AT_LEFTOVER, STILL_OURS, REMOVE_LEFTOVER, FILL_HEADER,
	ATTACH_AGAIN, INIT, WITHDRAW, GIVE_UP, GIVE_UP_CONDEMN, GIVE_UP_REMOVE, GIVEN_UP,
	WAIT_BEGUN, JOIN, CONDEMN, REMOVE_CONDEMNED, ATTACH, LOOK_AT_HEADER,
	INSIDE, READING, LEAVE_STRANDED, REMOVE_STRANDED, LEAVE, RETIRE, RETIRE_SET, RETIRE_SEGMENT,
	END };

/* The process has no undo value left in a set that it forgets, or the set is gone. */
inline start_over()
{
	assert(undo_role == 0 || !set_exists[set]);
	undo_role = 0; set = 0; segment = 0; leftover = 0;
	at = CREATE
}

/* The last one is started when all others have ended, and clears up: nothing may stay behind. */
proctype Program(byte role; bit last)
{
	mtype at = CREATE;
	byte set, segment, leftover;
	short undo_role;

	(!last || finished == PROGRAMS + STRANGER);
	do
	:: d_step { /* killed: the kernel adds the undo values, and the program is started again */
		!last && kills < KILLS && at != CREATE && at != END ->
		kills++;
		if
		:: set_exists[set] && set != 0 ->
			assert(members[3 * set + role] + undo_role >= 0);
			members[3 * set + role] = members[3 * set + role] + undo_role
		:: else
		fi;
		if
		:: at == READING ->
			taken[set] = taken[set] - 1;
			sem_full[set] = sem_full[set] + set_exists[set]
		:: else
		fi;
		if
		:: (at == BEGIN || at == GIVE_UP_CONDEMN) && set_exists[set] && !begun[set] ->
			creator_died[set] = 1
		:: else
		fi;
		undo_role = 0;
		start_over()
	}

	/* semget(IPC_CREAT | IPC_EXCL); EEXIST: semget */
	:: d_step {
		at == CREATE ->
		if
		:: set_under_key == 0 ->
			sets_made++;
			assert(sets_made < SETS);
			set = sets_made;
			set_under_key = set; set_exists[set] = 1;
			at = BEGIN
		:: else -> at = FIND
		fi
	}
	:: d_step { at == FIND -> set = set_under_key; at = (set == 0 -> CREATE : WAIT_BEGUN) }

	/* creating.c: begin, the segment, its header, init */
	:: d_step {
		at == BEGIN ->
		if
		:: set_exists[set] && can_begin(set, role) ->
			do_begin(set, role);
			begun[set] = 1;
			at = MAKE_SEGMENT
		:: set_exists[set] && !can_begin(set, role) ->
			assert(refused_begin(set, role));
			start_over()
		:: else -> start_over()
		fi
	}
	:: d_step { at == BEGIN && failures > 0 && !last -> failures--; at = GIVE_UP_CONDEMN }
	:: d_step {
		at == MAKE_SEGMENT ->
		if
		:: segment_under_key == 0 ->
			segments_made++;
			assert(segments_made < SETS);
			segment = segments_made;
			segment_under_key = segment; segment_exists[segment] = 1;
			at = FILL_HEADER
		:: else -> at = LOOK_AT_LEFTOVER
		fi
	}
	:: d_step { at == MAKE_SEGMENT && failures > 0 && !last -> failures--; at = GIVE_UP }
	:: d_step {
		at == LOOK_AT_LEFTOVER ->
		leftover = segment_under_key;
		at = (leftover == 0 -> MAKE_SEGMENT : STILL_OURS)
	}
	:: d_step { /* what was there while our set was, no successor of ours has made */
		at == STILL_OURS ->
		if
#ifndef FAULT_LEFTOVER_IS_ANYBODYS
		:: set_under_key != set -> start_over()
#endif
		:: else -> at = REMOVE_LEFTOVER
		fi
	}
	:: d_step {
		at == REMOVE_LEFTOVER ->
#ifdef FAULT_REMOVE_BY_KEY
		leftover = segment_under_key;
#endif
		remove_segment(leftover);
		leftover = 0;
		at = MAKE_SEGMENT
	}
	:: d_step {
		at == FILL_HEADER ->
		header_names[segment] = (segment_exists[segment] -> set : 0);
		at = (role == PRODUCER -> INIT : ATTACH_AGAIN)
	}
	:: d_step { /* only a producer keeps write access */
		at == ATTACH_AGAIN ->
		at = (segment_exists[segment] -> INIT : GIVE_UP)
	}
	:: d_step {
		at == INIT ->
		if
		:: set_exists[set] ->
			assert(can_init(set, role));
			do_init(set, role);
			at = INSIDE
		:: else -> at = GIVE_UP
		fi
	}
	/* no memory for the undo or the segment, or something was removed under us: give the set back */
	:: d_step {
		at == GIVE_UP ->
		if
#ifndef FAULT_STAYS_COUNTED
		:: set_exists[set] -> assert(can_leave(set, role)); do_leave(set, role)
#endif
		:: else -> undo_role = 0
		fi;
		at = GIVE_UP_CONDEMN
	}
	:: d_step {
		at == GIVE_UP_CONDEMN ->
		if
		:: set_exists[set] && can_condemn(set, role) ->
			do_condemn(set, role);
			begun[set] = 1;
			at = GIVE_UP_REMOVE
		:: else -> at = GIVEN_UP
		fi
	}
	:: d_step { at == GIVE_UP_REMOVE -> remove_set(set); at = GIVEN_UP }
	:: d_step { at == GIVEN_UP && segment == 0 -> at = END }
	:: d_step { at == GIVEN_UP && segment != 0 -> at = WITHDRAW }
	:: d_step { at == WITHDRAW -> remove_segment(segment); start_over() }

	/* opening.c: join what is there, or condemn what nobody makes */
	:: d_step { at == WAIT_BEGUN && !set_exists[set] -> start_over() }
	:: d_step { at == WAIT_BEGUN && set_exists[set] && begun[set] -> at = JOIN }
	:: d_step {
		at == WAIT_BEGUN && set_exists[set] && !begun[set] && (creator_died[set] || slow > 0) ->
		slow = (creator_died[set] -> slow : slow - 1);
		at = CONDEMN
	}
	:: d_step {
		at == JOIN ->
		if
		:: set_exists[set] && can_join(set, role) ->
			do_join(set, role);
			at = ATTACH
		:: set_exists[set] && !can_join(set, role) ->
			assert(refused_join(set, role));
			at = CONDEMN
		:: else -> start_over()
		fi
	}
	:: d_step {
		at == CONDEMN && (!set_exists[set] || sem_alive[set]) ->
		start_over() /* it was removed, or somebody has made it */
	}
	:: d_step {
		at == CONDEMN && set_exists[set] && !refused_condemn(set, role) ->
		assert(can_condemn(set, role));
		do_condemn(set, role);
		begun[set] = 1;
		at = REMOVE_CONDEMNED
	} /* else somebody is making it: look again later */
	:: d_step {
		at == REMOVE_CONDEMNED ->
#ifdef FAULT_REMOVE_BY_KEY
		set = set_under_key;
#endif
		remove_set(set);
		start_over()
	}
	:: d_step {
		at == ATTACH ->
		segment = segment_under_key;
		at = (segment == 0 -> LEAVE_STRANDED : LOOK_AT_HEADER)
	}
	:: d_step {
		at == LOOK_AT_HEADER ->
		at = (segment_exists[segment] && header_names[segment] == set ->
			INSIDE : LEAVE_STRANDED)
	}

	/* A set without its segment: no image of it can be read any more. */
	:: d_step {
		at == LEAVE_STRANDED ->
		if
		:: set_exists[set] -> assert(can_leave(set, role)); do_leave(set, role)
		:: else -> undo_role = 0
		fi;
		at = REMOVE_STRANDED
	}
	:: d_step { at == REMOVE_STRANDED -> remove_set(set); start_over() }

	/* inside: a producer publishes one image, a consumer takes all that wait */
	:: d_step { at == INSIDE && !set_exists[set] -> at = WITHDRAW }
#if STRANGER
	:: d_step {
		at == INSIDE && set_exists[set] && !segment_exists[segment] ->
		at = LEAVE_STRANDED
	}
#endif
	:: d_step {
		at == INSIDE && set_exists[set] ->
		assert(STRANGER || segment_exists[segment] && header_names[segment] == set);
		assert(sem_alive[set] == 1 && sem_mutex[set] == 1 && sem_empty[set] == N &&
			sem_nothing[set] == 1);
		if
		:: role == PRODUCER -> sem_full[set]++; unread++; at = LEAVE
		:: role == CONSUMER && sem_full[set] > 0 ->
			sem_full[set]--; taken[set]++;
			at = READING
		:: else -> at = LEAVE
		fi
	}
	:: d_step {
		at == READING ->
		taken[set] = taken[set] - 1;
		unread--;
		at = INSIDE
	}

	/* closing.c */
	:: d_step {
		at == LEAVE ->
		if
		:: set_exists[set] ->
			assert(can_leave(set, role));
			do_leave(set, role);
			at = RETIRE
		:: else -> undo_role = 0; at = RETIRE_SEGMENT /* nobody can use it any more */
		fi
	}
	:: d_step {
		at == RETIRE ->
		if
		:: set_exists[set] && can_retire(set, role) -> do_retire(set, role); at = RETIRE_SET
		:: set_exists[set] && !can_retire(set, role) ->
			assert(refused_retire(set, role));
			at = END
		:: else -> at = END
		fi
	}
	:: d_step { at == RETIRE_SET -> remove_set(set); at = RETIRE_SEGMENT }
	:: d_step { at == RETIRE_SEGMENT -> remove_segment(segment); at = END }
	:: d_step {
		at == END ->
		assert(undo_role == 0 || !set_exists[set]);
		assert(!last || STRANGER || unread == 0);
		assert(!last || (set_under_key == 0 && segment_under_key == 0));
		finished++
	};
		break
	od
}

#if STRANGER
proctype Stranger()
{
	if
	:: d_step { set_under_key != 0 -> forget_set(set_under_key); set_under_key = 0 }
	:: d_step {
		segment_under_key != 0 ->
		segment_exists[segment_under_key] = 0; header_names[segment_under_key] = 0;
		segment_under_key = 0
	}
	:: skip
	fi;
	finished++
}
#endif

/* Without it a killed process that starts anew would hide a deadlock. */
proctype Calm()
{
	d_step { kills = KILLS; slow = 0 }
}

init
{
	byte k;

	atomic {
		run Calm(); /* first: the search comes to it last */
		do :: k < PROGRAMS -> run Program(k % 3, 0); k++ :: else -> k = 0; break od;
		run Program(CONSUMER, 1);
#if STRANGER
		run Stranger()
#else
		skip
#endif
	}
}
