/*
 * safename.h - the name for a file that somebody else named. What comes out of a channel is
 * untrusted: it must not lead out of the folder, hide the file, look like an option or upset a
 * terminal. Pure; any thread.
 */
#ifndef VITRINE_BASE_SAFENAME_H
#define VITRINE_BASE_SAFENAME_H

#include <limits.h>
#include <stdbool.h>

#define SAFENAME_MAX (NAME_MAX + 1) /* bytes, with the closing NUL */

/*
 * Makes a plain file name of `untrusted`: slashes, control characters and what is not UTF-8 become
 * %XX, a dot or a dash in front becomes "_", and nothing at all becomes "file". `extension` (without
 * the dot; NULL: leave it) replaces the one it has. No longer than NAME_MAX. Returns `name`.
 */
char *safename_make(char name[SAFENAME_MAX], const char *untrusted, const char *extension);

/*
 * What to try when `name` is taken: "photo-2.png" for number 2. The stem is cut at a whole character
 * where it would get too long. Number 1 is the name itself. Returns `numbered`.
 */
char *safename_number(char numbered[SAFENAME_MAX], const char *name, unsigned number);

/*
 * Where a file system refused a name: a plainer one for it, in its place. At plainness 0 without what
 * FAT, NTFS and eCryptfs refuse (characters, dots and spaces at the end, device names, length), at 1
 * only letters, digits, dot, dash and underscore of ASCII, at 2 "file" with its extension, at 3 "file".
 * false: there is none that is plainer.
 */
bool safename_plainer(char name[SAFENAME_MAX], unsigned plainness);

/* Whether a text will do as an extension: 1 to 16 letters, digits, "_", "-", and dots inside. */
bool safename_is_extension(const char *text);

#endif
