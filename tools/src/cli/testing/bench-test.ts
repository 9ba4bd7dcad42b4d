import { test } from "vitest";
import { TestBench } from "./bench.ts";

/** A test that gets a bench of its own. */
export const benchTest = test.extend<{ bench: TestBench }>({
	// Vitest reads the names of the fixtures it needs from the pattern; this one needs none.
	// biome-ignore lint/correctness/noEmptyPattern: see above
	bench: async ({}, use) => {
		const bench = new TestBench();
		await use(bench);
		await bench.close();
	},
});
