/* The one that makes the set gives it its values when the other has used it. Two programs. */
#include "../homework.h"

int main(int argc, char **argv)
{
	key_t key = 0x7e570002;

	if (argc > 1 && strcmp(argv[1], "maker") == 0) {
		set = semget(key, 1, IPC_CREAT | 0600);
		semctl(set, 0, SETVAL, 0);
		P(0);
		semctl(set, 0, IPC_RMID);
	} else {
		set = semget(key, 1, IPC_CREAT | 0600);
		V(0);
	}
	return 0;
}
