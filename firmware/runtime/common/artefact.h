/*
 * The firmware artefact: XS bytecode in one file, little-endian.
 *
 * | at | type | field |
 * |---|---|---|
 * | 0 | 4 bytes | "XSBC" |
 * | 4 | u16 | container version, 1 |
 * | 6 | u16 | ABI: version of the global `native` and of the board records, 1 |
 * | 8 | 3 × u8 | XS version: major, minor, patch; must be the engine's |
 * | 11 | u8 | flags: 1 = with line numbers |
 * | 12 | u32 | bytes of names |
 * | 16 | u32 | bytes of code |
 * | 20 | u32 | CRC-32 of bytes 0 … 19 and of all after byte 24 |
 * | 24 | | names: u16 count (with the unused name 0), then each NUL-terminated |
 * | | | code: XS bytecode of a program; identifiers are indexes into the names |
 *
 * Literals and functions are referred to in place (XS's "archive" instructions), so the code is not copied
 * into the heap and must stay where it was loaded.
 */
#ifndef BC_ARTEFACT_H
#define BC_ARTEFACT_H

#include <stdbool.h>
#include <stdint.h>

#define BC_ARTEFACT_MAGIC 0x43425358u
#define BC_ARTEFACT_VERSION 1
#define BC_ARTEFACT_ABI 1
#define BC_ARTEFACT_HEADER 24
#define BC_ARTEFACT_LINES 1

/* The parts of a checked artefact; they point into its bytes. */
typedef struct {
	uint8_t *names;
	uint32_t namesSize;
	uint8_t *code;
	uint32_t codeSize;
} bcArtefact;

/* Checks header, sizes and CRC. Returns NULL, or what is wrong. */
const char *bcArtefactOpen(uint8_t *bytes, uint32_t size, bcArtefact *artefact);
/* Writes the header in front of names and code that already lie behind it. */
void bcArtefactSeal(uint8_t *bytes, uint32_t namesSize, uint32_t codeSize);

#endif
