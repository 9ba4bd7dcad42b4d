import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileArtefact } from "@bodycam/firmware/engine";
import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { Serial } from "@bodycam/protocol/board/records";
import { afterEach, describe, expect, test } from "vitest";
import { mcuAvailable } from "../../testing/engines.ts";
import { machineFactory } from "../create-machine.ts";
import type { RunResult } from "../machine.ts";
import {
	createMps3Machine,
	type Mps3Machine,
	type Mps3MachineOptions,
	requireImage,
} from "./mps3-machine.ts";

const ECHO = "native.listen((kind, unit, time, a, b, c) => native.post(kind + 1, unit, a, b, c));";
const SERIAL_ECHO = `native.listen((kind, unit, time, a, b) => { if (kind === ${Serial.RECEIVED}) native.post(${Serial.WRITE}, unit, a, b); });`;

const open: Mps3Machine[] = [];

afterEach(() => {
	for (const machine of open.splice(0)) machine.close();
});

function machine(source: string, options: Partial<Mps3MachineOptions> = {}): Mps3Machine {
	const artefact = compileArtefact(source, "firmware.js");
	const made = createMps3Machine({ artefact, mediaBytes: 1 << 20, image: mcuImage() ?? "", ...options });
	open.push(made);
	return made;
}

/** Posts records numbered from 1 and collects the numbers of those that were answered. */
function answers(to: Mps3Machine, count: number): { readonly numbers: number[]; readonly end: RunResult } {
	const numbers: number[] = [];
	for (let number = 1; number <= count; number++) to.post(1, 0, number, number);
	return { end: to.run((_kind, _unit, _time, number) => numbers.push(number)), numbers };
}

describe.skipIf(!mcuAvailable())("a machine on the Cortex-M55 image", { timeout: 120_000 }, () => {
	test("whose power is cut in a record leaves no trace of that record", () => {
		const { numbers, end } = answers(machine(ECHO, { cut: { record: 3, afterUs: 100 } }), 5);
		expect(numbers).toEqual([1, 2]);
		expect(end).toMatchObject({ state: "dead", reason: "powerCut" });
	});

	test("whose power is to be cut later goes on until then, run after run", () => {
		const cut = machine(ECHO, { cut: { record: 5, afterUs: 0 } });
		expect(answers(cut, 4)).toEqual({ numbers: [1, 2, 3, 4], end: { state: "idle" } });
		expect(answers(cut, 1)).toMatchObject({ numbers: [], end: { reason: "powerCut" } });
	});

	test("that is killed is dead of a power cut, and its media memory can still be read", () => {
		const killed = machine(ECHO);
		expect(answers(killed, 1).end).toEqual({ state: "idle" });
		killed.media.write(100, Uint8Array.of(1, 2, 3));
		killed.kill();
		killed.kill();
		expect(answers(killed, 1)).toMatchObject({ numbers: [], end: { state: "dead", reason: "powerCut" } });
		expect([...killed.media.read(99, 5)]).toEqual([0, 1, 2, 3, 0]);
	});

	test("begins anew with another firmware in the same emulator, of which nothing is left", () => {
		const first = machine(`globalThis.left = 1; ${ECHO}`);
		first.media.write(100, Uint8Array.of(1, 2, 3));
		answers(first, 3);
		const artefact = compileArtefact(
			"native.listen((kind) => native.post(kind, 0, globalThis.left === undefined ? 7 : 8));",
			"firmware.js",
		);
		const image = mcuImage() ?? "";
		const second = first.succeed({ artefact, mediaBytes: 2 << 20, image });
		if (second === undefined) throw new Error("it did not begin anew");
		open.push(second);
		expect(answers(second, 2)).toEqual({ numbers: [7, 7], end: { state: "idle" } });
		expect([...second.media.read(99, 5)]).toEqual([0, 0, 0, 0, 0]);
		first.close();
		expect(answers(second, 1).numbers).toEqual([7]);
		expect(answers(first, 1)).toMatchObject({ numbers: [], end: { state: "dead" } });
		second.kill();
		expect(second.succeed({ artefact, mediaBytes: 1 << 20, image })).toBeUndefined();
	});

	test("whose emulator fails says what the emulator said", () => {
		const end = machine(ECHO, { image: join(tmpdir(), "missing.elf") }).run(() => undefined);
		expect(end).toMatchObject({ state: "dead", reason: "exception", neverBooted: true });
		expect(end).toHaveProperty("message", expect.stringMatching(/^the emulator ended: .*missing\.elf/));
	});

	test("carries the bytes of serial port 0 through its port, more than the port's buffers hold", () => {
		const echo = machine(SERIAL_ECHO);
		const sent: Uint8Array[] = [];
		for (let block = 0; block < 24; block++) {
			const bytes = Uint8Array.from({ length: 4096 }, (_, index) => index * 7 + block);
			sent.push(bytes);
			echo.serialIn(block * 4096, bytes);
			echo.post(Serial.RECEIVED, 0, block, block * 4096, bytes.length);
		}
		const back: Uint8Array[] = [];
		const end = echo.run((_kind, _unit, _time, at, length) => back.push(echo.serialOut(at, length).slice()));
		expect(end).toEqual({ state: "idle" });
		expect(Buffer.concat(back).equals(Buffer.concat(sent))).toBe(true);
	});

	test("carries serial bytes that the firmware sends while it is evaluated", () => {
		const source = `native.writeText(0, 100, "ready"); native.post(${Serial.WRITE}, 0, 0, 5); native.listen(() => {});`;
		const eager = machine(source);
		let text = "";
		eager.run((_kind, _unit, _time, at, length) => {
			text = new TextDecoder().decode(eager.serialOut(at, length));
		});
		expect(text).toBe("ready");
	});

	test("leaves other serial ports to media memory", () => {
		const echo = machine(SERIAL_ECHO);
		echo.media.write(0, Uint8Array.of(9, 8, 7));
		echo.post(Serial.RECEIVED, 1, 0, 0, 3);
		const back: Uint8Array[] = [];
		echo.run((_kind, unit, _time, at, length) => {
			if (unit === 1) back.push(echo.media.read(at, length));
		});
		expect(back).toEqual([Uint8Array.of(9, 8, 7)]);
	});

	test("counts the same processor instructions twice, to the grain of its timer", () => {
		const count = () => {
			const busy = machine(
				"native.listen((kind, unit, time, a) => { for (let i = 0; i < a; i++) native.zero(0, 100); });",
			);
			answers(busy, 50);
			const { processor } = busy.counters();
			return { instructions: processor?.instructions ?? 0, boot: processor?.bootInstructions ?? 0 };
		};
		const [first, second] = [count(), count()];
		expect(first.instructions).toBeGreaterThan(100_000);
		// Each record begins and ends anywhere within a grain.
		expect(Math.abs(first.instructions - second.instructions)).toBeLessThanOrEqual(50 * 32);
		expect(Math.abs(first.boot - second.boot)).toBeLessThanOrEqual(32);
	});

	test("refuses a firmware and serial bytes that do not fit its board", () => {
		expect(() => machine(ECHO, { artefact: new Uint8Array(0x70_0001) })).toThrow(RangeError);
		expect(() => machine(ECHO).serialIn(0, new Uint8Array(40_000))).toThrow(RangeError);
	});
});

describe("where the image cannot run", () => {
	const path = process.env.PATH;

	afterEach(() => {
		process.env.PATH = path;
	});

	test("an image that is not built is named, with what builds it", () => {
		expect(() => requireImage(undefined)).toThrow("the image for mps3-an547 is not built");
		expect(() => requireImage(undefined)).toThrow(
			expect.objectContaining({ code: "emulator", hint: expect.stringContaining("npm run mcu:build") }),
		);
	});

	test("an emulator that is not installed is named, with what installs it", () => {
		process.env.PATH = "/nonexistent";
		expect(() => machineFactory("mps3-an547")).toThrow(
			expect.objectContaining({
				message: "qemu-system-arm is not installed",
				hint: expect.stringContaining("npm run mcu:setup"),
			}),
		);
	});
});
