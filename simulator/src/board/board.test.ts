import { createHash } from "node:crypto";
import { ResetReason } from "@bodycam/protocol/board/records";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { describe, expect, it } from "vitest";
import { memoryState } from "../state/camera-state.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { engineOfTests } from "../testing/engines.ts";
import { tinyFirmware } from "../testing/tiny-firmware.ts";
import { BoardCrashError, BoardViolationError } from "./errors.ts";

const MIB = 1024 * 1024;

/** Logs each boot with its reason, and whether the memory was clean. */
const REPORTER = tinyFirmware(
	`
	if (kind === 0x0001) {
		let clean = true;
		for (const at of [d + 4096, 1000000, a - 1]) if (view[at] !== 0) clean = false;
		log("boot " + c + " total " + a + " arena " + b + (clean ? " clean" : " dirty"));
		view[a - 1] = 1; view[1000000] = 1;
	}
	if (kind === 0x0401 && unit === 1 && a === 1) throw new Error("button of doom");
	if (kind === 0x0401 && unit === 0 && a === 1) native.post(0x0003, 0, 50000), native.post(0x0004, 0, 1);
	if (kind === 0x0002) log("timer of an earlier life");
`,
	"const view = new Uint8Array(native.memory);",
);

describe("board", () => {
	it("tells the firmware its memory and why it boots, and gives it clean memory each time", async () => {
		const camera = await bootCamera({ firmware: REPORTER, arenaMib: 4 });
		camera.advance(10);
		camera.powerCut();
		camera.advance(10);
		camera.edge(true);
		camera.advance(200);
		const memory = `total ${12.25 * MIB} arena ${4 * MIB} clean`;
		expect(camera.log.map(({ text }) => text)).toEqual([
			`boot ${ResetReason.powerOn} ${memory}`,
			`boot ${ResetReason.powerCut} ${memory}`,
			`boot ${ResetReason.requested} ${memory}`,
		]);
	});

	it("describes itself in the boot block", async () => {
		const camera = await bootCamera({ firmware: tinyFirmware("") });
		const { media } = camera.board;
		let length = 1;
		for (; length < 512; length++) {
			try {
				decodeCbor(media.read(0, length));
				break;
			} catch {
				// Not the whole block yet.
			}
		}
		const block = decodeCbor(media.read(0, length)) as Record<string, unknown>;
		expect(block).toMatchObject({
			board: "sim-1",
			seeded: true,
			engine: expect.stringMatching(new RegExp(`^xs-${engineOfTests()} \\d`)),
		});
		expect(block.serial).toMatch(/^[0-9a-f]{16}$/);
		expect(block.build).toMatch(/^[0-9a-f]{16}$/);
		expect((block.entropy as Uint8Array).length).toBe(32);
	});

	it("restarts a firmware that dies, says why, and stops what it had asked for", async () => {
		const camera = await bootCamera({ firmware: REPORTER, onCrash: "reboot" });
		camera.advance(10);
		camera.edge(true, "function");
		camera.advance(200);
		expect(camera.resets[0]).toMatchObject({ reason: "exception" });
		expect(camera.resets[0]?.message).toContain("button of doom");
		expect(camera.log.at(-1)?.text).toMatch(new RegExp(`^boot ${ResetReason.exception} `));
		camera.edge(true);
		camera.advance(500);
		expect(camera.log.map(({ text }) => text)).not.toContain("timer of an earlier life");
	});

	it("gives up on a firmware that dies at every boot", async () => {
		const camera = await bootCamera({
			firmware: tinyFirmware("throw new Error('always')"),
			onCrash: "reboot",
		});
		camera.advance(60_000);
		expect(camera.resets.length).toBe(4);
		expect(camera.board.powered).toBe(false);
	});

	it("throws what the firmware died of out of the clock, for tests", async () => {
		const camera = await bootCamera({ firmware: REPORTER });
		camera.advance(10);
		camera.edge(true, "function");
		expect(() => camera.advance(1)).toThrow(BoardCrashError);
		expect(() => camera.advance(1_000)).not.toThrow();
	});

	it("resets a firmware that does not feed its watchdog, and one that never ends", async () => {
		const fed = tinyFirmware("if (kind === 0x0001) native.post(0x0007, 0, 500);");
		const hungry = await bootCamera({ firmware: fed, onCrash: "reboot" });
		hungry.advance(700);
		expect(hungry.resets.map(({ reason }) => reason)).toEqual(["watchdog"]);
		const endless = tinyFirmware("if (kind === 0x0401) for (;;) {}");
		const stuck = await bootCamera({ firmware: endless, onCrash: "reboot" });
		stuck.edge(true);
		stuck.advance(1);
		expect(stuck.resets.map(({ reason }) => reason)).toEqual(["watchdog"]);
	});

	it("complains about firmware that misuses a peripheral", async () => {
		const camera = await bootCamera({
			firmware: tinyFirmware("if (kind === 0x0401) native.post(0x0107, 0, 5, 5);"),
		});
		camera.edge(true);
		expect(() => camera.advance(1)).toThrow(BoardViolationError);
	});

	it("runs the firmware that was put onto it after the next reset", async () => {
		const camera = await bootCamera({ firmware: tinyFirmware("if (kind === 1) log('old')") });
		camera.advance(10);
		camera.board.program(tinyFirmware("if (kind === 1) log('new')"));
		camera.board.reset();
		camera.advance(200);
		expect(camera.log.map(({ text }) => text)).toEqual(["old", "new"]);
	});

	it("keeps the card, the values and the serial number over a power cut and over boots with one state", async () => {
		const state = memoryState();
		const first = await bootCamera({ firmware: REPORTER, state });
		state.card.write(7, new Uint8Array(512).fill(0x5a));
		const { serialNumber } = first.board;
		first.close();
		const second = await bootCamera({ firmware: REPORTER, state });
		const bytes = new Uint8Array(512);
		second.card.read(7, bytes);
		expect(bytes[0]).toBe(0x5a);
		expect(second.board.serialNumber).toBe(serialNumber);
	});
});

/** Arms, and mixes everything that arrives into a checksum that it logs every 5 s. */
const HASHER = tinyFirmware(
	`
	sum = native.crc32(0, 0, sum);
	if (kind === 0x0106 || kind === 0x0205) sum = native.crc32(a, b, sum);
	giveBack(kind, a, b);
	if (kind === 0x0001) { arm(); sum = native.crc32(d, e, sum); native.post(0x0003, 0, 5000000); }
	if (kind === 0x0002) { log("sum " + sum + " at " + time); native.post(0x0003, 0, 5000000); }
`,
	"let sum = 0;",
);

describe("determinism", () => {
	async function run(seed: number): Promise<string> {
		const camera = await bootCamera({ firmware: HASHER, seed });
		camera.advance(30_000);
		camera.powerCut("tear");
		camera.advance(30_000);
		const { instructions, chunkBytes } = camera.counters;
		const trace = JSON.stringify([camera.log, instructions, chunkBytes, camera.board.serialNumber]);
		return createHash("sha256").update(trace).digest("hex");
	}

	it("gives the same bytes and the same instruction count for the same seed", async () => {
		expect(await run(42)).toBe(await run(42));
	});

	it("gives other bytes for another seed", async () => {
		expect(await run(42)).not.toBe(await run(43));
	});
});
