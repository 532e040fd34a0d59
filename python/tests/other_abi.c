/* other_abi.c - a library that claims to be libvitrine of another version; for test_library.py. */
#include <stdint.h>

uint32_t vitrine_abi(void);

__attribute__((visibility("default"))) uint32_t vitrine_abi(void)
{
	return 999;
}
