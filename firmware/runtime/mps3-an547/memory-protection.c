/*
 * Memory protection: code cannot be written, data cannot be executed, and what is in no region (a null pointer, a wild
 * one) is a fault instead of a silent read.
 */
#include "memory-protection.h"

#include "board-link.h"
#include "processor.h"

/* Armv8-M region registers: access permissions and execute-never in RBAR, attribute index and enable in RLAR. */
#define BC_RW_NEVER_EXECUTED 0x1u
#define BC_RO_EXECUTABLE 0x4u
#define BC_NORMAL (0u << 1)
#define BC_DEVICE (1u << 1)

/* Attribute 0: normal memory, not cached (the board reads and writes it too); 1: device, nGnRE. */
#define BC_MAIR 0x00000444u

typedef struct {
	uint32_t first;
	uint32_t last;
	uint32_t access;
	uint32_t attribute;
} bcRegion;

static const bcRegion bcRegions[] = {
	{0x10000000, 0x1007ffff, BC_RO_EXECUTABLE, BC_NORMAL},
	{0x11000000, 0x111fffff, BC_RO_EXECUTABLE, BC_NORMAL},
	{0x30000000, 0x3007ffff, BC_RW_NEVER_EXECUTED, BC_NORMAL},
	{0x31000000, 0x313fffff, BC_RW_NEVER_EXECUTED, BC_NORMAL},
	{0x40000000, 0x5fffffff, BC_RW_NEVER_EXECUTED, BC_DEVICE},
	{BC_LINK_BASE, BC_LINK_BASE + BC_LINK_SIZE - 1u, BC_RW_NEVER_EXECUTED, BC_NORMAL},
};

void bcMemoryProtect(void)
{
	uint32_t i;
	BC_MPU_MAIR0 = BC_MAIR;
	for (i = 0; i < sizeof(bcRegions) / sizeof(*bcRegions); i++) {
		BC_MPU_RNR = i;
		BC_MPU_RBAR = bcRegions[i].first | (bcRegions[i].access & 0x1u) | ((bcRegions[i].access & 0x4u) ? 0x4u : 0);
		BC_MPU_RLAR = (bcRegions[i].last & ~0x1fu) | bcRegions[i].attribute | 1u;
	}
	bcDataBarrier();
	BC_MPU_CTRL = 1;
	bcDataBarrier();
	bcInstructionBarrier();
}
