/* The last philosopher takes the other fork first. */
#include "../homework.h"

#define SEATS 3

static int seat;

static void dine(void)
{
	int first = seat == SEATS - 1 ? 0 : seat, second = seat == SEATS - 1 ? seat : seat + 1;

	P(first);
	P(second);
	V(second);
	V(first);
}

int main(void)
{
	make(1, 1, 1);
	for (seat = 0; seat < SEATS; seat++)
		child(dine);
	return finish(SEATS);
}
