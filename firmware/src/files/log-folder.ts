import { LOG_LINES_MAX } from "@bodycam/protocol/camera/log";
import type { LogBook } from "../events/log-book.ts";
import type { MediaMemory } from "../hal/media-memory.ts";
import type { Folder, OpenFile } from "./file-tree.ts";
import type { LentBuffers } from "./lent-buffers.ts";

/** Most bytes of the file: the last lines that fit. */
const FILE_MAX = 64 * 1024;

/** Name of the file. */
const NAME = "log.txt";

/** The log since power-on as one text file. What was opened does not change: it is the log of that moment. */
export class LogFolder implements Folder {
	private readonly options: {
		readonly log: Pick<LogBook, "read">;
		readonly memory: MediaMemory;
		readonly buffers: LentBuffers;
	};

	/** @param options - the log, and buffers in media memory through which its text becomes bytes */
	constructor(options: LogFolder["options"]) {
		this.options = options;
	}

	list(): readonly string[] {
		return [NAME];
	}

	async open(name: string): Promise<OpenFile | undefined> {
		if (name !== NAME) return undefined;
		const bytes = await this.render();
		return { length: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
	}

	private async render(): Promise<Uint8Array> {
		const { log, memory, buffers } = this.options;
		const bufferBytes = buffers.size;
		const buffer = await buffers.take();
		try {
			const parts: Uint8Array[] = [];
			let total = 0;
			for (let after = 0; ; ) {
				const { items, next } = log.read(after, LOG_LINES_MAX, "debug", bufferBytes / 4);
				if (items.length === 0) break;
				after = next;
				const text = items
					.map(({ monotonicMs, level, text }) => `${monotonicMs} ${level} ${text}\n`)
					.join("");
				const part = new Uint8Array(
					memory.memory,
					buffer,
					memory.writeText(buffer, bufferBytes, text),
				).slice();
				parts.push(part);
				total += part.length;
				while (total > FILE_MAX) total -= parts.shift()?.length ?? total;
			}
			return concatenate(parts, total);
		} finally {
			buffers.give(buffer);
		}
	}
}

function concatenate(parts: readonly Uint8Array[], total: number): Uint8Array {
	const bytes = new Uint8Array(total);
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}
