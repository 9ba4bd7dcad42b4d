import { describe, expect, it } from "vitest";
import { checkDocstrings } from "./docstrings.js";
import { checkImports, specifiers } from "./imports.js";

const dependencies = new Map([
	["", ["vitest"]],
	["protocol", ["cbor-x"]],
	["firmware", ["@bodycam/protocol"]],
]);
const problems = (files: Record<string, string>) =>
	checkImports(new Map(Object.entries(files)), dependencies);

describe("import rules", () => {
	it("allows the firmware to import the protocol", () => {
		expect(problems({ "firmware/src/a/b.ts": 'import { x } from "@bodycam/protocol/smp/header";' })).toEqual(
			[],
		);
	});

	it.each([
		["protocol/src/a.ts", "@bodycam/firmware/build", "protocol must not import from firmware"],
		["simulator/src/a.ts", "../../firmware/src/main.ts", "built artefact"],
		["firmware/src/hal/a.ts", "../device/b.ts", "imports nothing but them"],
		["firmware/src/a/b.ts", "node:fs", "where Node is not"],
		["protocol/src/a.ts", "left-pad", "not among the dependencies"],
		["tools/src/client/a.ts", "@bodycam/simulator/world/clock", "start a simulator"],
		["firmware/src/a/b.ts", "../testing/fake.ts", "test helpers are for tests"],
	])("refuses %s importing %s", (path, specifier, why) => {
		expect(problems({ [path]: `import x from "${specifier}";` }).join()).toContain(why);
	});

	it("finds a cycle between files", () => {
		const found = problems({
			"protocol/src/a.ts": 'import "./b.ts";',
			"protocol/src/b.ts": 'export * from "./a.ts";',
		});
		expect(found.join()).toContain("import cycle: protocol/src/a.ts → protocol/src/b.ts → protocol/src/a.ts");
	});

	it("finds a cycle between folders", () => {
		const found = problems({
			"firmware/src/a/one.ts": 'import { x } from "../b/two.ts";',
			"firmware/src/b/three.ts": 'import { y } from "../a/four.ts";',
		});
		expect(found.join()).toContain("folder cycle");
	});

	it("reads imports that span lines, exports and dynamic imports, and passes over comments", () => {
		const text =
			'import {\n\ta,\n} from "one";\nexport type { B } from "two";\nconst c = await import("three");\n// import "four";\n * import "five"';
		expect(specifiers(text)).toEqual(["one", "two", "three"]);
	});
});

describe("docstrings", () => {
	it("names an exported declaration without one", () => {
		expect(
			checkDocstrings(
				new Map([["a.ts", "/** Yes. */\nexport const yes = 1;\nexport async function no() {}\n"]]),
			),
		).toEqual(["a.ts:3: no has no docstring"]);
	});
});
