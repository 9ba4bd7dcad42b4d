import { crc32 } from "@bodycam/protocol/card/card-bytes";
import { describe, expect, test } from "vitest";
import { Crash } from "./board-link.ts";
import { deathOf, decodeCrashRecord } from "./crash-record.ts";

interface Fields {
	readonly status: number;
	readonly message?: string;
	readonly stack?: string;
}

/** A record as the image writes it. */
function encoded({ status, message = "", stack = "" }: Fields): Uint8Array {
	const bytes = new Uint8Array(Crash.BYTES);
	const view = new DataView(bytes.buffer);
	view.setUint32(Crash.MAGIC_AT, Crash.MAGIC, true);
	view.setUint32(Crash.VERSION_AT, Crash.VERSION, true);
	view.setUint32(Crash.STATUS, status, true);
	for (let register = 0; register < 21; register++) {
		view.setUint32(Crash.REGISTERS + register * 4, 0x1100_0000 + register, true);
	}
	bytes.set(new TextEncoder().encode("0123456789abcdef"), Crash.BUILD_ID);
	bytes.set(new TextEncoder().encode(message), Crash.MESSAGE);
	bytes.set(new TextEncoder().encode(stack), Crash.STACK);
	view.setUint32(Crash.CRC, crc32(bytes.subarray(Crash.CRC + 4)), true);
	return bytes;
}

function death(fields: Fields): ReturnType<typeof deathOf> {
	const record = decodeCrashRecord(encoded(fields));
	if (record === undefined) throw new Error("no record");
	return deathOf(record);
}

describe("a crash record", () => {
	test("comes back with registers by name, build, message and stack", () => {
		const record = decodeCrashRecord(encoded({ status: 4, message: "Error: ü", stack: "at f\nat g" }));
		expect(record).toMatchObject({
			status: 4,
			buildId: "0123456789abcdef",
			message: "Error: ü",
			stack: "at f\nat g",
			registers: { r0: 0x1100_0000, sp: 0x1100_000d, pc: 0x1100_000f, CFSR: 0x1100_0011, BFAR: 0x1100_0014 },
		});
	});

	test("is none where memory holds something else", () => {
		expect(decodeCrashRecord(new Uint8Array(Crash.BYTES))).toBeUndefined();
		expect(decodeCrashRecord(new Uint8Array(10))).toBeUndefined();
	});

	test.each([Crash.MAGIC_AT, Crash.VERSION_AT, Crash.CRC, Crash.REGISTERS, Crash.MESSAGE, Crash.BYTES - 1])(
		"is none when the byte at %i is damaged",
		(at) => {
			const bytes = encoded({ status: 1, message: "out of memory" });
			bytes[at] = (bytes[at] ?? 0) ^ 1;
			expect(decodeCrashRecord(bytes)).toBeUndefined();
		},
	);

	test("may have texts that fill their fields", () => {
		const message = "m".repeat(Crash.MESSAGE_BYTES);
		expect(decodeCrashRecord(encoded({ status: 4, message }))?.message).toBe(message);
	});
});

describe("what a machine died of", () => {
	test.each([
		[1, "outOfMemory"],
		[2, "stackOverflow"],
		[3, "watchdog"],
		[4, "exception"],
		[6, "exception"],
	])("status %i is %s, in the engine's words", (status, reason) => {
		expect(death({ status, message: "why", stack: "where" })).toEqual({
			state: "dead",
			reason,
			message: "why",
			stack: "where",
		});
	});

	test("a fault of the processor is an exception", () => {
		expect(death({ status: Crash.EXCEPTION + 5, message: "bus fault" })).toMatchObject({
			reason: "exception",
			message: "bus fault",
		});
	});

	test("is told with the registers and the image where the engine has no stack", () => {
		const { stack } = death({ status: Crash.EXCEPTION + 5, message: "bus fault" });
		expect(stack.split("\n")).toEqual([
			"r0 11000000, r1 11000001, r2 11000002, r3 11000003",
			"r4 11000004, r5 11000005, r6 11000006, r7 11000007",
			"r8 11000008, r9 11000009, r10 1100000a, r11 1100000b",
			"r12 1100000c, sp 1100000d, lr 1100000e, pc 1100000f",
			"xpsr 11000010, CFSR 11000011, HFSR 11000012, MMFAR 11000013",
			"BFAR 11000014",
			"image 0123456789abcdef",
		]);
	});
});
