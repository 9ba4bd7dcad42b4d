/**
 * What `runtime/wasm/host-functions.js` declares: pure functions from and to an instance's memory, by address. The
 * numbers are those of the C declarations in `runtime/wasm`.
 */
import { createHmac } from "node:crypto";
import { chacha20Poly1305Open, chacha20Poly1305Seal } from "./chacha20-poly1305.ts";
import { ed25519Public, ed25519Sign, ed25519Verify } from "./ed25519.ts";
import { x25519Public, x25519Shared } from "./x25519.ts";

/** The imports of an instance that node:crypto serves. */
export function hostFunctions(memory: WebAssembly.Memory): Record<string, (...numbers: number[]) => number> {
	const at = (address = 0, length = 0) => new Uint8Array(memory.buffer, address >>> 0, length >>> 0);
	return {
		bc_host_ed25519_public: (seed, to) => {
			at(to, 32).set(ed25519Public(at(seed, 32)));
			return 0;
		},
		bc_host_ed25519_sign: (seed, message, length, to) => {
			at(to, 64).set(ed25519Sign(at(seed, 32), at(message, length)));
			return 0;
		},
		bc_host_ed25519_verify: (key, message, length, signature) =>
			ed25519Verify(at(key, 32), at(message, length), at(signature, 64)) ? 1 : 0,
		bc_host_x25519_public: (scalar, to) => {
			at(to, 32).set(x25519Public(at(scalar, 32)));
			return 0;
		},
		bc_host_x25519_shared: (scalar, point, to) => {
			const secret = x25519Shared(at(scalar, 32), at(point, 32));
			if (secret === undefined) return 0;
			at(to, 32).set(secret);
			return 1;
		},
		bc_host_chacha20_poly1305_seal: (key, nonce, data, dataLength, from, length, to, tag) => {
			const sealed = chacha20Poly1305Seal(at(key, 32), at(nonce, 12), at(data, dataLength), at(from, length));
			at(to, length).set(sealed.ciphertext);
			at(tag, 16).set(sealed.tag);
			return 0;
		},
		bc_host_chacha20_poly1305_open: (key, nonce, data, dataLength, from, length, to, tag) => {
			const sealed = { ciphertext: at(from, length), tag: at(tag, 16) };
			const plaintext = chacha20Poly1305Open(at(key, 32), at(nonce, 12), at(data, dataLength), sealed);
			if (plaintext === undefined) return 0;
			at(to, length).set(plaintext);
			return 1;
		},
		bc_host_hmac_sha256: (key, keyLength, bytes, length, to) => {
			at(to, 32).set(createHmac("sha256", at(key, keyLength)).update(at(bytes, length)).digest());
			return 0;
		},
	};
}
