/* What the producer has delivered with SEM_UNDO is taken back when it ends. */
#include "../homework.h"

enum { EMPTY, FULL };

static void produce(void)
{
	for (int i = 0; i < 2; i++) {
		change(EMPTY, -1, SEM_UNDO);
		change(FULL, 1, SEM_UNDO);
	}
}

int main(void)
{
	make(2, 0);
	child(produce);
	for (int i = 0; i < 2; i++) {
		change(FULL, -1, 0);
		change(EMPTY, 1, 0);
	}
	return finish(1);
}
