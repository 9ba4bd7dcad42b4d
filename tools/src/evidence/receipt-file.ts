import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { RECEIPT_BYTES_MAX } from "@bodycam/protocol/camera/recordings";
import { peekReceipt, type Receipt } from "@bodycam/protocol/custody/receipt";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { UsageError } from "../errors.ts";
import { EvidenceFileError } from "./evidence-error.ts";

/** What the file of a receipt ends with; it lies beside the recording. */
export const RECEIPT_ENDING = ".receipt.cose";

/** A receipt in a file; nothing about it is verified. */
export interface ReceiptFile {
	/** Path. */
	readonly path: string;
	/** The signed document. */
	readonly signed: Uint8Array;
	/** What it says. */
	readonly content: Receipt;
}

/** The file of a recording's receipt. @param base - what the names of its files have in common */
export function receiptPath(base: string): string {
	return `${base}${RECEIPT_ENDING}`;
}

/**
 * The receipts that paths name: files, or directories for all in them.
 * @throws {UsageError} when one is not there, or a directory holds none
 * @throws {EvidenceFileError} when a file is no receipt
 */
export function readReceipts(paths: readonly string[]): ReceiptFile[] {
	return paths.flatMap((path) => {
		const found = statSync(path, { throwIfNoEntry: false });
		if (found === undefined) throw new UsageError(`there is no file ${path}`);
		if (!found.isDirectory()) return [readReceipt(path)];
		const names = readdirSync(path).filter((name) => name.endsWith(RECEIPT_ENDING));
		if (names.length === 0)
			throw new UsageError(`there is no receipt in ${path}`, {
				hint: `\`bodycam evidence receipt\` makes them: NAME${RECEIPT_ENDING}.`,
			});
		return names.sort().map((name) => readReceipt(join(path, name)));
	});
}

/** @throws {EvidenceFileError} when it is no receipt */
function readReceipt(path: string): ReceiptFile {
	const { size } = statSync(path);
	if (size > RECEIPT_BYTES_MAX) throw new EvidenceFileError(`${path} is no receipt: it has ${size} bytes`);
	const signed = new Uint8Array(readFileSync(path));
	try {
		return { path, signed, content: peekReceipt(signed) };
	} catch (error) {
		if (!(error instanceof TrustError)) throw error;
		throw new EvidenceFileError(`${path} is no receipt: ${error.message}`, { cause: error });
	}
}

/**
 * Writes a receipt and makes it durable; never over a file that is there.
 * @throws the system's error; `EEXIST` when there is one
 */
export function writeReceipt(path: string, signed: Uint8Array): void {
	const file = openSync(path, "wx");
	try {
		writeSync(file, signed);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	makeDurable(dirname(path));
}

/** Has the system put a file or directory on its disk. @throws the system's error */
export function makeDurable(path: string): void {
	const file = openSync(path, "r");
	try {
		fsyncSync(file);
	} catch (error) {
		// Directories cannot be flushed everywhere.
		if (!["EPERM", "EINVAL", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
	} finally {
		closeSync(file);
	}
}
