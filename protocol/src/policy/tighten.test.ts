import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { arbitrary } from "../testing/arbitrary.ts";
import { testEvidence } from "../testing/policy-evidence.ts";
import { policy as policySchema } from "./document.ts";
import { flatten } from "./fields.ts";
import { issueProfile } from "./profile.ts";
import { demo } from "./profiles/demo.ts";
import { PROFILES } from "./profiles/index.ts";
import { effectOf } from "./strictness.ts";
import { type LocalSettings, localSettings, readSettings, tighten } from "./tighten.ts";

const policy = issueProfile(demo, {
	agency: "A",
	version: 1,
	notBefore: 0,
	expires: 1,
	evidence: testEvidence,
});
const pre = (settings: LocalSettings) => tighten(policy, settings).preRecording;

const anyPolicy = fc.oneof(
	fc
		.constantFrom(...PROFILES)
		.map((profile) =>
			issueProfile(profile, { agency: "A", version: 1, notBefore: 0, expires: 1, evidence: testEvidence }),
		),
	arbitrary(policySchema),
);
const intervals = fc.constantFrom(0, 1, 5000, 30_000, 120_000, 10_000_000);
const anySettings = fc.record(
	{
		preRecordMs: intervals,
		preRecordMode: fc.constantFrom("off" as const, "manual" as const, "always" as const),
		preRecordSound: fc.boolean(),
		announcementRepeatMs: intervals,
		imminentDanger: fc.boolean(),
		remoteStart: fc.boolean(),
		reasonRequired: fc.boolean(),
		stopConfirmation: fc.boolean(),
		stillNeededMs: intervals,
		lowBatteryMinutes: fc.nat(240),
		lowCardMinutes: fc.nat(1000),
		checkOutRequired: fc.boolean(),
	},
	{ requiredKeys: [] },
);

test("whatever the policy and the settings are, no field of it becomes looser", () => {
	fc.assert(
		fc.property(anyPolicy, anySettings, (document, settings) => {
			const effective = tighten(document, settings);
			const before = flatten(document);
			for (const [field, after] of flatten(effective)) {
				const was = before.get(field);
				if (JSON.stringify(was) !== JSON.stringify(after))
					expect(effectOf(field, was, after), field).not.toBe("looser");
			}
			const { mode, lengthMs, maximumMs, sound } = effective.preRecording;
			expect(lengthMs).toBeLessThanOrEqual(document.preRecording.maximumMs);
			expect(maximumMs).toBe(document.preRecording.maximumMs);
			expect(sound && !document.preRecording.sound).toBe(false);
			expect(lengthMs > 0 && (document.preRecording.mode === "off" || document.preRecording.locked)).toBe(
				false,
			);
			expect(mode === "off").toBe(lengthMs === 0);
		}),
		{ numRuns: 1000 },
	);
});

test("every setting there is can make something tighter", () => {
	const tightest: LocalSettings = {
		preRecordMs: 1000,
		preRecordMode: "manual",
		preRecordSound: false,
		announcementRepeatMs: 60_000,
		imminentDanger: false,
		remoteStart: false,
		reasonRequired: true,
		stopConfirmation: true,
		stillNeededMs: 60_000,
		lowBatteryMinutes: 99,
		lowCardMinutes: 99,
		checkOutRequired: true,
	};
	const loose = { ...policy, activation: { ...policy.activation, remoteStart: true } };
	for (const [key, value] of Object.entries(tightest))
		expect(tighten(loose, { [key]: value }), key).not.toEqual(tighten(loose, {}));
	expect(Object.keys(tightest).sort()).toEqual(
		Object.keys(localSettings.fields)
			.filter((key) => key !== "name")
			.sort(),
	);
});

describe("pre-recording", () => {
	test("has the policy's default when nothing is chosen", () => {
		expect(pre({})).toMatchObject({ mode: "always", lengthMs: 30_000, sound: true });
	});

	test("takes a shorter length, and a longer one up to the maximum", () => {
		expect(pre({ preRecordMs: 10_000 }).lengthMs).toBe(10_000);
		expect(pre({ preRecordMs: 600_000 }).lengthMs).toBe(120_000);
	});

	test("takes 0 as off, not as everything", () => {
		expect(pre({ preRecordMs: 0 })).toMatchObject({ mode: "off", lengthMs: 0 });
	});

	test("is armed by hand where settings ask for it", () => {
		expect(pre({ preRecordMode: "manual" }).mode).toBe("manual");
	});
});

test("an interval is never made so short that the camera does nothing else", () => {
	expect(tighten(policy, { announcementRepeatMs: 1 }).announcement.repeatMs).toBe(10_000);
	expect(tighten(policy, { stillNeededMs: 45_000 }).stop.stillNeededMs).toBe(45_000);
});

describe("stored settings", () => {
	test("survive CBOR", () => {
		fc.assert(
			fc.property(anySettings, (settings) => {
				expect(readSettings(decodeCbor(encodeCbor(settings)))).toEqual(settings);
			}),
		);
	});

	test.each([
		["text for a number", { preRecordMs: "10000" }],
		["a negative number", { preRecordMs: -1 }],
		["not a number", { preRecordMs: Number.NaN }],
		["no map", 7],
		["nothing", null],
		["undefined", undefined],
	])("that are %s count as not chosen", (_what, stored) => {
		expect(readSettings(stored)).toEqual({});
	});

	test("lose only the member that is damaged", () => {
		expect(readSettings({ preRecordMs: "x", name: "cam1" })).toEqual({ name: "cam1" });
	});
});
