import {
	FLASH_BLOCK_BYTES,
	FLASH_SECTOR_BYTES,
	FLASH_WRITE_BYTES,
} from "@bodycam/protocol/board/flash-layout";
import type { FlashSlot } from "../hal/flash.ts";
import type { MediaMemory, MediaRegion } from "../hal/media-memory.ts";

const ERASED = 0xff;

/** Options of `UploadWriter`. */
export interface UploadWriterOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where pieces wait to be written: whole sectors. */
	readonly staging: MediaRegion;
	/** The slot. */
	readonly flash: Pick<FlashSlot, "write" | "erase">;
	/** Bytes of the image. */
	readonly total: number;
}

/**
 * Writes an image into a slot while it arrives: pieces wait in media memory, the blocks ahead are erased meanwhile, and
 * sectors are written once they are full. So the line need not stand still for an erasure.
 */
export class UploadWriter {
	/** Bytes taken. */
	received = 0;
	private readonly options: UploadWriterOptions;
	private readonly bytes: Uint8Array;
	private erased = 0;
	private written = 0;
	private stopped = false;
	private failure: unknown;
	private waiting: (() => void)[] = [];
	private working = false;

	constructor(options: UploadWriterOptions) {
		this.options = options;
		this.bytes = new Uint8Array(options.memory.memory, options.staging.at, options.staging.bytes);
	}

	/** Begins to erase. */
	begin(): void {
		this.work();
	}

	/** Takes the next piece as soon as there is room for it. @throws what the flash refused with */
	async take(piece: Uint8Array): Promise<void> {
		const { length } = this.bytes;
		for (let from = 0; from < piece.length && !this.stopped; ) {
			const room = length - (this.received - this.written);
			const at = this.received % length;
			const part = Math.min(piece.length - from, room, length - at);
			if (part === 0) {
				await this.progress();
				continue;
			}
			this.bytes.set(piece.subarray(from, from + part), at);
			this.received += part;
			from += part;
		}
		this.work();
		if (this.failure !== undefined) throw this.failure;
	}

	/** Settles when all that was taken is written. @throws what the flash refused with */
	async drained(): Promise<void> {
		while (this.written < this.received && !this.stopped) await this.progress();
		if (this.failure !== undefined) throw this.failure;
	}

	/** Gives up; what is under way is ended. */
	async stop(): Promise<void> {
		this.stopped = true;
		while (this.working) await this.progress();
	}

	private progress(): Promise<void> {
		this.work();
		if (!this.working) return Promise.resolve();
		return new Promise((resolve) => {
			this.waiting.push(resolve);
		});
	}

	private work(): void {
		if (this.working || this.stopped) return;
		const step = this.nextStep();
		if (step === undefined) return;
		this.working = true;
		step().then(
			() => this.worked(),
			(error: unknown) => {
				this.failure = error;
				this.stopped = true;
				this.worked();
			},
		);
	}

	private worked(): void {
		this.working = false;
		this.work();
		const waiting = this.waiting;
		this.waiting = [];
		for (const resolve of waiting) resolve();
	}

	/** A sector that is full goes before an erasure; without one, the next block is erased ahead. */
	private nextStep(): (() => Promise<void>) | undefined {
		const { total, staging, flash } = this.options;
		const { written, received, erased } = this;
		const due = Math.min(FLASH_SECTOR_BYTES, total - written);
		if (due > 0 && received - written >= due && written + due <= erased) {
			const at = written % staging.bytes;
			const length = Math.ceil(due / FLASH_WRITE_BYTES) * FLASH_WRITE_BYTES;
			this.bytes.fill(ERASED, at + due, at + length);
			return async () => {
				await flash.write(written, length, staging.at + at);
				this.written += due;
			};
		}
		if (erased >= total) return undefined;
		return async () => {
			await flash.erase(erased, FLASH_BLOCK_BYTES);
			this.erased += FLASH_BLOCK_BYTES;
		};
	}
}
