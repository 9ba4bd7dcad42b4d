import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatenate } from "../cose/head.ts";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import { layOutImage, sealImage, signImage } from "./build.ts";
import { IMAGE_HEADER_BYTES } from "./header.ts";
import { IMAGE_FAULTS, ImageError, type ImageFault, imageAdvice } from "./image-error.ts";
import { parseImage } from "./parse.ts";
import { encodeTlvArea, type Tlv, TlvMagic, TlvType } from "./tlv.ts";
import { encodeFacts, type ImageFacts } from "./vendor.ts";
import { type ImageDemands, verifyImage } from "./verify.ts";

const signer = testSigner(1);
const stranger = testSigner(2);
const body = Uint8Array.from({ length: 300 }, (_, at) => at);
const version = { major: 1, minor: 2, revision: 3, build: 4 };
const facts: ImageFacts = {
	counter: 7,
	engine: { abi: 1, engine: [13, 3, 0] },
	board: "bodycam-1",
	buildId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
};
const demands: ImageDemands = {
	keys: [signer.publicKey],
	board: "bodycam-1",
	engine: { abi: 1, engine: [13, 3, 0] },
	counter: 7,
	roomBytes: 4096,
	whole: true,
};

const make = (more: Partial<ImageFacts> = {}): Uint8Array =>
	signImage(
		layOutImage({ body, version, protectedTlvs: encodeFacts({ ...facts, ...more }) }),
		signer,
		crypto,
	);
const good = make();
const parsed = parseImage(good);
const bodyEnd = IMAGE_HEADER_BYTES + body.length;
const unprotectedAt = parsed.signedPart.length;

function refusal(bytes: Uint8Array, asked: ImageDemands = demands): ImageError {
	try {
		verifyImage(bytes, asked, crypto);
	} catch (error) {
		if (error instanceof ImageError) return error;
		throw error;
	}
	throw new Error("it was taken");
}

/** A copy with bytes changed, and signed anew where it is to be: as an image that was made so on purpose. */
function changed(at: number, ...values: number[]): Uint8Array {
	const copy = good.slice();
	copy.set(values, at);
	return copy;
}

function resigned(signedPart: Uint8Array): Uint8Array {
	return signImage(signedPart, signer, crypto);
}

/** A good signed part with other unprotected entries behind it. */
function withUnprotected(edit: (tlvs: Tlv[]) => Tlv[]): Uint8Array {
	const hash = crypto.sha256(parsed.signedPart);
	const tlvs = [
		{ type: TlvType.sha256, data: hash },
		{ type: TlvType.keyHash, data: parsed.keyHash ?? new Uint8Array() },
		{ type: TlvType.ed25519, data: signer.sign(hash) },
	];
	return concatenate(parsed.signedPart, encodeTlvArea(TlvMagic.unprotected, edit(tlvs)));
}

test("an image that is what was demanded is taken, and says what it is", () => {
	expect(verifyImage(good, demands, crypto)).toMatchObject({
		facts,
		header: { version },
		signer: signer.publicKey,
	});
});

test("bytes behind an image in a slot are not part of it", () => {
	const slot = new Uint8Array(4096).fill(0xff);
	slot.set(good);
	expect(verifyImage(slot, { ...demands, whole: false }, crypto).imageBytes).toBe(good.length);
});

describe("an image is refused, and what is wrong is named:", () => {
	const u16 = (value: number) => [value & 0xff, value >> 8] as const;
	const cases: readonly (readonly [string, () => Uint8Array, ImageFault, RegExp])[] = [
		[
			"an empty file",
			() => new Uint8Array(),
			"truncated",
			/ends after 0 bytes, but its header reaches to 32/,
		],
		["half a header", () => good.slice(0, 20), "truncated", /its header reaches to 32/],
		["half a body", () => good.slice(0, 100), "truncated", /its body reaches to 332/],
		[
			"half a protected area",
			() => good.slice(0, bodyEnd + 10),
			"truncated",
			/its protected TLV area reaches/,
		],
		[
			"no unprotected area",
			() => good.slice(0, unprotectedAt),
			"truncated",
			/its unprotected TLV area reaches/,
		],
		["half a signature", () => good.slice(0, -20), "truncated", /its unprotected TLV area reaches/],
		["other bytes at the beginning", () => changed(0, 0x7f, 0x45), "wrong-magic", /begins with 0x96f3457f/],
		["a header shorter than a header", () => changed(8, ...u16(31)), "bad-header", /given as 31 bytes/],
		[
			"a header that would reach beyond the end",
			() => changed(8, ...u16(0xffff)),
			"truncated",
			/its body reaches to 65835/,
		],
		["no body", () => changed(12, 0, 0, 0, 0), "bad-header", /body is given as 0 bytes/],
		["a body beyond the end", () => changed(12, 255, 255, 255, 255), "truncated", /reaches to 4294967327/],
		["a load address", () => changed(4, 0, 0, 0, 0x20), "bad-header", /load address .* 0x20000000/],
		["a flag: encrypted", () => changed(16, 4), "bad-header", /flags field .* 0x00000004/],
		[
			"a protected area of another length",
			() => changed(10, ...u16(8)),
			"bad-tlv",
			/length as \d+ bytes, the header as 8/,
		],
		[
			"no protected area, says the header",
			() => changed(10, 0, 0),
			"bad-tlv",
			/unprotected TLV area begins with 0x6908/,
		],
		[
			"a protected area without its magic",
			() => changed(bodyEnd, 0x07),
			"bad-tlv",
			/protected TLV area begins with 0x6907/,
		],
		[
			"an area shorter than its own head",
			() => changed(unprotectedAt + 2, 3, 0),
			"bad-tlv",
			/length as 3 bytes/,
		],
		[
			"an area that ends inside an entry",
			() => changed(unprotectedAt + 2, 6, 0),
			"bad-tlv",
			/ends inside an entry/,
		],
		[
			"an entry that reaches out of its area",
			() => changed(bodyEnd + 6, 200, 0),
			"bad-tlv",
			/security counter \(0x50\) gives its length as 200/,
		],
		[
			"an area that reaches beyond the end",
			() => changed(unprotectedAt + 2, ...u16(0xffff)),
			"truncated",
			/unprotected TLV area reaches/,
		],
		[
			"a hash of another length",
			() => withUnprotected((tlvs) => [{ type: TlvType.sha256, data: new Uint8Array(31) }, ...tlvs.slice(1)]),
			"bad-tlv",
			/SHA-256 \(0x10\) has 31 bytes, not 32/,
		],
		[
			"a signature of another length",
			() =>
				withUnprotected(([hash, key]) => [
					hash as Tlv,
					key as Tlv,
					{ type: TlvType.ed25519, data: new Uint8Array(65) },
				]),
			"bad-tlv",
			/signature \(0x24\) has 65 bytes/,
		],
		["no hash", () => withUnprotected((tlvs) => tlvs.slice(1)), "bad-tlv", /SHA-256 \(0x10\) is missing/],
		[
			"two hashes",
			() => withUnprotected((tlvs) => [...tlvs, ...tlvs.slice(0, 1)]),
			"bad-tlv",
			/SHA-256 \(0x10\) is in the unprotected TLV area twice/,
		],
		[
			"a counter outside the protected area",
			() => withUnprotected((tlvs) => [...tlvs, { type: TlvType.securityCounter, data: new Uint8Array(4) }]),
			"bad-tlv",
			/counter \(0x50\) must not lie outside/,
		],
		[
			"two counters",
			() =>
				resigned(
					layOutImage({
						body,
						version,
						protectedTlvs: [...encodeFacts(facts), ...encodeFacts({ counter: 9 })],
					}),
				),
			"bad-tlv",
			/counter \(0x50\) is in the protected TLV area twice/,
		],
		[
			"a counter of three bytes",
			() =>
				resigned(
					layOutImage({
						body,
						version,
						protectedTlvs: [{ type: TlvType.securityCounter, data: new Uint8Array(3) }],
					}),
				),
			"bad-tlv",
			/counter \(0x50\) has 3 bytes/,
		],
		[
			"a board without a name",
			() =>
				resigned(
					layOutImage({ body, version, protectedTlvs: [{ type: TlvType.board, data: new Uint8Array() }] }),
				),
			"bad-tlv",
			/board \(0xa1\) is no name/,
		],
		[
			"something appended",
			() => concatenate(good, Uint8Array.of(1)),
			"trailing-bytes",
			/522 bytes, but 1 follow/,
		],
		[
			"no signature",
			() => sealImage(parsed.signedPart, undefined, crypto),
			"not-signed",
			/signature \(0x24\) is missing/,
		],
		[
			"a signature without its key",
			() => withUnprotected(([hash, , signature]) => [hash as Tlv, signature as Tlv]),
			"not-signed",
			/key hash \(0x01\) is missing/,
		],
		["another key", () => signImage(parsed.signedPart, stranger, crypto), "wrong-key", /not trusted/],
		[
			"the key's name on another's signature",
			() =>
				withUnprotected(([hash, key, signature]) => [
					hash as Tlv,
					key as Tlv,
					{ type: TlvType.ed25519, data: stranger.sign((signature as Tlv).data) },
				]),
			"bad-signature",
			/not valid/,
		],
		["a changed body", () => changed(IMAGE_HEADER_BYTES + 5, 0xee), "bad-hash", /SHA-256/],
		[
			"another board",
			() => make({ board: "bodycam-2" }),
			"wrong-board",
			/for the board bodycam-2; this is bodycam-1/,
		],
		["no board", () => make({ board: undefined }), "wrong-board", /does not say which board/],
		[
			"another ABI",
			() => make({ engine: { abi: 2, engine: [13, 3, 0] } }),
			"wrong-engine",
			/ABI 2, XS 13\.3\.0; here is ABI 1, XS 13\.3\.0/,
		],
		[
			"another version of the engine",
			() => make({ engine: { abi: 1, engine: [13, 3, 1] } }),
			"wrong-engine",
			/XS 13\.3\.1/,
		],
		["no engine", () => make({ engine: undefined }), "wrong-engine", /does not say which engine/],
		["a lower counter", () => make({ counter: 6 }), "older-counter", /is 6; at least 7/],
		["no counter", () => make({ counter: undefined }), "older-counter", /no security counter/],
	];
	test.each(cases)("%s", (_what, image, fault, message) => {
		const error = refusal(image());
		expect(error.fault).toBe(fault);
		expect(error.message).toMatch(message);
	});
});

test("an image of more than the slot holds is refused, and one that fills it is taken", () => {
	const error = refusal(good, { ...demands, roomBytes: good.length - 1 });
	expect(error.message).toBe("the image has 522 bytes, its slot has room for 521");
	expect(error.fault).toBe("too-large");
	expect(verifyImage(good, { ...demands, roomBytes: good.length }, crypto).imageBytes).toBe(522);
});

test("an equal and a higher counter are taken", () => {
	for (const counter of [7, 8, 0xffff_ffff])
		expect(verifyImage(make({ counter }), demands, crypto).facts.counter).toBe(counter);
});

test("what an image says is not believed before its signature", () => {
	const forged = layOutImage({
		body,
		version,
		protectedTlvs: encodeFacts({ ...facts, board: "bodycam-2", counter: 0 }),
	});
	expect(refusal(signImage(forged, stranger, crypto)).fault).toBe("wrong-key");
});

test("every cut of an image is refused as cut short", () => {
	for (let length = 0; length < good.length; length++)
		expect(refusal(good.slice(0, length)).fault).toBe("truncated");
});

test("every flipped bit of header and TLV areas is refused by name", () => {
	const seen = new Set<ImageFault>();
	for (let at = 0; at < good.length; at++) {
		if (at >= IMAGE_HEADER_BYTES && at < bodyEnd) continue;
		for (let bit = 0; bit < 8; bit++) {
			const { fault, message } = refusal(changed(at, (good[at] ?? 0) ^ (1 << bit)));
			expect(IMAGE_FAULTS, `byte ${at}, bit ${bit}`).toContain(fault);
			expect(message).not.toBe("");
			seen.add(fault);
		}
	}
	for (const fault of [
		"truncated",
		"wrong-magic",
		"bad-header",
		"bad-tlv",
		"wrong-key",
		"bad-hash",
		"bad-signature",
	])
		expect([...seen]).toContain(fault);
});

test("whatever bytes it is given, the parser returns an image or a typed refusal, and stays inside them", () => {
	const head = fc.record({
		headerBytes: fc.nat({ max: 100 }),
		protectedBytes: fc.nat({ max: 100 }),
		bodyBytes: fc.nat({ max: 200 }),
		rest: fc.uint8Array({ maxLength: 300 }),
	});
	fc.assert(
		fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), head), (input) => {
			const bytes = input instanceof Uint8Array ? input : pretend(input);
			try {
				const image = parseImage(bytes);
				expect(image.imageBytes).toBeLessThanOrEqual(bytes.length);
				expect(image.signedPart.length).toBeLessThan(image.imageBytes);
			} catch (error) {
				expect(error).toBeInstanceOf(ImageError);
			}
		}),
		{ numRuns: 2000 },
	);
});

test("whatever is changed in a good image, it is refused or was not changed", () => {
	const change = fc.record({ at: fc.nat({ max: good.length - 1 }), value: fc.nat({ max: 255 }) });
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
			const copy = good.slice();
			for (const { at, value } of changes) copy[at] = value;
			fc.pre(copy.some((byte, at) => byte !== good[at]));
			refusal(copy);
		}),
	);
});

test("what is built is parsed again", () => {
	const part = (max: number) => fc.integer({ min: 0, max });
	const content = fc.record({
		body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
		headerBytes: fc.integer({ min: IMAGE_HEADER_BYTES, max: 600 }),
		version: fc.record({
			major: part(255),
			minor: part(255),
			revision: part(0xffff),
			build: part(0xffff_ffff),
		}),
		counter: part(0xffff_ffff),
	});
	fc.assert(
		fc.property(content, ({ counter, ...rest }) => {
			const image = signImage(
				layOutImage({ ...rest, protectedTlvs: encodeFacts({ counter }) }),
				signer,
				crypto,
			);
			const read = verifyImage(image, { keys: [signer.publicKey], counter, whole: true }, crypto);
			expect({ body: read.body, version: read.header.version, headerBytes: read.header.headerBytes }).toEqual(
				rest,
			);
			expect(read.facts.counter).toBe(counter);
		}),
	);
});

test("what does not fit its field is not built", () => {
	expect(() => layOutImage({ body: new Uint8Array(), version, protectedTlvs: [] })).toThrow(RangeError);
	expect(() => layOutImage({ body, version, headerBytes: 31, protectedTlvs: [] })).toThrow(RangeError);
	expect(() => encodeFacts({ counter: -1 })).toThrow(RangeError);
	expect(() => encodeFacts({ counter: 2 ** 32 })).toThrow(RangeError);
	expect(() => encodeFacts({ board: "" })).toThrow(RangeError);
	expect(() => encodeFacts({ board: "über" })).toThrow(RangeError);
	expect(() => encodeFacts({ board: "x".repeat(33) })).toThrow(RangeError);
	expect(() => encodeFacts({ buildId: new Uint8Array(7) })).toThrow(RangeError);
	const large = { type: 0xb0, data: new Uint8Array(0xffff) };
	expect(() => layOutImage({ body, version, protectedTlvs: [large] })).toThrow(RangeError);
});

test("every fault comes with what to do about it", () => {
	for (const fault of IMAGE_FAULTS) expect(imageAdvice(fault)).toMatch(/\.$/);
});

/** Bytes whose header says what is given, whatever they hold. */
function pretend(head: {
	headerBytes: number;
	protectedBytes: number;
	bodyBytes: number;
	rest: Uint8Array;
}): Uint8Array {
	const bytes = concatenate(good.subarray(0, IMAGE_HEADER_BYTES), head.rest);
	const view = new DataView(bytes.buffer);
	view.setUint16(8, head.headerBytes, true);
	view.setUint16(10, head.protectedBytes, true);
	view.setUint32(12, head.bodyBytes, true);
	return bytes;
}
