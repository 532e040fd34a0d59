/* arraytext.c - see arraytext.h. */
#include "arraytext.h"

#include <stdio.h>
#include <stdlib.h>

#include "semaphores.h"

static bool cancel(const struct sembuf *one, const struct sembuf *other)
{
	return one->sem_num == other->sem_num && one->sem_op != 0 && one->sem_op == -other->sem_op;
}

/* "−1 U". Returns `text`. */
static char *write_change(char text[24], const struct sembuf *operation)
{
	const char *undo = operation->sem_flg & SEM_UNDO ? " U" : "";
	const char *nowait = operation->sem_flg & IPC_NOWAIT ? " ?" : "";

	if (operation->sem_op == 0)
		snprintf(text, 24, "=0%s", nowait);
	else
		snprintf(text, 24, "%s%d%s%s", operation->sem_op < 0 ? "−" : "+",
			abs(operation->sem_op), undo, nowait);
	return text;
}

/* `second` is the other half of a pair, or NULL. */
static void write_word(struct arraytext_word *word, const struct sembuf *operation,
	const struct sembuf *second)
{
	const char *gap = operation->sem_num < SEMAPHORES_SLOTS ? " " : "";
	char label[SEMAPHORES_LABEL_MAX], change[24], other[24] = "";

	if (second != NULL)
		write_change(other, second);
	snprintf(word->text, sizeof(word->text), "%s%s%s%s%s",
		semaphores_label(label, operation->sem_num), gap, write_change(change, operation),
		second != NULL ? " " : "", other);
}

size_t arraytext_words(struct arraytext_word words[ARRAYTEXT_WORDS],
	const struct sembuf *operations, uint32_t count)
{
	size_t used = 0;

	for (uint32_t i = 0; i < count && used < ARRAYTEXT_WORDS; i++) {
		struct arraytext_word *word = &words[used++];

		word->is_quiet = i + 1 < count && cancel(&operations[i], &operations[i + 1]);
		write_word(word, &operations[i], word->is_quiet ? &operations[i + 1] : NULL);
		i += word->is_quiet;
	}
	return used;
}

char *arraytext_line(char text[ARRAYTEXT_MAX], const struct sembuf *operations, uint32_t count)
{
	struct arraytext_word words[ARRAYTEXT_WORDS];
	size_t used = arraytext_words(words, operations, count);
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < used && length < ARRAYTEXT_MAX; i++) {
		int n = snprintf(text + length, ARRAYTEXT_MAX - length, "%s%s", i > 0 ? "  " : "",
			words[i].text);

		length += n > 0 ? (size_t)n : 0;
	}
	return text;
}
