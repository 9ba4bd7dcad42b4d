import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Flash, Status, System } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { Board } from "./board.ts";
import { NativeDigest } from "./digest.ts";
import { BoardFlashSlot } from "./flash.ts";
import { BoardLogConsole } from "./log-console.ts";
import { BoardRequestError } from "./requests.ts";
import { BoardResetControl } from "./reset-control.ts";
import { BoardWatchdog } from "./watchdog.ts";

function setup() {
	const native = createFakeNative(4096);
	return { native, board: new Board(native) };
}

describe("flash area", () => {
	it("tells its geometry", async () => {
		const { native, board } = setup();
		const status = new BoardFlashSlot({ board, slot: "secondary" }).status();
		const [[kind, unit, , , , tag = 0] = []] = native.take();
		expect([kind, unit]).toEqual([Flash.STATUS, 2]);
		board.dispatch(Flash.INFO, 2, 0, 1_048_576, 4096, 8, tag, 0, 0);
		expect(await status).toEqual({ size: 1_048_576, blockLength: 4096, blocks: 256, writeAlign: 8 });
	});

	it("reads, writes and erases, each done when the board says so", async () => {
		const { native, board } = setup();
		const slot = new BoardFlashSlot({ board, slot: "primary" });
		const requests = [slot.read(0, 16, 512), slot.write(16, 8, 600), slot.erase(4096, 4096)];
		const posted = native.take();
		expect(posted.map((record) => record.slice(0, 4))).toEqual([
			[Flash.READ, 1, 0, 16],
			[Flash.WRITE, 1, 16, 8],
			[Flash.ERASE, 1, 4096, 4096],
		]);
		for (const record of posted.toReversed()) {
			board.dispatch(Flash.DONE, 1, 0, Status.ok, 0, 0, record[5] ?? 0, 0, 0);
		}
		await expect(Promise.all(requests)).resolves.toHaveLength(3);
	});

	it("names itself when the flash refuses", async () => {
		const { native, board } = setup();
		const write = new BoardFlashSlot({ board, slot: "counter" }).write(0, 8, 0);
		const [[, , , , , tag = 0] = []] = native.take();
		board.dispatch(Flash.DONE, 0, 0, Status.outOfRange, 0, 0, tag, 0, 0);
		await expect(write).rejects.toThrow("write to the counter flash area: out of range");
	});

	it("rejects what is under way, and what comes later, once closed", async () => {
		const { board } = setup();
		const slot = new BoardFlashSlot({ board, slot: "log" });
		const read = slot.read(0, 1, 0);
		slot.close();
		slot.close();
		await expect(read).rejects.toThrow(BoardRequestError);
		await expect(slot.erase(0, 4096)).rejects.toThrow(BoardRequestError);
	});
});

describe("digest", () => {
	it("is SHA-256 of what it was given, and can begin anew", () => {
		const { native } = setup();
		const digest = new NativeDigest({ native, context: 0 });
		native.bytes.fill(7, 1024, 2024);
		for (let round = 0; round < 2; round++) {
			digest.reset();
			digest.update(1024, 400);
			digest.update(1424, 600);
			digest.finish(2048);
			const expected = createHash("sha256").update(Buffer.alloc(1000, 7)).digest();
			expect(Buffer.from(native.bytes.slice(2048, 2080))).toEqual(expected);
		}
	});

	it("leaves nothing of its state when closed", () => {
		const { native } = setup();
		const digest = new NativeDigest({ native, context: 0 });
		digest.update(1024, 100);
		digest.close();
		expect(native.bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
	});
});

describe("log console", () => {
	it("shows lines with their level", () => {
		const { native, board } = setup();
		new BoardLogConsole({ board }).show("error", 100, 20);
		expect(native.take()).toEqual([[System.LOG, 0, 100, 20, 3]]);
	});

	it("skips lines while the board is behind, and goes on when it has caught up", () => {
		const { native, board } = setup();
		const console = new BoardLogConsole({ board });
		for (let count = 0; count < 200; count++) console.show("info", 0, 240);
		expect(console.skipped).toBe(200 - native.take().length);
		expect(console.skipped).toBeGreaterThan(0);
		board.dispatch(System.LOG_TAKEN, 0, 0, 0, 240, 0, 0, 0, 0);
		console.show("info", 0, 240);
		expect(native.take()).toHaveLength(1);
	});
});

describe("reset and watchdog", () => {
	it("say why the run began, and ask for another", () => {
		const { native, board } = setup();
		const reset = new BoardResetControl({ board, reason: 5 });
		expect(reset.reason).toBe("power-cut");
		reset.restart();
		expect(native.take()).toEqual([[System.RESET, 0, 1]]);
	});

	it("forget what counts against the image that runs", () => {
		const { native, board } = setup();
		new BoardResetControl({ board, reason: 0 }).forgive();
		expect(native.take()).toEqual([[System.RETAIN, 0]]);
	});

	it("feed the watchdog until closed", () => {
		const { native, board } = setup();
		const watchdog = new BoardWatchdog({ board, timeout: 10_000 });
		watchdog.feed();
		watchdog.close();
		watchdog.feed();
		expect(native.take()).toEqual([[System.WATCHDOG_FEED, 0, 10_000]]);
	});
});
