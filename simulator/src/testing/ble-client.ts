import { HEADER_BYTES, readHeader } from "@bodycam/protocol/smp/header";
import type { PacketPort } from "../ports/smp-link.ts";
import { DeviceAddress } from "../radio/air/address.ts";
import type { RadioLink } from "../radio/air/link.ts";
import type { LinkParameters, LinkUser, ParameterRequest } from "../radio/air/link-end.ts";
import type { VirtualRadio } from "../radio/air/radio.ts";
import type { Station } from "../radio/air/station.ts";
import { ATT } from "../radio/att/codes.ts";
import { CHANNEL, FrameAssembler, l2capFrame } from "../radio/l2cap/frames.ts";

/** What a client is like; everything has a default. */
export interface BleClientOptions {
	/** Its address; `00:00:00:00:00:aa`. */
	readonly address?: string;
	/** The ATT MTU it asks for, octets; 498. */
	readonly mtu?: number;
	/** What it connects with; an interval of 30 ms. */
	readonly parameters?: LinkParameters;
	/** Whether it agrees to the parameters it is asked for; true. */
	readonly agrees?: boolean;
}

const ASKED_BY_DEFAULT: LinkParameters = { interval: 24, latency: 0, timeout: 200 };

/** A client of the SMP service in virtual time, on the virtual radio without a controller or a host in between. */
export class BleClient implements PacketPort, LinkUser {
	/** What the connection ended with, HCI error codes. */
	readonly ends: number[] = [];
	/** The parameters that it was asked for. */
	readonly asked: ParameterRequest[] = [];
	readonly #radio: VirtualRadio;
	readonly #options: BleClientOptions;
	readonly #station: Station;
	readonly #advance: (ms: number) => void;
	#frames: FrameAssembler;
	#link: RadioLink | undefined;
	#mtu = 23;
	#handle = 0;
	#answered = 0;
	#answer: Uint8Array = new Uint8Array();
	#received: Uint8Array = new Uint8Array();
	#onPacket: ((packet: Uint8Array) => void) | undefined;

	/** @param advance - lets so many milliseconds pass */
	constructor(radio: VirtualRadio, advance: (ms: number) => void, options: BleClientOptions = {}) {
		this.#radio = radio;
		this.#options = options;
		this.#advance = advance;
		this.#station = radio.join(new DeviceAddress(options.address ?? "00:00:00:00:00:aa", false));
		this.#frames = this.#newFrames();
	}

	/** True while it is connected. */
	get connected(): boolean {
		return this.#link?.open === true;
	}

	/** The connection; undefined before `connect` and when it is over. */
	get link(): RadioLink | undefined {
		return this.#link;
	}

	/** The ATT MTU agreed on, octets. */
	get mtu(): number {
		return this.#mtu;
	}

	/** Connects, agrees on packets and MTU, finds the characteristic and subscribes. @throws Error where that fails */
	connect(peer: DeviceAddress, patience = 5000): void {
		this.#frames = this.#newFrames();
		this.#received = new Uint8Array();
		this.#mtu = 23;
		const { parameters = ASKED_BY_DEFAULT, mtu = 498 } = this.#options;
		const stop = this.#radio.initiate({
			station: this.#station,
			peer,
			parameters,
			capability: 251,
			user: this,
			connected: (link) => {
				this.#link = link;
			},
		});
		this.#until(() => this.connected, "no connection", patience, stop);
		const link = this.#link;
		link?.negotiateDataLength(link.central, 251);
		const agreed = this.#ask(Uint8Array.of(ATT.mtuRequest, mtu & 0xff, mtu >> 8));
		this.#mtu = Math.max(23, Math.min(mtu, (agreed[1] ?? 0) | ((agreed[2] ?? 0) << 8)));
		const found = this.#ask(Uint8Array.of(ATT.readByTypeRequest, 1, 0, 0xff, 0xff, 0x03, 0x28));
		this.#handle = (found[5] ?? 0) | ((found[6] ?? 0) << 8);
		this.subscribe(true);
	}

	/** Subscribes to the characteristic's values, or no longer. */
	subscribe(on: boolean): void {
		this.#ask(Uint8Array.of(ATT.writeRequest, this.#handle + 1, 0, on ? 1 : 0, 0));
	}

	/** Ends the connection as a client does, and waits until it is over. */
	disconnect(): void {
		const link = this.#link;
		link?.terminate(link.central, 0x13);
		this.#until(() => !this.connected, "the connection does not end", 5000);
	}

	/** Writes a value without response, in one piece. */
	write(value: Uint8Array): void {
		const pdu = Uint8Array.from([ATT.writeCommand, this.#handle & 0xff, this.#handle >> 8, ...value]);
		this.#link?.central.send(l2capFrame(CHANNEL.att, pdu), true);
	}

	transmit(packet: Uint8Array): void {
		const most = this.#mtu - 3;
		for (let at = 0; at < packet.length; at += most) this.write(packet.subarray(at, at + most));
	}

	listen(onPacket: (packet: Uint8Array) => void): void {
		this.#onPacket = onPacket;
	}

	received(payload: Uint8Array, start: boolean): void {
		this.#frames.push(payload, start);
	}

	closed(reason: number): void {
		this.#link = undefined;
		this.ends.push(reason);
	}

	parametersRequested(request: ParameterRequest): void {
		this.asked.push(request);
		const { maximum: interval, latency, timeout } = request;
		if (this.#options.agrees !== false) this.#link?.setParameters({ interval, latency, timeout });
	}

	sent(): void {
		// What was sent needs no answer from here.
	}

	parametersChanged(): void {
		// The link knows.
	}

	dataLengthChanged(): void {
		// Frames are cut by the link.
	}

	phyChanged(): void {
		// Nothing here depends on it.
	}

	encryptionStarted(): void {
		// Nor on that.
	}

	keyWanted(): undefined {
		return undefined;
	}

	#newFrames(): FrameAssembler {
		return new FrameAssembler(
			{
				frame: (channel, payload) => {
					if (channel === CHANNEL.att) this.#att(payload);
				},
				fault: () => undefined,
			},
			512,
		);
	}

	#att(pdu: Uint8Array): void {
		if (pdu[0] !== ATT.notification) {
			this.#answer = pdu.slice();
			this.#answered += 1;
			return;
		}
		this.#received = new Uint8Array(Buffer.concat([this.#received, pdu.subarray(3)]));
		const header = readHeader(this.#received);
		const whole = header === undefined ? Infinity : HEADER_BYTES + header.length;
		if (this.#received.length < whole) return;
		const packet = this.#received.slice(0, whole);
		this.#received = this.#received.slice(whole);
		this.#onPacket?.(packet);
	}

	#ask(pdu: Uint8Array): Uint8Array {
		const before = this.#answered;
		this.#link?.central.send(l2capFrame(CHANNEL.att, pdu), true);
		this.#until(() => this.#answered > before, `no answer to ATT request ${pdu[0]}`, 5000);
		return this.#answer;
	}

	#until(condition: () => boolean, failure: string, limitMs: number, stop?: () => void): void {
		for (let waited = 0; !condition(); waited += 5) {
			if (waited < limitMs) {
				this.#advance(5);
				continue;
			}
			stop?.();
			throw new Error(failure);
		}
	}
}
