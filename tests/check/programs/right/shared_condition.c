/* A mutex and a condition variable of pthreads in the segment, shared by processes. */
#include "../homework.h"

#include <pthread.h>

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	int turn, sum;
} * all;

static void take_turns(int own)
{
	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&all->mutex);
		while (all->turn != own)
			pthread_cond_wait(&all->changed, &all->mutex);
		all->sum += own + 1;
		all->turn = 1 - own;
		pthread_cond_broadcast(&all->changed);
		pthread_mutex_unlock(&all->mutex);
	}
}

static void work(void)
{
	take_turns(1);
	V(0);
}

int main(void)
{
	pthread_mutexattr_t shared_mutex;
	pthread_condattr_t shared_condition;
	int worst, own;

	make(0);
	own = shmget(IPC_PRIVATE, sizeof(*all), 0600);
	all = shmat(own, NULL, 0);
	shmctl(own, IPC_RMID, NULL);
	pthread_mutexattr_init(&shared_mutex);
	pthread_mutexattr_setpshared(&shared_mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&all->mutex, &shared_mutex);
	pthread_condattr_init(&shared_condition);
	pthread_condattr_setpshared(&shared_condition, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&all->changed, &shared_condition);
	child(work);
	take_turns(0);
	P(0);
	worst = finish(1);
	return worst != 0 || all->sum != 6;
}
