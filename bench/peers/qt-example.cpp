/*
 * qt-example.cpp - as Qt's Shared Memory Example does it: the image goes through a QDataStream into a
 * QSharedMemory that is made for it, and out of it in the same way. Two QSystemSemaphores say whose
 * turn it is; the example leaves that to the user, who presses buttons.
 */
#include <QBuffer>
#include <QDataStream>
#include <QImage>
#include <QSharedMemory>
#include <QSystemSemaphore>
#include <QThread>
#include <cstdio>
#include <cstring>

#include "peer.h"

namespace
{

struct Dialog {
	QSharedMemory memory;
	QSystemSemaphore full, loaded;
	int width, height;

	Dialog(const QString &name, QSystemSemaphore::AccessMode mode)
	    : memory(name), full(name + "-full", 0, mode), loaded(name + "-loaded", 0, mode)
	{
	}
};

void *dialog_open(const struct peer_task *task, enum peer_side side)
{
	auto *dialog = new Dialog(QString::fromLatin1(task->name + 1),
		side == PEER_HOST ? QSystemSemaphore::Create : QSystemSemaphore::Open);

	dialog->width = int(task->width);
	dialog->height = int(task->height);
	return dialog;
}

void dialog_close(void *self, enum peer_side side)
{
	auto *dialog = static_cast<Dialog *>(self);

	if (side == PEER_HOST && dialog->memory.attach()) /* left by a producer that was killed */
		dialog->memory.detach();
	/* Qt's semaphores take back what a process released when it exits: let the producer be first. */
	while (side == PEER_CONSUMER && dialog->memory.attach()) {
		dialog->memory.detach();
		QThread::msleep(1);
	}
	delete dialog;
}

bool dialog_send(void *self, const void *frame)
{
	auto *dialog = static_cast<Dialog *>(self);
	QImage image(static_cast<const uchar *>(frame), dialog->width, dialog->height,
		QImage::Format_ARGB32);
	QBuffer buffer;

	buffer.open(QBuffer::ReadWrite);
	QDataStream out(&buffer);
	out << image;
	if (dialog->memory.isAttached())
		dialog->memory.detach();
	if (!dialog->memory.create(int(buffer.size()))) {
		std::fprintf(stderr, "%s\n", qPrintable(dialog->memory.errorString()));
		return false;
	}
	dialog->memory.lock();
	std::memcpy(dialog->memory.data(), buffer.data().constData(), size_t(buffer.size()));
	dialog->memory.unlock();
	/* The memory goes with who made it: not before it was loaded. */
	return dialog->full.release() && dialog->loaded.acquire();
}

bool dialog_receive(void *self, void *frame)
{
	auto *dialog = static_cast<Dialog *>(self);
	QBuffer buffer;
	QImage image;

	if (!dialog->full.acquire() || !dialog->memory.attach()) {
		std::fprintf(stderr, "%s\n", qPrintable(dialog->memory.errorString()));
		return false;
	}
	dialog->memory.lock();
	buffer.setData(static_cast<const char *>(dialog->memory.constData()),
		dialog->memory.size());
	buffer.open(QBuffer::ReadOnly);
	QDataStream in(&buffer);
	in >> image;
	dialog->memory.unlock();
	dialog->memory.detach();
	if (image.sizeInBytes() != qsizetype(dialog->width) * dialog->height * 4)
		return false;
	std::memcpy(frame, image.constBits(), size_t(image.sizeInBytes()));
	return dialog->loaded.release();
}

} // namespace

extern "C" __attribute__((visibility("default"))) const struct peer PEER_SYMBOL = {
	"qt-example",
	"Qt's Shared Memory Example",
	dialog_open,
	dialog_close,
	nullptr,
	nullptr,
	nullptr,
	nullptr,
	dialog_send,
	dialog_receive,
};
