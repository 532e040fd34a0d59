/* A picture is copied while the other process still draws it. */
#include "../homework.h"

#define BYTES 8192

static char *picture;

static void draw(void)
{
	memset(picture, 7, BYTES);
	V(0);
}

int main(void)
{
	static char copy[BYTES];
	int own;

	make(0);
	own = shmget(IPC_PRIVATE, BYTES, 0600);
	picture = shmat(own, NULL, 0);
	shmctl(own, IPC_RMID, NULL);
	child(draw);
	memcpy(copy, picture, BYTES);
	P(0);
	return finish(1);
}
