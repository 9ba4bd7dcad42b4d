/** Identification at the start of a file, with its zero. */
const IDENTIFICATION = Buffer.from("btsnoop\0");

/** Version of the format. */
const VERSION = 1;

/** Data link type of packets with their H4 indicator. */
const HCI_UART = 1002;

/** 1970-01-01 in the format's time, µs since the year 0. */
const UNIX_EPOCH = 0x00dcddb30f2f8000n;

/** Octets before the packets, and before each. */
const FILE_HEADER = 16;
const RECORD_HEADER = 24;

/** Flags of a record: it goes from the controller to the host; it is a command or an event. */
const TO_HOST = 1;
const NO_DATA = 2;

/** H4 indicator of ACL data. */
const ACL = 0x02;

/** The start of a btsnoop file, which Wireshark opens. */
export function snoopHeader(): Uint8Array {
	const header = Buffer.alloc(FILE_HEADER);
	IDENTIFICATION.copy(header);
	header.writeUInt32BE(VERSION, 8);
	header.writeUInt32BE(HCI_UART, 12);
	return header;
}

/**
 * One packet in a btsnoop file.
 * @param packet - with its H4 indicator @param toHost - false from the host to the controller
 * @param time - µs since 1970
 */
export function snoopRecord(packet: Uint8Array, toHost: boolean, time: number): Uint8Array {
	const record = Buffer.alloc(RECORD_HEADER + packet.length);
	record.writeUInt32BE(packet.length, 0);
	record.writeUInt32BE(packet.length, 4);
	record.writeUInt32BE((toHost ? TO_HOST : 0) | (packet[0] === ACL ? 0 : NO_DATA), 8);
	record.writeBigUInt64BE(UNIX_EPOCH + BigInt(Math.floor(time)), 16);
	record.set(packet, RECORD_HEADER);
	return record;
}
