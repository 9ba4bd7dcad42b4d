import type { TestCase, TestModule, TestProject } from "vitest/node";

/** Folder of the tests of whole cameras; each of their projects is an engine. */
const SCENARIOS = "/simulator/src/scenario/";

/** Says after the tests how many scenarios ran on each engine, and why one did not. */
export default function setup(project: TestProject): () => void {
	return () => {
		const modules = project.vitest.state.getTestModules();
		const scenarios = modules.filter(({ moduleId }) => moduleId.includes(SCENARIOS));
		const engines = [...new Set(scenarios.map((module) => module.project.name))].sort();
		for (const engine of engines) {
			for (const line of count(
				engine,
				scenarios.filter((module) => module.project.name === engine),
			))
				console.log(line);
		}
	};
}

function count(engine: string, modules: readonly TestModule[]): string[] {
	const tests = modules.flatMap((module) => [...module.children.allTests()]);
	// Listing tests runs none of them, and its output is not this program's to write to.
	if (tests.every((test) => test.result().state === "pending")) return [];
	const seconds = modules.reduce((sum, module) => sum + module.diagnostic().duration, 0) / 1000;
	const ended = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
	const [passed, failed, left] = [ended("passed"), ended("failed"), ended("skipped")];
	const others = `${failed.length} failed, ${left.length} not run`;
	const reasons = [...new Set(left.map(noteOf))];
	return [
		`scenarios on ${engine}: ${passed.length} passed, ${others}, ${seconds.toFixed(0)} s`,
		...reasons.map((note) => {
			const those = left.filter((test) => noteOf(test) === note);
			return `  ${those.length === 1 ? those[0]?.fullName : `${those.length} scenarios`}: ${note}`;
		}),
	];
}

function noteOf(test: TestCase): string {
	const result = test.result();
	return (result.state === "skipped" ? result.note : undefined) ?? "left out";
}
