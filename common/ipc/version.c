/* version.c - the version of the library, and of its ABI. */
#include "vitrine.h"

uint32_t vitrine_abi(void)
{
	return VITRINE_ABI;
}

const char *vitrine_version(void)
{
	return VITRINE_VERSION;
}
