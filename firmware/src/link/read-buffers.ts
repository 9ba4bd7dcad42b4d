import type { MediaRegion } from "../hal/media-memory.ts";

/** Buffers of equal size in media memory, lent out one at a time; who finds none waits for its turn. */
export class ReadBuffers {
	/** Bytes of each. */
	readonly size: number;
	private readonly free: number[] = [];
	private readonly waiting: ((at: number) => void)[] = [];

	/** @param region - where they lie @param size - bytes of each */
	constructor(region: MediaRegion, size: number) {
		this.size = size;
		for (let at = region.at; at + size <= region.at + region.bytes; at += size) this.free.push(at);
	}

	/** Lends a buffer: its offset in media memory. */
	take(): Promise<number> {
		const at = this.free.pop();
		if (at !== undefined) return Promise.resolve(at);
		return new Promise((resolve) => {
			this.waiting.push(resolve);
		});
	}

	/** Gives a buffer back. */
	give(at: number): void {
		const next = this.waiting.shift();
		if (next === undefined) this.free.push(at);
		else next(at);
	}
}
