/* The one that makes the set gives it its values by semop(); the other waits until sem_otime says so. */
#include "../homework.h"

int main(void)
{
	struct semid_ds status = {0};
	key_t key = 0x7e571002;

	set = semget(key, 2, IPC_CREAT | IPC_EXCL | 0600);
	if (set >= 0) {
		change(0, 1, 0);
	} else {
		set = semget(key, 2, 0);
		while (semctl(set, 0, IPC_STAT, &status) == 0 && status.sem_otime == 0)
			usleep(100);
	}
	P(0);
	/* Of two, the second to come here removes it. */
	if (change(1, -1, IPC_NOWAIT) == 0) {
		semctl(set, 0, IPC_RMID);
		return 0;
	}
	V(1);
	V(0);
	return 0;
}
