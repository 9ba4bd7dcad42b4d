/*
 * memcpy, memmove and memset with the vectors of the core (M-profile Vector Extension, Armv8-M Architecture Reference
 * Manual DDI0553, chapter B5.6): sixteen bytes at a time at any alignment, the rest of less than sixteen by predication.
 * newlib's go byte by byte where source and target are aligned differently, as frames in a ring are.
 */
#include <stddef.h>

__attribute__((naked)) void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	(void)to;
	(void)from;
	(void)length;
	__asm volatile("push {r0, lr}\n\t"
				   "wlstp.8 lr, r2, 2f\n"
				   "1:\n\t"
				   "vldrb.8 q0, [r1], #16\n\t"
				   "vstrb.8 q0, [r0], #16\n\t"
				   "letp lr, 1b\n"
				   "2:\n\t"
				   "pop {r0, pc}");
}

/* Only a target that begins inside its source has to be filled from its end. */
__attribute__((naked)) void *memmove(void *to, const void *from, size_t length)
{
	(void)to;
	(void)from;
	(void)length;
	__asm volatile("subs r3, r0, r1\n\t"
				   "cmp r3, r2\n\t"
				   "bhs memcpy\n\t"
				   "push {r4, lr}\n\t"
				   "adds r3, r0, r2\n\t"
				   "adds r4, r1, r2\n\t"
				   "lsr lr, r2, #4\n\t"
				   "wls lr, lr, 2f\n"
				   "1:\n\t"
				   "vldrb.8 q0, [r4, #-16]!\n\t"
				   "vstrb.8 q0, [r3, #-16]!\n\t"
				   "le lr, 1b\n"
				   "2:\n\t"
				   "and r2, r2, #15\n\t"
				   "vctp.8 r2\n\t"
				   "vpstt\n\t"
				   "vldrbt.8 q0, [r1]\n\t"
				   "vstrbt.8 q0, [r0]\n\t"
				   "pop {r4, pc}");
}

__attribute__((naked)) void *memset(void *to, int byte, size_t length)
{
	(void)to;
	(void)byte;
	(void)length;
	__asm volatile("push {r0, lr}\n\t"
				   "vdup.8 q0, r1\n\t"
				   "wlstp.8 lr, r2, 2f\n"
				   "1:\n\t"
				   "vstrb.8 q0, [r0], #16\n\t"
				   "letp lr, 1b\n"
				   "2:\n\t"
				   "pop {r0, pc}");
}
