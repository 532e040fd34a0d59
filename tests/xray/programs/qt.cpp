// qt.cpp - an old program of Qt's: a QSharedMemory and a QSystemSemaphore, on which it sleeps. It
// prints a line when it has both, and ends when it is woken.
#include <QSharedMemory>
#include <QSystemSemaphore>
#include <cstdio>

int main()
{
	QSharedMemory memory("Film strip");
	QSystemSemaphore semaphore("Free frames", 0, QSystemSemaphore::Create);

	if (!memory.create(4096))
		return 1;
	std::puts("ready");
	std::fflush(stdout);
	return semaphore.acquire() ? 0 : 1;
}
