/*
 * The machine: creation, loading, one record after the other, and the promise jobs in between.
 */
#include "artefact.h"
#include "fault.h"
#include "natives.h"

uint8_t *bc_media;
uint32_t bc_media_size;

uint64_t bcSlotAllocations;
uint64_t bcChunkAllocations;
uint64_t bcChunkBytes;
uint64_t bcCollections;

extern void fxRemapIDs(txMachine *the, txByte *codeBuffer, txSize codeSize, txID *theIDs);
extern void fxRunPromiseJobs(txMachine *the);
extern void fxCheckUnhandledRejections(txMachine *the, txBoolean atExit);
extern void modInstallTextDecoder(void *the);
extern void modInstallTextEncoder(void *the);

static txMachine *bcMachine;
static int bcStatus = BC_INTERNAL;
static uint64_t bcInstructions;
static uint32_t bcMeterLimit;

/* --- what XS asks of a platform besides memory and abort --- */

void fxCreateMachinePlatform(txMachine *the)
{
	the->abortStatus = 0;
	the->promiseJobs = 0;
}

void fxDeleteMachinePlatform(txMachine *the)
{
	(void)the;
}

void fxQueuePromiseJobs(txMachine *the)
{
	the->promiseJobs = 1;
}

/* --- metering --- */

/* XS asks when the limit is passed: the answer is always to stop. */
static txBoolean bcMeterPassed(txMachine *the, txU4 index)
{
	(void)the;
	(void)index;
	return 0;
}

static void bcMeterBegin(txMachine *the)
{
	the->meterIndex = 0;
	the->meterCount = bcMeterLimit;
	the->meterInterval = bcMeterLimit;
}

static void bcMeterEnd(txMachine *the)
{
	bcInstructions += the->meterIndex;
	the->meterIndex = 0;
	the->meterInterval = 0;
}

/* --- entering and leaving JavaScript --- */

/* Runs promise jobs until none is left; a rejection nobody handled by then is fatal. */
static void bcRunJobs(txMachine *the)
{
	while (the->promiseJobs) {
		the->promiseJobs = 0;
		fxRunPromiseJobs(the);
	}
	fxEndJob(the);
	fxCheckUnhandledRejections(the, 1);
}

/* Calls `enter` and then runs the jobs it queued. Whatever JavaScript does not catch ends the machine. */
static int bcEnter(void (*enter)(txMachine *the, const void *it), const void *it)
{
	txMachine *the = bcMachine;
	if (bcStatus)
		return bcStatus;
	bcMeterBegin(the);
	fxBeginHost(the);
	{
		mxTry(the) {
			mxTry(the) {
				(*enter)(the, it);
			}
			mxCatch(the) {
				bcFaultException(the);
			}
			bcRunJobs(the);
		}
		mxCatch(the) {
			bcStatus = bcFaultStatus(the->abortStatus);
		}
	}
	if (!bcStatus)
		fxEndHost(the);
	bcMeterEnd(the);
	return bcStatus;
}

static void bcSetUp(txMachine *the, const void *it)
{
	(void)it;
	modInstallTextDecoder(the);
	modInstallTextEncoder(the);
	bcNativesInstall(the);
}

int bcMachineOpen(const bcOptions *options)
{
	/*
	 * The heap begins at about what the firmware needs of it. One that grows there step by step collects at each step,
	 * with next to nothing to collect: 189 collections of a million processor instructions each up to the armed camera
	 * instead of 6.
	 */
	const uint32_t heap = bcHeapSize();
	txCreation creation = {
		.initialChunkSize = (txSize)(heap / BC_HEAP_CHUNKS_PART),
		.incrementalChunkSize = (txSize)(heap / 48),
		.initialHeapCount = (txSize)(heap / BC_HEAP_SLOTS_PART / sizeof(txSlot)),
		.incrementalHeapCount = (txSize)(heap / 48 / sizeof(txSlot)),
		.stackCount = (txSize)options->stackSlots,
		.initialKeyCount = (txSize)options->keys,
		/* Growing the keys past 16 bits goes wrong silently; running out is an abort instead. */
		.incrementalKeyCount = 0,
		.nameModulo = 1993,
		.symbolModulo = 127,
		.parserBufferSize = (txSize)options->parserBytes,
		.parserTableModulo = 1993,
		.staticSize = 0,
	};
	bcMachine = fxCreateMachine(&creation, "camera", NULL, XS_NO_ID);
	if (!bcMachine)
		return bcStatus = BC_OUT_OF_MEMORY;
	bcStatus = BC_ALIVE;
	bcInstructions = 0;
	bcMeterLimit = options->meterLimit;
	fxBeginMetering(bcMachine, bcMeterPassed, bcMeterLimit);
	return bcEnter(bcSetUp, NULL);
}

static void bcRunArtefact(txMachine *the, const void *it)
{
	const bcArtefact *artefact = it;
	txSlot *realm = mxProgram.value.reference->next->value.module.realm;
	const uint8_t *p = artefact->names;
	txID count, i;
	txID *ids;
	txScript script = {0};
	mxDecodeID(p, count);
	ids = c_malloc((size_t)count * sizeof(txID));
	if (!ids)
		fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	ids[0] = XS_NO_ID;
	for (i = 1; i < count; i++) {
		ids[i] = fxNewNameC(the, (txString)p);
		p += strlen((const char *)p) + 1;
	}
	fxRemapIDs(the, (txByte *)artefact->code, (txSize)artefact->codeSize, ids);
	c_free(ids);
	script.codeBuffer = (txS1 *)artefact->code;
	script.codeSize = (txSize)artefact->codeSize;
	fxRunScript(the, &script, mxRealmGlobal(realm), C_NULL, mxRealmClosures(realm)->value.reference, C_NULL,
		mxProgram.value.reference);
	mxPop();
}

int bcMachineLoad(uint8_t *bytes, uint32_t size)
{
	bcArtefact artefact;
	const char *wrong;
	if (bcStatus)
		return bcStatus;
	wrong = bcArtefactOpen(bytes, size, &artefact);
	if (wrong) {
		snprintf(bcFaultMessage, sizeof(bcFaultMessage), "%s", wrong);
		bcFaultStack[0] = 0;
		return bcStatus = BC_BAD_ARTEFACT;
	}
	return bcEnter(bcRunArtefact, &artefact);
}

static void bcHandle(txMachine *the, const void *it)
{
	const bcRecord *record = it;
	int i;
	/* THIS and FUNCTION; the macros below push TARGET, RESULT, FRAME and COUNT. */
	mxPushUndefined();
	mxPushSlot(&bcListener);
	mxCall();
	mxPushInteger(record->kind);
	mxPushInteger(record->unit);
	mxPushNumber(record->time);
	for (i = 0; i < 6; i++) {
		uint32_t value = record->arguments[i];
		if (value <= 0x7fffffff)
			mxPushInteger((txInteger)value);
		else
			mxPushNumber(value);
	}
	mxRunCount(9);
	mxPop();
}

int bcMachineDeliver(void)
{
	const bcRecord *record;
	int status;
	if (bcStatus)
		return -bcStatus;
	record = bcInboundNext();
	if (!record)
		return 0;
	bcNow = record->time;
	if (bcListener.kind != XS_REFERENCE_KIND) {
		bcInboundDone();
		return 1;
	}
	status = bcEnter(bcHandle, record);
	bcInboundDone();
	return status ? -status : 1;
}

static void bcCollect(txMachine *the, const void *it)
{
	(void)it;
	fxCollectGarbage(the);
}

int32_t bcMachineCollect(void)
{
	if (bcEnter(bcCollect, NULL))
		return -1;
	return (int32_t)bcMachineLiveBytes();
}

double bcMachineInstructions(void)
{
	return (double)(bcInstructions + (bcMachine ? bcMachine->meterIndex : 0));
}

uint32_t bcMachineLiveBytes(void)
{
	if (!bcMachine)
		return 0;
	return (uint32_t)bcMachine->currentChunksSize + (uint32_t)bcMachine->currentHeapCount * (uint32_t)sizeof(txSlot);
}

int bcMachineStatus(void)
{
	return bcStatus;
}
