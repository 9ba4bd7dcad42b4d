import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8 } from "./call-native.ts";
import { runScript, scriptMachine, settle } from "./run-script.ts";

describe("text", () => {
	test("any text goes out as UTF-8 and comes back", () => {
		const machine = scriptMachine(`
			const text = native.readText(0, a);
			native.zero(8192, 4096);
			report([native.writeText(8192, 4096, text), text.length, text === JSON.parse(native.readText(20000, b))]);`);
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
				const encoded = utf8(text);
				const json = utf8(JSON.stringify(text));
				machine.media.write(0, encoded);
				machine.media.write(20_000, json);
				machine.post(0, 0, 0, encoded.length, json.length);
				expect(settle(machine).reports).toEqual([[encoded.length, text.length, true]]);
				expect(machine.media.read(8192, encoded.length)).toEqual(encoded);
			}),
			{ seed: 4, numRuns: 200 },
		);
	});

	test("malformed UTF-8 is replaced as TextDecoder does", () => {
		const machine = scriptMachine(`report(native.readText(0, a))`);
		const fragment = fc.constantFrom(
			...[
				"41",
				"c3a9",
				"c3",
				"e282ac",
				"e282",
				"e2",
				"f09f8e89",
				"f09f8e",
				"f0",
				"80",
				"c0af",
				"eda080",
				"f4908080",
				"f5",
				"ff",
				"00",
			],
		);
		fc.assert(
			fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
				const data = Buffer.from(parts.join(""), "hex");
				machine.media.write(0, data);
				machine.post(0, 0, 0, data.length);
				expect(settle(machine).reports).toEqual([new TextDecoder("utf-8", { ignoreBOM: true }).decode(data)]);
			}),
			{ seed: 5, numRuns: 300 },
		);
	});

	test("half a surrogate pair is written as U+FFFD", () => {
		const { reports } = runScript(`
			report(native.writeText(0, 100, "a\\ud800b\\udc00")); report(native.readText(0, 8))`);
		expect(reports).toEqual([8, "a\ufffdb\ufffd"]);
	});

	test("writing stops before the code point that does not fit", () => {
		const { reports } = runScript(`
			report([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((max) => native.writeText(0, max, "aé€🎉")))`);
		expect(reports).toEqual([[0, 1, 1, 3, 3, 3, 6, 6, 6, 6]]);
	});

	test("TextEncoder and TextDecoder are there", () => {
		const { reports } = runScript(`
			const data = new TextEncoder().encode("é🎉");
			report([[...data], new TextDecoder().decode(data)])`);
		expect(reports).toEqual([[[...utf8("é🎉")], "é🎉"]]);
	});
});
