import { describe, expect, it } from "vitest";
import { checkRows, readRows, testNames } from "./behaviour.js";
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

describe("rows of the behaviour page", () => {
	const row = (number: number) =>
		`| ${number} | does it | \`a.b\`, \`c\` | \`x.ts\` | \`x.test.ts\` > things > work: well |`;
	const page = `## The eighteen rows\n\n${Array.from({ length: 18 }, (_, index) => row(index + 1)).join("\n")}\n\n## More\n`;
	const yes = () => true;

	it("are read with their fields, code and test", () => {
		expect(readRows(page)[2]).toEqual({
			number: 3,
			fields: ["a.b", "c"],
			code: ["x.ts"],
			file: "x.test.ts",
			test: "things > work: well",
		});
	});

	it("are good when everything they name is there", () => {
		expect(checkRows(readRows(page), yes, yes, yes)).toEqual([]);
	});

	it("are complained of when a row, a test, a field or a file is missing", () => {
		const rows = readRows(page).slice(1);
		expect(checkRows(rows, yes, yes, yes)).toEqual(["docs/behaviour.md, row 1: is missing"]);
		expect(checkRows(readRows(page), () => false, yes, yes)).toHaveLength(18);
		expect(checkRows(readRows(page), yes, (field) => field !== "c", yes)[0]).toContain("no field c");
		expect(checkRows(readRows(page), yes, yes, (path) => path !== "x.ts")[0]).toContain("no x.ts");
	});

	it("know a test that was listed, and of a report only those that passed", () => {
		expect(testNames([{ file: "a.test.ts", name: "b > c" }]).get("a.test.ts")).toEqual(new Set(["b > c"]));
		const result = (title: string, status: string) => ({ ancestorTitles: ["b"], title, status });
		const report = {
			testResults: [{ name: "a.test.ts", assertionResults: [result("c", "passed"), result("d", "failed")] }],
		};
		expect(testNames(report).get("a.test.ts")).toEqual(new Set(["b > c"]));
	});
});
