import type { FileHandle } from "node:fs/promises";

/** A part of a file. */
export interface FileRange {
	/** First byte. */
	readonly from: number;
	/** First byte behind it. */
	readonly to: number;
}

/**
 * Reads a part of a file block by block, the next block while the reader works on this one. Memory is two blocks,
 * whatever the length. A block is the reader's until it asks for the next one.
 * @param blockBytes - length of every block but the last
 * @throws RangeError when the file ends before the part does
 */
export async function* readAhead(
	file: FileHandle,
	{ from, to }: FileRange,
	blockBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
	const length = Math.min(blockBytes, to - from);
	const buffers = [Buffer.allocUnsafe(length), Buffer.allocUnsafe(length)] as const;
	let which = 0;
	const begin = (at: number): Promise<Uint8Array> | undefined => {
		if (at >= to) return undefined;
		which = 1 - which;
		const block = buffers[which as 0 | 1].subarray(0, Math.min(blockBytes, to - at));
		const read = readFully(file, block, at);
		// It is awaited only when it is its turn; until then its failure is nobody's.
		read.catch(() => {});
		return read;
	};
	let next = begin(from);
	try {
		for (let at = from; next !== undefined; ) {
			const block = await next;
			at += block.length;
			next = begin(at);
			yield block;
		}
	} finally {
		// The buffer is being written to, and the file must not be closed, until it has ended.
		await next?.catch(() => {});
	}
}

/** Fills a buffer from a place in a file. @throws RangeError when the file ends before */
export async function readFully(file: FileHandle, into: Buffer, position: number): Promise<Uint8Array> {
	for (let at = 0; at < into.length; ) {
		const { bytesRead } = await file.read(into, at, into.length - at, position + at);
		if (bytesRead === 0) throw new RangeError("the file became shorter while it was read");
		at += bytesRead;
	}
	return into;
}
