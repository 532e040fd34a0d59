/*
 * qt-raw.cpp - QSharedMemory as its manual uses it, lock, copy, unlock, with raw pixels; and two
 * QSystemSemaphores that say whose turn it is.
 */
#include <QSharedMemory>
#include <QSystemSemaphore>
#include <cstdio>
#include <cstring>

#include "peer.h"

namespace
{

struct Share {
	QSharedMemory memory;
	QSystemSemaphore empty, full;
	size_t size = 0;

	Share(const QString &name, QSystemSemaphore::AccessMode mode)
	    : memory(name), empty(name + "-empty", 1, mode), full(name + "-full", 0, mode)
	{
	}
};

void *share_open(const struct peer_task *task, enum peer_side side)
{
	bool isHost = side == PEER_HOST;
	auto *share = new Share(QString::fromLatin1(task->name + 1),
		isHost ? QSystemSemaphore::Create : QSystemSemaphore::Open);

	share->size = task->size;
	if (isHost ? share->memory.create(int(task->size)) : share->memory.attach())
		return share;
	std::fprintf(stderr, "qt-raw: %s\n", qPrintable(share->memory.errorString()));
	delete share;
	return nullptr;
}

void share_close(void *self, enum peer_side)
{
	delete static_cast<Share *>(self);
}

bool share_send(void *self, const void *frame)
{
	auto *share = static_cast<Share *>(self);

	if (!share->empty.acquire() || !share->memory.lock())
		return false;
	std::memcpy(share->memory.data(), frame, share->size);
	return share->memory.unlock() && share->full.release();
}

const void *share_take(void *self)
{
	auto *share = static_cast<Share *>(self);

	return share->full.acquire() ? share->memory.constData() : nullptr;
}

bool share_release(void *self)
{
	return static_cast<Share *>(self)->empty.release();
}

} // namespace

extern "C" __attribute__((visibility("default"))) const struct peer PEER_SYMBOL = {
	"qt-raw",
	"QSharedMemory, raw pixels",
	share_open,
	share_close,
	nullptr,
	nullptr,
	share_take,
	share_release,
	share_send,
	nullptr,
};
