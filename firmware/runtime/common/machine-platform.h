/*
 * What every target of the port tells XS about its platform. A target's `platform.h` includes this after
 * its own system headers; XS includes the target's header through XSPLATFORM.
 */
#ifndef BC_MACHINE_PLATFORM_H
#define BC_MACHINE_PLATFORM_H

#include <stdint.h>

/* Fields this port needs in XS's machine record. */
#define mxMachinePlatform \
	int abortStatus;      \
	int promiseJobs;

/* XS brings these; the port brings the rest (heap, abort, promise jobs, stack limit). */
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
#define mxUseDefaultFindModule 1
#define mxUseDefaultLoadModule 1
#define mxUseDefaultDebug 1
#define mxUseDefaultCStackLimit 0

/* The heap begins with these parts of its size for chunks and for slots; a target may begin with more. */
#ifndef BC_HEAP_CHUNKS_PART
#define BC_HEAP_CHUNKS_PART 10
#define BC_HEAP_SLOTS_PART 5
#endif

/* Line numbers in error stacks, but no debugger behind them. */
#define mxNoDebugger 1

/* Strings are CESU-8, each half of a surrogate pair three bytes, so that an index counts UTF-16 units. */
#define mxCESU8 1

/* Exact allocation counters: the proof that a hot path allocates nothing. */
extern uint64_t bcSlotAllocations;
extern uint64_t bcChunkAllocations;
extern uint64_t bcChunkBytes;
extern uint64_t bcCollections;
#define mxCountSlot() (bcSlotAllocations++)
#define mxCountChunk(SIZE) (bcChunkAllocations++, bcChunkBytes += (uint64_t)(SIZE))
#define mxCountCollection() (bcCollections++)

/* Math.random is seeded by the host. */
extern uint32_t bcRandom31(void);
#define c_rand() ((int)bcRandom31())
#define C_RAND_MAX 0x7fffffff

/* Date reads the time of the current record plus the epoch, in UTC. */
struct timeval;
extern int bcTimeOfDay(struct timeval *time, void *zone);
#define c_gettimeofday bcTimeOfDay
#define c_localtime gmtime
#define c_mktime timegm

#endif
