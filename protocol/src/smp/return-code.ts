/** SMP return codes (Zephyr `mcumgr_err_t`). Codes from 256 up are the user's. */
export const ReturnCode = {
	ok: 0,
	unknown: 1,
	noMemory: 2,
	invalid: 3,
	timeout: 4,
	noEntry: 5,
	badState: 6,
	messageSize: 7,
	notSupported: 8,
	corrupt: 9,
	busy: 10,
	accessDenied: 11,
	tooOld: 12,
	tooNew: 13,
} as const;

const MEANINGS: Readonly<Record<number, string>> = {
	0: "done",
	1: "failed for an unknown reason",
	2: "out of memory",
	3: "the request is not valid",
	4: "timed out",
	5: "there is no such entry",
	6: "not possible in the current state",
	7: "the message does not fit the buffer",
	8: "the device does not know this command",
	9: "the message arrived damaged",
	10: "the device is busy",
	11: "the role of this session is not enough",
	12: "the protocol version is too old",
	13: "the protocol version is too new",
};

/** What a return code says, in words. */
export function returnCodeMeaning(code: number): string {
	return MEANINGS[code] ?? `failed with code ${code}`;
}
