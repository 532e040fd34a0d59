/* Three philosophers, each takes the fork at its left first. */
#include "../homework.h"

#define SEATS 3

static int seat;

static void dine(void)
{
	P(seat);
	P((seat + 1) % SEATS);
	V((seat + 1) % SEATS);
	V(seat);
}

int main(void)
{
	make(1, 1, 1);
	for (seat = 0; seat < SEATS; seat++)
		child(dine);
	return finish(SEATS);
}
