import type { Phy } from "./airtime.ts";

/** What a connection runs with. */
export interface LinkParameters {
	/** Connection interval, units of 1.25 ms. */
	readonly interval: number;
	/** Events in which the peripheral may sleep while it has nothing to send. */
	readonly latency: number;
	/** Supervision timeout, units of 10 ms. */
	readonly timeout: number;
}

/** The parameters a peripheral asks for. */
export interface ParameterRequest {
	/** Shortest interval it wants, units of 1.25 ms. */
	readonly minimum: number;
	/** Longest interval it wants, units of 1.25 ms. */
	readonly maximum: number;
	readonly latency: number;
	/** Units of 10 ms. */
	readonly timeout: number;
}

/** Who stands at one end of a connection. */
export interface LinkUser {
	/** False while it has no room for a packet: what comes is not acknowledged, and sent again. True without it. */
	readonly receptive?: boolean;
	/** A packet came. @param start - false where it goes on with the frame before it */
	received(payload: Uint8Array, start: boolean): void;
	/** Something handed to `send` has arrived whole. */
	sent(): void;
	/** The connection is over. @param reason - an HCI error code */
	closed(reason: number): void;
	/** The connection runs with other parameters from now on. */
	parametersChanged(parameters: LinkParameters): void;
	/** Packets may be of another length from now on, octets. */
	dataLengthChanged(transmit: number, receive: number): void;
	/** Another physical layer from now on. */
	phyChanged(phy: Phy): void;
	/** Packets are encrypted from now on. */
	encryptionStarted(): void;
	/** At the central: the peripheral asks for parameters. Answers through `RadioLink.setParameters` or not at all. */
	parametersRequested(request: ParameterRequest): void;
	/** At the peripheral: the key to encrypt with, undefined where it has none. */
	keyWanted(): Uint8Array | undefined;
}

interface Outgoing {
	readonly bytes: Uint8Array;
	readonly start: boolean;
}

/** A packet on its way to the other end. */
export interface DataPacket {
	readonly payload: Uint8Array;
	readonly start: boolean;
	/** True for the last packet of what was handed to `send`. */
	readonly last: boolean;
	/** True once the other end has it; it is sent again until this end knows. */
	delivered: boolean;
}

/** One end of a connection: what it still has to send, cut into packets. */
export class LinkEnd {
	readonly user: LinkUser;
	/** Longest packet it sends now, octets. */
	transmitOctets = 27;
	/** Longest packet it is able to send and to receive, octets. */
	readonly capability: number;
	readonly #queue: Outgoing[] = [];
	#offset = 0;
	#current: DataPacket | undefined;

	constructor(user: LinkUser, capability: number) {
		this.user = user;
		this.capability = capability;
	}

	/** Takes bytes to send; they must not change. @param start - false where they go on with the frame before */
	send(bytes: Uint8Array, start: boolean): void {
		this.#queue.push({ bytes, start });
	}

	/** The packet to send next: the same until `acknowledged`. */
	get current(): DataPacket | undefined {
		if (this.#current !== undefined) return this.#current;
		const outgoing = this.#queue[0];
		if (outgoing === undefined) return undefined;
		const end = Math.min(outgoing.bytes.length, this.#offset + this.transmitOctets);
		const packet = {
			payload: outgoing.bytes.subarray(this.#offset, end),
			start: outgoing.start && this.#offset === 0,
			last: end === outgoing.bytes.length,
			delivered: false,
		};
		this.#offset = packet.last ? 0 : end;
		if (packet.last) this.#queue.shift();
		this.#current = packet;
		return packet;
	}

	/** True while something has not arrived. */
	get waiting(): boolean {
		return this.#queue.length > 0 || this.#current?.delivered === false;
	}

	/** The other end has said that it has the current packet. */
	acknowledged(): void {
		const packet = this.#current;
		if (packet?.delivered !== true) return;
		this.#current = undefined;
		if (packet.last) this.user.sent();
	}

	/** Forgets everything unsent. */
	clear(): void {
		this.#queue.length = 0;
		this.#current = undefined;
		this.#offset = 0;
	}
}
