import type { FileHandle } from "node:fs/promises";
import { AgeError } from "@bodycam/protocol/age/age-error";
import {
	type AgeHeader,
	HEADER_BYTES_MAX,
	openAgeHeader,
	readAgeHeader,
} from "@bodycam/protocol/age/read-header";
import { PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import { AgePayload, PAYLOAD_BLOCK_BYTES } from "./age-payload.ts";
import { EvidenceFileError } from "./evidence-error.ts";
import { hostAgeCrypto } from "./host-age-crypto.ts";
import { readAhead, readFully } from "./read-ahead.ts";
import { openEvidenceFile } from "./record-file.ts";

/** A part of an age file as it is. */
export interface SealedBlock {
	/** Where it begins in the file. */
	readonly at: number;
	/** Its bytes. */
	readonly bytes: Uint8Array;
}

/** An age v1 file, opened for reading. Its header has been taken apart; nothing has been decrypted or verified. */
export class AgeFile {
	/** Its path. */
	readonly path: string;
	/** Its length in bytes when it was opened. */
	readonly bytes: number;
	/** Its header; undefined when there is a `problem`. */
	readonly header: AgeHeader | undefined;
	/** Why it is no age file; undefined when it is one. */
	readonly problem: EvidenceFileError | undefined;
	readonly #file: FileHandle;

	private constructor(path: string, file: FileHandle, bytes: number, header: AgeHeader | EvidenceFileError) {
		this.path = path;
		this.#file = file;
		this.bytes = bytes;
		this.header = header instanceof EvidenceFileError ? undefined : header;
		this.problem = header instanceof EvidenceFileError ? header : undefined;
	}

	/**
	 * Opens a file.
	 * @throws {EvidenceFileError} when it is missing or no age file
	 * @throws the system's error when it cannot be read
	 */
	static async open(path: string): Promise<AgeFile> {
		const age = await AgeFile.openAny(path);
		if (age.problem === undefined) return age;
		await age.close();
		throw age.problem;
	}

	/**
	 * Opens a file to be compared with its record, also when it is no age file: `problem` tells why.
	 * @throws {EvidenceFileError} when it is missing
	 */
	static async openAny(path: string): Promise<AgeFile> {
		const file = await openEvidenceFile(path);
		try {
			const { size } = await file.stat();
			const start = await readFully(file, Buffer.alloc(Math.min(size, HEADER_BYTES_MAX)), 0);
			return new AgeFile(path, file, size, headerIn(start, path));
		} catch (error) {
			await file.close();
			throw error;
		}
	}

	/**
	 * Its bytes as they are, from the first to the last: what is before the chunks, then 64 chunks at a time. A block is
	 * valid until the next one.
	 */
	async *sealed(): AsyncGenerator<SealedBlock, void, undefined> {
		const chunks = this.header === undefined ? 0 : this.#chunksAt(this.header);
		if (chunks > 0) yield { at: 0, bytes: await readFully(this.#file, Buffer.alloc(chunks), 0) };
		let at = chunks;
		for await (const bytes of readAhead(this.#file, { from: at, to: this.bytes }, PAYLOAD_BLOCK_BYTES)) {
			yield { at, bytes };
			at += bytes.length;
		}
	}

	/**
	 * Opens the header with the first identity that fits. `close` of what is returned wipes the key.
	 * @param identities - X25519 private keys, 32 bytes each
	 * @throws {AgeError} no-identity, header-changed, malformed-header
	 * @throws {EvidenceFileError} when the file ends before its chunks, or its last one was changed
	 */
	async unlock(identities: readonly Uint8Array[]): Promise<AgePayload> {
		if (this.header === undefined) throw this.problem;
		const fileKey = openAgeHeader(this.header, identities, hostAgeCrypto);
		try {
			const begin = this.header.bytes;
			if (this.bytes < begin + PAYLOAD_NONCE_BYTES)
				throw new EvidenceFileError(`${this.path} ends behind its header: there is nothing in it`);
			const nonce = await readFully(this.#file, Buffer.alloc(PAYLOAD_NONCE_BYTES), begin);
			const key = payloadKey(fileKey, nonce, hostAgeCrypto);
			return await AgePayload.open(this.#file, {
				path: this.path,
				begin: begin + PAYLOAD_NONCE_BYTES,
				end: this.bytes,
				key,
			});
		} finally {
			fileKey.fill(0);
		}
	}

	/** Where the chunks begin, or the file ends before. */
	#chunksAt({ bytes }: AgeHeader): number {
		return Math.min(this.bytes, bytes + PAYLOAD_NONCE_BYTES);
	}

	/** Closes the file. What was unlocked can be read no more. */
	async close(): Promise<void> {
		await this.#file.close();
	}
}

function headerIn(start: Uint8Array, path: string): AgeHeader | EvidenceFileError {
	try {
		return readAgeHeader(start);
	} catch (error) {
		if (!(error instanceof AgeError)) throw error;
		return new EvidenceFileError(`${path}: ${error.message}`, { cause: error });
	}
}
