/*
 * foreign_format.h - the table of image formats that only other programs open, each with a command
 * that converts a file of it. Few of them have magic bytes, so they are recognised by the name of a
 * file. Pure; any thread. The formats that Vitrine knows by their bytes are in format.h.
 */
#ifndef VITRINE_IMAGE_FOREIGN_FORMAT_H
#define VITRINE_IMAGE_FOREIGN_FORMAT_H

struct foreign_format {
	const char *ending; /* "cr3" */
	const char *name;   /* "CR3" */
	const char *cure;   /* a command that converts FILE, and its package */
};

/* The format by a file's extension; NULL: not one of these. */
const struct foreign_format *foreign_format_of_name(const char *name);

#endif
