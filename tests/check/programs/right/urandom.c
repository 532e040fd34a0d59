/* What it does depends on random bytes: they come from the seed, so that each run is the same. */
#include "../homework.h"

#include <fcntl.h>
#include <sys/uio.h>

static unsigned draw(void)
{
	unsigned char bytes[600], more = 0;
	struct iovec part = {&more, sizeof(more)};
	int file = open("/dev/urandom", O_RDONLY);

	if (file < 0 || read(file, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes) ||
		readv(file, &part, 1) != 1)
		exit(2);
	close(file);
	return bytes[0] ^ bytes[599] ^ more;
}

static void work(void)
{
	for (unsigned left = draw() % 16; left > 0; left--)
		V((int)(left % 2));
	V(2);
}

int main(void)
{
	make(0, 0, 0);
	child(work);
	P(2);
	return finish(1);
}
