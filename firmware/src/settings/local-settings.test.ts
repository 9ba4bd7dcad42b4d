import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { type LocalSettings, readSettings } from "@bodycam/protocol/policy/tighten";
import { expect, test } from "vitest";
import { FakeKeyValue } from "../testing/fake-key-value.ts";
import { LocalSettingsEditor, SETTINGS_KEY } from "./local-settings.ts";
import { SettingRefusal } from "./setting-refusal.ts";

function rig(recording = false) {
	const keyValue = new FakeKeyValue();
	const applied: LocalSettings[] = [];
	const editor = new LocalSettingsEditor({
		keyValue,
		stored: async () => {
			const bytes = await keyValue.read(SETTINGS_KEY);
			return bytes === undefined ? {} : readSettings(decodeCbor(bytes));
		},
		apply: async (settings) => void applied.push(settings),
		recording: () => recording,
	});
	return { editor, keyValue, applied };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

test.each<[keyof LocalSettings, string, unknown]>([
	["name", "KOD 7 ü", "KOD 7 ü"],
	["preRecordMs", "12000", 12_000],
	["preRecordMs", "0", 0],
	["preRecordMode", "manual", "manual"],
	["preRecordSound", "false", false],
	["checkOutRequired", "true", true],
])("%s is written as %j, read back, and put in force as %j", async (name, text, value) => {
	const { editor, applied } = rig();
	expect(editor.write(name, utf8(text))).toBe(true);
	expect(editor.read(name)).toEqual(utf8(text));
	await editor.commit();
	expect(applied).toEqual([{ [name]: value }]);
});

test.each<[keyof LocalSettings, Uint8Array]>([
	["preRecordMs", utf8("-1")],
	["preRecordMs", utf8("1.5")],
	["preRecordMs", utf8("")],
	["preRecordMs", utf8("9".repeat(16))],
	["preRecordMode", utf8("sometimes")],
	["preRecordSound", utf8("yes")],
	["lowBatteryMinutes", utf8("241")],
	["name", utf8("x".repeat(33))],
	["name", Uint8Array.of(0xff)],
])("%s does not take %j, and stays as it was", (name, value) => {
	const { editor } = rig();
	expect(() => editor.write(name, value)).toThrow(SettingRefusal);
	expect(editor.read(name)).toBeUndefined();
});

test("what is no setting is neither read, written nor removed", () => {
	const { editor } = rig();
	for (const name of ["", "identity", "policy", "__proto__", "constructor", "preRecordMs/x"]) {
		expect(editor.read(name)).toBeUndefined();
		expect(editor.write(name, utf8("1"))).toBe(false);
		expect(editor.delete(name)).toBe(false);
	}
});

test("what is saved is loaded again, what is not is gone", async () => {
	const { editor, applied } = rig();
	editor.write("preRecordMs", utf8("5000"));
	await editor.save();
	editor.write("preRecordMs", utf8("6000"));
	editor.write("name", utf8("x"));
	await editor.load();
	expect(applied).toEqual([{ preRecordMs: 5000 }]);
	expect(editor.read("name")).toBeUndefined();
});

test("a setting is removed once", () => {
	const { editor } = rig();
	editor.write("preRecordMs", utf8("5000"));
	expect([editor.delete("preRecordMs"), editor.delete("preRecordMs")]).toEqual([true, false]);
});

test("nothing is put in force while a recording is under way", async () => {
	const { editor, applied } = rig(true);
	await expect(editor.commit()).rejects.toMatchObject({ now: true });
	await expect(editor.load()).rejects.toMatchObject({ now: true });
	expect(applied).toEqual([]);
});
