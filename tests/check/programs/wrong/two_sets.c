/* The same with two sets of one semaphore each. */
#include "../homework.h"

static int other;

static void transfer_back(void)
{
	change_of(other, 0, -1, 0);
	change_of(set, 0, -1, 0);
	shared[0]--;
	change_of(set, 0, 1, 0);
	change_of(other, 0, 1, 0);
}

int main(void)
{
	const unsigned short one = 1;
	int status;

	make(1);
	other = make_set(1, &one);
	child(transfer_back);
	change_of(set, 0, -1, 0);
	change_of(other, 0, -1, 0);
	shared[0]++;
	change_of(other, 0, 1, 0);
	change_of(set, 0, 1, 0);
	status = finish(1);
	semctl(other, 0, IPC_RMID);
	return status;
}
