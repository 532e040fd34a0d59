/* The same as two programs: pair_programs ROLE. The consumer, which is done last, removes all. */
#include "../homework.h"

enum { MUTEX, EMPTY, FULL, GONE };

int main(int argc, char **argv)
{
	const unsigned short values[] = {1, 2, 0, 0};
	key_t key = 0x7e571001;

	set = semget(key, 4, IPC_CREAT | IPC_EXCL | 0600);
	if (set >= 0)
		semctl(set, 0, SETALL, values);
	else
		set = semget(key, 4, 0);
	segment = shmget(key, 4096, IPC_CREAT | 0600);
	shared = shmat(segment, NULL, 0);
	if (argc > 1 && strcmp(argv[1], "producer") == 0) {
		for (int i = 1; i <= 2; i++) {
			P(EMPTY);
			P(MUTEX);
			shared[shared[2]++ % 2] = i;
			V(MUTEX);
			V(FULL);
		}
		V(GONE);
		return 0;
	}
	for (int i = 1; i <= 2; i++) {
		P(FULL);
		P(MUTEX);
		if (shared[shared[3]++ % 2] != i)
			return 1;
		V(MUTEX);
		V(EMPTY);
	}
	P(GONE);
	return finish(0);
}
