import { open, rename } from "node:fs/promises";
import { cardBytes } from "@bodycam/protocol/card/card-bytes";
import { BLOCK_HEADER, BlockField, sealBlock } from "@bodycam/protocol/event-log/block";
import { type LogSource, readLog } from "@bodycam/protocol/event-log/reader";
import { type LogReport, LogVerifier } from "@bodycam/protocol/event-log/verifier";
import { BodycamError } from "../../errors.ts";
import { nodeCrypto } from "./verify.ts";

const SECTOR_BYTES = 512;

/** What was exported. */
export interface ExportedLog {
	/** The file. */
	readonly file: string;
	/** Its bytes. */
	readonly bytes: number;
	/** What verifying found on the way. */
	readonly report: LogReport;
}

/**
 * Copies an event log into a file as it is, damaged places included, and ends it with an empty block, so that a file
 * that is cut off shows. The file gets its name when it is whole.
 * @throws {BodycamError} when there is nothing to export
 */
export async function exportEventLog(
	source: LogSource,
	file: string,
	signal?: AbortSignal,
): Promise<ExportedLog> {
	const verifier = new LogVerifier({ crypto: nodeCrypto });
	const output = await open(`${file}.part`, "w");
	let identity = source.identity;
	let next = 1;
	let sectors = 0;
	try {
		for await (const piece of readLog(source)) {
			signal?.throwIfAborted();
			// What is behind the last block is no part of the log; the block that ended an exported file is made anew.
			if (piece.kind === "damage" && piece.where !== "inside") continue;
			if (piece.kind === "block" && piece.count === 0) continue;
			verifier.piece(piece);
			if (piece.kind === "block") {
				identity ??= piece.identity;
				next = piece.first + piece.count;
				await output.writeFile(piece.raw);
			} else {
				const length = piece.sectors * SECTOR_BYTES;
				await output.writeFile(await source.read(piece.position * SECTOR_BYTES, length));
			}
			sectors += piece.sectors;
		}
		const report = verifier.report();
		if (identity === undefined || report.head === undefined)
			throw new BodycamError("the event log is empty: there is nothing to export");
		await output.writeFile(endBlock(identity, report.head, sectors, next));
		await output.sync();
		await rename(`${file}.part`, file);
		return { file, bytes: (sectors + 1) * SECTOR_BYTES, report };
	} finally {
		await output.close();
	}
}

/** A block without entries: the end of an exported log. */
function endBlock(identity: Uint8Array, head: Uint8Array, position: number, next: number): Uint8Array {
	const block = new Uint8Array(Math.ceil(BLOCK_HEADER / SECTOR_BYTES) * SECTOR_BYTES);
	block.set(identity, BlockField.identity);
	block.set(head, BlockField.before);
	sealBlock(cardBytes(block), 0, position, 0, next, 0);
	return block;
}
