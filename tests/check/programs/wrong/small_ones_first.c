/* One needs both of two tokens at once; the others, one each, always leave only one. */
#include "../homework.h"

static void take_one(void)
{
	for (int i = 0; i < 110; i++) {
		change(0, -1, 0);
		usleep(1);
		change(0, 1, 0);
	}
}

static void take_two(void)
{
	change(0, -2, 0);
	change(0, 2, 0);
}

int main(void)
{
	make(2);
	child(take_one);
	child(take_one);
	child(take_two);
	return finish(3);
}
