import { developmentImage } from "@bodycam/firmware/development-image";
import { crashRead, logHistory, type StoredLogLine } from "@bodycam/protocol/camera/log";
import { parseImageVersion } from "@bodycam/protocol/image/version";
import { osReset } from "@bodycam/protocol/smp/os";
import { expect, it } from "vitest";
import { projectFirmware } from "../simulator/firmware.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { tinyFirmware } from "../testing/tiny-firmware.ts";
import { markSpare, resetCamera, uploadImage, waitForApplication } from "../testing/update-camera.ts";

/** All lines that the camera keeps. */
function history(camera: BootedCamera): StoredLogLine[] {
	const lines: StoredLogLine[] = [];
	for (let after = 0; ; ) {
		const page = camera.client.request(logHistory, { after });
		lines.push(...page.lines);
		if (page.next === after) return lines;
		after = page.next;
	}
}

const boots = (lines: readonly StoredLogLine[]) => [...new Set(lines.map(({ boot }) => boot))];

it("the log is kept over resets and power cuts, in order and without a gap", async () => {
	const camera = await bootCamera();
	camera.advance(5000);
	const before = history(camera);
	camera.client.request(osReset, {});
	camera.advance(5000);
	camera.powerCut("tear");
	camera.advance(5000);
	const after = history(camera);
	expect(boots(after)).toHaveLength(3);
	expect(after.slice(0, before.length)).toEqual(before);
	const numbers = after.map(({ number }) => number);
	expect(numbers).toEqual(numbers.map((_, index) => index + 1));
	const first = (boot: number | undefined) => after.find((line) => line.boot === boot)?.text;
	expect(boots(after).map(first)).toEqual([
		expect.stringContaining("booted (power-on)"),
		expect.stringContaining("booted (requested)"),
		expect.stringContaining("booted (power-cut)"),
	]);
	// What the firmware logged is what is kept, also the last line before the reset.
	expect(after.map(({ text }) => text)).toEqual(camera.log.map(({ text }) => text));
});

it("a firmware that dies at its start leaves a crash record to the one that runs after it", async () => {
	const firmware = await projectFirmware();
	const camera = await bootCamera({ firmware, factory: true, onCrash: "reboot", arenaMib: 4 });
	waitForApplication(camera);
	expect(camera.client.request(crashRead, {})).toEqual({});
	const broken = tinyFirmware('function fall() { throw new TypeError("no good"); }\nif (kind === 1) fall();');
	const version = parseImageVersion("0.3.0");
	uploadImage(camera, developmentImage(broken.artefact, "1111222233334444", { version }));
	markSpare(camera);
	resetCamera(camera);
	const record = {
		build: "1111222233334444",
		reason: "exception",
		message: expect.stringContaining("no good"),
		stack: expect.stringMatching(/ at fall \(.*:\d+\)/),
		uptimeMs: expect.any(Number),
	};
	expect(camera.client.request(crashRead, {})).toEqual({ crash: record, bootsSince: 1 });
	camera.powerCut();
	waitForApplication(camera);
	expect(camera.client.request(crashRead, {})).toEqual({ crash: record, bootsSince: 2 });
});
