import { setMaxListeners } from "node:events";
import { READ_MAX, READ_OVERHEAD, type RecordingPart } from "@bodycam/protocol/camera/recordings";
import { readRecordingBytes } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { ProtocolError } from "../../errors.ts";
import { ReceivedRanges } from "./received-ranges.ts";

/** What is to be transferred. */
export interface TransferOptions {
	/** Number of the recording. */
	readonly number: number;
	/** Which of its files. */
	readonly part: RecordingPart;
	/** Its length in bytes. */
	readonly total: number;
	/** Bytes from the start that are there already. */
	readonly from: number;
	/** Stores a piece; the transfer waits for it before it asks for more. */
	write(offset: number, data: Uint8Array): Promise<void>;
	readonly signal?: AbortSignal | undefined;
}

/** Answers in a row with nothing in them, or with other bytes than asked for, before the transfer gives up. */
const USELESS_MAX = 8;

/**
 * Reads a recording with as many requests under way as the camera can hold, so that the line is kept full. Pieces
 * may arrive in any order and be shorter than asked for.
 */
export class Transfer {
	readonly received: ReceivedRanges;
	readonly #client: SmpClient;
	readonly #options: TransferOptions;
	readonly #stop = new AbortController();
	/** Pieces to be asked for before going on at `#next`: the rest of answers that were short. */
	readonly #missing: { start: number; end: number }[] = [];
	#next: number;
	#underWay = 0;
	#useless = 0;
	#failure: { readonly error: unknown } | undefined;
	#wake: () => void = () => {};
	readonly #onAbort = (): void => {
		this.#fail(this.#options.signal?.reason);
		this.#wake();
	};

	/** Nothing is asked before `start`. */
	constructor(client: SmpClient, options: TransferOptions) {
		this.#client = client;
		this.#options = options;
		this.received = new ReceivedRanges(options.from);
		this.#next = options.from;
		// Every request under way listens to it.
		setMaxListeners(0, this.#stop.signal);
	}

	/** Bytes asked for in one request: what fits the camera's buffer. */
	get pieceBytes(): number {
		return Math.max(16, Math.min(READ_MAX, this.#client.bufferSize - READ_OVERHEAD));
	}

	/** Whether every byte has been received and stored. */
	get done(): boolean {
		return this.received.whole >= this.#options.total;
	}

	/** Begins to ask. */
	start(): void {
		const { signal } = this.#options;
		if (signal?.aborted) this.#fail(signal.reason);
		signal?.addEventListener("abort", this.#onAbort, { once: true });
		this.#fill();
	}

	/**
	 * Waits until more has been stored, or until `ms` have passed.
	 * @throws whatever made the transfer fail, once nothing is being stored any more
	 */
	async progress(ms: number): Promise<void> {
		if (this.#failure === undefined && !this.done) {
			let timer: NodeJS.Timeout | undefined;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
				timer = setTimeout(resolve, ms);
			});
			clearTimeout(timer);
		}
		if (this.#failure === undefined) return;
		await this.settle();
		throw this.#failure.error;
	}

	/** Stops asking and waits until nothing is under way. */
	async settle(): Promise<void> {
		this.#stop.abort();
		this.#options.signal?.removeEventListener("abort", this.#onAbort);
		while (this.#underWay > 0)
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
	}

	#fill(): void {
		// One more than the window, so that a request is at hand as soon as an answer has made room.
		while (
			this.#failure === undefined &&
			!this.#stop.signal.aborted &&
			this.#underWay <= this.#client.window
		) {
			const piece = this.#take();
			if (piece === undefined) return;
			this.#underWay += 1;
			void this.#fetch(piece.start, piece.end)
				.catch((error: unknown) => this.#fail(error))
				.finally(() => {
					this.#underWay -= 1;
					this.#fill();
					this.#wake();
				});
		}
	}

	#take(): { start: number; end: number } | undefined {
		const missing = this.#missing.shift();
		if (missing !== undefined) return missing;
		if (this.#next >= this.#options.total) return undefined;
		const start = this.#next;
		this.#next = Math.min(this.#options.total, start + this.pieceBytes);
		return { start, end: this.#next };
	}

	async #fetch(start: number, end: number): Promise<void> {
		const { number, part } = this.#options;
		const { off, data } = await readRecordingBytes(
			this.#client,
			{ number, part, off: start, len: end - start },
			{ signal: this.#stop.signal },
		);
		if (off !== start || data.length === 0 || data.length > end - start) {
			this.#useless += 1;
			if (this.#useless > USELESS_MAX)
				throw new ProtocolError(`the camera does not send recording ${number} from byte ${start} on`, {
					hint: "Take the card out and read it with `bodycam card extract`.",
				});
			this.#missing.push({ start, end });
			return;
		}
		await this.#options.write(start, data);
		this.#useless = 0;
		this.received.add(start, data.length);
		if (data.length < end - start) this.#missing.push({ start: start + data.length, end });
	}

	#fail(error: unknown): void {
		this.#failure ??= { error };
		this.#stop.abort();
	}
}
