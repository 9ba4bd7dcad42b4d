import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A file of an export, as it was written. */
export interface WrittenFile {
	/** Its path within the export, with `/`. */
	readonly name: string;
	/** Its length. */
	readonly bytes: number;
	/** SHA-256, hexadecimal. */
	readonly sha256: string;
}

/** What a file of an export is made of: bytes, blocks that come one by one, or a file of the stage that is moved. */
export type Content =
	| { readonly bytes: Uint8Array }
	| { readonly blocks: AsyncIterable<Uint8Array> }
	| { readonly move: string };

/** Takes the files of an export, one after the other. */
export interface ExportOutput {
	/** Writes a file and tells what was written. @throws the system's error when it cannot be written */
	add(name: string, content: Content): Promise<WrittenFile>;
	/** After the last file: all of it is on the disk. */
	finish(): Promise<void>;
	/** Lets go of what is open; nothing that was written counts. */
	abandon(): Promise<void>;
}

/** Writes the files into a directory. @param progress - told how many bytes were written */
export function directoryOutput(
	directory: string,
	progress: (bytes: number) => void,
	signal: AbortSignal | undefined,
): ExportOutput {
	return {
		async add(name, content) {
			const file = join(directory, name);
			await mkdir(dirname(file), { recursive: true });
			const meter = new Meter(progress);
			if ("move" in content) {
				for await (const block of createReadStream(content.move, { signal })) meter.note(block);
				await rename(content.move, file);
			} else
				await pipeline(
					readableOf(content),
					meter.stream(),
					createWriteStream(file, { flags: "wx", flush: true }),
					{
						signal,
					},
				);
			return meter.result(name);
		},
		finish: async () => {},
		abandon: async () => {},
	};
}

/** The bytes of a content, as a stream. */
export function readableOf(content: Content): Readable {
	if ("bytes" in content) return Readable.from([content.bytes], { objectMode: false });
	if ("blocks" in content)
		return Readable.from(content.blocks, { objectMode: false, highWaterMark: 1 << 20 });
	return createReadStream(content.move, { highWaterMark: 1 << 20 });
}

/** Counts and hashes what passes. */
export class Meter {
	readonly #hash: Hash = createHash("sha256");
	readonly #progress: (bytes: number) => void;
	#bytes = 0;

	/** @param progress - told how many bytes have passed since it was told last */
	constructor(progress: (bytes: number) => void) {
		this.#progress = progress;
	}

	/** Takes what passes. */
	note(block: Uint8Array): void {
		this.#hash.update(block);
		this.#bytes += block.length;
		this.#progress(block.length);
	}

	/** A stream that passes everything on. */
	stream(): Transform {
		return new Transform({
			transform: (block: Buffer, _encoding, done) => {
				this.note(block);
				done(null, block);
			},
		});
	}

	/** What has passed, once that was all. */
	result(name: string): WrittenFile {
		return { name, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
	}
}
