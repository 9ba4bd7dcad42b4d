import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { CardReader } from "@bodycam/protocol/card/reader";
import type { EvidencePair } from "../evidence/evidence-pair.ts";
import { RateMeter } from "./pull/rate-meter.ts";

/** Time between progress events, ms. */
const PROGRESS_MS = 100;

const RATE_WINDOW_MS = 3000;

/** How far copying has come: bytes of the age file, the rate in bytes a second. */
export interface CopyProgress {
	readonly type: "progress";
	readonly bytes: number;
	readonly total: number;
	readonly rate: number;
}

/** Where the two files are until they are whole. */
export function partFiles({ base, age, record }: EvidencePair): EvidencePair {
	return { base, age: `${age}.part`, record: `${record}.part` };
}

/**
 * Copies a recording from a card into two files and tells how far it is.
 * @throws {CardError} when the card is damaged there; what comes before is in the files
 */
export async function* copyRecording(
	reader: CardReader,
	number: number,
	parts: EvidencePair,
	total: number,
	signal: AbortSignal | undefined,
): AsyncGenerator<CopyProgress, void, undefined> {
	const hash = createHash("sha256");
	const meter = new RateMeter(RATE_WINDOW_MS);
	const age = await open(parts.age, "w");
	let record: FileHandle | undefined;
	try {
		record = await open(parts.record, "w");
		const files = { age, custody: record };
		let bytes = 0;
		let shown = performance.now();
		meter.note(shown, 0);
		const pieces = reader.extract(number, () => ({
			update: (piece) => void hash.update(piece),
			digest: () => new Uint8Array(hash.digest()),
		}));
		for await (const piece of pieces) {
			signal?.throwIfAborted();
			await files[piece.part].writeFile(piece.bytes);
			if (piece.part === "age") bytes += piece.bytes.length;
			const now = performance.now();
			if (now - shown < PROGRESS_MS) continue;
			shown = now;
			meter.note(now, bytes);
			yield { type: "progress", bytes, total, rate: meter.rate };
		}
		await age.sync();
		await record.sync();
	} finally {
		await age.close();
		await record?.close();
	}
}
