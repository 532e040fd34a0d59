/*
 * naming.h - gives a new file a name that is free and that the file system accepts. Names come from
 * other programs, and file systems differ: FAT and NTFS refuse ':' and a trailing dot, eCryptfs
 * refuses more than 143 bytes, some ZFS folders refuse names that are not UTF-8. One such name must
 * not prevent a file, and all files that wait behind it, from being saved.
 */
#ifndef VITRINE_BASE_NAMING_H
#define VITRINE_BASE_NAMING_H

#include "newfile.h"
#include "safename.h"

/*
 * Initially all zeros. A caller that names many files keeps one, so that a hundred files of the
 * same name do not try a hundred names each.
 */
struct naming {
	char wanted[SAFENAME_MAX]; /* the wanted name of the last file */
	char tried[SAFENAME_MAX];  /* the same, or the plainer name used instead */
	unsigned plainness;        /* how many times it was simplified */
	unsigned number;           /* the last number tried */
};

/*
 * Names the file `wanted`, or wanted-2, wanted-3 …, whichever is free. If the file system refuses
 * the name, tries plainer names in the same way. `name` receives the final name. Returns 0 or
 * -errno, the error of the first attempt.
 */
int naming_give(struct naming *naming, struct newfile *file, const char *wanted,
	char name[SAFENAME_MAX]);

#endif
