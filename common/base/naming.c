/* naming.c - see naming.h. */
#include "naming.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define NUMBERS_MOST 1000000u

/* True if the error may be caused by the name, and not by the folder or the disk. */
static bool is_of_the_name(int rc)
{
	switch (-rc) {
	case EINVAL:
	case ENAMETOOLONG:
	case EILSEQ:
	case EPERM:
	case EACCES:
	case ENOENT: return true;
	default: return false;
	}
}

static void begin(struct naming *naming, const char *wanted)
{
	strcpy(naming->wanted, wanted);
	strcpy(naming->tried, wanted);
	naming->plainness = 0;
	naming->number = 0;
}

int naming_give(struct naming *naming, struct newfile *file, const char *wanted,
	char name[SAFENAME_MAX])
{
	int first = 0, rc = -EEXIST;

	if (strcmp(naming->wanted, wanted) != 0)
		begin(naming, wanted);
	while (rc == -EEXIST && naming->number < NUMBERS_MOST) {
		rc = newfile_name(file, safename_number(name, naming->tried, ++naming->number));
		if (is_of_the_name(rc) && safename_plainer(naming->tried, naming->plainness)) {
			first = first == 0 ? rc : first;
			naming->plainness++;
			naming->number = 0;
			rc = -EEXIST;
		}
	}
	if (rc == 0)
		return 0;
	begin(naming, ""); /* start afresh next time: the folder may be another one */
	return first != 0 ? first : rc;
}
