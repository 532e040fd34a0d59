/* The consumer takes the mutex before it waits for an item. Two programs: order_consumer ROLE. */
#include "../homework.h"

enum { MUTEX, EMPTY, FULL };

int main(int argc, char **argv)
{
	const unsigned short values[] = {1, 2, 0};
	key_t key = 0x7e570001;
	int is_producer = argc > 1 && strcmp(argv[1], "producer") == 0;

	set = semget(key, 3, IPC_CREAT | IPC_EXCL | 0600);
	if (set >= 0)
		semctl(set, 0, SETALL, values);
	else
		set = semget(key, 3, 0);
	for (int i = 0; i < 2; i++) {
		if (is_producer) {
			P(EMPTY);
			P(MUTEX);
			V(MUTEX);
			V(FULL);
		} else {
			P(MUTEX);
			P(FULL);
			V(MUTEX);
			V(EMPTY);
		}
	}
	return 0;
}
