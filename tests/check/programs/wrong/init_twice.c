/* Both find that the set is not there, and both give it its values: two are inside at once. */
#include "../homework.h"

int main(void)
{
	key_t key = 0x7e570003;

	set = semget(key, 1, 0);
	if (set < 0) {
		set = semget(key, 1, IPC_CREAT | 0600);
		semctl(set, 0, SETVAL, 1);
	}
	P(0);
	V(0);
	return 0;
}
