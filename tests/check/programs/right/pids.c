/*
 * What it does depends on PIDs: they are the same in each run. Answers have the client's PID as
 * their type, as in most textbooks.
 */
#include "../homework.h"

struct message {
	long type;
	pid_t client;
};

static int queue;

static void send(long type)
{
	struct message message = {type, getpid()};

	if (msgsnd(queue, &message, sizeof(message.client), 0) < 0)
		exit(3);
}

static pid_t receive(long type)
{
	struct message message;

	if (msgrcv(queue, &message, sizeof(message.client), type, 0) < 0)
		exit(3);
	return message.client;
}

static void work(void)
{
	for (int left = getpid() % 4; left > 0; left--)
		V(0);
	send(1);
	if (receive(getpid()) != getppid())
		exit(1);
}

int main(void)
{
	pid_t client;
	siginfo_t ended;
	int status;

	make(0);
	queue = msgget(IPC_PRIVATE, 0600);
	child(work);
	child(work);
	for (int i = 0; i < 2; i++) {
		client = receive(1);
		send(client);
		if (i == 0 && (waitpid(client, &status, 0) != client || status != 0))
			return 1;
	}
	if (waitid(P_ALL, 0, &ended, WEXITED) != 0 || ended.si_pid != client ||
		ended.si_status != 0)
		return 1;
	msgctl(queue, IPC_RMID, NULL);
	return finish(0);
}
