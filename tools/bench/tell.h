/* tell.h - prints the results of vitrine bench, for people and for programs. Called by bench.c. */
#ifndef VITRINE_TOOLS_TELL_H
#define VITRINE_TOOLS_TELL_H

#include <stdio.h>

#include "measure.h"

void tell_table(FILE *file, const struct measure *measure);
void tell_json(FILE *file, const struct measure *measure);

#endif
