import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, SHARED_BYTES, SHARED_ROOM, sharedMachineFor } from "./call-native.ts";
import rfc4231 from "./vectors/hmac-sha256.json" with { type: "json" };

const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");
const bytes = (digits: string) => new Uint8Array(Buffer.from(digits, "hex"));

const CODE = 0;
const KEY = 64;
const MESSAGE = 1024;

describe("HMAC-SHA-256", () => {
	test.each(rfc4231.vectors)("has the code of RFC 4231: $name", ({ key, message, code }) => {
		const machine = sharedMachineFor("hmacSha256");
		machine.media.write(KEY, bytes(key));
		machine.media.write(MESSAGE, bytes(message));
		expect(call(machine, KEY, key.length / 2, MESSAGE, message.length / 2, CODE)).toBeNull();
		expect(hex(machine.media.read(CODE, code.length / 2))).toBe(code);
	});

	test.each([0, 1, 63, 64, 65, 65_536, 65_537])("of %i bytes at an odd offset is node:crypto's", (length) => {
		const at = SHARED_ROOM + 1;
		const key = new Uint8Array(33).fill(9);
		const message = new Uint8Array(length).map((_byte, i) => i * 7);
		const machine = sharedMachineFor("hmacSha256");
		machine.media.write(KEY + 1, key);
		machine.media.write(at, message);
		call(machine, KEY + 1, key.length, at, length, CODE + 1);
		expect(hex(machine.media.read(CODE + 1, 32))).toBe(
			createHmac("sha256", key).update(message).digest("hex"),
		);
	});

	test("of any key and message is node:crypto's, and may be written over both", () => {
		const machine = sharedMachineFor("hmacSha256");
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 200 }),
				fc.uint8Array({ maxLength: 300 }),
				fc.constantFrom(CODE, KEY, MESSAGE),
				(key, message, to) => {
					machine.media.write(KEY, key);
					machine.media.write(MESSAGE, message);
					call(machine, KEY, key.length, MESSAGE, message.length, to);
					expect(hex(machine.media.read(to, 32))).toBe(
						createHmac("sha256", key).update(message).digest("hex"),
					);
				},
			),
			{ seed: 8, numRuns: 100 },
		);
	});

	test.each([
		["the key", [SHARED_BYTES - 31, 32, MESSAGE, 1, CODE]],
		["a key of any length", [KEY, 0xffffffff, MESSAGE, 1, CODE]],
		["the message", [KEY, 32, SHARED_BYTES, 1, CODE]],
		["the code", [KEY, 32, MESSAGE, 1, SHARED_BYTES - 31]],
	] as const)("refuses to leave the media memory: %s", (_what, numbers) => {
		expect(call(sharedMachineFor("hmacSha256"), ...numbers)).toMatch(/^RangeError/);
	});
});

describe("equal", () => {
	test("tells the same bytes from any others", () => {
		const machine = sharedMachineFor("equal");
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (data, choice) => {
				machine.media.write(KEY, data);
				machine.media.write(MESSAGE, data);
				expect(call(machine, KEY, MESSAGE, data.length)).toBe(true);
				const at = choice % data.length;
				machine.media.write(MESSAGE + at, Uint8Array.of((data[at] ?? 0) ^ (1 << (choice & 7))));
				expect(call(machine, KEY, MESSAGE, data.length)).toBe(false);
			}),
			{ seed: 9, numRuns: 100 },
		);
	});

	test("no bytes equal no bytes", () => {
		expect(call(sharedMachineFor("equal"), KEY, MESSAGE, 0)).toBe(true);
	});

	test("refuses to leave the media memory", () => {
		expect(call(sharedMachineFor("equal"), SHARED_BYTES - 3, KEY, 4)).toMatch(/^RangeError/);
		expect(call(sharedMachineFor("equal"), KEY, SHARED_BYTES - 3, 4)).toMatch(/^RangeError/);
	});
});
