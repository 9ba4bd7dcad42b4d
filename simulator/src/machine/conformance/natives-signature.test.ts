import { ed25519Public, ed25519Sign } from "@bodycam/firmware/ed25519";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, machineFor } from "./call-native.ts";
import { RESULT_BYTES, SCRATCH_BYTES } from "./run-script.ts";

const MEDIA_BYTES = SCRATCH_BYTES + RESULT_BYTES;
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");
const bytes = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));

/** RFC 8032 section 7.1, tests 1 to 3 and SHA(abc). */
const VECTORS = [
	{
		seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		message: "",
		signature:
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
	},
	{
		seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		message: "72",
		signature:
			"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
	},
	{
		seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		message: "af82",
		signature:
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
	},
	{
		seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
		key: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
		message:
			"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		signature:
			"dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
	},
];

const SEED = 0;
const KEY = 32;
const SIGNATURE = 64;
const MESSAGE = 128;

describe("Ed25519", () => {
	test.each(VECTORS)("has the values of RFC 8032 for the message $message", (vector) => {
		const message = bytes(vector.message);
		const derive = machineFor("ed25519Public");
		derive.media.write(SEED, bytes(vector.seed));
		expect(call(derive, SEED, KEY)).toBeNull();
		expect(hex(derive.media.read(KEY, 32))).toBe(vector.key);

		const sign = machineFor("ed25519Sign");
		sign.media.write(SEED, bytes(vector.seed));
		sign.media.write(MESSAGE, message);
		expect(call(sign, SEED, MESSAGE, message.length, SIGNATURE)).toBeNull();
		expect(hex(sign.media.read(SIGNATURE, 64))).toBe(vector.signature);

		const verify = machineFor("ed25519Verify");
		verify.media.write(KEY, bytes(vector.key));
		verify.media.write(MESSAGE, message);
		verify.media.write(SIGNATURE, bytes(vector.signature));
		expect(call(verify, KEY, MESSAGE, message.length, SIGNATURE)).toBe(true);
	});

	test("no flipped bit of key, message or signature is valid", () => {
		const machine = machineFor("ed25519Verify");
		const seed = new Uint8Array(32).fill(7);
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (message, choice) => {
				machine.media.write(KEY, ed25519Public(seed));
				machine.media.write(MESSAGE, message);
				machine.media.write(SIGNATURE, ed25519Sign(seed, message));
				expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(true);
				const bit = choice % ((96 + message.length) * 8);
				const at = KEY + (bit >> 3);
				machine.media.write(at, Uint8Array.of((machine.media.read(at, 1)[0] ?? 0) ^ (1 << (bit & 7))));
				expect(call(machine, KEY, MESSAGE, message.length, SIGNATURE)).toBe(false);
			}),
			{ seed: 4, numRuns: 100 },
		);
	});

	test.each([
		["zero", "00".repeat(32)],
		["the neutral element", `01${"00".repeat(31)}`],
		["the neutral element with its sign set", `01${"00".repeat(30)}80`],
		["minus one, not in its shortest form", `ec${"ff".repeat(30)}7f`],
	])("a public key of small order is refused: %s", (_what, key) => {
		const machine = machineFor("ed25519Verify");
		machine.media.write(KEY, bytes(key));
		// R is the neutral element and S is 0: valid for every message under the neutral element.
		machine.media.write(SIGNATURE, bytes(`01${"00".repeat(63)}`));
		expect(call(machine, KEY, MESSAGE, 5, SIGNATURE)).toBe(false);
	});

	test("the signature may be written over the message", () => {
		const machine = machineFor("ed25519Sign");
		const seed = new Uint8Array(32).fill(9);
		const message = new Uint8Array(64).fill(3);
		machine.media.write(SEED, seed);
		machine.media.write(MESSAGE, message);
		call(machine, SEED, MESSAGE, 64, MESSAGE);
		expect(hex(machine.media.read(MESSAGE, 64))).toBe(hex(ed25519Sign(seed, message)));
	});

	test.each([
		["ed25519Public", [MEDIA_BYTES - 31, 0]],
		["ed25519Public", [0, MEDIA_BYTES - 31]],
		["ed25519Sign", [MEDIA_BYTES - 31, 0, 1, 64]],
		["ed25519Sign", [0, MEDIA_BYTES, 1, 64]],
		["ed25519Sign", [0, 0, 1, MEDIA_BYTES - 63]],
		["ed25519Verify", [MEDIA_BYTES - 31, 0, 1, 64]],
		["ed25519Verify", [0, 1, MEDIA_BYTES, 64]],
		["ed25519Verify", [0, 0, 1, MEDIA_BYTES - 63]],
	] as const)("%s refuses to leave the media memory: %j", (native, numbers) => {
		expect(call(machineFor(native), ...numbers)).toMatch(/^RangeError/);
	});
});
