/*
 * python-sysv-ipc.c - a Python script sends images to a C program: Python's sysv_ipc creates a
 * segment for each image (python_sysv_ipc.py, which runs inside the producer), and two semaphores.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "peer.h"

enum { EMPTY, FULL, SEMAPHORES };

struct mailbox {
	struct peer_task task;
	int semids[SEMAPHORES];
	PyObject *script; /* the producer's: what sends */
	int shmid;        /* the consumer's: what was taken */
	const void *taken;
};

/* sysv_ipc makes sets of one semaphore only, so the second set has a key of its own: key + 2. */
static int find_semaphore(const struct peer_task *task, int number, int flags)
{
	return semget(task->key + 2 * number, 1, flags);
}

static PyObject *load_script(const struct peer_task *task)
{
	PyObject *module, *function = NULL, *path;

	Py_InitializeEx(0);
	path = PySys_GetObject("path");
	if (path != NULL)
		PyList_Insert(path, 0, PyUnicode_FromString(SCRIPT_FOLDER));
	module = PyImport_ImportModule("python_sysv_ipc");
	if (module != NULL)
		function = PyObject_CallMethod(module, "sender", "in", task->key,
			(Py_ssize_t)task->size);
	if (function == NULL)
		PyErr_Print();
	return function;
}

static void *mailbox_open(const struct peer_task *task, enum peer_side side)
{
	struct mailbox *mailbox = calloc(1, sizeof(*mailbox));
	int flags = side == PEER_HOST ? IPC_CREAT | IPC_EXCL | 0600 : 0;

	if (mailbox == NULL)
		return NULL;
	mailbox->task = *task;
	mailbox->shmid = -1;
	for (int i = 0; i < SEMAPHORES; i++)
		mailbox->semids[i] = find_semaphore(task, i, flags);
	if (mailbox->semids[FULL] < 0) {
		perror("semget");
		return NULL;
	}
	if (side == PEER_HOST)
		semctl(mailbox->semids[EMPTY], 0, SETVAL, 1);
	if (side == PEER_PRODUCER) {
		mailbox->script = load_script(task);
		if (mailbox->script == NULL)
			return NULL;
	}
	return mailbox;
}

static void mailbox_close(void *self, enum peer_side side)
{
	struct mailbox *mailbox = self;
	int left = shmget(mailbox->task.key, 0, 0);

	if (side == PEER_HOST) {
		for (int i = 0; i < SEMAPHORES; i++)
			semctl(mailbox->semids[i], 0, IPC_RMID);
		if (left >= 0)
			shmctl(left, IPC_RMID, NULL);
	}
	if (side == PEER_PRODUCER) {
		Py_DECREF(mailbox->script);
		Py_FinalizeEx();
	}
	free(mailbox);
}

static bool mailbox_send(void *self, const void *frame)
{
	struct mailbox *mailbox = self;
	PyObject *view = PyMemoryView_FromMemory((char *)(uintptr_t)frame,
		(Py_ssize_t)mailbox->task.size, PyBUF_READ);
	PyObject *result = PyObject_CallOneArg(mailbox->script, view);

	if (result == NULL)
		PyErr_Print();
	Py_XDECREF(view);
	Py_XDECREF(result);
	return result != NULL;
}

static const void *mailbox_take(void *self)
{
	struct mailbox *mailbox = self;
	struct sembuf down = {.sem_op = -1};

	if (semop(mailbox->semids[FULL], &down, 1) != 0)
		return NULL;
	mailbox->shmid = shmget(mailbox->task.key, 0, 0);
	mailbox->taken = shmat(mailbox->shmid, NULL, SHM_RDONLY);
	return mailbox->taken == (void *)-1 ? NULL : mailbox->taken;
}

static bool mailbox_release(void *self)
{
	struct mailbox *mailbox = self;
	struct sembuf up = {.sem_op = 1};

	shmdt(mailbox->taken);
	shmctl(mailbox->shmid, IPC_RMID, NULL);
	return semop(mailbox->semids[EMPTY], &up, 1) == 0;
}

const struct peer PEER_SYMBOL __attribute__((visibility("default"))) = {
	.name = "python-sysv-ipc",
	.title = "Python's sysv_ipc to C",
	.open = mailbox_open,
	.close = mailbox_close,
	.send = mailbox_send,
	.take = mailbox_take,
	.release = mailbox_release,
};
