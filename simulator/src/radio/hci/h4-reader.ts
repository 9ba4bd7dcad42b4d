import { PACKET } from "./codes.ts";
import { u16 } from "./parameters.ts";

/** A packet from the host. The bytes belong to the receiver. */
export type HostPacket =
	| { readonly kind: "command"; readonly opcode: number; readonly parameters: Uint8Array }
	| {
			readonly kind: "acl";
			/** Connection handle, 12 bits. */
			readonly handle: number;
			/** True where it goes on with an L2CAP frame that an earlier one began. */
			readonly continuing: boolean;
			readonly data: Uint8Array;
	  };

/** A host's packet as it stood in the stream. */
export function hostPacketOctets(packet: HostPacket): Uint8Array {
	if (packet.kind === "command")
		return Uint8Array.from([
			PACKET.command,
			...u16(packet.opcode),
			packet.parameters.length,
			...packet.parameters,
		]);
	const flags = packet.handle | (packet.continuing ? CONTINUING << 12 : 0);
	return Uint8Array.from([PACKET.acl, ...u16(flags), ...u16(packet.data.length), ...packet.data]);
}

/** Who gets what a host sends. */
export interface HostPacketReceiver {
	/** A whole packet. */
	packet(packet: HostPacket): void;
	/** The stream made no sense; everything up to the next HCI Reset is skipped. */
	lost(): void;
}

/** HCI Reset as it stands in the stream: what a reader that lost its place looks for. */
const RESET = [PACKET.command, 0x03, 0x0c, 0x00] as const;

/** Packet boundary flag of a fragment that is not the first (Bluetooth Core, Vol 4 Part E, section 5.4.2). */
const CONTINUING = 0b01;

/** Octets before the payload, the indicator counted. */
const COMMAND_HEADER = 4;
const ACL_HEADER = 5;

/**
 * Cuts the stream of a host into packets (H4, Bluetooth Core, Vol 4 Part A). What is no packet, and ACL data longer
 * than the controller's buffers, loses the place; the stream makes sense again from the next HCI Reset (section 4).
 */
export class H4Reader {
	readonly #receiver: HostPacketReceiver;
	readonly #maximumAcl: number;
	readonly #buffer: Uint8Array;
	#length = 0;
	#wanted = 1;
	#lost = false;

	/** @param maximumAcl - longest payload of an ACL packet, octets */
	constructor(receiver: HostPacketReceiver, maximumAcl: number) {
		this.#receiver = receiver;
		this.#maximumAcl = maximumAcl;
		this.#buffer = new Uint8Array(Math.max(COMMAND_HEADER + 255, ACL_HEADER + maximumAcl));
	}

	/** Takes bytes in pieces of any size. */
	push(bytes: Uint8Array): void {
		let at = 0;
		while (at < bytes.length) {
			if (this.#lost) {
				this.#seek(bytes[at] ?? 0);
				at += 1;
				continue;
			}
			const taken = Math.min(this.#wanted - this.#length, bytes.length - at);
			this.#buffer.set(bytes.subarray(at, at + taken), this.#length);
			this.#length += taken;
			at += taken;
			if (this.#length === this.#wanted) this.#advance();
		}
	}

	/** Forgets what has come of a packet that is not whole. */
	clear(): void {
		this.#length = 0;
		this.#wanted = 1;
		this.#lost = false;
	}

	#advance(): void {
		const buffer = this.#buffer;
		const kind = buffer[0];
		const header = kind === PACKET.command ? COMMAND_HEADER : ACL_HEADER;
		if (kind !== PACKET.command && kind !== PACKET.acl) {
			this.#lose();
			return;
		}
		if (this.#length < header) {
			this.#wanted = header;
			return;
		}
		if (this.#length === header) {
			const length = kind === PACKET.command ? (buffer[3] ?? 0) : (buffer[3] ?? 0) | ((buffer[4] ?? 0) << 8);
			if (kind === PACKET.acl && length > this.#maximumAcl) {
				this.#lose();
				return;
			}
			this.#wanted = header + length;
			if (length > 0) return;
		}
		const first = (buffer[1] ?? 0) | ((buffer[2] ?? 0) << 8);
		const payload = buffer.slice(header, this.#length);
		this.clear();
		if (kind === PACKET.command)
			this.#receiver.packet({ kind: "command", opcode: first, parameters: payload });
		else
			this.#receiver.packet({
				kind: "acl",
				handle: first & 0xfff,
				continuing: ((first >> 12) & 0b11) === CONTINUING,
				data: payload,
			});
	}

	#lose(): void {
		this.#lost = true;
		this.#length = 0;
		this.#receiver.lost();
	}

	#seek(byte: number): void {
		if (byte === RESET[this.#length]) this.#length += 1;
		else this.#length = byte === RESET[0] ? 1 : 0;
		if (this.#length < RESET.length) return;
		this.clear();
		this.#receiver.packet({ kind: "command", opcode: 0x0c03, parameters: new Uint8Array(0) });
	}
}
