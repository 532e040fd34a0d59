/*
 * readfile.h - reads a small file that the user named, whole, into memory.
 */
#ifndef VITRINE_BASE_READFILE_H
#define VITRINE_BASE_READFILE_H

#include <stddef.h>

/*
 * Reads the file, or the pipe, and adds a '\0' that *size does not count. The caller frees *text,
 * which is NULL after an error. Returns 0 or -errno; -EFBIG: it has more than `most` bytes.
 *
 * A FIFO that no process has open for writing is empty, and is not waited for: any user may have
 * put it where a file was expected. While a pipe or a terminal is read, SIGINT, SIGTERM and SIGHUP
 * end the program, because nothing else could end that wait. From a terminal it reads one line.
 */
int readfile(const char *path, size_t most, char **text, size_t *size);

#endif
