import type { RandomStream } from "../../world/random.ts";
import type { DeviceAddress } from "../air/address.ts";
import type { Phy } from "../air/airtime.ts";
import type { RadioLink } from "../air/link.ts";
import type { LinkParameters, LinkUser, ParameterRequest } from "../air/link-end.ts";
import type { GattDatabase } from "../att/database.ts";
import { AttServer } from "../att/server.ts";
import { CHANNEL, FrameAssembler, l2capFrame } from "../l2cap/frames.ts";
import { JustWorksResponder } from "../security/just-works.ts";

/** Frames that may wait at a connection before `notify` says that it is busy. */
const FRAMES_WAITING = 8;

/** Codes of LE signaling (Bluetooth Core, Vol 3 Part A, section 4). */
const COMMAND_REJECT = 0x01;
const PARAMETER_UPDATE_RESPONSE = 0x13;

/** The reason of a disconnection that this side's user asked for. */
const REMOTE_USER_TERMINATED = 0x13;

/** What a camera is told of its clients. */
export interface GattServerHandlers {
	connected?(client: PeripheralConnection): void;
	/** @param reason - an HCI error code */
	disconnected?(client: PeripheralConnection, reason: number): void;
	/** The longest PDU changed, octets. */
	mtu?(client: PeripheralConnection, octets: number): void;
	/** The client wants a characteristic's values, or no longer. */
	subscribed?(client: PeripheralConnection, handle: number, on: boolean): void;
	/** The client wrote a value; it belongs to the receiver. */
	written?(client: PeripheralConnection, handle: number, value: Uint8Array): void;
	/** The link is encrypted from now on. */
	securityChanged?(client: PeripheralConnection): void;
	/** After a `notify` that found it busy: there is room again. */
	writable?(client: PeripheralConnection): void;
	/** The connection runs with other parameters from now on. */
	parametersChanged?(client: PeripheralConnection, parameters: LinkParameters): void;
	/** False while there is no room for more from clients: their radios are held back. True without it. */
	readonly receptive?: boolean;
}

/** How a connection is set up. */
export interface PeripheralConnectionOptions {
	readonly peer: DeviceAddress;
	/** The camera's own address. */
	readonly address: DeviceAddress;
	/** For pairing. */
	readonly random: RandomStream;
	readonly database: GattDatabase;
	readonly handlers: GattServerHandlers;
	/** Largest ATT MTU, octets. */
	readonly maximumMtu: number;
	/** Called when it is over, before the handlers hear of it. */
	readonly ended: (connection: PeripheralConnection) => void;
}

/** A client's connection as the camera's side sees it: L2CAP and ATT on one link. */
export class PeripheralConnection implements LinkUser {
	/** Who connected. */
	readonly peer: DeviceAddress;
	readonly #options: PeripheralConnectionOptions;
	readonly #frames: FrameAssembler;
	readonly #att: AttServer;
	readonly #pairing: JustWorksResponder;
	#link: RadioLink | undefined;
	#waiting = 0;
	#busy = false;

	constructor(options: PeripheralConnectionOptions) {
		this.#options = options;
		this.peer = options.peer;
		const { database, handlers, maximumMtu } = options;
		const connection = this;
		this.#att = new AttServer(
			database,
			{
				send: (pdu) => this.#send(CHANNEL.att, pdu),
				get encrypted() {
					return connection.encrypted;
				},
				mtu: (octets) => handlers.mtu?.(this, octets),
				written: (handle, value) => handlers.written?.(this, handle, value),
				subscribed: (handle, on) => handlers.subscribed?.(this, handle, on),
			},
			maximumMtu,
		);
		this.#pairing = new JustWorksResponder({
			initiator: options.peer,
			responder: options.address,
			random: options.random,
			send: (pdu) => this.#send(CHANNEL.security, pdu),
		});
		this.#frames = new FrameAssembler(
			{ frame: (channel, payload) => this.#frame(channel, payload), fault: () => undefined },
			maximumMtu,
		);
	}

	/** The MTU agreed on, octets. */
	get mtu(): number {
		return this.#att.mtu;
	}

	/** True while the link is encrypted. */
	get encrypted(): boolean {
		return this.#link?.encrypted ?? false;
	}

	/** What the link runs with; undefined once it is over. */
	get parameters(): LinkParameters | undefined {
		return this.#link?.parameters;
	}

	/** The link there is now. */
	attach(link: RadioLink): void {
		this.#link = link;
	}

	/**
	 * Sends a value to the client. "busy" where too much waits: `writable` is called when there is room. "refused"
	 * where the client has not subscribed, the value is longer than the MTU allows or the connection is over.
	 */
	notify(handle: number, value: Uint8Array): "accepted" | "busy" | "refused" {
		if (this.#link === undefined) return "refused";
		if (this.#waiting >= FRAMES_WAITING) {
			this.#busy = true;
			return "busy";
		}
		return this.#att.notify(handle, value) ? "accepted" : "refused";
	}

	/** Ends the connection. Idempotent. */
	disconnect(): void {
		this.#link?.terminate(this.#link.peripheral, REMOTE_USER_TERMINATED);
	}

	/** Is heard no more, as when the power goes: the client notices by the timeout. */
	vanish(): void {
		this.#link?.silence();
	}

	/** Asks the client for other connection parameters. */
	requestParameters(request: ParameterRequest): void {
		this.#link?.requestParameters(request);
	}

	get receptive(): boolean {
		return this.#options.handlers.receptive ?? true;
	}

	received(payload: Uint8Array, start: boolean): void {
		this.#frames.push(payload, start);
	}

	sent(): void {
		this.#waiting -= 1;
		if (!this.#busy || this.#waiting >= FRAMES_WAITING) return;
		this.#busy = false;
		this.#options.handlers.writable?.(this);
	}

	closed(reason: number): void {
		this.#link = undefined;
		this.#options.ended(this);
		this.#options.handlers.disconnected?.(this, reason);
	}

	parametersChanged(parameters: LinkParameters): void {
		this.#options.handlers.parametersChanged?.(this, parameters);
	}

	dataLengthChanged(_transmit: number, _receive: number): void {
		// Frames are cut by the link: nothing here depends on the length.
	}

	phyChanged(_phy: Phy): void {
		// Nor on the physical layer.
	}

	encryptionStarted(): void {
		this.#options.handlers.securityChanged?.(this);
	}

	parametersRequested(_request: ParameterRequest): void {
		// Only a central is asked.
	}

	keyWanted(): Uint8Array | undefined {
		return this.#pairing.key;
	}

	#send(channel: number, payload: Uint8Array): void {
		if (this.#link === undefined) return;
		this.#waiting += 1;
		this.#link.peripheral.send(l2capFrame(channel, payload), true);
	}

	#frame(channel: number, payload: Uint8Array): void {
		if (channel === CHANNEL.att) this.#att.receive(payload);
		else if (channel === CHANNEL.signaling) this.#signal(payload);
		else if (channel === CHANNEL.security) this.#pairing.receive(payload);
	}

	/** Nothing is offered on this channel, and whoever asks is told so (section 4.1). */
	#signal(command: Uint8Array): void {
		const [code, identifier] = command;
		if (command.length < 4 || code === COMMAND_REJECT || code === PARAMETER_UPDATE_RESPONSE) return;
		this.#send(CHANNEL.signaling, Uint8Array.of(COMMAND_REJECT, identifier ?? 0, 2, 0, 0, 0));
	}
}
