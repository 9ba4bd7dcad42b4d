/**
 * Key objects of node:crypto from the raw keys that the camera has: for the two curves of RFC 8410.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** Key objects kept at most per curve and kind; making one costs more than a signature. */
const CACHE_MAX = 64;

/** Last byte of the curve's object identifier, 1.3.101.n (RFC 8410 section 3). */
const CURVES = { x25519: 110, ed25519: 112 } as const;

/** PKCS #8 of a private key up to its 32 bytes (RFC 8410 section 7). */
function privatePrefix(curve: keyof typeof CURVES): Buffer {
	return Buffer.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, CURVES[curve], 4, 0x22, 4, 0x20]);
}

/** SubjectPublicKeyInfo of a public key up to its 32 bytes (RFC 8410 section 4). */
function publicPrefix(curve: keyof typeof CURVES): Buffer {
	return Buffer.from([0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, CURVES[curve], 3, 0x21, 0]);
}

/** Keeps the key objects made last. */
class KeyCache {
	readonly #keys = new Map<string, KeyObject>();
	readonly #make: (raw: Uint8Array) => KeyObject;

	constructor(make: (raw: Uint8Array) => KeyObject) {
		this.#make = make;
	}

	get(raw: Uint8Array): KeyObject {
		const name = Buffer.from(raw).toString("latin1");
		const known = this.#keys.get(name);
		if (known !== undefined) return known;
		const made = this.#make(raw);
		if (this.#keys.size >= CACHE_MAX) this.#keys.delete(this.#keys.keys().next().value ?? "");
		this.#keys.set(name, made);
		return made;
	}
}

/** Raw keys of one curve, 32 bytes each, as key objects. */
export class CurveKeys {
	readonly #public: KeyCache;
	readonly #private: KeyCache;
	readonly #prefixBytes: number;

	/** @param curve - which of the two */
	constructor(curve: keyof typeof CURVES) {
		const before = { private: privatePrefix(curve), public: publicPrefix(curve) };
		this.#prefixBytes = before.public.length;
		this.#private = new KeyCache((raw) =>
			createPrivateKey({ key: Buffer.concat([before.private, raw]), format: "der", type: "pkcs8" }),
		);
		this.#public = new KeyCache((raw) =>
			createPublicKey({ key: Buffer.concat([before.public, raw]), format: "der", type: "spki" }),
		);
	}

	/** A private key. */
	privateKey(raw: Uint8Array): KeyObject {
		return this.#private.get(raw);
	}

	/** A public key. */
	publicKey(raw: Uint8Array): KeyObject {
		return this.#public.get(raw);
	}

	/** The public key, 32 bytes, of a private key. */
	publicOf(raw: Uint8Array): Uint8Array {
		const der = createPublicKey(this.privateKey(raw)).export({ format: "der", type: "spki" });
		return new Uint8Array(der.subarray(this.#prefixBytes));
	}
}
