/*
 * safename.h - makes safe file names. A name that comes out of a channel is untrusted: it must not
 * lead out of the folder, hide the file, look like an option or confuse a terminal. Pure; any
 * thread.
 */
#ifndef VITRINE_BASE_SAFENAME_H
#define VITRINE_BASE_SAFENAME_H

#include <limits.h>
#include <stdbool.h>

#define SAFENAME_MAX (NAME_MAX + 1) /* bytes, with the closing NUL */

/*
 * Turns `untrusted` into a safe file name: slashes, control characters and bytes that are not UTF-8
 * become %XX, a leading dot or dash becomes "_", and an empty name becomes "file". `extension`
 * (without the dot; NULL: none) replaces the existing one. At most NAME_MAX bytes. Returns `name`.
 */
char *safename_make(char name[SAFENAME_MAX], const char *untrusted, const char *extension);

/*
 * The name to try when `name` is taken: "photo-2.png" for number 2. The stem is cut at a whole
 * character if the name would be too long. Number 1 is the name itself. Returns `numbered`.
 */
char *safename_number(char numbered[SAFENAME_MAX], const char *name, unsigned number);

/*
 * Replaces a name that a file system refused by a plainer one. Plainness 0 avoids what FAT, NTFS
 * and eCryptfs refuse (some characters, trailing dots and spaces, device names, length); 1 keeps
 * only ASCII letters, digits, dot, dash and underscore; 2 is "file" with the extension; 3 is
 * "file". false: there is no plainer name.
 */
bool safename_plainer(char name[SAFENAME_MAX], unsigned plainness);

/* True if a text can serve as an extension: 1 to 16 letters, digits, "_", "-", and dots inside. */
bool safename_is_extension(const char *text);

#endif
