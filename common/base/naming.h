/*
 * naming.h - gives a new file a name that is free and that the file system takes. A name comes from
 * others, and what one file system takes another refuses: FAT and NTFS refuse ':' and a trailing
 * dot, eCryptfs more than 143 bytes, some ZFS folders what is not UTF-8. One such name must not keep
 * a file, and all those that wait behind it, from being saved.
 */
#ifndef VITRINE_BASE_NAMING_H
#define VITRINE_BASE_NAMING_H

#include "newfile.h"
#include "safename.h"

/*
 * All zeros at first; who gives names to many files keeps it, so that a hundred files of one name do
 * not try a hundred names each.
 */
struct naming {
	char wanted[SAFENAME_MAX]; /* what the last file was to be called */
	char tried[SAFENAME_MAX];  /* that, or the plainer name that took its place */
	unsigned plainness;        /* how often it became plainer */
	unsigned number;           /* the last that was tried */
};

/*
 * Names the file `wanted`, or wanted-2, wanted-3 …, whichever is free; where the file system refuses
 * such a name, a plainer one in the same way. `name` is what it is called then. Returns 0 or -errno,
 * which is that of the first name.
 */
int naming_give(struct naming *naming, struct newfile *file, const char *wanted,
	char name[SAFENAME_MAX]);

#endif
