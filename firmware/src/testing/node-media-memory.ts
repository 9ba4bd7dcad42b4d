import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import { chacha20Poly1305Open, chacha20Poly1305Seal } from "../../build/chacha20-poly1305.ts";
import { ed25519Public, ed25519Sign, ed25519Verify } from "../../build/ed25519.ts";
import { x25519Public, x25519Shared } from "../../build/x25519.ts";
import type { MediaMemory } from "../hal/media-memory.ts";
import { sha256Begin, sha256End, sha256Update } from "./sha256.ts";

/** Media memory on Node, for unit tests: the natives of the engine in plain JavaScript, range checks included. */
export interface NodeMediaMemory extends MediaMemory {
	/** The whole region as bytes. */
	readonly bytes: Uint8Array;
}

/** Makes `size` bytes of zeroed media memory. */
export function createNodeMediaMemory(size: number): NodeMediaMemory {
	const memory = new ArrayBuffer(size);
	const bytes = new Uint8Array(memory);
	const buffer = Buffer.from(memory);
	const view = new DataView(memory);

	function check(name: string, at: number, length: number): void {
		if (!(Number.isInteger(at) && Number.isInteger(length) && at >= 0 && length >= 0 && at + length <= size))
			throw new RangeError(`${name}: ${at} + ${length} leaves media memory of ${size} bytes`);
	}
	function part(name: string, at: number, length: number): Uint8Array {
		check(name, at, length);
		return bytes.subarray(at, at + length);
	}
	function apart(
		name: string,
		to: number,
		length: number,
		others: readonly (readonly [number, number])[],
	): void {
		for (const [at, size] of others)
			if (to < at + size && at < to + length)
				throw new RangeError(`${name}: the target overlaps something else`);
	}
	function store(at: number, littleEndian: boolean, words: readonly (number | undefined)[]): void {
		let count = words.length;
		while (count > 0 && words[count - 1] === undefined) count--;
		check("store32", at, count * 4);
		for (let i = 0; i < count; i++) view.setUint32(at + i * 4, words[i] as number, littleEndian);
	}
	return {
		memory,
		bytes,
		copy(to, from, length) {
			check("copy", to, length);
			check("copy", from, length);
			bytes.copyWithin(to, from, from + length);
		},
		zero(at, length) {
			check("zero", at, length);
			bytes.fill(0, at, at + length);
		},
		compare(a, b, length) {
			check("compare", a, length);
			check("compare", b, length);
			return buffer.compare(buffer, b, b + length, a, a + length);
		},
		crc32(at, length, seed = 0) {
			check("crc32", at, length);
			return zlibCrc32(bytes.subarray(at, at + length), seed);
		},
		crc16(at, length, seed = 0) {
			check("crc16", at, length);
			let crc = seed;
			for (let i = at; i < at + length; i++) {
				crc ^= (bytes[i] as number) << 8;
				for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
			}
			return crc;
		},
		sha256Begin(context) {
			check("sha256Begin", context, 128);
			sha256Begin(view, context);
		},
		sha256Update(context, at, length) {
			check("sha256Update", context, 128);
			check("sha256Update", at, length);
			sha256Update(view, context, bytes.subarray(at, at + length));
		},
		sha256End(context, to) {
			check("sha256End", context, 128);
			check("sha256End", to, 32);
			sha256End(view, context, to);
		},
		ed25519Public(seedAt, to) {
			part("ed25519Public", to, 32).set(ed25519Public(part("ed25519Public", seedAt, 32)));
		},
		ed25519Sign(seedAt, at, length, to) {
			const message = part("ed25519Sign", at, length);
			part("ed25519Sign", to, 64).set(ed25519Sign(part("ed25519Sign", seedAt, 32), message));
		},
		ed25519Verify(keyAt, at, length, signatureAt) {
			const signature = part("ed25519Verify", signatureAt, 64);
			return ed25519Verify(part("ed25519Verify", keyAt, 32), part("ed25519Verify", at, length), signature);
		},
		equal(a, b, length) {
			return part("equal", a, length).every((byte, i) => byte === part("equal", b, length)[i]);
		},
		hmacSha256(keyAt, keyLength, at, length, to) {
			const hmac = createHmac("sha256", part("hmacSha256", keyAt, keyLength));
			part("hmacSha256", to, 32).set(hmac.update(part("hmacSha256", at, length)).digest());
		},
		x25519Public(scalarAt, to) {
			part("x25519Public", to, 32).set(x25519Public(part("x25519Public", scalarAt, 32)));
		},
		x25519Shared(scalarAt, pointAt, to) {
			const target = part("x25519Shared", to, 32);
			const secret = x25519Shared(part("x25519Shared", scalarAt, 32), part("x25519Shared", pointAt, 32));
			if (secret !== undefined) target.set(secret);
			return secret !== undefined;
		},
		chacha20Poly1305Seal(keyAt, nonceAt, dataAt, dataLength, at, length, to, tagAt) {
			const name = "chacha20Poly1305Seal";
			const target = part(name, to, length);
			const tag = part(name, tagAt, 16);
			const data = part(name, dataAt, dataLength);
			apart(name, to, length, [
				[keyAt, 32],
				[nonceAt, 12],
				[dataAt, dataLength],
				[tagAt, 16],
				// In place is allowed.
				[at, to === at ? 0 : length],
			]);
			const key = part(name, keyAt, 32);
			const sealed = chacha20Poly1305Seal(key, part(name, nonceAt, 12), data, part(name, at, length));
			target.set(sealed.ciphertext);
			tag.set(sealed.tag);
		},
		chacha20Poly1305Open(keyAt, nonceAt, dataAt, dataLength, at, length, to, tagAt) {
			const name = "chacha20Poly1305Open";
			const target = part(name, to, length);
			const data = part(name, dataAt, dataLength);
			apart(name, to, length, [
				[keyAt, 32],
				[nonceAt, 12],
				[dataAt, dataLength],
				[tagAt, 16],
				// In place is allowed.
				[at, to === at ? 0 : length],
			]);
			const sealed = { ciphertext: part(name, at, length), tag: part(name, tagAt, 16) };
			const plaintext = chacha20Poly1305Open(part(name, keyAt, 32), part(name, nonceAt, 12), data, sealed);
			if (plaintext !== undefined) target.set(plaintext);
			return plaintext !== undefined;
		},
		store32: (at, ...words) => store(at, true, words),
		store32be: (at, ...words) => store(at, false, words),
		load32(at) {
			check("load32", at, 4);
			return view.getUint32(at, true);
		},
		load32be(at) {
			check("load32be", at, 4);
			return view.getUint32(at, false);
		},
		indexOf(at, length, byte) {
			check("indexOf", at, length);
			const found = bytes.subarray(at, at + length).indexOf(byte);
			return found < 0 ? -1 : at + found;
		},
		base64Encode(to, from, length) {
			check("base64Encode", from, length);
			const text = buffer.toString("base64", from, from + length);
			check("base64Encode", to, text.length);
			return buffer.write(text, to, "latin1");
		},
		base64Decode(to, from, length) {
			check("base64Decode", from, length);
			const text = buffer.toString("latin1", from, from + length);
			const decoded = Buffer.from(text, "base64");
			if (decoded.toString("base64") !== text) return -1;
			check("base64Decode", to, decoded.length);
			bytes.set(decoded, to);
			return decoded.length;
		},
		writeText(at, max, text) {
			check("writeText", at, max);
			return new TextEncoder().encodeInto(text, bytes.subarray(at, at + max)).written;
		},
		readText(at, length) {
			check("readText", at, length);
			return buffer.toString("utf8", at, at + length);
		},
	};
}
