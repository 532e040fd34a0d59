/* The child looks for the segment that its parent has yet to make. */
#include "../homework.h"

int main(void)
{
	key_t key = 0x7e570004;
	int status = 0;

	if (fork() == 0)
		return shmget(key, 4096, 0) < 0;
	segment = shmget(key, 4096, IPC_CREAT | 0600);
	wait(&status);
	shmctl(segment, IPC_RMID, NULL);
	return WEXITSTATUS(status);
}
