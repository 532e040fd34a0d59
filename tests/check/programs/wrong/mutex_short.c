/* The mutex is held for the look and for the change, and not between them: two buy the last ticket. */
#include "../homework.h"

static void buy(void)
{
	int left;

	P(0);
	left = shared[0];
	V(0);
	if (left > 0) {
		P(0);
		shared[0]--;
		shared[1]++;
		V(0);
	}
}

int main(void)
{
	int worst;

	make(1);
	shared[0] = 1;
	child(buy);
	child(buy);
	worst = finish(2);
	return worst != 0 || shared[1] != 1;
}
