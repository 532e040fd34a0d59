/* Each takes both forks by one semop(). */
#include "../homework.h"

#define SEATS 3

static int seat;

static void dine(void)
{
	unsigned short left = (unsigned short)seat, right = (unsigned short)((seat + 1) % SEATS);
	struct sembuf take[] = {{left, -1, 0}, {right, -1, 0}};
	struct sembuf give[] = {{left, 1, 0}, {right, 1, 0}};

	semop(set, take, 2);
	semop(set, give, 2);
}

int main(void)
{
	make(1, 1, 1);
	for (seat = 0; seat < SEATS; seat++)
		child(dine);
	return finish(SEATS);
}
