/* progress.c - see progress.h. */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "monotonic.h"
#include "text.h"
#include "tool.h"
#include "translate.h"

#define FIRST_NS INT64_C(1000000000) /* faster operations need no bar */
#define AGAIN_NS INT64_C(100000000)
#define BAR      30 /* characters */

void progress_start(struct progress *progress, const char *name, uint64_t total)
{
	*progress = (struct progress){
		.name = name,
		.total = total,
		.started = monotonic_ns(),
		.on_terminal = isatty(STDERR_FILENO) == 1,
	};
}

static void draw(const struct progress *progress, uint64_t done, int64_t now)
{
	double seconds = (double)(now - progress->started) / 1e9;
	char bar[BAR + 1], size[TEXT_SIZE_MAX], total[TEXT_SIZE_MAX], rate[TEXT_SIZE_MAX];
	char name[25]; /* so that the line stays within 80 columns */
	double part = (double)done / (double)progress->total;

	memset(bar, ' ', BAR);
	memset(bar, '=', (size_t)(part * BAR));
	bar[BAR] = '\0';
	fputs("\r\033[K", stderr);
	fprintf(stderr, _("%s [%s] %3.0f %% %s of %s, %s/s"),
		text_printable(name, sizeof(name), progress->name), bar, part * 100,
		text_size(size, done), text_size(total, progress->total),
		text_size(rate, (uint64_t)((double)done / seconds)));
	fflush(stderr);
}

void progress_update(struct progress *progress, uint64_t done)
{
	int64_t now;

	if (!progress->on_terminal || progress->total == 0)
		return;
	now = monotonic_ns();
	if (now - progress->started < FIRST_NS || now - progress->shown < AGAIN_NS)
		return;
	progress->shown = now;
	draw(progress, done, now);
}

void progress_end(struct progress *progress)
{
	if (progress->shown != 0)
		fputs("\r\033[K", stderr);
	progress->shown = 0;
}
