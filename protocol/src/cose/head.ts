/** Major types of CBOR (RFC 8949 section 3.1) that COSE objects of this protocol are made of. */
export const Major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const;

/** A COSE object that is malformed or uses what this protocol does not. */
export class CoseError extends Error {
	override readonly name = "CoseError";
}

/** The shortest head of an item (RFC 8949 section 4.2.1). @param argument - at most 2^32 − 1 */
export function encodeHead(major: number, argument: number): Uint8Array {
	const initial = major << 5;
	if (argument < 24) return Uint8Array.of(initial | argument);
	if (argument < 0x100) return Uint8Array.of(initial | 24, argument);
	if (argument < 0x1_0000) return Uint8Array.of(initial | 25, argument >> 8, argument & 0xff);
	const bytes = Uint8Array.of(initial | 26, 0, 0, 0, 0);
	new DataView(bytes.buffer).setUint32(1, argument);
	return bytes;
}

/** A byte string item. */
export function encodeBytes(bytes: Uint8Array): Uint8Array {
	return concatenate(encodeHead(Major.bytes, bytes.length), bytes);
}

/** The parts, one after the other. */
export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
	const result = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		result.set(part, at);
		at += part.length;
	}
	return result;
}

/** Reads items of definite length and shortest head from the start of `bytes` on. */
export class ItemReader {
	readonly #bytes: Uint8Array;
	#at = 0;

	/** @param bytes - what to read; results are copies */
	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** Whether everything has been read. */
	get atEnd(): boolean {
		return this.#at === this.#bytes.length;
	}

	/** The major type of the next item; undefined at the end. */
	get nextMajor(): number | undefined {
		const initial = this.#bytes[this.#at];
		return initial === undefined ? undefined : initial >> 5;
	}

	/** The argument of a head of this major type. @throws {CoseError} when it is another one or malformed */
	head(major: number, what: string): number {
		const initial = this.#bytes[this.#at];
		if (initial === undefined) throw new CoseError(`the COSE object ends before its ${what}`);
		if (initial >> 5 !== major) throw new CoseError(`the ${what} of the COSE object has another type`);
		const info = initial & 0x1f;
		if (info > 26) throw new CoseError(`the ${what} of the COSE object has a length that is not allowed`);
		const width = info < 24 ? 0 : 1 << (info - 24);
		if (this.#at + 1 + width > this.#bytes.length)
			throw new CoseError(`the COSE object ends in the middle of its ${what}`);
		let argument = info;
		if (width > 0) {
			argument = 0;
			for (let index = 1; index <= width; index++)
				argument = argument * 256 + (this.#bytes[this.#at + index] ?? 0);
			if (encodeHead(major, argument).length !== 1 + width)
				throw new CoseError(`the ${what} of the COSE object is not in its shortest form`);
		}
		this.#at += 1 + width;
		return argument;
	}

	/** A byte string. @throws {CoseError} when there is none or it is cut off */
	byteString(what: string): Uint8Array {
		return this.#take(this.head(Major.bytes, what), what);
	}

	/** An ASCII text. @throws {CoseError} when there is none, it is cut off, or it is not ASCII */
	text(what: string): string {
		let result = "";
		for (const byte of this.#take(this.head(Major.text, what), what)) {
			if (byte > 0x7f) throw new CoseError(`the ${what} of the COSE object is not ASCII`);
			result += String.fromCharCode(byte);
		}
		return result;
	}

	#take(length: number, what: string): Uint8Array {
		if (length > this.#bytes.length - this.#at)
			throw new CoseError(`the COSE object ends in the middle of its ${what}`);
		const bytes = new Uint8Array(this.#bytes.subarray(this.#at, this.#at + length));
		this.#at += length;
		return bytes;
	}
}
