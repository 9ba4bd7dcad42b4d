import type { Budgets } from "@bodycam/firmware/budgets";
import type { ModuleSize } from "@bodycam/firmware/module-sizes";
import type { SizeReport } from "@bodycam/firmware/size-report";
import { describeEngine, type ImageFacts } from "@bodycam/protocol/image/vendor";
import { formatImageVersion, type ImageVersion } from "@bodycam/protocol/image/version";
import { formatCount } from "./format.ts";
import { formatFacts, formatTable } from "./table.ts";

/** What an image says about itself, as names and values. */
export function factsOfImage(version: ImageVersion, facts: ImageFacts): [string, string | undefined][] {
	const { counter, engine, board, buildId } = facts;
	return [
		["version", formatImageVersion(version)],
		["counter", counter === undefined ? "none" : String(counter)],
		["engine", engine === undefined ? undefined : describeEngine(engine)],
		["board", board],
		["build", buildId === undefined ? undefined : Buffer.from(buildId).toString("hex")],
	];
}

/**
 * What a firmware takes, by folder or by module, in bytes.
 * @param analyze - by module, with the heap
 */
export function describeSizes(sizes: SizeReport, budgets: Budgets, analyze: boolean): string {
	const budgetOf = (path: string) =>
		formatCount(budgets.bytecodeBytes[path] ?? budgets.bytecodeBytes["*"] ?? 0);
	const row = ({ path, sourceBytes, bytecodeBytes, heapBytes }: ModuleSize) => [
		path,
		...[sourceBytes, bytecodeBytes, heapBytes].map(formatCount),
	];
	const table = analyze
		? formatTable(["module", "source", "bytecode", "heap"], sizes.modules.map(row))
		: formatTable(
				["part", "source", "bytecode", "heap", "budget"],
				sizes.parts.map((part) => [...row(part), budgetOf(part.path)]),
			);
	const against = (bytes: number, budget: number) => `${formatCount(bytes)} of ${formatCount(budget)} bytes`;
	const totals = formatFacts([
		["artefact", against(sizes.artefactBytes, budgets.artefactBytes)],
		["", `names ${formatCount(sizes.namesBytes)}, linkage ${formatCount(sizes.linkageBytes)}`],
		[
			"heap",
			`${against(sizes.heapBytes, budgets.heapBytes)} after loading; the engine itself ${formatCount(sizes.engineHeapBytes)}`,
		],
	]);
	return `${table}\n\n${totals}`;
}
