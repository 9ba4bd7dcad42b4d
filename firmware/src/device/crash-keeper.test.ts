import type { CrashRecord } from "@bodycam/protocol/camera/log";
import { describe, expect, it } from "vitest";
import { FakeKeyValue } from "../testing/fake-key-value.ts";
import { CRASH_KEY, CrashKeeper } from "./crash-keeper.ts";

const crash: CrashRecord = {
	build: "0123456789abcdef",
	reason: "exception",
	message: "TypeError: x",
	stack: " at f (firmware.js:7)",
	uptimeMs: 12,
};

function keeper(keyValue: FakeKeyValue, died: CrashRecord | undefined, boots: number | undefined) {
	const lines: string[] = [];
	const log = { write: (_level: string, text: string) => lines.push(text) };
	const instance = new CrashKeeper({ keyValue, log, crash: died, boots: Promise.resolve(boots) });
	return { instance, lines };
}

describe("crash keeper", () => {
	it("tells of a crash in this boot and in those after it, and how many there were", async () => {
		const keyValue = new FakeKeyValue();
		expect(await keeper(keyValue, crash, 5).instance.read()).toEqual({ crash, bootsSince: 1 });
		expect(await keeper(keyValue, undefined, 8).instance.read()).toEqual({ crash, bootsSince: 4 });
	});

	it("replaces it by the next one", async () => {
		const keyValue = new FakeKeyValue();
		await keeper(keyValue, crash, 5).instance.read();
		const next = { ...crash, message: "again" };
		await keeper(keyValue, next, 6).instance.read();
		expect(await keeper(keyValue, undefined, 7).instance.read()).toEqual({ crash: next, bootsSince: 2 });
	});

	it("knows of none on a camera that has never died", async () => {
		expect(await keeper(new FakeKeyValue(), undefined, 1).instance.read()).toEqual({});
	});

	it("does without the number of boots when they cannot be counted", async () => {
		expect(await keeper(new FakeKeyValue(), crash, undefined).instance.read()).toEqual({ crash });
	});

	it("says so and tells of none when the record is damaged", async () => {
		const keyValue = new FakeKeyValue();
		await keyValue.write(CRASH_KEY, Uint8Array.of(0xff, 1));
		const { instance, lines } = keeper(keyValue, undefined, 1);
		expect(await instance.read()).toEqual({});
		expect(lines).toEqual([expect.stringMatching(/^the crash record cannot be read/)]);
	});
});
