/*
 * The firmware's processor: boots the engine over the artefact in external memory, then handles records whenever the
 * board rings, and sleeps in between.
 */
#include "board-link.h"
#include "c-stack.h"
#include "crash-record.h"
#include "engine.h"
#include "instructions.h"
#include "link-state.h"
#include "linker-symbols.h"
#include "processor.h"
#include "serial-records.h"
#include "uart.h"
#include "watchdog.h"

/*
 * Longer than the engine's meter lets JavaScript run: 50 million of its instructions are about 1.5 thousand million of
 * the processor's.
 */
#define BC_WATCHDOG_SECONDS 4

/* Instructions of this ring of the bell up to the record being handled. */
static double bcCounted;

/* Waits for any interrupt, also for one that came since interrupts were turned off; nothing is counted meanwhile. */
static void bcIdle(void)
{
	bcWatchdogFeed();
	bcInterruptsOff();
	bcSleep();
	bcInterruptsOn();
}

static void bcCountingBegin(void)
{
	bcSerialListen(false);
	bcWatchdogFeed();
	bcCounted = 0;
	bcInstructionsBegin();
}

static void bcCountingEnd(void)
{
	bcRecordInstructions += bcInstructionsCount();
	bcInstructionsEnd();
	bcSerialListen(true);
}

static void bcCountRecord(void)
{
	double now = bcInstructionsCount();
	if (bcLongestRecord < now - bcCounted)
		bcLongestRecord = now - bcCounted;
	bcCounted = now;
}

__attribute__((noreturn)) static void bcDieOfEngine(void)
{
	bcDie((uint32_t)bcMachineStatus(), NULL, bcFaultMessage, bcFaultStack);
}

static void bcAnswer(uint8_t byte)
{
	bcStateWrite(BC_ALIVE);
	bcDoorbellRing(byte);
}

static void bcBoot(const bcParameters *parameters)
{
	const bcOptions options = {
		.stackSlots = parameters->stackSlots,
		.keys = parameters->keys,
		.parserBytes = 0,
		.meterLimit = parameters->meterLimit,
	};
	bcHeapOpen(bcHeapStart, parameters->heapBytes);
	bc_media = (uint8_t *)(uintptr_t)(BC_LINK_BASE + BC_LINK_MEDIA);
	bc_media_size = parameters->mediaBytes;
	bcQueuesOpen();
	bcRandomSeed(parameters->seedLow, parameters->seedHigh);
	bcEpoch = parameters->epoch;
	if (bcMachineOpen(&options) != BC_ALIVE ||
		bcMachineLoad((uint8_t *)(uintptr_t)(BC_LINK_BASE + BC_LINK_FIRMWARE), parameters->firmwareBytes) != BC_ALIVE)
		bcDieOfEngine();
}

/* Handles records until there is something for the board to take or none is left. */
static void bcRun(void)
{
	int handled;
	do {
		const bcRecord *next = bcInboundNext();
		if (next)
			bcSerialBefore(next, bcIdle);
		bcCountingBegin();
		handled = bcMachineDeliver();
		bcCountRecord();
		bcCountingEnd();
		if (handled < 0)
			bcDieOfEngine();
		bcSerialAfter(bcIdle);
	} while (handled > 0 && bcOutbound.head == bcOutbound.tail);
	bcAnswer(handled > 0 ? BC_BELL_OUTBOUND : BC_BELL_IDLE);
}

static void bcCollectNow(void)
{
	bcWatchdogFeed();
	bcInstructionsBegin();
	if (bcMachineCollect() < 0)
		bcDieOfEngine();
	bcRecordInstructions += bcInstructionsCount();
	bcInstructionsEnd();
	bcStackPeak();
	bcAnswer(BC_BELL_COLLECTED);
}

/* Resets the system, so that nothing of what ran is left; the external memory keeps what the host has put there. */
__attribute__((noreturn)) static void bcStartAnew(void)
{
	bcDataBarrier();
	BC_AIRCR = BC_AIRCR_RESET;
	bcDataBarrier();
	for (;;)
		bcSleep();
}

int main(void)
{
	static bcParameters parameters;
	const char *wrong;
	bcUartsOpen();
	bcWatchdogOpen(BC_WATCHDOG_SECONDS);
	bcInterruptsOn();
	wrong = bcParametersRead(&parameters);
	if (wrong)
		bcDie(BC_INTERNAL, NULL, wrong, "");
	bcBoot(&parameters);
	bcSerialAfter(bcIdle);
	bcBootInstructions = bcInstructionsCount();
	bcInstructionsEnd();
	bcStackPeak();
	bcAnswer(BC_BELL_READY);
	for (;;) {
		int bell;
		bcInterruptsOff();
		bell = bcDoorbellNext();
		if (bell < 0) {
			bcWatchdogFeed();
			bcSleep();
		}
		bcInterruptsOn();
		if (bell == BC_BELL_RUN)
			bcRun();
		else if (bell == BC_BELL_COLLECT)
			bcCollectNow();
		else if (bell == BC_BELL_START)
			bcStartAnew();
	}
}
