/* failing.c - see failing.h. */
#include "failing.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support.h"

static struct failure no_failure;
struct failure *failure = &no_failure;
static pid_t waits; /* the process inside run_failing, or 0 */

int run_failing(void (*body)(void *), void *argument)
{
	int status;

	waits = getpid();
	status = run_child(body, argument);
	waits = 0;
	return status;
}

/* True if this call should fail; errno is then set. `numbers` ends with 0. */
static bool fails(const char *call, const int *numbers)
{
	unsigned choices = 0;

	if (waits == getpid())
		return false;
	if (failure->only != NULL && strcmp(call, failure->only) != 0)
		return false;
	while (numbers[choices] != 0)
		choices++;
	++failure->calls;
	if (failure->at == 0 || failure->calls < failure->at ||
		(failure->calls > failure->at && !failure->repeats))
		return false;
	failure->call = call;
	failure->choices = choices;
	if (failure->choice >= choices)
		return false;
	errno = failure->number = numbers[failure->choice];
	return true;
}
#define FAILS(call, ...) fails(call, (const int[]){__VA_ARGS__, 0})

/* ---- semaphores ---------------------------------------------------------------------------- */

int __real_semget(key_t key, int count, int flags);
int __wrap_semget(key_t key, int count, int flags);
int __wrap_semget(key_t key, int count, int flags)
{
	if (flags & IPC_CREAT ? FAILS("semget to create", EACCES, ENOMEM, ENOSPC, EINVAL)
			      : FAILS("semget to find", EACCES, ENOENT, ENOMEM))
		return -1;
	return __real_semget(key, count, flags);
}

int __real_semctl(int id, int number, int command, ...);
int __wrap_semctl(int id, int number, int command, ...);
int __wrap_semctl(int id, int number, int command, ...)
{
	bool fail_now = false;
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	switch (command) {
	case IPC_STAT: fail_now = FAILS("semctl(IPC_STAT)", EACCES, EIDRM, EINVAL); break;
	case GETALL: fail_now = FAILS("semctl(GETALL)", ENOMEM, EACCES, EIDRM, EINVAL); break;
	case IPC_INFO: fail_now = FAILS("semctl(IPC_INFO)", EINVAL); break;
	case IPC_RMID: fail_now = FAILS("semctl(IPC_RMID)", EPERM, EIDRM, EINVAL); break;
	default: fail_now = FAILS("semctl(GETPID …)", EACCES, EIDRM, EINVAL); break;
	}
	return fail_now ? -1 : __real_semctl(id, number, command, argument);
}

/* How often this process holds a mutex. An array takes or gives one mutex, which is semaphore 0. */
static int mutexes_held;

static void must_not_sleep(const struct sembuf *operations, size_t count)
{
	for (size_t i = 0; i < count; i++)
		must(operations[i].sem_op > 0 || (operations[i].sem_flg & IPC_NOWAIT) != 0);
}

/*
 * A process's first undo in a set needs memory and permission to change the set; after it has
 * joined, neither can fail. An array that only raises values may exceed the range; one that sleeps
 * may be interrupted.
 */
static bool array_fails(const struct sembuf *operations, size_t count)
{
	bool enters = false, raises = false, sleeps = true;

	for (size_t i = 0; i < count; i++) {
		raises = raises || operations[i].sem_op > 0;
		enters = enters ||
			 (operations[i].sem_num >= SEM_PRODUCERS &&
				 operations[i].sem_num <= SEM_MIRRORS && operations[i].sem_op > 0);
		sleeps = sleeps && (operations[i].sem_flg & IPC_NOWAIT) == 0;
	}
	if (enters)
		return FAILS("semtimedop to enter", ENOMEM, ENOSPC, EACCES, E2BIG, EAGAIN, EIDRM,
			EINVAL);
	if (sleeps)
		return FAILS("semtimedop to wait", EINTR, EAGAIN, EIDRM, EINVAL);
	return raises ? FAILS("semtimedop", ERANGE, E2BIG, EAGAIN, EIDRM, EINVAL)
		      : FAILS("semtimedop to leave", EIDRM, EINVAL);
}

int __real_semtimedop(int id, struct sembuf *operations, size_t count, const struct timespec *time);
int __wrap_semtimedop(int id, struct sembuf *operations, size_t count, const struct timespec *time);
int __wrap_semtimedop(int id, struct sembuf *operations, size_t count, const struct timespec *time)
{
	int rc;

	if (mutexes_held > 0)
		must_not_sleep(operations, count);
	if (array_fails(operations, count))
		return -1;
	rc = __real_semtimedop(id, operations, count, time);
	for (size_t i = 0; rc == 0 && i < count; i++)
		if (operations[i].sem_num == 0 && (operations[i].sem_flg & SEM_UNDO) != 0)
			mutexes_held -= operations[i].sem_op;
	return rc;
}

/* ---- segments ------------------------------------------------------------------------------ */

int __real_shmget(key_t key, size_t size, int flags);
int __wrap_shmget(key_t key, size_t size, int flags);
int __wrap_shmget(key_t key, size_t size, int flags)
{
	if (flags & IPC_CREAT
			? FAILS("shmget to create", EACCES, EINVAL, ENFILE, ENOMEM, ENOSPC, EPERM)
			: FAILS("shmget to find", EACCES, ENFILE, ENOMEM, ENOENT))
		return -1;
	return __real_shmget(key, size, flags);
}

void *__real_shmat(int id, const void *at, int flags);
void *__wrap_shmat(int id, const void *at, int flags);
void *__wrap_shmat(int id, const void *at, int flags)
{
	if (FAILS("shmat", ENOMEM, EACCES, EIDRM, EINVAL))
		return (void *)-1;
	return __real_shmat(id, at, flags);
}

int __real_shmdt(const void *at);
int __wrap_shmdt(const void *at);
int __wrap_shmdt(const void *at)
{
	return FAILS("shmdt", EINVAL) ? -1 : __real_shmdt(at);
}

int __real_shmctl(int id, int command, struct shmid_ds *status);
int __wrap_shmctl(int id, int command, struct shmid_ds *status);
int __wrap_shmctl(int id, int command, struct shmid_ds *status)
{
	if (command == IPC_STAT ? FAILS("shmctl(IPC_STAT)", EACCES, EOVERFLOW, EIDRM, EINVAL)
				: FAILS("shmctl(IPC_RMID)", EPERM, EIDRM, EINVAL))
		return -1;
	return __real_shmctl(id, command, status);
}

/* ---- memory -------------------------------------------------------------------------------- */

int __real_madvise(void *at, size_t size, int advice);
int __wrap_madvise(void *at, size_t size, int advice);
int __wrap_madvise(void *at, size_t size, int advice)
{
	if (advice == MADV_WIPEONFORK)
		return FAILS("madvise(WIPEONFORK)", EINVAL) ? -1 : __real_madvise(at, size, advice);
	if (advice == MADV_POPULATE_WRITE && gettid() != getpid())
		return FAILS("madvise in a thread", ENOMEM) ? -1 : __real_madvise(at, size, advice);
	if (advice == MADV_DONTDUMP ? FAILS("madvise(DONTDUMP)", EINVAL, ENOMEM)
				    : FAILS("madvise", ENOMEM, EFAULT, EAGAIN, EINVAL))
		return -1;
	return __real_madvise(at, size, advice);
}

void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (FAILS("mmap", ENOMEM))
		return MAP_FAILED;
	return __real_mmap(at, size, protection, flags, fd, offset);
}

int __real_munmap(void *at, size_t size);
int __wrap_munmap(void *at, size_t size);
int __wrap_munmap(void *at, size_t size)
{
	return FAILS("munmap", ENOMEM) ? -1 : __real_munmap(at, size);
}

int __real_mprotect(void *at, size_t size, int protection);
int __wrap_mprotect(void *at, size_t size, int protection);
int __wrap_mprotect(void *at, size_t size, int protection)
{
	return FAILS("mprotect", ENOMEM) ? -1 : __real_mprotect(at, size, protection);
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
	return FAILS("fopen", EACCES, ENOENT, EMFILE) ? NULL : __real_fopen(path, mode);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
	return FAILS("open", EACCES, EMFILE, ENFILE, EIO) ? -1 : __real_open(path, flags);
}

int __real_fstat(int fd, struct stat *status);
int __wrap_fstat(int fd, struct stat *status);
int __wrap_fstat(int fd, struct stat *status)
{
	return FAILS("fstat", EIO) ? -1 : __real_fstat(fd, status);
}

FILE *__real_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode)
{
	return FAILS("fdopen", ENOMEM) ? NULL : __real_fdopen(fd, mode);
}

int __real_eventfd(unsigned count, int flags);
int __wrap_eventfd(unsigned count, int flags);
int __wrap_eventfd(unsigned count, int flags)
{
	return FAILS("eventfd", EMFILE, ENFILE, ENODEV, ENOMEM) ? -1 : __real_eventfd(count, flags);
}

void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size)
{
	return FAILS("reallocarray", ENOMEM) ? NULL : __real_reallocarray(memory, count, size);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
	return FAILS("calloc", ENOMEM) ? NULL : __real_calloc(count, size);
}

/* ---- threads and time ---------------------------------------------------------------------- */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*body)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*body)(void *), void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*body)(void *), void *argument)
{
	sigset_t blocked;

	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	must(sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGALRM)); /* not for threads */
	return FAILS("pthread_create", EAGAIN)
		       ? EAGAIN
		       : __real_pthread_create(thread, attributes, body, argument);
}

int __real_nanosleep(const struct timespec *time, struct timespec *left);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left);
int __wrap_nanosleep(const struct timespec *time, struct timespec *left)
{
	return FAILS("nanosleep", EINTR) ? -1 : __real_nanosleep(time, left);
}
