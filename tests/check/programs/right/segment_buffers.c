/* System calls read from and write to the segment: a pipe, a message, the time, a queue's buffer. */
#include "../homework.h"

#include <time.h>

static int ends[2], queue;

static struct {
	long type;
	char text[8];
	struct timespec now;
	int status;
	char answer[8];
} * all;

static void work(void)
{
	memcpy(all->text, "hello", 6);
	if (write(ends[1], all->text, 6) != 6)
		exit(1);
	V(0);
	if (msgrcv(queue, all, sizeof(all->text), 3, 0) != 6 || strcmp(all->text, "asked") != 0)
		exit(1);
}

int main(void)
{
	int worst;

	make(0);
	all = (void *)shared;
	queue = msgget(IPC_PRIVATE, 0600);
	if (pipe(ends) != 0 || fork() == 0) {
		work();
		exit(0);
	}
	P(0);
	if (read(ends[0], all->answer, 6) != 6 || strcmp(all->answer, "hello") != 0)
		return 1;
	all->type = 3;
	memcpy(all->text, "asked", 6);
	if (msgsnd(queue, all, 6, 0) != 0)
		return 1;
	wait(&all->status);
	worst = WEXITSTATUS(all->status);
	if (clock_gettime(CLOCK_MONOTONIC, &all->now) != 0 || all->now.tv_nsec < 0)
		return 1;
	msgctl(queue, IPC_RMID, NULL);
	finish(0);
	return worst;
}
