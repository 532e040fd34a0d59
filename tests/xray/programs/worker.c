/*
 * worker.c - one process that does what its arguments say, on a set that it makes: worker WORD...
 *	make VALUE,VALUE...	semget(IPC_PRIVATE), SETALL
 *	set NUMBER VALUE	SETVAL
 *	op NUMBER OP[u][n],...	one semop() of several operations (u: SEM_UNDO, n: IPC_NOWAIT)
 *	fork			from here on two processes do the rest
 *	thread			a thread does the rest, and the first one waits for it
 *	queue, send, receive	a message queue
 *	segment			shmget(IPC_PRIVATE), shmat, a byte, shmdt
 *	timeout NUMBER MS	semtimedop() of −1
 *	sleep MS, spin, remove, forks (without end), exec, alarm, catch (SIGUSR1)
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int set = -1, queue = -1;

static void act(char **words);

static int make(const char *text)
{
	unsigned short values[64];
	int count = 0;

	for (char *end; count < 64; text = end + 1) {
		values[count++] = (unsigned short)strtol(text, &end, 10);
		if (*end != ',')
			break;
	}
	set = semget(IPC_PRIVATE, count, 0600);
	return set < 0 || semctl(set, 0, SETALL, values);
}

/* "0-1u,1+1": one array. */
static int operate(const char *text)
{
	struct sembuf operations[16];
	size_t count = 0;

	while (count < 16) {
		char *end;
		struct sembuf *operation = &operations[count++];

		operation->sem_num = (unsigned short)strtol(text, &end, 10);
		operation->sem_op = (short)strtol(end, &end, 10);
		operation->sem_flg = 0;
		for (; *end == 'u' || *end == 'n'; end++)
			operation->sem_flg =
				(short)(operation->sem_flg | (*end == 'u' ? SEM_UNDO : IPC_NOWAIT));
		if (*end != ',')
			break;
		text = end + 1;
	}
	return semop(set, operations, count);
}

static void *act_in_thread(void *words)
{
	act(words);
	return NULL;
}

static void send(void)
{
	struct {
		long type;
		char text[8];
	} message = {7, "hello"};

	if (queue < 0)
		queue = msgget(IPC_PRIVATE, 0600);
	msgsnd(queue, &message, 5, 0);
}

static void receive(void)
{
	struct {
		long type;
		char text[8];
	} message;

	if (queue < 0)
		queue = msgget(IPC_PRIVATE, 0600);
	msgrcv(queue, &message, 8, 7, 0);
}

static void use_segment(void)
{
	int id = shmget(IPC_PRIVATE, 4096, 0600);
	char *at = shmat(id, NULL, 0);

	at[0] = 'x';
	shmdt(at);
	shmctl(id, IPC_RMID, NULL);
}

static void nap(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&time, &time) != 0)
		continue;
}

static void do_nothing(int signal)
{
	(void)signal;
}

static void act(char **words)
{
	pthread_t thread;

	for (; *words != NULL; words++) {
		const char *word = *words;

		if (strcmp(word, "make") == 0) {
			if (make(*++words))
				exit(2);
		} else if (strcmp(word, "op") == 0) {
			operate(*++words);
		} else if (strcmp(word, "set") == 0) {
			semctl(set, (int)strtol(words[1], NULL, 10), SETVAL,
				(int)strtol(words[2], NULL, 10));
			words += 2;
		} else if (strcmp(word, "fork") == 0) {
			fork();
		} else if (strcmp(word, "thread") == 0) {
			pthread_create(&thread, NULL, act_in_thread, words + 1);
			pthread_join(thread, NULL);
			return;
		} else if (strcmp(word, "send") == 0) {
			send();
		} else if (strcmp(word, "receive") == 0) {
			receive();
		} else if (strcmp(word, "queue") == 0) {
			queue = msgget(IPC_PRIVATE, 0600);
		} else if (strcmp(word, "segment") == 0) {
			use_segment();
		} else if (strcmp(word, "timeout") == 0) {
			struct sembuf operation = {
				(unsigned short)strtol(words[1], NULL, 10), -1, 0};
			long ms = strtol(words[2], NULL, 10);
			struct timespec time = {ms / 1000, ms % 1000 * 1000000};

			semtimedop(set, &operation, 1, &time);
			words += 2;
		} else if (strcmp(word, "sleep") == 0) {
			nap(strtol(*++words, NULL, 10));
		} else if (strcmp(word, "alarm") == 0) {
			alarm(100);
		} else if (strcmp(word, "catch") == 0) {
			sigaction(SIGUSR1, &(struct sigaction){.sa_handler = do_nothing}, NULL);
		} else if (strcmp(word, "wait") == 0) {
			wait(NULL);
		} else if (strcmp(word, "remove") == 0) {
			semctl(set, 0, IPC_RMID);
		} else if (strcmp(word, "close") == 0) {
			close(STDOUT_FILENO);
		} else if (strcmp(word, "many") == 0) {
			for (int left = (int)strtol(words[1], NULL, 10); left > 0; left--)
				operate("0-1"), operate("0+1");
			words++;
		} else if (strcmp(word, "stop") == 0) {
			raise(SIGSTOP);
		} else if (strcmp(word, "exec") == 0) {
			execv("/proc/self/exe", words); /* words[0] is "exec", its argv[0] */
		} else if (strcmp(word, "forks") == 0) {
			while (1)
				fork();
		}
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	act(argv + 1);
	return 0;
}
