import type { Phy } from "../air/airtime.ts";
import type { RadioLink } from "../air/link.ts";
import type { LinkParameters, LinkUser, ParameterRequest } from "../air/link-end.ts";
import { EVENT, LE_EVENT, PACKET, STATUS } from "../hci/codes.ts";
import {
	completedPackets,
	connectionUpdateComplete,
	dataLengthChange,
	disconnectionComplete,
	encryptionChange,
	event,
	phyUpdateComplete,
	remoteParameterRequest,
} from "../hci/events.ts";
import { u16 } from "../hci/parameters.ts";

/**
 * Packets of the host that the controller has room for: about what the air carries in 200 ms, so that a host whose turn on the
 * processor comes late finds the connection still busy.
 */
export const ACL_BUFFERS = 64;

/**
 * Longest payload of an ACL packet of the host, octets: an L2CAP frame of an MTU of 498 whole, which the link cuts into two
 * packets. A host writes one packet after the other, and each write costs it a turn. Packets to the host are as the link had them.
 */
export const ACL_LENGTH = 502;

/** Highest connection handle (Bluetooth Core, Vol 4 Part E, section 5.3.1). */
const HIGHEST_HANDLE = 0xeff;

/** Link type of LE and BR/EDR data in Data Buffer Overflow. */
const ACL_LINK = 0x01;

/** Bits of the packet boundary flag from a controller: a beginning, a continuation. */
const START = 0b10;
const CONTINUING = 0b01;

/** How events reach the host. */
export interface HostLine {
	/** Sends a packet to the host. */
	send(packet: Uint8Array): void;
	/** True where the host wants to hear of an LE subevent. */
	wants(subevent: number): boolean;
	/** False while the host does not read what it is sent. */
	reads(): boolean;
}

/** The longest packets of a link and the time they need at 1 Mbit/s, µs, as HCI tells them. */
const dataTime = (octets: number): number => (octets + 14) * 8;

/** One connection of a controller, as the controller's link layer sees it: everything becomes an event. */
export class ControllerConnection implements LinkUser {
	readonly handle: number;
	/** Packets of the host that have not arrived. */
	outstanding = 0;
	link: RadioLink | undefined;
	readonly #host: HostLine;
	readonly #ended: (connection: ControllerConnection) => void;
	#phyAsked = false;
	#detached = false;

	constructor(handle: number, host: HostLine, ended: (connection: ControllerConnection) => void) {
		this.handle = handle;
		this.#host = host;
		this.#ended = ended;
	}

	get receptive(): boolean {
		return this.#detached || this.#host.reads();
	}

	/** Takes a packet of the host. */
	send(bytes: Uint8Array, start: boolean): void {
		this.outstanding += 1;
		this.link?.central.send(bytes, start);
	}

	/** Asks for a physical layer; the host hears what came of it even if nothing changed. */
	setPhy(phy: Phy): void {
		this.#phyAsked = true;
		this.link?.setPhy(phy);
	}

	/** Tells the host nothing more: it has reset the controller. The other end notices by the silence. */
	detach(): void {
		this.#detached = true;
		this.link?.silence();
	}

	received(payload: Uint8Array, start: boolean): void {
		const flags = this.handle | ((start ? START : CONTINUING) << 12);
		const packet = new Uint8Array(5 + payload.length);
		packet.set([PACKET.acl, ...u16(flags), ...u16(payload.length)]);
		packet.set(payload, 5);
		this.#tell(packet);
	}

	sent(): void {
		this.outstanding -= 1;
		this.#tell(completedPackets(this.handle, 1));
	}

	closed(reason: number): void {
		this.#ended(this);
		this.#tell(disconnectionComplete(this.handle, reason));
	}

	parametersChanged(parameters: LinkParameters): void {
		this.#tellLe(
			LE_EVENT.connectionUpdateComplete,
			connectionUpdateComplete(STATUS.success, this.handle, parameters),
		);
	}

	dataLengthChanged(transmit: number, receive: number): void {
		this.#tellLe(
			LE_EVENT.dataLengthChange,
			dataLengthChange(this.handle, transmit, dataTime(transmit), receive, dataTime(receive)),
		);
	}

	phyChanged(phy: Phy): void {
		const packet = phyUpdateComplete(STATUS.success, this.handle, phy);
		if (this.#phyAsked) this.#tell(packet);
		else this.#tellLe(LE_EVENT.phyUpdateComplete, packet);
		this.#phyAsked = false;
	}

	encryptionStarted(): void {
		this.#tell(encryptionChange(STATUS.success, this.handle, true));
	}

	/** The peripheral has no key: the host hears that encryption did not start. */
	encryptionRefused(status: number): void {
		this.#tell(encryptionChange(status, this.handle, false));
	}

	parametersRequested(request: ParameterRequest): void {
		const { minimum, maximum, latency, timeout } = request;
		// A host that does not ask to be asked leaves the answer to the system it runs on, which agrees.
		if (this.#host.wants(LE_EVENT.remoteParameterRequest))
			this.#tell(remoteParameterRequest(this.handle, minimum, maximum, latency, timeout));
		else this.link?.setParameters({ interval: maximum, latency, timeout });
	}

	keyWanted(): Uint8Array | undefined {
		return undefined;
	}

	#tell(packet: Uint8Array): void {
		if (!this.#detached) this.#host.send(packet);
	}

	#tellLe(subevent: number, packet: Uint8Array): void {
		if (this.#host.wants(subevent)) this.#tell(packet);
	}
}

/** The connections of a controller by their handles, and its buffers for the host's packets. */
export class ConnectionTable {
	readonly #host: HostLine;
	readonly #connections = new Map<number, ControllerConnection>();
	#last = 0;

	constructor(host: HostLine) {
		this.#host = host;
	}

	/** Connections there are. */
	get size(): number {
		return this.#connections.size;
	}

	/** A connection of a handle nothing else has. It stands in the table from `add` on. */
	create(): ControllerConnection {
		do this.#last = (this.#last % HIGHEST_HANDLE) + 1;
		while (this.#connections.has(this.#last));
		return new ControllerConnection(this.#last, this.#host, ({ handle }) => this.#connections.delete(handle));
	}

	/** Takes a connection into the table. */
	add(connection: ControllerConnection): void {
		this.#connections.set(connection.handle, connection);
	}

	/** The connection of a handle. */
	get(handle: number): ControllerConnection | undefined {
		return this.#connections.get(handle);
	}

	/** Takes ACL data of the host. What finds no buffer is dropped, and the host hears of it. */
	data(handle: number, bytes: Uint8Array, start: boolean): void {
		const connection = this.#connections.get(handle);
		if (connection === undefined) return;
		let outstanding = 0;
		for (const each of this.#connections.values()) outstanding += each.outstanding;
		if (outstanding >= ACL_BUFFERS) this.#host.send(event(EVENT.dataBufferOverflow, ACL_LINK));
		else connection.send(bytes, start);
	}

	/** Forgets all connections without a word. */
	reset(): void {
		for (const connection of this.#connections.values()) connection.detach();
		this.#connections.clear();
	}
}
