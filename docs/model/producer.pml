/*
 * producer.pml - reserve, claim, fill, publish or abandon; and drop-oldest's steal: the first half of
 * common/ipc/channel.c. A part of slots.pml.
 */
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

/* Which slot is the newest is certain, what has become of its image is guessed. */
#define GUESS_PUBLISH(which)                                                                       \
	:: d_step {                                                                                \
		at == FIND_LATEST && !sem_nothing ->                                               \
		EACH(FIND_LATEST_SLOT)                                                             \
		variant = which;                                                                   \
		at = DESCRIBE                                                                      \
	}

/* A likely slot, whichever that is: reserved and claimed in one, or nothing has happened. */
#define CLAIM_AT_ONCE(i)                                                                           \
	:: d_step {                                                                                \
		at == RESERVE && !(refused_claim_at_once(i)) ->                                    \
		if                                                                                 \
		:: can_claim_at_once(i) ->                                                         \
			do_claim_at_once(i);                                                       \
			slot = i; has_slot = 1; filling[i] = 1;                                    \
			at = ZERO_NUMBER                                                           \
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
	owes_nothing();
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

	EACH(CLAIM_AT_ONCE)

	EACH(PICK_SLOT)
	:: d_step { at == PICK && SUM(is_free) == 0 -> assert(false) }
	:: d_step { /* the call failed: give the reservation back */
		at == PICK ->
		if
		:: can_unreserve -> do_unreserve
		:: else -> assert(false)
		fi;
		has_reservation = 0; reserved--;
		rest();
		settle()
	}
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
	GUESS_PUBLISH(OVER_DONE)
	GUESS_PUBLISH(OVER_WAITING)
	GUESS_PUBLISH(OVER_READING)
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
