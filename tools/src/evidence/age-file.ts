import { type FileHandle, open } from "node:fs/promises";
import { AgeError } from "@bodycam/protocol/age/age-error";
import {
	type AgeHeader,
	HEADER_BYTES_MAX,
	openAgeHeader,
	readAgeHeader,
} from "@bodycam/protocol/age/read-header";
import { PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import { AgePayload } from "./age-payload.ts";
import { EvidenceFileError } from "./evidence-error.ts";
import { hostAgeCrypto } from "./host-age-crypto.ts";
import { readAhead, readFully } from "./read-ahead.ts";

/** Bytes that are read at a time where nothing is decrypted. */
const BLOCK_BYTES = 1 << 20;

/** An age v1 file, opened for reading. Its header has been taken apart; nothing has been decrypted or verified. */
export class AgeFile {
	/** Its path. */
	readonly path: string;
	/** Its length in bytes when it was opened. */
	readonly bytes: number;
	/** Its header. */
	readonly header: AgeHeader;
	readonly #file: FileHandle;

	private constructor(path: string, file: FileHandle, bytes: number, header: AgeHeader) {
		this.path = path;
		this.#file = file;
		this.bytes = bytes;
		this.header = header;
	}

	/**
	 * Opens a file.
	 * @throws {EvidenceFileError} when it is no age file
	 * @throws the system's error when it cannot be read
	 */
	static async open(path: string): Promise<AgeFile> {
		const file = await open(path, "r");
		try {
			const { size } = await file.stat();
			const start = await readFully(file, Buffer.alloc(Math.min(size, HEADER_BYTES_MAX)), 0);
			return new AgeFile(path, file, size, readAgeHeader(start));
		} catch (error) {
			await file.close();
			if (!(error instanceof AgeError)) throw error;
			throw new EvidenceFileError(`${path}: ${error.message}`, { cause: error });
		}
	}

	/** Its bytes as they are, from the first to the last, block by block; a block is valid until the next one. */
	sealed(): AsyncGenerator<Uint8Array, void, undefined> {
		return readAhead(this.#file, { from: 0, to: this.bytes }, BLOCK_BYTES);
	}

	/**
	 * Opens the header with the first identity that fits. `close` of what is returned wipes the key.
	 * @param identities - X25519 private keys, 32 bytes each
	 * @throws {AgeError} no-identity, header-changed, malformed-header
	 * @throws {EvidenceFileError} when the file ends before its chunks, or its last one was changed
	 */
	async unlock(identities: readonly Uint8Array[]): Promise<AgePayload> {
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

	/** Closes the file. What was unlocked can be read no more. */
	async close(): Promise<void> {
		await this.#file.close();
	}
}
