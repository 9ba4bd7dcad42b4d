/** Runs before each scenario: leaves out what its engine cannot run, and says why. */
import { basename } from "node:path";
import { beforeEach } from "vitest";
import { engineOfTests, mcuAvailable, mcuMissing } from "./engines.ts";
import { NOT_ON_ENGINE } from "./not-on-engine.ts";

/** A test, or a suite of them. */
interface Named {
	readonly fullTestName?: string;
	readonly tasks?: readonly Named[];
}

const engine = engineOfTests();
const missing = engine === "mps3-an547" && !mcuAvailable() ? mcuMissing() : "";

function names(task: Named): string[] {
	return task.tasks?.flatMap(names) ?? [task.fullTestName ?? ""];
}

beforeEach(({ task, skip }) => {
	skip(missing !== "", `not run: ${missing}`);
	const { file, fullTestName } = task;
	const listed = NOT_ON_ENGINE.filter((one) => one.file === basename(file.filepath));
	for (const { test } of listed)
		if (!names(file).includes(test))
			throw new Error(`${file.name} has no test "${test}": see not-on-engine.ts`);
	const here = listed.find((one) => one.engine === engine && one.test === fullTestName);
	skip(here !== undefined, `not on ${engine}: ${here?.reason}`);
});
