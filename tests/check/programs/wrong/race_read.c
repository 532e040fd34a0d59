/* The kernel reads the segment for write(), while another process changes it. */
#include "../homework.h"

static void change_it(void)
{
	strcpy((char *)shared, "second\n");
}

int main(void)
{
	make(1);
	strcpy((char *)shared, "first\n\n");
	child(change_it);
	if (write(STDOUT_FILENO, (char *)shared, 7) != 7)
		return 2;
	return finish(1);
}
