/* Of two programs each removes the set at its end: the first one takes it from the other. */
#include "../homework.h"

int main(void)
{
	const unsigned short one = 1;
	key_t key = 0x7e570006;

	set = semget(key, 1, IPC_CREAT | IPC_EXCL | 0600);
	if (set >= 0)
		semctl(set, 0, SETVAL, one);
	else
		set = semget(key, 1, IPC_CREAT | 0600);
	P(0);
	V(0);
	semctl(set, 0, IPC_RMID);
	return 0;
}
