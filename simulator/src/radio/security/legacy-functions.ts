import { createCipheriv } from "node:crypto";

/** A device's part in the confirm value: its address, the lowest octet first, and the address's type. */
export interface PairingAddress {
	readonly octets: Uint8Array;
	readonly type: number;
}

/**
 * The functions of LE legacy pairing (Bluetooth Core, Vol 3 Part H, section 2.2). All values have the lowest octet
 * first, as they go over the air.
 */

/** Security function e: AES-128, whose standard has the highest octet first. */
function encrypt(key: Uint8Array, block: Uint8Array): Uint8Array {
	const cipher = createCipheriv("aes-128-ecb", key.slice().reverse(), null).setAutoPadding(false);
	return Uint8Array.from(cipher.update(block.slice().reverse())).reverse();
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
	return one.map((octet, index) => octet ^ (other[index] ?? 0));
}

/** Confirm value generation function c1. @param request - 7 octets of the PDU @param response - likewise */
export function confirmValue(
	key: Uint8Array,
	random: Uint8Array,
	request: Uint8Array,
	response: Uint8Array,
	initiator: PairingAddress,
	responder: PairingAddress,
): Uint8Array {
	const first = Uint8Array.from([initiator.type, responder.type, ...request, ...response]);
	const second = Uint8Array.from([...responder.octets, ...initiator.octets, 0, 0, 0, 0]);
	return encrypt(key, xor(encrypt(key, xor(random, first)), second));
}

/** Key generation function s1: the short-term key. */
export function shortTermKey(key: Uint8Array, responder: Uint8Array, initiator: Uint8Array): Uint8Array {
	return encrypt(key, Uint8Array.from([...initiator.subarray(0, 8), ...responder.subarray(0, 8)]));
}
