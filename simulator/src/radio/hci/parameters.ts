/** The parameters of a command are shorter than what it demands. */
export class TruncatedParametersError extends Error {
	override readonly name = "TruncatedParametersError";

	/** @param wanted - octets the parameters should have had at least @param had - octets they have */
	constructor(wanted: number, had: number) {
		super(`the parameters end after ${had} octets, ${wanted} are needed`);
	}
}

/** Reads little-endian fields one after another and never past the end. */
export class ParameterReader {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** Octets not read yet. */
	get left(): number {
		return this.#bytes.length - this.#at;
	}

	/** @throws TruncatedParametersError at the end */
	u8(): number {
		const at = this.#advance(1);
		return this.#bytes[at] ?? 0;
	}

	/** @throws TruncatedParametersError at the end */
	u16(): number {
		const at = this.#advance(2);
		return (this.#bytes[at] ?? 0) | ((this.#bytes[at + 1] ?? 0) << 8);
	}

	/** The next octets, as a copy. @throws TruncatedParametersError where fewer are left */
	bytes(length: number): Uint8Array {
		const at = this.#advance(length);
		return this.#bytes.slice(at, at + length);
	}

	#advance(length: number): number {
		const at = this.#at;
		if (at + length > this.#bytes.length) throw new TruncatedParametersError(at + length, this.#bytes.length);
		this.#at = at + length;
		return at;
	}
}

/** A little-endian field of 16 bits, as octets to spread into a packet. */
export function u16(value: number): [number, number] {
	return [value & 0xff, (value >> 8) & 0xff];
}
