/* torture_book.c - see torture.h: the ledger. */
#include "torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct book *book;
struct ledger *ledger;

static void *share(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	must(at != MAP_FAILED);
	return at;
}

void open_book(void)
{
	book = share(sizeof(*book));
}

void open_ledger(void)
{
	if (ledger != NULL)
		munmap(ledger, sizeof(*ledger));
	ledger = share(sizeof(*ledger));
	atomic_store(&book->ids, 0);
}

void fault(const char *format, ...)
{
	char text[sizeof(book->fault) - 32];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (atomic_fetch_add(&book->faults, 1) == 0)
		snprintf(book->fault, sizeof(book->fault), "process %d: %s", (int)getpid(), text);
}

void unrest_begins(unsigned place)
{
	atomic_store(&book->unrest[place], true);
	atomic_fetch_add(&book->unrests, 1);
}

void unrest_ends(unsigned place)
{
	atomic_store(&book->unrest[place], false);
}

void write_fate(uint64_t number, unsigned set, unsigned clear)
{
	if (number >= IMAGES_MAX)
		return;
	atomic_fetch_and(&ledger->fate_of[number], (uint8_t)~clear);
	atomic_fetch_or(&ledger->fate_of[number], (uint8_t)set);
}

void note_id(uint64_t sequence, uint64_t id)
{
	uint64_t none = 0;

	if (sequence == 0 || sequence >= IMAGES_MAX)
		fault("image number %llu", (unsigned long long)sequence);
	else if (!atomic_compare_exchange_strong(&ledger->id_of[sequence], &none, id) && none != id)
		fault("number %llu is image %llu and image %llu", (unsigned long long)sequence,
			(unsigned long long)none, (unsigned long long)id);
}

bool image_is_true(const struct vitrine_image *image, uint64_t *id)
{
	return pattern_is_whole(image->data, image->size, id) &&
	       strtoull(image->name, NULL, 10) == *id;
}
