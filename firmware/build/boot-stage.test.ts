import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildBootStage } from "./boot-stage.ts";
import { projectRoot } from "./build.ts";
import { loadOnce } from "./load.ts";

/** What the boot stage may take; it can never be exchanged in a camera, so it should not grow without need. */
interface BootBudgets {
	readonly artefactBytes: number;
	readonly heapBytes: number;
	readonly loadInstructions: number;
}

test("the boot stage keeps to its budgets in firmware/boot-budgets.json", async () => {
	const budgets = JSON.parse(
		readFileSync(join(projectRoot(), "firmware", "boot-budgets.json"), "utf8"),
	) as BootBudgets;
	const build = await buildBootStage();
	const artefact = new Uint8Array(readFileSync(build.artefactFile));
	const { heapBytes, instructions } = loadOnce(artefact, readFileSync(build.sourceMapFile, "utf8"));
	expect(artefact.length).toBeLessThanOrEqual(budgets.artefactBytes);
	expect(heapBytes).toBeLessThanOrEqual(budgets.heapBytes);
	expect(instructions).toBeLessThanOrEqual(budgets.loadInstructions);
});

test("the boot stage has nothing of the application in it: no recorder, no policy, no announcements", async () => {
	const { inputs } = await buildBootStage();
	const folders = new Set(inputs.map((path) => path.split("/").slice(0, 3).join("/")));
	expect([...folders].filter((folder) => folder.startsWith("firmware/src/")).sort()).toEqual([
		"firmware/src/board",
		"firmware/src/boot",
		"firmware/src/hal",
		"firmware/src/link",
		"firmware/src/update",
	]);
});
