/* Each tells with SEM_UNDO that it has come; one that ends early has not come. */
#include "../homework.h"

static void come(void)
{
	change(0, 1, SEM_UNDO);
}

int main(void)
{
	make(0);
	child(come);
	child(come);
	change(0, -2, 0);
	return finish(2);
}
