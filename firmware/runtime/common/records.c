/*
 * The two record queues between board and firmware, in memory both can see.
 */
#include "engine.h"

#include <string.h>

bcQueue bcInbound;
bcQueue bcOutbound;

static uint32_t bcOutboundSequence;

_Static_assert(sizeof(bcRecord) == BC_RECORD_BYTES, "a board record is 40 bytes");
_Static_assert((BC_QUEUE_RECORDS & (BC_QUEUE_RECORDS - 1)) == 0, "queue capacity is a power of two");

void bcQueuesOpen(void)
{
	memset(&bcInbound, 0, sizeof(bcInbound));
	memset(&bcOutbound, 0, sizeof(bcOutbound));
	bcInbound.capacity = BC_QUEUE_RECORDS;
	bcOutbound.capacity = BC_QUEUE_RECORDS;
	bcOutboundSequence = 0;
}

const bcRecord *bcInboundNext(void)
{
	if (bcInbound.head == bcInbound.tail)
		return NULL;
	return &bcInbound.records[bcInbound.tail & (BC_QUEUE_RECORDS - 1)];
}

void bcInboundDone(void)
{
	bcInbound.tail++;
}

bool bcOutboundPost(uint16_t kind, uint16_t unit, const uint32_t arguments[6])
{
	bcRecord *record;
	if (bcOutbound.head - bcOutbound.tail >= BC_QUEUE_RECORDS) {
		bcOutbound.dropped++;
		return false;
	}
	record = &bcOutbound.records[bcOutbound.head & (BC_QUEUE_RECORDS - 1)];
	record->kind = kind;
	record->unit = unit;
	record->sequence = bcOutboundSequence++;
	record->time = bcNow;
	memcpy(record->arguments, arguments, sizeof(record->arguments));
	bcOutbound.head++;
	return true;
}
