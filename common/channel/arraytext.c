/* arraytext.c - see arraytext.h. */
#include "arraytext.h"

#include <stdio.h>
#include <stdlib.h>

#include "semaphores.h"

static bool cancel(const struct sembuf *one, const struct sembuf *other)
{
	return one->sem_num == other->sem_num && one->sem_op != 0 && one->sem_op == -other->sem_op;
}

static void write_word(struct arraytext_word *word, const struct sembuf *operation)
{
	const char *gap = operation->sem_num < SEMAPHORES_SLOTS ? " " : "";
	char label[SEMAPHORES_LABEL_MAX];

	semaphores_label(label, operation->sem_num);
	if (word->is_quiet)
		snprintf(word->text, sizeof(word->text), "%s%s±0", label, gap);
	else if (operation->sem_op == 0)
		snprintf(word->text, sizeof(word->text), "%s%s=0", label, gap);
	else
		snprintf(word->text, sizeof(word->text), "%s%s%s%d", label, gap,
			operation->sem_op < 0 ? "−" : "+", abs(operation->sem_op));
}

size_t arraytext_words(struct arraytext_word words[ARRAYTEXT_WORDS],
	const struct sembuf *operations, uint32_t count)
{
	size_t used = 0;

	for (uint32_t i = 0; i < count && used < ARRAYTEXT_WORDS; i++) {
		struct arraytext_word *word = &words[used++];

		word->is_quiet = i + 1 < count && cancel(&operations[i], &operations[i + 1]);
		write_word(word, &operations[i]);
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
