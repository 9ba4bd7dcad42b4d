import { describe, expect, test } from "vitest";
import { goldenBody as body, goldenSigner, otherSigner, readGolden } from "../testing/golden-image.ts";
import { toHex } from "../testing/hex.ts";
import { nodeTrustCrypto as crypto } from "../testing/node-crypto.ts";
import { type ImageContent, layOutImage, sealImage, signImage } from "./build.ts";
import { ImageError } from "./image-error.ts";
import { decodeFacts, encodeFacts } from "./vendor.ts";
import { verifyImage } from "./verify.ts";
import { counterOfVersion, formatImageVersion, parseImageVersion } from "./version.ts";

const version = parseImageVersion("1.2.3+4");
const extreme = parseImageVersion("255.254.65535+4294967295");

/** The images by the arguments imgtool got. */
const IMAGES: readonly (readonly [name: string, content: ImageContent, digest: string])[] = [
	["plain.img", { body, version, protectedTlvs: [] }, "6db7c8a7"],
	["counter7.img", { body, version, protectedTlvs: encodeFacts({ counter: 7 }) }, "796b98c4"],
	[
		"header512-autocounter.img",
		{
			body,
			version: extreme,
			headerBytes: 0x200,
			protectedTlvs: encodeFacts({ counter: counterOfVersion(extreme) }),
		},
		"909b4e8d",
	],
	[
		"vendor-tlvs.img",
		{
			body,
			version: parseImageVersion("2.0.0+7"),
			protectedTlvs: [
				...encodeFacts({ counter: 8 }),
				{ type: 0xa0, data: Uint8Array.of(1, 2, 3, 4, 5) },
				{ type: 0xa1, data: new TextEncoder().encode("bodycam") },
			],
		},
		"f48855fb",
	],
];

describe.each(IMAGES)("%s, as imgtool made it,", (name, content, digest) => {
	const image = readGolden(name);

	test("verifies with its key", () => {
		const verified = verifyImage(
			image,
			{ keys: [otherSigner.publicKey, goldenSigner.publicKey], whole: true },
			crypto,
		);
		expect(verified.signer).toEqual(goldenSigner.publicKey);
		expect(toHex(verified.body)).toBe(toHex(body));
		expect(verified.header.version).toEqual(content.version);
		expect(toHex(verified.hash).slice(0, 8)).toBe(digest);
		expect(verified.imageBytes).toBe(image.length);
	});

	test("is refused where only another key is trusted", () => {
		const verify = () => verifyImage(image, { keys: [otherSigner.publicKey] }, crypto);
		expect(verify).toThrow(
			new ImageError("wrong-key", "the image is signed with a key that is not trusted here"),
		);
	});

	test("is built again byte for byte", () => {
		expect(toHex(signImage(layOutImage(content), goldenSigner, crypto))).toBe(toHex(image));
	});

	test("is built again from a signature made elsewhere", () => {
		const signedPart = layOutImage(content);
		const { publicKey, sign } = goldenSigner;
		const signature = sign(crypto.sha256(signedPart));
		expect(toHex(sealImage(signedPart, { publicKey, signature }, crypto))).toBe(toHex(image));
	});
});

test("the image of the other key verifies with that key, is refused with the usual one, and is built again", () => {
	const image = readGolden("other-key.img");
	expect(verifyImage(image, { keys: [otherSigner.publicKey] }, crypto).facts.counter).toBe(7);
	expect(() => verifyImage(image, { keys: [goldenSigner.publicKey] }, crypto)).toThrow(ImageError);
	const content = { body, version, protectedTlvs: encodeFacts({ counter: 7 }) };
	expect(toHex(signImage(layOutImage(content), otherSigner, crypto))).toBe(toHex(image));
});

test("counters and versions are read as imgtool prints them", () => {
	const read = (name: string) => {
		const { header, protectedTlvs } = verifyImage(
			readGolden(name),
			{ keys: [goldenSigner.publicKey] },
			crypto,
		);
		return [formatImageVersion(header.version), decodeFacts(protectedTlvs).counter];
	};
	expect(read("plain.img")).toEqual(["1.2.3+4", undefined]);
	expect(read("counter7.img")).toEqual(["1.2.3+4", 7]);
	expect(read("header512-autocounter.img")).toEqual(["255.254.65535+4294967295", 0xfffe_ffff]);
	expect(read("vendor-tlvs.img")).toEqual(["2.0.0+7", 8]);
});

test("vendor entries of five bytes and of text are engine and board", () => {
	const { facts } = verifyImage(readGolden("vendor-tlvs.img"), { keys: [goldenSigner.publicKey] }, crypto);
	expect(facts).toMatchObject({ engine: { abi: 0x0201, engine: [3, 4, 5] }, board: "bodycam" });
});
