import { describe, it } from "vitest";
import { beginToRecord, expectComeback } from "../testing/after-a-crash.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { happen, misfortuneFirmware } from "../testing/misfortunes.ts";

const firmware = await misfortuneFirmware();

describe("a firmware that dies while it records", () => {
	it.each([
		["an exception", "exception", "exception", /Error: a misfortune/],
		["a full heap", "full heap", "out-of-memory", /memory/],
		["an endless recursion", "endless recursion", "stack-overflow", /stack/],
		["an endless loop", "endless loop", "watchdog", /misfortune-main\.ts:\d+|firmware\.js:\d+/],
	] as const)("of %s comes back, says so, and goes on recording", async (_, misfortune, reason, why) => {
		const camera = await bootCamera({ preRecordSeconds: 1, firmware, factory: false, onCrash: "reboot" });
		beginToRecord(camera);
		happen(camera, misfortune);
		await expectComeback(camera, reason, why);
	});
});
