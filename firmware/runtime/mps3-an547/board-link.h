/*
 * Where the firmware's processor and its board meet: one layout of the memory both can see, and the bytes that wake the
 * other side. The simulator's half is simulator/src/machine/mps3-an547/board-link.ts; a test compares the two.
 * Little-endian; offsets count from BC_LINK_BASE, fields from the start of their area.
 */
#ifndef BC_BOARD_LINK_H
#define BC_BOARD_LINK_H

/* External memory (DDR) of the MPS3 board; on the host a file. */
#define BC_LINK_BASE 0x60000000
#define BC_LINK_SIZE 0x80000000

/* --- areas --- */

/* Written by the host before power-on. */
#define BC_LINK_PARAMETERS 0x0000
/* Written by the image before each answer. */
#define BC_LINK_STATE 0x0100
/* The crash record: memory that a reset leaves as it is. */
#define BC_LINK_CRASH 0x1000
/* The record queues (bcQueue of ../common/engine.h). The image empties them at boot: the host writes after `r`. */
#define BC_LINK_INBOUND 0x10000
#define BC_LINK_OUTBOUND 0x20000
/* The firmware artefact; it runs where it lies. */
#define BC_LINK_FIRMWARE 0x100000
#define BC_LINK_FIRMWARE_MAX 0x700000
/* Media memory; the host gives it zeroed. */
#define BC_LINK_MEDIA 0x800000

/* --- parameters; u32 unless it says otherwise --- */

#define BC_PARAMETER_MAGIC 0
#define BC_PARAMETER_VERSION 4
#define BC_PARAMETER_MEDIA_BYTES 8
#define BC_PARAMETER_FIRMWARE_BYTES 12
/* Heap in bytes; 0: 3 MiB. */
#define BC_PARAMETER_HEAP_BYTES 16
/* Instructions of the engine that one record may take; 0: 50,000,000. */
#define BC_PARAMETER_METER_LIMIT 20
#define BC_PARAMETER_SEED_LOW 24
#define BC_PARAMETER_SEED_HIGH 28
/* f64, wall-clock time at power-on in µs since 1970 UTC. */
#define BC_PARAMETER_EPOCH 32
/* Slots of the JavaScript stack; 0: 4096. */
#define BC_PARAMETER_STACK_SLOTS 40
/* Property names; 0: 16384. */
#define BC_PARAMETER_KEYS 44
/* 1 in tests: the end of the program ends the emulator too, through semihosting, with the status as exit code. */
#define BC_PARAMETER_SEMIHOSTING 48

#define BC_LINK_MAGIC 0x4b4c4342 /* "BCLK" */
#define BC_LINK_VERSION 1

/* --- state --- */

#define BC_STATE_MAGIC 0
#define BC_STATE_VERSION 4
/* u32, a BC_ status of ../common/engine.h. */
#define BC_STATE_STATUS 8
/* 7 × f64: instructions metered, live bytes, peak bytes, slots, chunks and bytes of chunks allocated, collections. */
#define BC_STATE_COUNTERS 16
/* f64, processor instructions that records took since power-on, in grains of 32; waiting is not counted. */
#define BC_STATE_RECORD_INSTRUCTIONS 72
/* f64, processor instructions from reset to ready. */
#define BC_STATE_BOOT_INSTRUCTIONS 80
/* f64, processor instructions of the longest record. */
#define BC_STATE_LONGEST_RECORD 88
/* u32, most bytes of the C stack ever used. */
#define BC_STATE_STACK_PEAK 96
/* u32, bytes of the build id; then its text. */
#define BC_STATE_BUILD_ID_BYTES 100
#define BC_STATE_BUILD_ID 104
#define BC_STATE_BUILD_ID_MAX 40

/* --- crash record --- */

#define BC_CRASH_MAGIC_AT 0
#define BC_CRASH_VERSION_AT 4
/* u32, a BC_ status, or BC_CRASH_EXCEPTION + the number of the processor's exception. */
#define BC_CRASH_STATUS 8
/* u32, CRC-32 (IEEE 802.3) of all bytes after it. */
#define BC_CRASH_CRC 12
/* 21 × u32: r0 … r12, sp, lr, pc, xpsr, CFSR, HFSR, MMFAR, BFAR; zero where the machine died without a fault. */
#define BC_CRASH_REGISTERS 16
/* Text, NUL-padded. */
#define BC_CRASH_BUILD_ID 100
#define BC_CRASH_BUILD_ID_BYTES 44
#define BC_CRASH_MESSAGE 0x100
#define BC_CRASH_MESSAGE_BYTES 512
#define BC_CRASH_STACK 0x300
#define BC_CRASH_STACK_BYTES 4096
#define BC_CRASH_BYTES 0x1300

#define BC_CRASH_MAGIC 0x48535243 /* "CRSH" */
#define BC_CRASH_VERSION 1
#define BC_CRASH_EXCEPTION 0x100

/* --- doorbell: single bytes on UART1 --- */

/* image to host */
#define BC_BELL_READY 'r'
#define BC_BELL_IDLE 'i'
#define BC_BELL_OUTBOUND 'o'
#define BC_BELL_COLLECTED 'c'
#define BC_BELL_DEAD 'd'
/* host to image */
#define BC_BELL_RUN 'R'
#define BC_BELL_COLLECT 'C'
/* begin anew with the parameters and the firmware that lie there now; answered as power-on is */
#define BC_BELL_START 'S'

#endif
