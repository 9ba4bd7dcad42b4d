import { GattProperty } from "@bodycam/protocol/board/gatt-table";
import {
	OTHER_CLIENT_COMMANDS,
	PREFERRED_MTU,
	SMP_CHARACTERISTIC,
	SMP_SERVICE,
} from "@bodycam/protocol/smp/ble";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import type { Session } from "@bodycam/protocol/smp/role";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { GattConnection, GattServer, GattServerOptions, GattService } from "../hal/gatt-server.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";
import type { Timer, Timers } from "../hal/timers.ts";
import { CommandTurn } from "./command-turn.ts";
import { GattClient } from "./gatt-client.ts";
import type { GattCounters } from "./gatt-counters.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";

/** Clients that are connected at once; one of them commands, the others are told that the camera is busy. */
export const GATT_CLIENTS = 3;

/**
 * Time without a request after which a connection is ended, µs, while there are as many clients as there is room for:
 * nobody keeps the camera from others by being connected.
 */
export const CROWDED_IDLE = 60_000_000;

/** Bytes where requests are put together. */
export const GATT_ASSEMBLY_BYTES = GATT_CLIENTS * BUFFER_BYTES;

/** Bytes where responses wait. */
export const GATT_SEND_BYTES = BUFFER_COUNT * BUFFER_BYTES;

/** The service: what Zephyr's SMP clients look for. */
const SERVICE: GattService = {
	uuid: SMP_SERVICE,
	characteristics: [
		{ uuid: SMP_CHARACTERISTIC, properties: GattProperty.writeWithoutResponse | GattProperty.notify },
	],
};

/** The number of its characteristic. */
const SMP = 0;

/** Options of `GattEndpoint`. */
export interface GattEndpointOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where requests are put together: `GATT_ASSEMBLY_BYTES`. */
	readonly assembly: MediaRegion;
	/** Where responses wait to be sent: `GATT_SEND_BYTES`. */
	readonly send: MediaRegion;
	/** Answers the requests. */
	readonly server: SmpServer;
	/** Clock and timers. */
	readonly timers: Timers;
	/** Counts what happens. */
	readonly counters: GattCounters;
	/** What the clients may do. */
	readonly session: () => Session;
	/** The services are registered: there is a radio. */
	readonly onReady: () => void;
	/** There is a client more, or one less. */
	readonly onClients: () => void;
	/** Opens the driver with the endpoint's callbacks. */
	openServer(options: GattServerOptions): GattServer;
}

/** A value that was written and waits to be handled. */
interface Written {
	readonly client: GattClient | undefined;
	readonly at: number;
	readonly length: number;
}

/** The SMP server's end of Bluetooth LE: several clients, one of which commands; several requests under way at once. */
export class GattEndpoint {
	/** The driver, for advertising. */
	readonly gatt: GattServer;
	private readonly options: GattEndpointOptions;
	private readonly counters: GattCounters;
	private readonly bytes: Uint8Array;
	private readonly timer: Timer;
	private readonly turn: CommandTurn<GattClient>;
	private readonly clients = new Map<GattConnection, GattClient>();
	private readonly inbox: Written[] = [];
	/** Send buffers that are free, by their number. */
	private readonly free: number[] = [];
	/** Parts of the memory for assembling that are free, by their number. */
	private readonly freeSlots: number[] = [];
	private pumping = false;

	/** @param options - see `GattEndpointOptions` @throws RangeError when a region is too small */
	constructor(options: GattEndpointOptions) {
		const { memory, assembly, send, timers } = options;
		if (assembly.bytes < GATT_ASSEMBLY_BYTES || send.bytes < GATT_SEND_BYTES)
			throw new RangeError("the regions of the GATT endpoint are too small");
		this.options = options;
		this.counters = options.counters;
		this.bytes = new Uint8Array(memory.memory, send.at, send.bytes);
		for (let buffer = 0; buffer < BUFFER_COUNT; buffer++) this.free.push(buffer);
		for (let slot = 0; slot < GATT_CLIENTS; slot++) this.freeSlots.push(slot);
		this.turn = new CommandTurn(() => timers.now());
		this.timer = timers.create(() => this.look());
		this.gatt = options.openServer({
			services: [SERVICE],
			mtu: PREFERRED_MTU,
			connections: GATT_CLIENTS,
			onReady: options.onReady,
			onConnect: (connection) => this.connected(connection),
			onDisconnect: (connection) => this.disconnected(connection),
			onSubscribe: () => undefined,
			onUnsubscribe: () => undefined,
			onWrite: (connection, _characteristic, at, length) => {
				this.counters.receivedBytes += length;
				this.inbox.push({ client: this.clients.get(connection), at, length });
				this.pump();
			},
			onNotified: (connection, tag, status) => this.notified(connection, tag, status),
			onWritable: (connection) => this.clients.get(connection)?.pump(),
		});
	}

	/** Clients that are connected. */
	get connections(): number {
		return this.clients.size;
	}

	private connected(connection: GattConnection): void {
		const slot = this.freeSlots.pop();
		if (slot === undefined) {
			connection.close();
			return;
		}
		const { memory, assembly, timers } = this.options;
		const assemblyAt = assembly.at + slot * BUFFER_BYTES;
		const now = timers.now();
		this.clients.set(
			connection,
			new GattClient({ connection, memory, assemblyAt, slot, characteristic: SMP, now }),
		);
		this.counters.connections++;
		this.options.onClients();
		this.look();
	}

	private disconnected(connection: GattConnection): void {
		const client = this.clients.get(connection);
		if (client === undefined) return;
		this.clients.delete(connection);
		this.turn.leave(client);
		this.freeSlots.push(client.slot);
		for (const buffer of client.giveUp()) this.free.push(buffer);
		this.counters.disconnections++;
		this.options.onClients();
		this.pump();
	}

	private notified(connection: GattConnection, tag: number, status: number): void {
		if (status !== 0) this.counters.refusedNotifications++;
		const buffer = this.clients.get(connection)?.notified(tag) ?? -1;
		if (buffer < 0) return;
		this.free.push(buffer);
		this.pump();
	}

	/** Handles what was written while there is room for an answer. */
	private pump(): void {
		if (this.pumping) return;
		this.pumping = true;
		for (let next = this.inbox[0]; next !== undefined && this.free.length > 0; next = this.inbox[0]) {
			const { client, at, length } = next;
			const whole = client === undefined ? 0 : this.assemble(client, at, length);
			this.inbox.shift();
			this.gatt.release(at, length);
			if (client !== undefined && whole > 0) this.handle(client, whole);
		}
		this.pumping = false;
	}

	/** Bytes of the packet that is whole with what was written; 0 while none is. */
	private assemble({ connection, assembler }: GattClient, at: number, length: number): number {
		if (!connection.open) return 0;
		const { dropped } = assembler;
		const whole = assembler.add(at, length, this.options.timers.now());
		this.counters.droppedPackets += assembler.dropped - dropped;
		return whole;
	}

	private handle(client: GattClient, length: number): void {
		const { memory, server, session, timers } = this.options;
		const packet = new Uint8Array(memory.memory, client.assembler.at, length).slice();
		const buffer = this.free.pop();
		if (buffer === undefined) return;
		this.counters.requests++;
		client.lastHeard = timers.now();
		if (!this.turn.begin(client)) {
			this.counters.busyAnswers++;
			const refusal = server.refuse(packet, ReturnCode.busy, OTHER_CLIENT_COMMANDS);
			this.answer(client, buffer, refusal ?? packet.subarray(0, 0));
			return;
		}
		client.use.used(timers.now());
		if (!this.timer.running) this.look();
		server.handle(packet, session(), (response) => {
			this.turn.end(client);
			this.answer(client, buffer, response);
		});
	}

	private answer(client: GattClient, buffer: number, response: Uint8Array): void {
		if (!client.connection.open || response.length === 0) {
			this.free.push(buffer);
			this.pump();
			return;
		}
		this.counters.sentBytes += response.length;
		this.bytes.set(response, buffer * BUFFER_BYTES);
		client.send(buffer, this.options.send.at + buffer * BUFFER_BYTES, response.length);
	}

	/** Lets idle connections sleep, makes room for others, and looks again when something of it may be due. */
	private look(): void {
		const now = this.options.timers.now();
		let next = this.makeRoom(now);
		for (const client of this.clients.values()) {
			const at = client.use.look(now);
			if (at > 0 && (next === 0 || at < next)) next = at;
		}
		if (next > 0) this.timer.startAt(next);
	}

	/**
	 * Ends the connection that has been idle for longest, where there is no room and that is long enough.
	 * @returns when that is to be looked at again, µs; 0 while there is room
	 */
	private makeRoom(now: number): number {
		if (this.freeSlots.length > 0) return 0;
		let idlest: GattClient | undefined;
		for (const client of this.clients.values()) {
			if (this.turn.busyWith(client)) client.lastHeard = now;
			if (idlest === undefined || client.lastHeard < idlest.lastHeard) idlest = client;
		}
		if (idlest === undefined) return 0;
		if (now - idlest.lastHeard < CROWDED_IDLE) return idlest.lastHeard + CROWDED_IDLE;
		idlest.connection.close();
		return 0;
	}
}
