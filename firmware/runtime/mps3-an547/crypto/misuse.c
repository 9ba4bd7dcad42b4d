/*
 * What libsodium calls when it is given what no length in this port can be. There is no random source here: nothing
 * that is linked asks for one, and the linker says so if that changes.
 */
#include <sodium/core.h>

void sodium_misuse(void)
{
	__builtin_trap();
}
