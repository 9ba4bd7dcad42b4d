/*
 * Checking and sealing of firmware artefacts.
 */
#include "artefact.h"

#include "digest.h"
#include "xsAll.h"

static uint32_t bcGet32(const uint8_t *p)
{
	return (uint32_t)p[0] | ((uint32_t)p[1] << 8) | ((uint32_t)p[2] << 16) | ((uint32_t)p[3] << 24);
}

static void bcPut32(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
	p[2] = (uint8_t)(value >> 16);
	p[3] = (uint8_t)(value >> 24);
}

static uint32_t bcChecksum(const uint8_t *bytes, uint32_t size)
{
	return bcCrc32(bcCrc32(0, bytes, 20), bytes + BC_ARTEFACT_HEADER, size - BC_ARTEFACT_HEADER);
}

/* True when the names are as many as they say and each ends. */
static bool bcNamesComplete(const uint8_t *names, uint32_t size)
{
	uint32_t count, at = 2;
	if (size < 2)
		return false;
	count = (uint32_t)names[0] | ((uint32_t)names[1] << 8);
	if (!count || count > 0x7fff)
		return false;
	while (--count) {
		const uint8_t *end = memchr(names + at, 0, size - at);
		if (!end)
			return false;
		at = (uint32_t)(end - names) + 1;
	}
	return at == size;
}

const char *bcArtefactOpen(uint8_t *bytes, uint32_t size, bcArtefact *artefact)
{
	if (size < BC_ARTEFACT_HEADER || bcGet32(bytes) != BC_ARTEFACT_MAGIC)
		return "not a firmware artefact";
	if (bytes[4] != BC_ARTEFACT_VERSION || bytes[5] || bytes[6] != BC_ARTEFACT_ABI || bytes[7])
		return "artefact of another container version or ABI; build it again";
	if (bytes[8] != XS_MAJOR_VERSION || bytes[9] != XS_MINOR_VERSION || bytes[10] != XS_PATCH_VERSION)
		return "artefact for another version of the engine; build it again";
	artefact->namesSize = bcGet32(bytes + 12);
	artefact->codeSize = bcGet32(bytes + 16);
	if (artefact->namesSize > size || artefact->codeSize > size ||
		(uint64_t)BC_ARTEFACT_HEADER + artefact->namesSize + artefact->codeSize != size)
		return "artefact is cut short or too long";
	if (bcGet32(bytes + 20) != bcChecksum(bytes, size))
		return "artefact is damaged: wrong checksum";
	artefact->names = bytes + BC_ARTEFACT_HEADER;
	artefact->code = artefact->names + artefact->namesSize;
	if (!artefact->codeSize || !bcNamesComplete(artefact->names, artefact->namesSize))
		return "artefact is damaged: wrong names";
	return NULL;
}

void bcArtefactSeal(uint8_t *bytes, uint32_t namesSize, uint32_t codeSize)
{
	bcPut32(bytes, BC_ARTEFACT_MAGIC);
	bytes[4] = BC_ARTEFACT_VERSION;
	bytes[5] = 0;
	bytes[6] = BC_ARTEFACT_ABI;
	bytes[7] = 0;
	bytes[8] = XS_MAJOR_VERSION;
	bytes[9] = XS_MINOR_VERSION;
	bytes[10] = XS_PATCH_VERSION;
	bytes[11] = BC_ARTEFACT_LINES;
	bcPut32(bytes + 12, namesSize);
	bcPut32(bytes + 16, codeSize);
	bcPut32(bytes + 20, bcChecksum(bytes, BC_ARTEFACT_HEADER + namesSize + codeSize));
}
