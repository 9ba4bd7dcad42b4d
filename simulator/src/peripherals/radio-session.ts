import { Gatt, Status } from "@bodycam/protocol/board/records";
import { DmaRing } from "../bus/dma-ring.ts";
import type { Bus } from "../bus/peripheral.ts";
import type { VirtualRadio } from "../radio/air/radio.ts";
import type { Station } from "../radio/air/station.ts";
import type { ServiceDeclaration } from "../radio/att/database.ts";
import type { GattServerHandlers, PeripheralConnection } from "../radio/peripheral/connection.ts";
import { VirtualPeripheral } from "../radio/peripheral/peripheral.ts";

/** Unit of a connection interval in µs, and of a supervision timeout in ms. */
const INTERVAL_UNIT = 1250;
const TIMEOUT_UNIT = 10;

/** What the firmware asked for. */
export interface SessionOptions {
	/** The air. */
	readonly radio: VirtualRadio;
	/** The camera's radio. */
	readonly station: Station;
	/** What is to be registered. */
	readonly services: readonly ServiceDeclaration[];
	/** Largest ATT MTU, octets. */
	readonly mtu: number;
	/** Clients at once. */
	readonly clients: number;
	/** Where written values go: offset and bytes. */
	readonly bufferAt: number;
	readonly bufferBytes: number;
}

/** A value that waits until its connection takes it. */
interface Notification {
	readonly at: number;
	readonly length: number;
	readonly tag: number;
	readonly handle: number;
}

/** A value that was written and waits for room in the firmware's buffer. */
interface Written {
	readonly client: PeripheralConnection;
	readonly characteristic: number;
	readonly value: Uint8Array;
}

/** A GATT server from its registration to the engine's end: one client's connection after the other, in records. */
export class RadioSession implements GattServerHandlers {
	readonly #bus: Bus;
	readonly #device: VirtualPeripheral;
	readonly #ring = new DmaRing();
	/** Handles of the characteristics' values by their number. */
	readonly #handles: readonly number[];
	readonly #numbers = new Map<PeripheralConnection, number>();
	readonly #outgoing = new Map<PeripheralConnection, Notification[]>();
	#waiting: Written[] = [];
	#connections = 0;
	#over = false;

	/** @throws SimulatorError for a UUID that is none */
	constructor(bus: Bus, options: SessionOptions) {
		this.#bus = bus;
		const { radio, station, services, mtu, clients } = options;
		this.#ring.configure(options.bufferAt, options.bufferBytes);
		this.#device = new VirtualPeripheral({
			radio,
			address: station.address,
			station,
			services,
			handlers: this,
			maximumMtu: mtu,
			maximumClients: clients,
		});
		const values = this.#device.database.attributes.filter(({ kind }) => kind === "value");
		this.#handles = values.map(({ handle }) => handle);
	}

	/** The clients connected now. */
	get clients(): readonly PeripheralConnection[] {
		return this.#device.connections;
	}

	/** Clients are held back while what they wrote has no room. */
	get receptive(): boolean {
		return this.#waiting.length === 0;
	}

	/** Advertises from now on; undefined for no longer. @param interval - µs */
	advertise(data: Uint8Array, response: Uint8Array, interval: number): void {
		this.#device.advertise(
			data.length === 0
				? undefined
				: { connectable: true, scannable: true, legacy: true, data, response, interval },
		);
	}

	/** Sends a value, now or when the connection has room. The bytes are read when it is sent. */
	notify(at: number, length: number, connection: number, tag: number, characteristic: number): void {
		const client = this.#client(connection);
		const handle = this.#handles[characteristic];
		if (client === undefined) return;
		if (handle === undefined) this.#notified(client, Status.noEntry, tag);
		else this.#outgoing.get(client)?.push({ at, length, tag, handle });
		this.writable(client);
	}

	/** Takes a written value back. False when it is not the oldest one. */
	release(at: number, length: number): boolean {
		if (!this.#ring.release(at, length)) return false;
		this.#deliver();
		return true;
	}

	/** Asks a client for parameters. Intervals in µs, the timeout in ms. */
	requestParameters(connection: number, from: number, to: number, latency: number, timeout: number): void {
		this.#client(connection)?.requestParameters({
			minimum: Math.round(from / INTERVAL_UNIT),
			maximum: Math.round(to / INTERVAL_UNIT),
			latency,
			timeout: Math.round(timeout / TIMEOUT_UNIT),
		});
	}

	/** Ends a connection. */
	disconnect(connection: number): void {
		this.#client(connection)?.disconnect();
	}

	/** The engine is gone: the radio falls silent, and clients notice by their timeouts. */
	end(): void {
		this.#over = true;
		this.#waiting = [];
		this.#device.vanish();
	}

	connected(client: PeripheralConnection): void {
		this.#connections += 1;
		this.#numbers.set(client, this.#connections);
		this.#outgoing.set(client, []);
		this.#post(Gatt.CONNECTED, this.#connections);
		this.#tellLink(client);
	}

	disconnected(client: PeripheralConnection, reason: number): void {
		const number = this.#numbers.get(client);
		this.#numbers.delete(client);
		this.#outgoing.delete(client);
		this.#waiting = this.#waiting.filter((written) => written.client !== client);
		if (number !== undefined) this.#post(Gatt.DISCONNECTED, number, reason);
	}

	mtu(client: PeripheralConnection): void {
		this.#tellLink(client);
	}

	parametersChanged(client: PeripheralConnection): void {
		this.#tellLink(client);
	}

	securityChanged(client: PeripheralConnection): void {
		this.#tellLink(client);
	}

	subscribed(client: PeripheralConnection, handle: number, on: boolean): void {
		const number = this.#numbers.get(client);
		if (number !== undefined) this.#post(Gatt.SUBSCRIBED, number, this.#handles.indexOf(handle), on ? 1 : 0);
	}

	written(client: PeripheralConnection, handle: number, value: Uint8Array): void {
		if (value.length === 0 || this.#over) return;
		this.#waiting.push({ client, characteristic: this.#handles.indexOf(handle), value });
		this.#deliver();
	}

	writable(client: PeripheralConnection): void {
		const queue = this.#outgoing.get(client) ?? [];
		for (let next = queue[0]; next !== undefined; next = queue[0]) {
			const { at, length, tag, handle } = next;
			const answer = client.notify(handle, this.#bus.media.read(at, length));
			if (answer === "busy") return;
			queue.shift();
			const tooLong = length > client.mtu - 3;
			const refusal = tooLong ? Status.outOfRange : Status.noEntry;
			this.#notified(client, answer === "accepted" ? Status.ok : refusal, tag);
		}
	}

	#deliver(): void {
		for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
			const { client, characteristic, value } = next;
			const at = this.#ring.reserve(value.length);
			if (at < 0) return;
			this.#waiting.shift();
			this.#bus.media.write(at, value);
			this.#post(Gatt.WRITTEN, at, value.length, this.#numbers.get(client) ?? 0, characteristic);
		}
	}

	#notified(client: PeripheralConnection, status: number, tag: number): void {
		this.#post(Gatt.NOTIFIED, status, 0, this.#numbers.get(client) ?? 0, tag);
	}

	#tellLink(client: PeripheralConnection): void {
		const number = this.#numbers.get(client);
		const { parameters } = client;
		if (number === undefined || parameters === undefined) return;
		const { interval, latency, timeout } = parameters;
		const encrypted = client.encrypted ? 1 : 0;
		this.#post(
			Gatt.LINK,
			number,
			client.mtu,
			interval * INTERVAL_UNIT,
			latency,
			timeout * TIMEOUT_UNIT,
			encrypted,
		);
	}

	#client(connection: number): PeripheralConnection | undefined {
		for (const [client, number] of this.#numbers) if (number === connection) return client;
		return undefined;
	}

	#post(kind: number, a: number, b = 0, c = 0, d = 0, e = 0, f = 0): void {
		if (!this.#over) this.#bus.post(kind, 0, a, b, c, d, e, f);
	}
}
