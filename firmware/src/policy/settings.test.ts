import { describe, expect, it } from "vitest";
import { demoPolicy } from "./demo.ts";
import { settingsWithin } from "./settings.ts";

const serial = "0011223344556677";

describe("settings", () => {
	it("are the policy's defaults when nothing is stored", () => {
		expect(settingsWithin(demoPolicy, undefined, serial)).toEqual({
			name: "camera-0011223344556677",
			preRecordMs: 30_000,
			preRecordSound: true,
		});
	});

	it("take a shorter pre-recording and a name", () => {
		const settings = settingsWithin(demoPolicy, { preRecordMs: 10_000, name: "cam1" }, serial);
		expect(settings).toMatchObject({ preRecordMs: 10_000, name: "cam1" });
	});

	it("never exceed the policy's maximum", () => {
		expect(settingsWithin(demoPolicy, { preRecordMs: 600_000 }, serial).preRecordMs).toBe(120_000);
	});

	it("keep pre-recording off where the policy says so", () => {
		const locked = { ...demoPolicy, preRecording: { ...demoPolicy.preRecording, mode: "off" as const } };
		expect(settingsWithin(locked, { preRecordMs: 10_000 }, serial).preRecordMs).toBe(0);
	});

	it("take 0 as off, not as everything", () => {
		expect(settingsWithin(demoPolicy, { preRecordMs: 0 }, serial).preRecordMs).toBe(0);
	});

	it.each([
		["text", { preRecordMs: "10000" }],
		["a negative number", { preRecordMs: -1 }],
		["not a number", { preRecordMs: Number.NaN }],
		["no map", 7],
		["nothing", null],
	])("fall back to the default for %s", (_what, stored) => {
		expect(settingsWithin(demoPolicy, stored, serial).preRecordMs).toBe(30_000);
	});
});
