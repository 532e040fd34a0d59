/* A counter at its end, and one V too many if the consumer is late. */
#include "../homework.h"

static void consume(void)
{
	change(0, -1, 0);
}

int main(void)
{
	make(32767);
	child(consume);
	change(0, 1, 0);
	return finish(1);
}
