import { sameBytes } from "@bodycam/protocol/trust/signed-document";

/** A piece of a document that is handed over. */
export interface DocumentChunk {
	/** SHA-256 of the whole document. */
	readonly sha256: Uint8Array;
	/** Length of the whole document, bytes. */
	readonly total: number;
	/** Offset of this piece, bytes. */
	readonly off: number;
	/** The piece. */
	readonly data: Uint8Array;
}

/** Puts a document together from chunks. One document at a time: the first chunk of another one begins anew. */
export class DocumentAssembly {
	private readonly sha256: (bytes: Uint8Array) => Uint8Array;
	private digest = new Uint8Array(0);
	private bytes = new Uint8Array(0);
	private filled = 0;

	/** @param sha256 - makes digests */
	constructor(sha256: (bytes: Uint8Array) => Uint8Array) {
		this.sha256 = sha256;
	}

	/**
	 * Takes a chunk. One that does not go on where the last one ended changes nothing.
	 * @param chunk - its `total` bounds what is kept; the caller has checked it
	 * @returns offset of the chunk wanted next; the total when all are there
	 */
	add({ sha256, total, off, data }: DocumentChunk): number {
		if (!sameBytes(sha256, this.digest) || total !== this.bytes.length) {
			this.digest = sha256.slice();
			this.bytes = new Uint8Array(total);
			this.filled = 0;
		}
		if (off !== this.filled || off + data.length > total) return this.filled;
		this.bytes.set(data, off);
		this.filled += data.length;
		if (this.filled === total && !sameBytes(this.sha256(this.bytes), this.digest)) this.filled = 0;
		return this.filled;
	}

	/** The document with this digest, once it is complete; undefined otherwise. */
	document(sha256: Uint8Array): Uint8Array | undefined {
		const complete = this.bytes.length > 0 && this.filled === this.bytes.length;
		return complete && sameBytes(sha256, this.digest) ? this.bytes : undefined;
	}

	/** Forgets everything. */
	clear(): void {
		this.digest = new Uint8Array(0);
		this.bytes = new Uint8Array(0);
		this.filled = 0;
	}
}
