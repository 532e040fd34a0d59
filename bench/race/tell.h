/* tell.h - prints the results, for people and for programs. Called by main.c. */
#ifndef VITRINE_BENCH_TELL_H
#define VITRINE_BENCH_TELL_H

#include <stdio.h>

#include "measure.h"

void tell_table(FILE *file, const struct measure *measure);
void tell_json(FILE *file, const struct measure *measure);

#endif
