import { encodeGattTable } from "@bodycam/protocol/board/gatt-table";
import { ADVERTISEMENT_OCTETS, Gatt } from "@bodycam/protocol/board/records";
import type { GattServer, GattServerOptions } from "../hal/gatt-server.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Board } from "./board.ts";
import { BoardGattConnection } from "./gatt-connection.ts";

/** Bytes for the table of services. */
const TABLE_BYTES = 960;

/** Bytes a GATT server needs for its table and its advertisement. */
export const GATT_WORK_BYTES = TABLE_BYTES + 2 * ADVERTISEMENT_OCTETS + 2;

/** What is to be advertised next. */
interface Advertisement {
	readonly data: Uint8Array;
	readonly response: Uint8Array;
	readonly interval: number;
}

const SILENCE: Advertisement = { data: new Uint8Array(0), response: new Uint8Array(0), interval: 0 };

/** The board's GATT server. On a board without a radio nothing ever happens. */
export class BoardGattServer implements GattServer {
	private readonly board: Board;
	private readonly options: GattServerOptions;
	private readonly work: MediaRegion;
	private readonly connections = new Map<number, BoardGattConnection>();
	private ready = false;
	/** The board still reads the advertisement. */
	private telling = false;
	private next: Advertisement | undefined;
	private closed = false;

	/**
	 * @param options - services and callbacks, `board`, `work` of `GATT_WORK_BYTES`, `buffer` for written values
	 * @throws RangeError where the table has no room
	 */
	constructor(
		options: GattServerOptions & {
			readonly board: Board;
			readonly work: MediaRegion;
			readonly buffer: MediaRegion;
		},
	) {
		const { board, work, buffer, services, mtu, connections } = options;
		this.board = board;
		this.options = options;
		this.work = work;
		const table = encodeGattTable({ services });
		if (table.length > TABLE_BYTES || work.bytes < GATT_WORK_BYTES)
			throw new RangeError("the table of services has no room");
		this.place(work.at, table);
		this.listen();
		board.post(Gatt.CONFIGURE, 0, work.at, table.length, buffer.at, buffer.bytes, mtu, connections);
	}

	startAdvertising(data: Uint8Array, response: Uint8Array, interval: number): void {
		if (data.length > ADVERTISEMENT_OCTETS || response.length > ADVERTISEMENT_OCTETS)
			throw new RangeError(`an advertisement has at most ${ADVERTISEMENT_OCTETS} octets`);
		this.next = { data, response, interval };
		this.tell();
	}

	stopAdvertising(): void {
		this.next = SILENCE;
		this.tell();
	}

	release(at: number, length: number): void {
		if (!this.closed) this.board.post(Gatt.RELEASE, 0, at, length);
	}

	close(): void {
		if (this.closed) return;
		this.stopAdvertising();
		for (const connection of this.connections.values()) {
			connection.close();
			connection.open = false;
		}
		this.connections.clear();
		this.closed = true;
		for (const kind of Object.values(Gatt)) this.board.off(kind, 0);
	}

	/** Tells the board the latest advertisement; while it reads one, only the last of the others is told. */
	private tell(): void {
		const { next } = this;
		if (!this.ready || this.telling || this.closed || next === undefined) return;
		const { data, response, interval } = next;
		const at = this.work.at + TABLE_BYTES;
		this.next = undefined;
		this.telling = true;
		this.place(at, data);
		this.place(at + data.length, response);
		this.board.post(Gatt.ADVERTISE, 0, at, data.length, response.length, interval);
	}

	private place(at: number, bytes: Uint8Array): void {
		new Uint8Array(this.board.native.memory, at, bytes.length).set(bytes);
	}

	private listen(): void {
		const { board, options, connections } = this;
		board.on(Gatt.READY, 0, () => {
			this.ready = true;
			options.onReady();
			this.tell();
		});
		board.on(Gatt.ADVERTISING, 0, () => {
			this.telling = false;
			this.tell();
		});
		board.on(Gatt.CONNECTED, 0, (_time, number) => {
			const connection = new BoardGattConnection(board, number);
			connections.set(number, connection);
			options.onConnect(connection);
		});
		board.on(Gatt.DISCONNECTED, 0, (_time, number, reason) => {
			const connection = connections.get(number);
			if (connection === undefined) return;
			connections.delete(number);
			connection.open = false;
			options.onDisconnect(connection, reason);
		});
		board.on(Gatt.LINK, 0, (_time, number, mtu, interval, _latency, _timeout, flags) => {
			const connection = connections.get(number);
			if (connection === undefined) return;
			connection.mtu = mtu;
			connection.interval = interval;
			connection.encrypted = (flags & 1) !== 0;
			options.onLinkChange?.(connection);
		});
		board.on(Gatt.SUBSCRIBED, 0, (_time, number, characteristic, on) => {
			const connection = connections.get(number);
			if (connection === undefined) return;
			if (on !== 0) options.onSubscribe(connection, characteristic);
			else options.onUnsubscribe(connection, characteristic);
		});
		board.on(Gatt.WRITTEN, 0, (_time, at, length, number, characteristic) => {
			const connection = connections.get(number);
			if (connection === undefined) this.release(at, length);
			else options.onWrite(connection, characteristic, at, length);
		});
		board.on(Gatt.NOTIFIED, 0, (_time, status, _b, number, tag) => {
			const connection = connections.get(number);
			if (connection === undefined) return;
			const room = connection.taken();
			options.onNotified(connection, tag, status);
			if (room && connection.open) options.onWritable(connection);
		});
	}
}
