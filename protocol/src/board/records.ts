import type { BootDecision } from "../camera/firmware.ts";
import type { CrashRecord } from "../camera/log.ts";

/**
 * Board records: the asynchronous messages between firmware and board, and the only door besides the
 * pure natives. One record is 40 bytes, little-endian:
 *
 * | at | type | field |
 * |---|---|---|
 * | 0 | u16 | kind: peripheral in the high byte, operation in the low byte |
 * | 2 | u16 | unit: which instance of the peripheral |
 * | 4 | u32 | sequence, counts up per direction |
 * | 8 | f64 | board time, µs since power-on |
 * | 16 | 6 × u32 | a, b, c, d, e, f: arguments, by kind |
 *
 * "in" is board to firmware, "out" is firmware to board. `at` arguments are offsets into media memory.
 * A payload named by a record belongs to its receiver until the answering record (RELEASE, DONE, …).
 */

/** Bytes of one board record. */
export const RECORD_BYTES = 40;

/** Records a queue holds in each direction; a power of two. */
export const QUEUE_RECORDS = 1024;

/** Bytes of a queue's header: capacity, head, tail, dropped (u32 each). */
export const QUEUE_HEADER_BYTES = 16;

/** The board itself: boot, the one-shot timer, reset, log, watchdog, entropy. */
export const System = {
	/** in: power is good. a media memory bytes, b ring arena bytes, c ResetReason, d at, e length of the boot block (CBOR `BootBlock`). */
	BOOT: 0x0001,
	/** in: the one-shot timer expired. */
	TIMER: 0x0002,
	/** out: a = delay in µs from now; replaces the running one. */
	TIMER_SET: 0x0003,
	/** out: restart from the firmware slot. a ResetReason. */
	RESET: 0x0004,
	/** out: a line of log text. a at, b length (UTF-8), c level (0 debug, 1 info, 2 warning, 3 error). */
	LOG: 0x0005,
	/** in: log text was taken. a at, b length. */
	LOG_TAKEN: 0x0006,
	/** out: the firmware is alive; a = the time in ms after which the board resets it unless fed again. */
	WATCHDOG_FEED: 0x0007,
	/** out: fill with random bytes. a at, b length, d tag. */
	ENTROPY: 0x0008,
	/** in: the random bytes are there. d tag. */
	ENTROPY_DONE: 0x0009,
	/** out, boot stage only: run the firmware that lies in a flash slot. a image slot (0 or 1), b offset, c length of it in the slot, d at, e length of the `BootDecision` (CBOR) it is to be told. The peripherals forget all they were asked, the engine begins anew, and BOOT comes again. */
	START: 0x000a,
	/** out: keep these bytes over the next resets, until the power goes. a at, b length, at most `RETAINED_BYTES`. */
	RETAIN: 0x000b,
} as const;

/** Most bytes that the board keeps over a reset. */
export const RETAINED_BYTES = 64;

/** Why the firmware booted. */
export const ResetReason = {
	powerOn: 0,
	requested: 1,
	watchdog: 2,
	exception: 3,
	outOfMemory: 4,
	powerCut: 5,
	stackOverflow: 6,
} as const;

/** Encoded video in: H.264 access units, length-prefixed (AVCC, 4-byte lengths). */
export const Camera = {
	/** out: a buffer at, b buffer length (the board's DMA buffer), c bit rate in bit/s (0 keeps the source's). */
	CONFIGURE: 0x0101,
	/** out: start encoding. The first frame is a keyframe. */
	START: 0x0102,
	/** out: stop encoding. */
	STOP: 0x0103,
	/** out: make the next frame a keyframe if the encoder can. */
	KEYFRAME: 0x0104,
	/** in: the format, sent after CONFIGURE and again on change. a at, b length of the avcC record (RELEASE it), c width << 16 | height, d nominal frame time µs, e bit rate in bit/s, f flags: 1 keyframes on request, 2 bit rate adjustable. */
	FORMAT: 0x0105,
	/** in: an access unit in decode order. a at, b length, c flags: 1 keyframe, d = time − presentation (capture) time in µs, e = time − decode time in µs. */
	FRAME: 0x0106,
	/** out: a payload is no longer needed. a at, b length. In the order of arrival. */
	RELEASE: 0x0107,
	/** in: the DMA buffer was full. a = access units lost; the next frame is a keyframe if the encoder can. */
	OVERRUN: 0x0108,
	/** in: the encoder failed or answers no more. a = code. */
	FAULT: 0x0109,
} as const;

/** Encoded audio in: Opus packets (RFC 6716). */
export const Microphone = {
	/** out: a buffer at, b buffer length, c bit rate in bit/s. */
	CONFIGURE: 0x0201,
	/** out. */
	START: 0x0202,
	/** out. */
	STOP: 0x0203,
	/** in: a input sample rate in Hz, b channels, c pre-skip in 48 kHz samples, d packet duration in µs. */
	FORMAT: 0x0204,
	/** in: a at, b length, c level: root mean square of the packet's samples before encoding, of 32768, as a codec's meter gives it, d = time − capture time of the first sample in µs. */
	PACKET: 0x0205,
	/** out: a at, b length. In the order of arrival. */
	RELEASE: 0x0206,
	/** in: a = packets lost. */
	OVERRUN: 0x0207,
} as const;

/** Sound out. */
export const Speaker = {
	/** out: play a prompt. a at, b length (u16le length + Opus packet of 20 ms, repeated), c volume in percent, d tag. */
	PLAY: 0x0301,
	/** out: silence. */
	STOP: 0x0302,
	/** in: the prompt ended. a status (Status), d tag. */
	DONE: 0x0303,
} as const;

/** Push buttons, raw edges, not debounced: unit 0 event button, unit 1 function button. */
export const Button = {
	/** in: a = 1 pressed, 0 released. */
	EDGE: 0x0401,
} as const;

/** Indicator lights: unit 0 faces the public, unit 1 the wearer. */
export const Indicator = {
	/** out: a colour 0xRRGGBB, b ms on, c ms off (0: steady). */
	SET: 0x0501,
} as const;

/** The front display. */
export const Display = {
	/** out: a at, b length of UTF-8 text, lines separated by LF, d tag. */
	SHOW: 0x0601,
	/** in: the text was taken. d tag. */
	DONE: 0x0602,
} as const;

/** Vibration motor. */
export const Haptic = {
	/** out: a ms on, b ms off, c pulses. */
	PULSE: 0x0701,
} as const;

/** Battery gauge. */
export const Battery = {
	/** in: on boot and on change. a percent, b millivolt, c 1 charging, d minutes of recording left. */
	LEVEL: 0x0801,
} as const;

/** Real-time clock. */
export const Clock = {
	/** in: on boot and on change. a, b = ms since 1970 UTC (low, high word), c uncertainty ms, d = 1 set, 0 unset. The value holds at the record's time. */
	TIME: 0x0901,
	/** out: set it. a, b = ms since 1970 UTC (low, high word). Answered by TIME. */
	SET: 0x0902,
} as const;

/** The memory card: a block device of 512-byte sectors. Requests complete in order; data is safe once a FLUSH after it is DONE. */
export const Card = {
	/** in: a card is there. a sectors, b flags: 1 read-only. */
	INSERTED: 0x0a01,
	/** in: no card. */
	REMOVED: 0x0a02,
	/** out: a first sector, b sectors, c at, d tag. */
	READ: 0x0a03,
	/** out: a first sector, b sectors, c at, d tag. */
	WRITE: 0x0a04,
	/** out: d tag. */
	FLUSH: 0x0a05,
	/** in: a Status, d tag. */
	DONE: 0x0a06,
} as const;

/** Flash: unit = area, see `flash-layout.ts`. Requests complete in order. A power cut may leave the one under way half done. */
export const Flash = {
	/** out: d tag. Answered by INFO. */
	STATUS: 0x0b01,
	/** in: a size bytes, b erase block bytes, c write alignment bytes, d tag. */
	INFO: 0x0b02,
	/** out: a offset, b length, c at, d tag. */
	READ: 0x0b03,
	/** out: a offset, b length, c at, d tag: whole write units, each written once after an erase. */
	WRITE: 0x0b04,
	/** out: a offset, b length, d tag: whole sectors. */
	ERASE: 0x0b05,
	/** in: a Status, d tag. */
	DONE: 0x0b06,
} as const;

/** Small persistent values by name. */
export const KeyValue = {
	/** out: a at, b length of the key (UTF-8), c at, f capacity for the value, d tag. */
	GET: 0x0c01,
	/** out: a at, b length of the key, c at, e length of the value (0 deletes), d tag. */
	PUT: 0x0c02,
	/** in: a Status (noEntry when the key is not there), b length of the value, d tag. */
	DONE: 0x0c03,
} as const;

/** Serial port: unit = port. */
export const Serial = {
	/** out: a buffer at, b buffer length for received bytes. */
	CONFIGURE: 0x0d01,
	/** in: bytes received. a at, b length. */
	RECEIVED: 0x0d02,
	/** out: a at, b length. In the order of arrival. */
	RELEASE: 0x0d03,
	/** out: a at, b length, d tag. */
	WRITE: 0x0d04,
	/** in: the bytes were taken. a Status, d tag. */
	WRITTEN: 0x0d05,
	/** in: a = 1 someone opened the other end, 0 it was closed. */
	CARRIER: 0x0d06,
} as const;

/** Datagram link (UDP): unit = port. */
export const Datagram = {
	/** out: a buffer at, b buffer length for received datagrams. */
	CONFIGURE: 0x0e01,
	/** in: a at, b length, c peer handle. */
	RECEIVED: 0x0e02,
	/** out: a at, b length. In the order of arrival. */
	RELEASE: 0x0e03,
	/** out: a at, b length, c peer handle, d tag. */
	SEND: 0x0e04,
	/** in: a Status, d tag. */
	SENT: 0x0e05,
} as const;

/**
 * Bluetooth LE: a GATT server. Connections are counted up from 1 and no number comes twice before a reset.
 * Characteristics are numbered from 0 in the order in which the table declares them.
 */
export const Gatt = {
	/** out: register services and receive. a at, b length of the `GattTable` (CBOR), c buffer at, d buffer length for written values, e largest ATT MTU in octets, f clients at once. Answered by READY where there is a radio, else never. */
	CONFIGURE: 0x0f01,
	/** in: the services are registered and the table is not needed any more. */
	READY: 0x0f02,
	/** out: advertise whenever there is room for a client. a at, b length of the advertising data, c length of the scan response, which follows it, each at most 31 octets, d interval in µs; b 0: advertise no longer. */
	ADVERTISE: 0x0f03,
	/** in: the bytes were taken. a Status. */
	ADVERTISING: 0x0f04,
	/** in: a client has connected. a connection. LINK follows. */
	CONNECTED: 0x0f05,
	/** in: the connection is over, and with it all its notifications. a connection, b reason (HCI error code). */
	DISCONNECTED: 0x0f06,
	/** in: what the connection runs with, after CONNECTED and on change. a connection, b ATT MTU in octets, c interval in µs, d latency in events, e supervision timeout in ms, f flags: 1 encrypted. */
	LINK: 0x0f07,
	/** in: the client wants a characteristic's values, or no longer. a connection, b characteristic, c = 1 yes, 0 no. */
	SUBSCRIBED: 0x0f08,
	/** in: the client wrote a value. a at, b length, c connection, d characteristic. */
	WRITTEN: 0x0f09,
	/** out: a at, b length. In the order of arrival. What is not released holds the clients back. */
	RELEASE: 0x0f0a,
	/** out: send a value. a at, b length, c connection, d tag, e characteristic. */
	NOTIFY: 0x0f0b,
	/** in: the value was taken. a Status (noEntry: the client has not subscribed, outOfRange: longer than its MTU allows), c connection, d tag. */
	NOTIFIED: 0x0f0c,
	/** out: ask the client for connection parameters. a connection, b shortest, c longest interval in µs, d latency in events, e supervision timeout in ms. Answered by LINK where it agrees. */
	PARAMETERS: 0x0f0d,
	/** out: end a connection. a connection. Answered by DISCONNECTED. */
	DISCONNECT: 0x0f0e,
} as const;

/** Longest advertising data and scan response of a legacy advertisement, octets (Bluetooth Core, Vol 6 Part B, section 2.3.1). */
export const ADVERTISEMENT_OCTETS = 31;

/** Result of a board request. */
export const Status = {
	ok: 0,
	ioError: 1,
	noMedium: 2,
	outOfRange: 3,
	readOnly: 4,
	noEntry: 5,
	busy: 6,
	canceled: 7,
} as const;

/** The CBOR map that BOOT names. Times in ms, `entropy` 32 bytes. */
export interface BootBlock {
	/** Board model, e.g. `sim-1`. */
	readonly board: string;
	/** Serial number of the device, hexadecimal. */
	readonly serial: string;
	/** 32 random bytes for the firmware's generator. */
	readonly entropy: Uint8Array;
	/** True when all randomness comes from a seed: output is test material. */
	readonly seeded: boolean;
	/** Engine and version, e.g. `xs-wasm 13.3.0`. */
	readonly engine: string;
	/** Build id of the firmware, hexadecimal, 16 digits: that of its image; without one the beginning of the artefact's SHA-256. */
	readonly build: string;
	/** What the firmware died of, if it died and no firmware has been told yet. */
	readonly crash?: CrashRecord;
	/** Public keys (Ed25519, 32 bytes each) in the one-time-programmable memory: whose images may run. */
	readonly keys?: readonly Uint8Array[];
	/** Those of the keys that are for development only. */
	readonly developmentKeys?: readonly Uint8Array[];
	/** What was kept with RETAIN; absent after a power cut. */
	readonly retained?: Uint8Array;
	/** What the boot stage decided, in the boot block of the application; absent where it runs without one. */
	readonly boot?: BootDecision;
}
