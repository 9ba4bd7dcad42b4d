import { readCustody } from "./reader.ts";
import { type CustodyReport, CustodyVerifier, type CustodyVerifierOptions } from "./verifier.ts";

/** The age file beside a custody record. */
export interface CiphertextSource {
	/** Its length. */
	readonly bytes: number;
	/** SHA-256 of a part of it, which lies within its length. Parts are asked for in the order of the record. */
	digest(offset: number, bytes: number): Uint8Array | Promise<Uint8Array>;
}

/**
 * Verifies a custody record, and the age file it is about.
 * @param file - undefined to verify the record alone
 */
export async function verifyCustody(
	record: Uint8Array,
	file: CiphertextSource | undefined,
	options: CustodyVerifierOptions,
): Promise<CustodyReport> {
	const verifier = new CustodyVerifier(options);
	let end = 0;
	for (const piece of readCustody(record)) {
		verifier.piece(piece);
		if (file === undefined || piece.kind !== "item" || piece.entry.type !== "checkpoint") continue;
		const { offset, bytes } = piece.entry;
		// No byte is hashed twice: a record made to cost time must not cost more than the file is long.
		if (offset < end) continue;
		end = offset + bytes;
		const within = bytes <= file.bytes - offset;
		verifier.segment(piece.entry, within ? await file.digest(offset, bytes) : undefined);
	}
	return verifier.report(file?.bytes);
}
