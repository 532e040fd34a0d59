/* A mutex that is given back when its holder dies: right also under --kill. */
#include "../homework.h"

static void work(void)
{
	change(0, -1, SEM_UNDO);
	change(0, 1, SEM_UNDO);
}

int main(void)
{
	make(1);
	child(work);
	child(work);
	return finish(2);
}
