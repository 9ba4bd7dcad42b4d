/**
 * Ed25519 (RFC 8032) of raw keys by node:crypto, for the engine's host, the tests and the simulator. Pure: the same
 * bytes always give the same result. It accepts the signatures that libsodium accepts on the microcontroller, except
 * that libsodium also refuses public keys in another than their shortest form, to which nobody knows a private key.
 */
import { sign, verify } from "node:crypto";
import { CurveKeys } from "./key-objects.ts";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

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

const keys = new CurveKeys("ed25519");

/** The public key, 32 bytes, of a private key: its 32-byte seed. */
export function ed25519Public(seed: Uint8Array): Uint8Array {
	return keys.publicOf(seed);
}

/** The signature, 64 bytes, of a message. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
	return new Uint8Array(sign(null, message, keys.privateKey(seed)));
}

/** Whether an encoded point, without the sign of its x, is one of small order. */
function hasSmallOrder(point: Uint8Array): boolean {
	const y = Buffer.from(point);
	y[KEY_BYTES - 1] = (y[KEY_BYTES - 1] ?? 0) & 0x7f;
	return SMALL_ORDER.has(y.toString("hex"));
}

/**
 * Whether a signature is valid. Never with a public key or a first half of the signature that is a point of small
 * order.
 */
export function ed25519Verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
	if (key.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
	if (hasSmallOrder(key) || hasSmallOrder(signature.subarray(0, KEY_BYTES))) return false;
	return verify(null, message, keys.publicKey(key), signature);
}
