import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { TAG_BYTES } from "@bodycam/protocol/age/crypto";
import { SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";

/**
 * Opens chunks up to the first that was changed, each over the place where it was sealed. Plain JavaScript in a string:
 * there is no file of it beside a bundle.
 */
const PROGRAM = `
const { createDecipheriv } = require("node:crypto");
const { parentPort, workerData: key } = require("node:worker_threads");
function open(nonce, sealed) {
	const tag = sealed.length - ${TAG_BYTES};
	const decipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: ${TAG_BYTES} });
	decipher.setAuthTag(sealed.subarray(tag));
	const plaintext = decipher.update(sealed.subarray(0, tag));
	try { decipher.final(); } catch { return undefined; }
	return plaintext;
}
parentPort.on("message", ({ block, nonces }) => {
	let chunks = 0;
	let bytes = 0;
	for (const nonce of nonces) {
		const from = chunks * ${SEALED_CHUNK_BYTES};
		const plaintext = open(nonce, block.subarray(from, from + ${SEALED_CHUNK_BYTES}));
		if (plaintext === undefined) break;
		block.set(plaintext, bytes);
		bytes += plaintext.length;
		chunks++;
	}
	parentPort.postMessage({ chunks, bytes });
});`;

/** What was opened of a block. */
export interface OpenedBlock {
	/** How many chunks; the one behind them was changed, if there is one. */
	readonly chunks: number;
	/** Their authenticated plaintext. Valid until the block behind the next one is opened. */
	readonly plaintext: Uint8Array;
}

/**
 * A thread that opens the chunks of an age file block by block, while the caller reads and hashes. Blocks and plaintext
 * are in memory both share: collecting a new buffer for every chunk would cost as much as decrypting them.
 */
export class ChunkThread {
	readonly #worker: Worker;
	/** The thread has this one and no other. */
	readonly #key: Uint8Array;
	/** By turns, so that plaintext can still be written while the next is made. */
	readonly #blocks: readonly [Uint8Array, Uint8Array];
	#turn: 0 | 1 = 0;
	readonly #end = new AbortController();

	/** @param key - of the payload, 32 bytes @param blockBytes - length of the longest block */
	constructor(key: Uint8Array, blockBytes: number) {
		this.#key = shared(key.length);
		this.#key.set(key);
		this.#blocks = [shared(blockBytes), shared(blockBytes)];
		this.#worker = new Worker(PROGRAM, { eval: true, workerData: this.#key, execArgv: [] });
		this.#worker.once("exit", () => this.#end.abort());
		this.#worker.unref();
	}

	/**
	 * Opens a block, one after the other.
	 * @param sealed - whole chunks, the last one of the file perhaps shorter; copied before this returns
	 * @param nonces - 12 bytes for each of them that is to be opened
	 * @throws RangeError when the block is too long
	 * @throws AbortError when the thread was ended, or Error what ended it
	 */
	async open(sealed: Uint8Array, nonces: readonly Uint8Array[]): Promise<OpenedBlock> {
		this.#turn = this.#turn === 0 ? 1 : 0;
		const block = this.#blocks[this.#turn];
		block.set(sealed);
		this.#worker.ref();
		try {
			this.#worker.postMessage({ block: block.subarray(0, sealed.length), nonces });
			const [{ chunks, bytes }] = await once(this.#worker, "message", { signal: this.#end.signal });
			return { chunks, plaintext: block.subarray(0, bytes) };
		} finally {
			this.#worker.unref();
		}
	}

	/** Wipes the key and ends the thread. */
	async close(): Promise<void> {
		this.#key.fill(0);
		await this.#worker.terminate();
	}
}

function shared(bytes: number): Uint8Array {
	return new Uint8Array(new SharedArrayBuffer(bytes));
}
