#include "serial-records.h"

#include "processor.h"
#include "uart.h"

/* Outbound records looked at so far. */
static uint32_t bcLookedAt;

/* The media memory that a record names; NULL where it lies outside. */
static uint8_t *bcNamed(const bcRecord *record)
{
	uint32_t at = record->arguments[0];
	uint32_t length = record->arguments[1];
	if (at > bc_media_size || length > bc_media_size - at)
		return NULL;
	return bc_media + at;
}

void bcSerialBefore(const bcRecord *record, void (*idle)(void))
{
	uint8_t *to = bcNamed(record);
	uint32_t left = record->arguments[1];
	if (record->kind != BC_KIND_SERIAL_RECEIVED || record->unit != 0 || !to)
		return;
	for (;;) {
		uint32_t taken = bcSerialTake(to, left);
		to += taken;
		left -= taken;
		if (!left)
			return;
		/* Interrupts are off from the look to the sleep, or the last byte could come between them. */
		bcInterruptsOff();
		if (bcSerialEmpty())
			idle();
		else
			bcInterruptsOn();
	}
}

void bcSerialAfter(void (*idle)(void))
{
	for (; bcLookedAt != bcOutbound.head; bcLookedAt++) {
		const bcRecord *record = &bcOutbound.records[bcLookedAt & (BC_QUEUE_RECORDS - 1)];
		const uint8_t *from = bcNamed(record);
		if (record->kind == BC_KIND_SERIAL_WRITE && record->unit == 0 && from)
			bcSerialSend(from, record->arguments[1], idle);
	}
}
