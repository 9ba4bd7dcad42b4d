/**
 * Ed25519 (RFC 8032) of raw keys by node:crypto, for the engine's host, the tests and the simulator. Pure: the same
 * bytes always give the same result.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** PKCS #8 of an Ed25519 private key up to its 32 bytes (RFC 8410 section 7). */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
/** SubjectPublicKeyInfo of an Ed25519 public key up to its 32 bytes (RFC 8410 section 4). */
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** Key objects kept at most; making one costs more than a signature. */
const CACHE_MAX = 64;

/**
 * The points of small order in all their encodings but for the sign bit (libsodium's list): with one of them as the
 * public key a signature can be valid for any message.
 */
const SMALL_ORDER = new Set([
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

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

const privateKeys = new KeyCache((seed) =>
	createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" }),
);
const publicKeys = new KeyCache((key) =>
	createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, key]), format: "der", type: "spki" }),
);

/** The public key, 32 bytes, of a private key: its 32-byte seed. */
export function ed25519Public(seed: Uint8Array): Uint8Array {
	const der = createPublicKey(privateKeys.get(seed)).export({ format: "der", type: "spki" });
	return new Uint8Array(der.subarray(PUBLIC_PREFIX.length));
}

/** The signature, 64 bytes, of a message. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
	return new Uint8Array(sign(null, message, privateKeys.get(seed)));
}

/** Whether a signature is valid. Keys of small order and malformed ones never have a valid signature. */
export function ed25519Verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
	if (key.length !== 32 || signature.length !== 64) return false;
	const positive = Buffer.from(key);
	positive[31] = (positive[31] ?? 0) & 0x7f;
	if (SMALL_ORDER.has(positive.toString("hex"))) return false;
	return verify(null, message, publicKeys.get(key), signature);
}
