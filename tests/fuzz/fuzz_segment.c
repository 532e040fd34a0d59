/*
 * fuzz_segment.c - everybody who reads a channel, let loose on hostile ones (hostile.h). An input
 * says in its first byte who reads, one after the other.
 */
#include <SDL.h>
#include <fcntl.h>
#include <unistd.h>

#include "hostile.h"

/* Bit i of plan.readers. */
static void (*const readers[8])(const struct hostile *hostile) = {
	read_as_inspector,
	read_as_mirror,
	read_as_consumer,
	read_as_producer,
	read_as_status,
	read_as_xray,
	read_as_recv,
	read_as_window,
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

/* The fuzzer speaks on standard error; what readers write to standard output goes nowhere. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	(void)argc, (void)argv;
	must(nowhere >= 0 && dup2(nowhere, STDOUT_FILENO) == STDOUT_FILENO);
	close(nowhere);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	const struct hostile *hostile = hostile_make(input, size);

	if (hostile == NULL)
		return -1; /* of no use in the corpus */
	for (unsigned i = 0; i < 8; i++)
		if (hostile->plan.readers >> i & 1)
			readers[i](hostile);
	hostile_unmake();
	return 0;
}
