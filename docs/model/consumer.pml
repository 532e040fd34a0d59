/*
 * consumer.pml - wait, take, read, release or requeue: the second half of common/ipc/channel.c. A part
 * of slots.pml.
 */
mtype = { WAIT, TAKE_LOOK, TAKE_CHOOSE, TAKE, TAKE_LIKELY, READING,
	RELEASE, RELEASE_LATEST };

#define UNFINISHED_BEFORE(j, i) (unfinished[j] && number[j] < number[i])

/* Under the mutex the numbers stand still: the oldest that is not known to be done is chosen. */
#define GUESS_TAKE(i)                                                                              \
	:: d_step {                                                                                \
		at == TAKE_LOOK && unfinished[i] && !ANY(UNFINISHED_BEFORE, i) ->             \
		slot = i; at = TAKE_LIKELY                                                         \
	}

#define RELEASE_AS(which, can, refused, do)                                                        \
	:: d_step {                                                                                \
		at == which ->                                                                     \
		if                                                                                 \
		:: can ->                                                                          \
			do;                                                                        \
			reading[slot] = 0; unfinished[slot] = 0; returned[slot] = 0;               \
			has_slot = 0;                                                              \
			wait_again()                                                               \
		:: refused -> at = READING                                                         \
		:: else -> assert(false)                                                           \
		fi;                                                                                \
		settle()                                                                           \
	}

inline wait_again()
{
	owes_nothing();
	slot = 0; found = 0;
	at = WAIT
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
		wait_again();
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
		wait_again();
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
	EACH(GUESS_TAKE)
	:: d_step {
		at == TAKE_LIKELY ->
		if
		:: can_take(slot) ->
			do_take(slot);
			assert(!reading[slot] && unfinished[slot]);
			EACH(NONE_IS_OLDER)
			has_lock = 0; locked--; expected--;
			has_slot = 1; reading[slot] = 1;
			at = READING
		:: refused_take(slot) -> slot = 0; at = TAKE_LOOK
		:: else -> assert(false)
		fi;
		settle()
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
		wait_again();
		settle()
	}
	:: d_step { at == READING && !stops -> at = RELEASE }
	:: d_step { at == READING && !stops -> at = RELEASE_LATEST }
	RELEASE_AS(RELEASE, can_release(slot), refused_release(slot), do_release(slot))
	RELEASE_AS(RELEASE_LATEST, can_release_latest(slot), refused_release_latest(slot),
		do_release_latest(slot))
	od
}
