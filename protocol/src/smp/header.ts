/**
 * The header of every SMP packet (Zephyr, `smp_protocol.rst`): 8 bytes, big-endian.
 *
 * | at | field |
 * |---|---|
 * | 0 | 3 bits reserved, 2 bits version, 3 bits operation |
 * | 1 | flags |
 * | 2 | u16 length of the payload |
 * | 4 | u16 group |
 * | 6 | u8 sequence |
 * | 7 | u8 command within the group |
 */
export interface SmpHeader {
	/** One of `Operation`, or an unknown one up to 7. */
	readonly operation: number;
	/** 0: SMP v1, 1: SMP v2. */
	readonly version: number;
	readonly flags: number;
	/** Bytes of payload. */
	readonly length: number;
	readonly group: number;
	/** Chosen by the requester, repeated in the response. */
	readonly sequence: number;
	readonly id: number;
}

/** Bytes of a header. */
export const HEADER_BYTES = 8;

/** Operations of the header. */
export const Operation = { read: 0, readResponse: 1, write: 2, writeResponse: 3 } as const;

/** Versions of the header. */
export const Version = { v1: 0, v2: 1 } as const;

/** Writes a header at the start of `packet`. Fields are cut to their widths. */
export function writeHeader(packet: Uint8Array, header: SmpHeader): void {
	packet[0] = ((header.version & 3) << 3) | (header.operation & 7);
	packet[1] = header.flags;
	packet[2] = header.length >> 8;
	packet[3] = header.length;
	packet[4] = header.group >> 8;
	packet[5] = header.group;
	packet[6] = header.sequence;
	packet[7] = header.id;
}

/** Reads the header at the start of `packet`; undefined when it is shorter than one. */
export function readHeader(packet: Uint8Array): SmpHeader | undefined {
	if (packet.length < HEADER_BYTES) return undefined;
	const first = byte(packet, 0);
	return {
		operation: first & 7,
		version: (first >> 3) & 3,
		flags: byte(packet, 1),
		length: (byte(packet, 2) << 8) | byte(packet, 3),
		group: (byte(packet, 4) << 8) | byte(packet, 5),
		sequence: byte(packet, 6),
		id: byte(packet, 7),
	};
}

function byte(packet: Uint8Array, at: number): number {
	return packet[at] ?? 0;
}
