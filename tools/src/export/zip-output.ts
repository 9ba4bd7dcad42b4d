import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { type ExportOutput, Meter, readableOf } from "./output.ts";

/** Permissions of a file in the archive, where it is unpacked on a system that has them: its owner's alone. */
const FILE_MODE = 0o100600;

/** What a ZIP archive is written with. */
export interface ZipOptions {
	/** The file; it must not be there. */
	readonly file: string;
	/** Directory within the archive that holds all files. */
	readonly folder: string;
	/** Time that the files bear, ms since 1970. */
	readonly now: number;
	/** Told how many bytes were written. */
	readonly progress: (bytes: number) => void;
	/** Stops. */
	readonly signal: AbortSignal | undefined;
}

/**
 * Writes the files into a ZIP archive, stored as they are: video does not become smaller, and a damaged archive gives up
 * the most this way. Beyond 4 GiB it takes the ZIP64 form, as needed (APPNOTE.TXT 4.3.9, 4.5.3).
 */
export function zipOutput({ file, folder, now, progress, signal }: ZipOptions): ExportOutput {
	const zip = new ZipFile();
	const written = pipeline(
		zip.outputStream,
		createWriteStream(file, { flags: "wx", flush: true, mode: 0o600 }),
		{
			...(signal && { signal }),
		},
	);
	// It is awaited with every file and in the end; in between its failure is nobody's.
	written.catch(() => {});
	let source: Readable | undefined;
	const entry = { mtime: new Date(now), mode: FILE_MODE, compress: false };
	return {
		async add(name, content) {
			const meter = new Meter(progress);
			source = readableOf(content);
			const stream = meter.stream();
			const passed = pipeline(source, stream, { ...(signal && { signal }) });
			zip.addReadStream(stream, `${folder}/${name}`, entry);
			// An archive that cannot be written takes no more: its failure ends the waiting.
			await Promise.race([Promise.all([passed, finished(stream)]), written.then(neverEarly)]);
			return meter.result(name);
		},
		async finish() {
			zip.end();
			await written;
		},
		async abandon() {
			source?.destroy();
			(zip.outputStream as NodeJS.ReadableStream & { destroy(): void }).destroy();
			await written.catch(() => {});
		},
	};
}

function neverEarly(): never {
	throw new Error("the archive ended before its last file");
}
