import { defineConfig } from "vitest/config";

const EXCLUDED = ["**/node_modules/**", "**/dist/**"];

/** Tests of whole cameras: every engine runs all of them, but for those in `simulator/src/testing/not-on-engine.ts`. */
const SCENARIOS = "simulator/src/scenario/**/*.test.ts";

/** The scenarios on one engine, as a project of that name. */
const scenarios = (engine: string, testTimeout: number) => ({
	test: {
		name: engine,
		include: [SCENARIOS],
		exclude: EXCLUDED,
		setupFiles: ["./simulator/src/testing/scenario-setup.ts"],
		env: { BODYCAM_ENGINE: engine },
		testTimeout,
		pool: "forks" as const,
	},
});

export default defineConfig({
	test: {
		globalSetup: ["./scripts/build-for-tests.ts", "./scripts/count-scenarios.ts"],
		projects: [
			{
				test: {
					name: "unit",
					include: ["{protocol,firmware,simulator,tools,scripts}/**/*.test.ts"],
					exclude: [...EXCLUDED, SCENARIOS],
					testTimeout: 30_000,
					pool: "forks",
				},
			},
			scenarios("wasm", 30_000),
			// An emulated processor takes longer, most of all to boot and to hand over a recording.
			scenarios("mps3-an547", 180_000),
		],
	},
});
