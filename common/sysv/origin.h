/*
 * origin.h - finds the file from which an object's key was made. A key is a number that programs
 * make from the inode of a file, so only the file tells which object is which: ftok(3) uses 16 bits
 * of the inode number, 8 of the device number and one byte that the program chooses; PostgreSQL
 * uses the inode of its data directory; Qt creates a file in the temporary folder for each
 * QSharedMemory and QSystemSemaphore, with the name in it.
 */
#ifndef VITRINE_SYSV_ORIGIN_H
#define VITRINE_SYSV_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct origin_file {
	int32_t ftok;  /* the 24 bits that do not depend on the program's byte */
	int32_t inode; /* its lowest 32 bits */
};

/* Returns 0 or a negative errno. */
int origin_file_get(struct origin_file *file, const char *path);

/* True if this key may have been made from the file, with any byte. IPC_PRIVATE never is. */
bool origin_file_fits(const struct origin_file *file, int32_t key);

/* The files of Qt, sorted by key. Initially all zeros. */
struct origin_qt {
	struct origin_qt_file {
		int32_t key;
		char *name; /* of the file */
	} * files;
	size_t count;
	char folder[256];
	struct timespec changed; /* when the folder was changed, at the last look */
};

/* Reads the temporary folder if it has changed since the last call. */
void origin_qt_look(struct origin_qt *qt);
void origin_qt_end(struct origin_qt *qt);

/*
 * The name that the program gave to the object with this key; Qt keeps only its letters. `text` is
 * "" and false is returned if the key is not one of Qt's.
 */
bool origin_qt_name(const struct origin_qt *qt, int32_t key, char *text, size_t size);

#endif
