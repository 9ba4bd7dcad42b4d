import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { call, nudge, sharedMachineFor, utf8 } from "./call-native.ts";
import { RESULT_BYTES, runScript, SCRATCH_BYTES, scriptMachine, settle } from "./run-script.ts";
import fips180 from "./vectors/sha256.json" with { type: "json" };

const MEDIA_BYTES = SCRATCH_BYTES + RESULT_BYTES;
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex");

describe("checksums and digests", () => {
	test("crc32 has the check value of its catalogue and chains", () => {
		const machine = sharedMachineFor("crc32");
		machine.media.write(0, utf8("123456789"));
		expect(call(machine, 0, 9, 0)).toBe(0xcbf43926);
		const first = call(machine, 0, 4, 0) as number;
		expect(call(machine, 4, 5, first)).toBe(0xcbf43926);
		expect(call(machine, 0, 0, 0)).toBe(0);
	});

	test("crc32 of any bytes is zlib's", () => {
		const machine = sharedMachineFor("crc32");
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 300 }),
				fc.integer({ min: 0, max: 7 }),
				fc.nat(),
				(data, at, seed) => {
					machine.media.write(at, data);
					expect(call(machine, at, data.length, seed)).toBe(crc32(data, seed));
				},
			),
			{ seed: 1, numRuns: 200 },
		);
	});

	test("crc16 has the check value of CRC-16/XMODEM and chains", () => {
		const machine = sharedMachineFor("crc16");
		machine.media.write(0, utf8("123456789"));
		expect(call(machine, 0, 9, 0)).toBe(0x31c3);
		expect(call(machine, 3, 6, call(machine, 0, 3, 0) as number)).toBe(0x31c3);
	});

	test("sha256 of any pieces is the digest of the whole, and the context is wiped", () => {
		const machine = scriptMachine(`
			native.sha256Begin(8);
			let at = 256;
			for (const length of JSON.parse(native.readText(4096, a))) { native.sha256Update(8, at, length); at += length }
			native.sha256End(8, 160);
			report(null);`);
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (pieces) => {
				const whole = Buffer.concat(pieces);
				const lengths = utf8(JSON.stringify(pieces.map(({ length }) => length)));
				machine.media.write(256, whole);
				machine.media.write(4096, lengths);
				machine.post(0, 0, 0, lengths.length);
				expect(settle(machine).end).toEqual({ state: "idle" });
				expect(hex(machine.media.read(160, 32))).toBe(createHash("sha256").update(whole).digest("hex"));
				expect(machine.media.read(8, 128).every((byte) => byte === 0)).toBe(true);
			}),
			{ seed: 2, numRuns: 100 },
		);
	});

	const repeatedly = (options = {}) =>
		scriptMachine(
			`native.sha256Begin(0);
			for (let i = 0; i < c; i++) native.sha256Update(0, a, b);
			native.sha256End(0, 128);
			report(null)`,
			options,
		);

	test.each(fips180.vectors)("sha256 has the digest of NIST's example: $name", ({ text, times, digest }) => {
		const machine = repeatedly();
		const once = Math.min(times, 50_000);
		machine.media.write(256, utf8(text.repeat(once)));
		machine.post(0, 0, 0, 256, text.length * once, times / once);
		expect(settle(machine).end).toEqual({ state: "idle" });
		expect(hex(machine.media.read(128, 32))).toBe(digest);
	});

	test.each([0, 1, 55, 56, 63, 64, 65, 65_536, 65_537])("sha256 of %i bytes at an odd offset", (length) => {
		const machine = repeatedly({ mediaBytes: 2 * MEDIA_BYTES });
		const message = new Uint8Array(length).map((_byte, i) => i * 7);
		machine.media.write(MEDIA_BYTES + 1, message);
		machine.post(0, 0, 0, MEDIA_BYTES + 1, length, 1);
		expect(settle(machine).end).toEqual({ state: "idle" });
		expect(hex(machine.media.read(128, 32))).toBe(createHash("sha256").update(message).digest("hex"));
	});

	test("a digest that was not begun, or lies askew, is refused", () => {
		const { reports } = runScript(`
			for (const f of [() => native.sha256Update(0, 200, 1), () => native.sha256End(0, 200), () => native.sha256Begin(4), () => native.sha256Begin(${MEDIA_BYTES - 64})])
				try { f(); report("none") } catch (e) { report(e.name) }
			native.sha256Begin(0); native.sha256End(0, 200);
			try { native.sha256End(0, 200); report("none") } catch (e) { report(e.name) }`);
		expect(reports).toEqual(["RangeError", "RangeError", "RangeError", "RangeError", "RangeError"]);
	});
});

describe("base64", () => {
	test("any bytes go there and back", () => {
		const encode = sharedMachineFor("base64Encode");
		const decode = sharedMachineFor("base64Decode");
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
				const text = utf8(Buffer.from(data).toString("base64"));
				encode.media.write(0, data);
				expect(call(encode, 1000, 0, data.length)).toBe(text.length);
				expect(encode.media.read(1000, text.length)).toEqual(text);
				decode.media.write(1000, text);
				expect(call(decode, 0, 1000, text.length)).toBe(data.length);
				expect(decode.media.read(0, data.length)).toEqual(data);
			}),
			{ seed: 3, numRuns: 200 },
		);
	});

	test.each([
		"A",
		"AA",
		"AAA",
		"AA=A",
		"A===",
		"AB==",
		"AAB=",
		"AA==AAAA",
		"AA A",
		"AA-_",
		"====",
		"AAAA\n\n\n\n",
	])("%j is malformed", (text) => {
		const machine = sharedMachineFor("base64Decode");
		machine.media.write(0, utf8(text));
		expect(call(machine, 1000, 0, text.length)).toBe(-1);
	});

	test("decoding in place is allowed, encoding over the source is not", () => {
		const machine = scriptMachine(`
			native.writeText(0, 100, "aGVsbG8=");
			report(native.base64Decode(0, 0, 8));
			report(native.readText(0, 5));
			try { native.base64Encode(2, 0, 5) } catch (e) { report(e.name) }`);
		expect(settle(nudge(machine)).reports).toEqual([5, "hello", "RangeError"]);
	});
});
