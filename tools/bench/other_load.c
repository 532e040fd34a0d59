/* other_load.c - see other_load.h. */
#include "other_load.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double used_by(int who)
{
	struct rusage used;

	getrusage(who, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

void machine_look(struct machine_look *look)
{
	unsigned long long user = 0, nice = 0, system = 0, irq = 0, soft = 0, stolen = 0;
	double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
	FILE *file = fopen("/proc/stat", "re");
	struct timespec time;

	if (file != NULL) {
		if (fscanf(file, "cpu %llu %llu %llu %*u %*u %llu %llu %llu", &user, &nice, &system,
			    &irq, &soft, &stolen) < 6)
			user = nice = system = irq = soft = stolen = 0;
		fclose(file);
	}
	clock_gettime(CLOCK_MONOTONIC, &time);
	*look = (struct machine_look){
		.time = (double)time.tv_sec + (double)time.tv_nsec / 1e9,
		.busy = (double)(user + nice + system + irq + soft) * tick,
		.stolen = (double)stolen * tick,
		.own = used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN),
	};
}

static double share(double used, double seconds)
{
	double all = seconds * (double)sysconf(_SC_NPROCESSORS_ONLN);
	double part = all > 0 ? used / all : 0;

	return part < 0 ? 0 : part > 1 ? 1 : part;
}

void machine_since(const struct machine_look *before, double *others, double *stolen)
{
	struct machine_look now;

	machine_look(&now);
	*others =
		share((now.busy - before->busy) - (now.own - before->own), now.time - before->time);
	*stolen = share(now.stolen - before->stolen, now.time - before->time);
}
