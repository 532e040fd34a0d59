/*
 * arraytext.h - a semop array as readable text: `empty −1 U`, `ready₃=0 ?`, `writer₃+1`; U is
 * SEM_UNDO, ? is IPC_NOWAIT. A pair that cancels out (it only changes this process's undo entry) is
 * one word, `empty +1 U −1`. Pure; any thread.
 */
#ifndef VITRINE_CHANNEL_ARRAYTEXT_H
#define VITRINE_CHANNEL_ARRAYTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sem.h>

#define ARRAYTEXT_WORDS 12
#define ARRAYTEXT_WORD  48
#define ARRAYTEXT_MAX   512

struct arraytext_word {
	char text[ARRAYTEXT_WORD];
	bool is_quiet; /* a pair that cancels */
};

/* Writes at most ARRAYTEXT_WORDS words and returns their number. */
size_t arraytext_words(struct arraytext_word words[ARRAYTEXT_WORDS],
	const struct sembuf *operations, uint32_t count);

/* All words on one line, separated by two spaces. Returns `text`. */
char *arraytext_line(char text[ARRAYTEXT_MAX], const struct sembuf *operations, uint32_t count);

#endif
