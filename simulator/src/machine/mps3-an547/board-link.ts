/**
 * Where the Cortex-M55 image and its board meet: one layout of the memory both can see, and the bytes that wake the
 * other side. The image's half is `firmware/runtime/mps3-an547/board-link.h`; a test compares the two. Little-endian;
 * areas count from the beginning of the memory, fields from the start of their area, all in bytes.
 */

/** The shared memory. */
export const BoardLink = {
	/** Its address for the processor. */
	BASE: 0x6000_0000,
	/** Its size: the external memory (DDR) of the board, a sparse file on this host. */
	SIZE: 0x8000_0000,
	/** Written by the host before power-on. */
	PARAMETERS: 0x0000,
	/** Written by the image before each answer. */
	STATE: 0x0100,
	/** The crash record: memory that a reset leaves as it is. */
	CRASH: 0x1000,
	/** The record queues. The image empties them at boot: the host writes after it is ready. */
	INBOUND: 0x1_0000,
	OUTBOUND: 0x2_0000,
	/** The firmware artefact; it runs where it lies. */
	FIRMWARE: 0x10_0000,
	FIRMWARE_MAX: 0x70_0000,
	/** Media memory; zero at power-on. */
	MEDIA: 0x80_0000,
	/** "BCLK". */
	MAGIC: 0x4b4c_4342,
	VERSION: 1,
} as const;

/** Parameters, u32 unless they say otherwise. */
export const Parameter = {
	MAGIC: 0,
	VERSION: 4,
	MEDIA_BYTES: 8,
	FIRMWARE_BYTES: 12,
	/** Heap in bytes; 0: the image's own. */
	HEAP_BYTES: 16,
	/** Metered instructions one record may take; 0: the image's own. */
	METER_LIMIT: 20,
	SEED_LOW: 24,
	SEED_HIGH: 28,
	/** f64, wall-clock time at power-on, µs since 1970 UTC. */
	EPOCH: 32,
	/** Slots of the JavaScript stack; 0: the image's own. */
	STACK_SLOTS: 40,
	/** Different property names; 0: the image's own. */
	KEYS: 44,
	/** 1 in tests of the image alone: the end of the program ends the emulator. */
	SEMIHOSTING: 48,
} as const;

/** State, refreshed before each answer. */
export const State = {
	MAGIC: 0,
	VERSION: 4,
	/** u32, a status of `engine-status.ts`. */
	STATUS: 8,
	/** 7 × f64: instructions metered, live bytes, peak bytes, slots, chunks, bytes of chunks, collections. */
	COUNTERS: 16,
	/** f64, processor instructions that records took since power-on, in grains of 32; waiting is not counted. */
	RECORD_INSTRUCTIONS: 72,
	/** f64, processor instructions from reset to ready. */
	BOOT_INSTRUCTIONS: 80,
	/** f64, processor instructions of the longest record. */
	LONGEST_RECORD: 88,
	/** u32, most bytes of the C stack ever used. */
	STACK_PEAK: 96,
	/** u32, bytes of the build id; then its text. */
	BUILD_ID_BYTES: 100,
	BUILD_ID: 104,
	BUILD_ID_MAX: 40,
} as const;

/** The crash record. */
export const Crash = {
	MAGIC_AT: 0,
	VERSION_AT: 4,
	/** u32, a status of `engine-status.ts`, or EXCEPTION + the number of the processor's exception. */
	STATUS: 8,
	/** u32, CRC-32 (IEEE 802.3) of all bytes after it. */
	CRC: 12,
	/** 21 × u32: r0 … r12, sp, lr, pc, xpsr, CFSR, HFSR, MMFAR, BFAR. */
	REGISTERS: 16,
	/** Text, NUL-padded. */
	BUILD_ID: 100,
	BUILD_ID_BYTES: 44,
	/** UTF-8, NUL-terminated, as is the stack. */
	MESSAGE: 0x100,
	MESSAGE_BYTES: 512,
	STACK: 0x300,
	STACK_BYTES: 4096,
	/** Size of the whole record. */
	BYTES: 0x1300,
	/** "CRSH". */
	MAGIC: 0x4853_5243,
	VERSION: 1,
	EXCEPTION: 0x100,
} as const;

/** The doorbell: single bytes on the second serial port, never payload. */
export const Bell = {
	/** The image has booted and evaluated the firmware. */
	READY: 0x72,
	/** No inbound record is left. */
	IDLE: 0x69,
	/** Outbound records wait: take them, then ring RUN again. */
	OUTBOUND: 0x6f,
	/** Garbage was collected. */
	COLLECTED: 0x63,
	/** The machine died; state and crash record say of what. */
	DEAD: 0x64,
	/** From the host: handle records. */
	RUN: 0x52,
	/** From the host: collect garbage. */
	COLLECT: 0x43,
	/** From the host: begin anew with the parameters and the firmware that lie there now; answered as power-on is. */
	START: 0x53,
} as const;
