/*
 * print_transitions.c - prints the table of transitions.c, one line an array: its identifier in
 * enum transition, its name, its text, with tabs between. docs/model/check reads this, so that
 * model and code have one table.
 */
#include <stdio.h>
#include <stdlib.h>

#include "transitions.h"

static const char *const identifiers[] = {
	[T_BEGIN] = "begin",
	[T_INIT] = "init",
	[T_CONDEMN] = "condemn",
	[T_JOIN] = "join",
	[T_RESERVE] = "reserve",
	[T_CLAIM] = "claim",
	[T_CLAIM_AT_ONCE] = "claim_at_once",
	[T_UNRESERVE] = "unreserve",
	[T_STEAL] = "steal",
	[T_STEAL_RESERVE] = "steal_reserve",
	[T_STEAL_NOTHING] = "steal_nothing",
	[T_ABANDON] = "abandon",
	[T_LOCK] = "lock",
	[T_UNLOCK] = "unlock",
	[T_PUBLISH_FIRST] = "publish_first",
	[T_PUBLISH_OVER_DONE] = "publish_over_done",
	[T_PUBLISH_OVER_WAITING] = "publish_over_waiting",
	[T_PUBLISH_OVER_READING] = "publish_over_reading",
	[T_WAIT_AND_LOCK] = "wait_and_lock",
	[T_UNWAIT] = "unwait",
	[T_TAKE] = "take",
	[T_RELEASE] = "release",
	[T_RELEASE_LATEST] = "release_latest",
	[T_REQUEUE] = "requeue",
	[T_WAIT_NEWER] = "wait_newer",
	[T_WAIT_FIRST] = "wait_first",
	[T_LEAVE] = "leave",
	[T_RETIRE] = "retire",
};

_Static_assert(sizeof(identifiers) / sizeof(identifiers[0]) == T_COUNT, "one for each transition");

int main(void)
{
	for (unsigned transition = 0; transition < T_COUNT; transition++) {
		char text[512];

		if (identifiers[transition] == NULL) {
			fprintf(stderr, "print_transitions: transition %u (%s) has no identifier\n",
				transition, transition_name(transition));
			return EXIT_FAILURE;
		}
		printf("%s\t%s\t%s\n", identifiers[transition], transition_name(transition),
			transition_text(transition, text, sizeof(text)));
	}
	return EXIT_SUCCESS;
}
