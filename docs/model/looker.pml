/*
 * looker.pml - a mirror, or the X-ray: the optimistic read of common/ipc/mirror.c. A part of
 * slots.pml. First the marks by which the writers' steps tell what a looker would see.
 *
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
