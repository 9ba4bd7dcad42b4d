import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, SHARED_BYTES, sharedMachineFor } from "./call-native.ts";
import { scriptMachine, settle } from "./run-script.ts";
import rfc7748 from "./vectors/x25519.json" with { type: "json" };

const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");
const bytes = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));

const SCALAR = 0;
const POINT = 32;
const TO = 64;
const BASE_POINT = `09${"00".repeat(31)}`;

/** The points of small order (libsodium's list; "p" is the prime of the field). */
const SMALL_ORDER = [
	["zero", "00".repeat(32)],
	["one", `01${"00".repeat(31)}`],
	["order 8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"],
	["the other of order 8", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"],
	["p - 1", `ec${"ff".repeat(30)}7f`],
	["p", `ed${"ff".repeat(30)}7f`],
	["p + 1", `ee${"ff".repeat(30)}7f`],
	["zero with the highest bit, which does not count", `${"00".repeat(31)}80`],
] as const;

describe("X25519", () => {
	test.each(rfc7748.vectors)("has the value of RFC 7748: $name", ({ scalar, point, result }) => {
		const shared = sharedMachineFor("x25519Shared");
		shared.media.write(SCALAR, bytes(scalar));
		shared.media.write(POINT, bytes(point));
		expect(call(shared, SCALAR, POINT, TO)).toBe(true);
		expect(hex(shared.media.read(TO, 32))).toBe(result);
	});

	test.each(rfc7748.vectors.filter(({ point }) => point === BASE_POINT))(
		"multiplies the base point as RFC 7748 does: $name",
		({ scalar, result }) => {
			const derive = sharedMachineFor("x25519Public");
			derive.media.write(SCALAR, bytes(scalar));
			expect(call(derive, SCALAR, TO)).toBeNull();
			expect(hex(derive.media.read(TO, 32))).toBe(result);
		},
	);

	test("has the value of RFC 7748 section 5.2 after 1000 rounds", () => {
		const machine = scriptMachine(
			`for (let i = 0; i < a; i++) { native.x25519Shared(0, 32, 64); native.copy(32, 0, 32); native.copy(0, 64, 32) }
			report(null)`,
		);
		machine.media.write(SCALAR, bytes(BASE_POINT));
		machine.media.write(POINT, bytes(BASE_POINT));
		for (let part = 0; part < 10; part++) {
			machine.post(0, 0, 0, 100);
			expect(settle(machine).end).toEqual({ state: "idle" });
		}
		const after1000 = "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51";
		expect(hex(machine.media.read(SCALAR, 32))).toBe(after1000);
	});

	test.each(SMALL_ORDER)(
		"shares no secret with a point of small order, and leaves the target alone: %s",
		(_what, point) => {
			const machine = sharedMachineFor("x25519Shared");
			machine.media.write(SCALAR, new Uint8Array(32).fill(5));
			machine.media.write(POINT, bytes(point));
			machine.media.write(TO, new Uint8Array(32).fill(0xee));
			expect(call(machine, SCALAR, POINT, TO)).toBe(false);
			expect(hex(machine.media.read(TO, 32))).toBe("ee".repeat(32));
		},
	);

	test("gives what node:crypto gives, whatever the keys and offsets", () => {
		const machine = sharedMachineFor("x25519Shared");
		const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
		fc.assert(
			fc.property(key32, key32, fc.nat({ max: 7 }), (scalar, point, shift) => {
				const der = (prefix: string, raw: Uint8Array) => Buffer.concat([bytes(prefix), raw]);
				const secret = diffieHellman({
					privateKey: createPrivateKey({
						key: der("302e020100300506032b656e04220420", scalar),
						format: "der",
						type: "pkcs8",
					}),
					publicKey: createPublicKey({
						key: der("302a300506032b656e032100", point),
						format: "der",
						type: "spki",
					}),
				});
				machine.media.write(SCALAR + shift, scalar);
				machine.media.write(POINT + shift, point);
				expect(call(machine, SCALAR + shift, POINT + shift, TO + shift)).toBe(true);
				expect(hex(machine.media.read(TO + shift, 32))).toBe(hex(secret));
			}),
			{ seed: 7, numRuns: 50 },
		);
	});

	test("the result may be written over a key", () => {
		const first = rfc7748.vectors[0];
		if (first === undefined) throw new Error("there are no vectors");
		const machine = sharedMachineFor("x25519Shared");
		machine.media.write(SCALAR, bytes(first.scalar));
		machine.media.write(POINT, bytes(first.point));
		expect(call(machine, SCALAR, POINT, SCALAR + 1)).toBe(true);
		expect(hex(machine.media.read(SCALAR + 1, 32))).toBe(first.result);
	});

	test.each([
		["x25519Public", [SHARED_BYTES - 31, 0]],
		["x25519Public", [0, SHARED_BYTES - 31]],
		["x25519Shared", [SHARED_BYTES - 31, 0, 64]],
		["x25519Shared", [0, SHARED_BYTES - 31, 64]],
		["x25519Shared", [0, 32, SHARED_BYTES - 31]],
	] as const)("%s refuses to leave the media memory: %j", (native, numbers) => {
		expect(call(sharedMachineFor(native), ...numbers)).toMatch(/^RangeError/);
	});
});
