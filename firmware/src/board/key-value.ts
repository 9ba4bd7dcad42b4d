import { KeyValue as KeyValueRecord, Status } from "@bodycam/protocol/board/records";
import { KEY_VALUE_MAX_BYTES, type KeyValue } from "../hal/key-value.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Board } from "./board.ts";
import { BoardRequestError, PendingRequests, type RequestResult } from "./requests.ts";

const KEY_MAX_BYTES = 256;

/** The board's key-value store. Requests wait for each other, because they share one buffer. */
export class BoardKeyValue implements KeyValue {
	private readonly board: Board;
	private readonly keyAt: number;
	private readonly valueAt: number;
	private readonly requests = new PendingRequests();
	private last: Promise<unknown> = Promise.resolve();
	private closed = false;

	/** @param options - `board`, and `buffer` for a key and a value, at least 4352 bytes */
	constructor(options: { readonly board: Board; readonly buffer: MediaRegion }) {
		this.board = options.board;
		this.keyAt = options.buffer.at;
		this.valueAt = options.buffer.at + KEY_MAX_BYTES;
		this.board.on(KeyValueRecord.DONE, 0, (_time, status, length, _c, tag) => {
			this.requests.settle(tag, status, length);
		});
	}

	read(key: string): Promise<Uint8Array | undefined> {
		return this.inTurn(async () => {
			const keyLength = this.placeKey(key);
			const result = await this.request((tag) => {
				const { board, keyAt, valueAt } = this;
				board.post(KeyValueRecord.GET, 0, keyAt, keyLength, valueAt, tag, 0, KEY_VALUE_MAX_BYTES);
			});
			if (result.status === Status.noEntry) return undefined;
			if (result.status !== Status.ok) throw new BoardRequestError(`read the value ${key}`, result.status);
			const length = Math.min(result.value, KEY_VALUE_MAX_BYTES);
			return new Uint8Array(this.board.native.memory, this.valueAt, length).slice();
		});
	}

	write(key: string, value: Uint8Array): Promise<void> {
		if (value.length === 0 || value.length > KEY_VALUE_MAX_BYTES) {
			return Promise.reject(
				new RangeError(`the value ${key} has ${value.length} bytes, 1 to 4096 are allowed`),
			);
		}
		return this.put(key, value.slice());
	}

	delete(key: string): Promise<void> {
		return this.put(key, new Uint8Array(0));
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.board.off(KeyValueRecord.DONE, 0);
		this.requests.cancel();
	}

	private put(key: string, value: Uint8Array): Promise<void> {
		return this.inTurn(async () => {
			const keyLength = this.placeKey(key);
			new Uint8Array(this.board.native.memory, this.valueAt, KEY_VALUE_MAX_BYTES).set(value);
			const { status } = await this.request((tag) => {
				const { board, keyAt, valueAt } = this;
				board.post(KeyValueRecord.PUT, 0, keyAt, keyLength, valueAt, tag, value.length);
			});
			if (status === Status.ok || (status === Status.noEntry && value.length === 0)) return;
			throw new BoardRequestError(`write the value ${key}`, status);
		});
	}

	private placeKey(key: string): number {
		return this.board.native.writeText(this.keyAt, KEY_MAX_BYTES, key);
	}

	private async request(send: (tag: number) => void): Promise<RequestResult> {
		return this.closed ? { status: Status.canceled, value: 0 } : this.requests.request(send);
	}

	private inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = this.last.then(work);
		this.last = result.catch(() => undefined);
		return result;
	}
}
