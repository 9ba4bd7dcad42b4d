import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mcuAvailable } from "../../testing/engines.ts";
import { BoardLink, Crash, Parameter } from "./board-link.ts";
import { type CrashRecord, decodeCrashRecord } from "./crash-record.ts";
import { EMULATOR } from "./emulator.ts";
import { LinkMemory } from "./link-memory.ts";

/** CFSR bits of the Armv8-M Architecture Reference Manual, D1.2.14. */
const CFSR = { IACCVIOL: 1 << 0, DACCVIOL: 1 << 1, UNDEFINSTR: 1 << 16, STKOF: 1 << 20, UNALIGNED: 1 << 24 };

let directory: string;
let runs = 0;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-selftest-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Outcome {
	/** What the emulator rang on the doorbell. */
	readonly rung: string;
	/** Exit code of the emulator. */
	readonly status: number | null;
	readonly record: CrashRecord | undefined;
}

/** Runs the self-test image with one misfortune. Waiting takes no time: the clock leaps to the next interrupt. */
function run(misfortune: string): Outcome {
	const name = join(directory, `${runs++}`);
	const memory = new LinkMemory(`${name}.ram`);
	try {
		memory.setU32(BoardLink.PARAMETERS + Parameter.MAGIC, BoardLink.MAGIC);
		memory.setU32(BoardLink.PARAMETERS + Parameter.VERSION, BoardLink.VERSION);
		memory.setU32(BoardLink.PARAMETERS + Parameter.SEED_LOW, misfortune.charCodeAt(0));
		memory.setU32(BoardLink.PARAMETERS + Parameter.SEMIHOSTING, 1);
		const { status } = spawnSync(
			EMULATOR,
			[
				...["-M", "mps3-an547,memory-backend=ram", "-m", `${BoardLink.SIZE / 2 ** 20}`],
				...["-object", `memory-backend-file,id=ram,share=on,mem-path=${name}.ram,size=${BoardLink.SIZE}`],
				...["-display", "none", "-monitor", "none", "-nodefaults", "-icount", "shift=0,sleep=off"],
				...[
					"-semihosting-config",
					"enable=on,target=native",
					"-serial",
					"null",
					"-serial",
					`file:${name}.bell`,
				],
				...["-kernel", join(dirname(mcuImage() ?? ""), "selftest.elf")],
			],
			{ timeout: 60_000 },
		);
		const bytes = new Uint8Array(Crash.BYTES);
		memory.read(BoardLink.CRASH, bytes);
		return { rung: readFileSync(`${name}.bell`, "latin1"), status, record: decodeCrashRecord(bytes) };
	} finally {
		memory.close();
	}
}

describe.skipIf(!mcuAvailable())("what must never happen in the image", { timeout: 90_000 }, () => {
	it("leaves no crash record while it does not happen, however long the processor sleeps", () => {
		expect(run("f")).toEqual({ rung: "r", status: 0, record: undefined });
	});

	it("moves, copies and fills memory at every alignment and length as byte by byte", () => {
		expect(run("m")).toEqual({ rung: "r", status: 0, record: undefined });
	});

	it.each([
		["a read through a null pointer", "n", 4, CFSR.DACCVIOL],
		["a read through a null pointer with interrupts off", "p", 3, CFSR.DACCVIOL],
		["a write to the code", "w", 4, CFSR.DACCVIOL],
		["a jump into data", "x", 4, CFSR.IACCVIOL],
		["an access where no device is", "b", 5, 0],
		["an undefined instruction", "u", 6, CFSR.UNDEFINSTR],
		["an unaligned double word", "a", 6, CFSR.UNALIGNED],
		["an interrupt that nobody expects", "i", 16, 0],
	])("%s leaves the exception's number, the registers and the build id", (_, misfortune, exception, cfsr) => {
		const { rung, status, record } = run(misfortune);
		expect(rung).toBe("d");
		expect(status).toBe(exception);
		expect(record?.status).toBe(Crash.EXCEPTION + exception);
		expect((record?.registers.CFSR ?? 0) & cfsr).toBe(cfsr);
		expect(record?.registers.sp).toBeGreaterThan(0x3000_0000);
		expect(record?.message).toContain(`0x${record?.registers.pc?.toString(16)}`);
		expect(record?.buildId).toMatch(/^[0-9a-f]{16}$/);
	});

	it("an endless recursion in C is stopped by the stack's limit", () => {
		const { rung, record } = run("s");
		expect(rung).toBe("d");
		expect(record).toMatchObject({ status: 2, message: "C stack overflow" });
		expect((record?.registers.CFSR ?? 0) & CFSR.STKOF).toBe(CFSR.STKOF);
	});

	it.each([
		["an endless loop in C", "l"],
		["a processor that sleeps and is not woken", "h"],
	])("%s is ended by the hardware watchdog, which says where it was", (_, misfortune) => {
		const { rung, record } = run(misfortune);
		expect(rung).toBe("d");
		expect(record?.status).toBe(3);
		expect(record?.message).toMatch(/^watchdog: .* at 0x110[0-9a-f]{5}$/);
	});

	it("abort() is an internal error", () => {
		expect(run("c").record).toMatchObject({ status: 6, message: "the C library gave up" });
	});
});
