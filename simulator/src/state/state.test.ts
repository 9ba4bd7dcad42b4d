import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { StateError } from "../storage/state-error.ts";
import { ScratchDirectory } from "../testing/ffmpeg.ts";
import { openState } from "./camera-state.ts";
import { takeLock } from "./lock.ts";

const scratch = new ScratchDirectory();
afterAll(() => scratch.remove());

describe("state directory", () => {
	it("keeps clock, serial number, values, flash and card", () => {
		const directory = scratch.file("a/b/cam1");
		const first = openState(directory, 1 << 20);
		first.saveClock({ wallMs: 5, referenceMs: 6 });
		first.saveSerialNumber("00ff");
		first.values.set("key", Uint8Array.of(1));
		first.flash.program(1, [{ at: 0, bytes: Uint8Array.of(7) }]);
		first.card.write(3, new Uint8Array(512).fill(3));
		first.close();
		const again = openState(directory);
		const sector = new Uint8Array(512);
		again.card.read(3, sector);
		expect(again.clockSetting).toEqual({ wallMs: 5, referenceMs: 6 });
		expect(again.serialNumber).toBe("00ff");
		expect(again.values.get("key")).toEqual(Uint8Array.of(1));
		expect(again.flash.area(1)[0]).toBe(7);
		expect(sector[0]).toBe(3);
		expect(again.card.sectors).toBe(2048);
		expect(again.interrupted).toBe(false);
		again.close();
	});

	it("is for one simulator at a time", () => {
		const directory = scratch.file("busy");
		const first = openState(directory, 1 << 20);
		expect(() => openState(directory)).toThrow(/in use/);
		first.close();
		openState(directory).close();
	});

	it("is taken over from a process that was killed, and says so", async () => {
		const directory = scratch.file("killed");
		mkdirSync(directory);
		const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
		writeFileSync(`${directory}/lock`, `${other.pid} 1`);
		other.kill("SIGKILL");
		await once(other, "exit");
		const state = openState(directory, 1 << 20);
		expect(state.interrupted).toBe(true);
		state.close();
	});

	it("is refused when a file in it is damaged, without leaving a lock behind", () => {
		const directory = scratch.file("damaged");
		mkdirSync(directory);
		for (const text of ["{", '{"clock": {"wallMs": "x"}}', "null"]) {
			writeFileSync(`${directory}/device.json`, text);
			expect(() => openState(directory)).toThrow(StateError);
			expect(existsSync(`${directory}/lock`)).toBe(false);
		}
	});

	it("is refused where there is no directory and none can be made", () => {
		writeFileSync(scratch.file("file"), "x");
		const error = (() => {
			try {
				return openState(scratch.file("file/state"));
			} catch (reason) {
				return reason;
			}
		})();
		expect(error).toBeInstanceOf(StateError);
		expect((error as StateError).hint).toMatch(/--state/);
	});
});

describe("lock", () => {
	it("is not held by another process that got the number of the one that died", () => {
		const path = scratch.file("reused.lock");
		writeFileSync(path, `${process.pid} 123`);
		const lock = takeLock(path, "busy", "wait");
		expect(lock.wasStale).toBe(true);
		expect(readFileSync(path, "utf8")).toContain(`${process.pid} `);
		lock.release();
		lock.release();
		expect(existsSync(path)).toBe(false);
	});
});
