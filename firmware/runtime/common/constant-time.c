/*
 * Comparison and erasure for secrets.
 */
#include "constant-time.h"

#include <string.h>

bool bcEqual(const uint8_t *a, const uint8_t *b, size_t length)
{
	uint32_t difference = 0;
	size_t i;
	for (i = 0; i < length; i++) {
		difference |= (uint32_t)(a[i] ^ b[i]);
		/* The compiler knows nothing about the difference, and so cannot stop at the first. */
		__asm__ volatile("" : "+r"(difference));
	}
	return difference == 0;
}

void bcWipe(void *bytes, size_t length)
{
	memset(bytes, 0, length);
	/* Somebody might read the memory here, as far as the compiler knows. */
	__asm__ volatile("" : : "r"(bytes) : "memory");
}
