/*
 * The port's own interface: one JavaScript machine, its media memory and its two record queues.
 * There is one machine per wasm instance and one per microcontroller, so its state is static.
 */
#ifndef BC_ENGINE_H
#define BC_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- heap.c: chunks grow from the bottom of one region, slots from the top --- */

/* Gives the engine its heap: chunks, slots and the JavaScript stack share `size` bytes. */
void bcHeapOpen(uint8_t *region, uint32_t size);
/* Bytes of the region. */
uint32_t bcHeapSize(void);
/* Most bytes of the region ever taken: the RAM the firmware needs. */
uint32_t bcHeapPeak(void);

/* --- media memory: outside the heap, at a fixed address --- */

/* Where it lies; the target sets both before it opens the machine. */
extern uint8_t *bc_media;
extern uint32_t bc_media_size;

/* Bytes that must lie before `bc_media`, for the header XS expects in front of a buffer. */
#define BC_MEDIA_HEADER 64

/* --- clock.c --- */

/* Time of the record being handled, µs since power-on. */
extern double bcNow;
/* Wall-clock time at power-on, µs since 1970 UTC. */
extern double bcEpoch;
/* Seeds Math.random. */
void bcRandomSeed(uint32_t low, uint32_t high);

/* --- records.c --- */

#define BC_RECORD_BYTES 40
#define BC_QUEUE_RECORDS 1024

/* One board record, laid out as in protocol/src/board/records.ts. */
typedef struct {
	uint16_t kind;
	uint16_t unit;
	uint32_t sequence;
	double time;
	uint32_t arguments[6];
} bcRecord;

/* A ring of records in shared memory. Head is written by the producer, tail by the consumer; both count up. */
typedef struct {
	uint32_t capacity;
	volatile uint32_t head;
	volatile uint32_t tail;
	uint32_t dropped;
	bcRecord records[BC_QUEUE_RECORDS];
} bcQueue;

extern bcQueue bcInbound;
extern bcQueue bcOutbound;
void bcQueuesOpen(void);
/* The oldest inbound record, or NULL. It stays valid until bcInboundDone. */
const bcRecord *bcInboundNext(void);
void bcInboundDone(void);
/* Appends an outbound record at the current time; false when the queue is full. */
bool bcOutboundPost(uint16_t kind, uint16_t unit, const uint32_t arguments[6]);

/* --- machine.c --- */

/* Why a machine stopped, as seen by the host. Zero is alive. */
enum {
	BC_ALIVE = 0,
	BC_OUT_OF_MEMORY = 1,
	BC_STACK_OVERFLOW = 2,
	BC_WATCHDOG = 3,
	BC_EXCEPTION = 4,
	BC_BAD_ARTEFACT = 5,
	BC_INTERNAL = 6
};

/* Sizes of a new machine. */
typedef struct {
	uint32_t stackSlots;
	uint32_t keys;
	uint32_t parserBytes;
	uint32_t meterLimit;
} bcOptions;

/* Creates the machine and the global `native`; returns a BC_ status. */
int bcMachineOpen(const bcOptions *options);
/* Evaluates an artefact. `bytes` must stay where it is; it is changed (names become identifiers). */
int bcMachineLoad(uint8_t *bytes, uint32_t size);
/* Hands the oldest inbound record to the listener and runs all promise jobs: 1 when there was one, 0 when there was none, −status when the machine died. */
int bcMachineDeliver(void);
/* Collects garbage; live bytes after it, or −1 when the machine is dead. */
int32_t bcMachineCollect(void);
/* Instructions counted since boot. */
double bcMachineInstructions(void);
/* Bytes of chunks and slots in use. */
uint32_t bcMachineLiveBytes(void);
int bcMachineStatus(void);

/* --- fault.c --- */

/* What the machine died of: message and stack, each NUL-terminated UTF-8, cut to fit. */
extern char bcFaultMessage[512];
extern char bcFaultStack[4096];

/* --- compile.c --- */

/* Compiles a script to an artefact in malloc'd memory; NULL with the message in bcFaultMessage on a syntax error. */
uint8_t *bcCompile(const char *source, uint32_t length, const char *path, uint32_t *size);

#endif
