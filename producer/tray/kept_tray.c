/* kept_tray.c - see kept_tray.h. */
#include "kept_tray.h"

#define DELAY_NS INT64_C(3000000000)

bool kept_tray_begin(struct kept_tray *kept, char reason[TEXT_REASON_MAX])
{
	if (session_file(kept->file))
		return session_load(&kept->last, kept->file, reason);
	kept->file[0] = '\0';
	return true;
}

static void save(struct kept_tray *kept, const struct tray *tray, const struct log *log)
{
	char reason[TEXT_REASON_MAX];

	kept->due = 0;
	kept->version = tray_version(tray);
	if (session_save(kept->file, tray, reason))
		return;
	log_error(log, kept->file, reason);
	kept->file[0] = '\0'; /* report this only once */
}

/* An empty tray does not replace one that may still be wanted. */
static bool has_news(const struct kept_tray *kept, const struct tray *tray)
{
	return kept->file[0] != '\0' && kept->version != tray_version(tray) &&
	       tray_by_hand(tray) > 0;
}

void kept_tray_work(struct kept_tray *kept, const struct tray *tray, int64_t now,
	const struct log *log)
{
	if (kept->due != 0 ? now < kept->due : kept->version == tray_version(tray))
		return;
	if (!has_news(kept, tray)) {
		kept->due = 0;
		kept->version = tray_version(tray);
	} else if (kept->due == 0) {
		kept->due = now + DELAY_NS;
	} else {
		save(kept, tray, log);
	}
}

int64_t kept_tray_deadline(const struct kept_tray *kept)
{
	return kept->due != 0 ? kept->due : KEPT_TRAY_NEVER;
}

void kept_tray_end(struct kept_tray *kept, const struct tray *tray, const struct log *log)
{
	if (tray != NULL && has_news(kept, tray))
		save(kept, tray, log);
	session_free(&kept->last);
}
