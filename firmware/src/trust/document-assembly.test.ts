import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeSignature } from "../testing/node-signature.ts";
import { DocumentAssembly } from "./document-assembly.ts";

const sha256 = (bytes: Uint8Array) => nodeSignature.sha256(bytes);

describe("a document in chunks", () => {
	it("is put together from chunks of any size", () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 1, maxLength: 300 }),
				fc.integer({ min: 1, max: 100 }),
				(document, size) => {
					const assembly = new DocumentAssembly(sha256);
					const digest = sha256(document);
					for (let off = 0; off < document.length; ) {
						expect(assembly.document(digest)).toBeUndefined();
						const data = document.slice(off, off + size);
						const next = assembly.add({ sha256: digest, total: document.length, off, data });
						expect(next).toBe(off + data.length);
						off = next;
					}
					expect(assembly.document(digest)).toEqual(document);
				},
			),
			{ seed: 5 },
		);
	});

	it("tells where to go on when a chunk comes twice, or one is missing", () => {
		const assembly = new DocumentAssembly(sha256);
		const document = Uint8Array.of(1, 2, 3, 4);
		const base = { sha256: sha256(document), total: 4 };
		expect(assembly.add({ ...base, off: 0, data: document.slice(0, 2) })).toBe(2);
		expect(assembly.add({ ...base, off: 0, data: document.slice(0, 2) })).toBe(2);
		expect(assembly.add({ ...base, off: 3, data: document.slice(3) })).toBe(2);
		expect(assembly.add({ ...base, off: 2, data: document.slice(2) })).toBe(4);
	});

	it("begins anew with another document", () => {
		const assembly = new DocumentAssembly(sha256);
		const first = Uint8Array.of(1, 2);
		const second = Uint8Array.of(3, 4);
		assembly.add({ sha256: sha256(first), total: 2, off: 0, data: first });
		expect(assembly.add({ sha256: sha256(second), total: 2, off: 0, data: second })).toBe(2);
		expect(assembly.document(sha256(first))).toBeUndefined();
		expect(assembly.document(sha256(second))).toEqual(second);
	});

	it("is not there when its digest is wrong or a chunk goes beyond its end", () => {
		const assembly = new DocumentAssembly(sha256);
		const data = Uint8Array.of(1, 2);
		const wrong = new Uint8Array(32);
		expect(assembly.add({ sha256: wrong, total: 2, off: 0, data })).toBe(0);
		expect(assembly.document(wrong)).toBeUndefined();
		expect(assembly.add({ sha256: sha256(data), total: 1, off: 0, data })).toBe(0);
	});

	it("is forgotten on request", () => {
		const assembly = new DocumentAssembly(sha256);
		const data = Uint8Array.of(1, 2);
		assembly.add({ sha256: sha256(data), total: 2, off: 0, data });
		assembly.clear();
		expect(assembly.document(sha256(data))).toBeUndefined();
	});
});
