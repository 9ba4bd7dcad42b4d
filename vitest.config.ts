import { defineConfig } from "vitest/config";

const EXCLUDED = ["**/node_modules/**", "**/dist/**"];

/**
 * Tests of whole cameras, which every engine runs all but for those in `simulator/src/testing/not-on-engine.ts`, and of
 * what an engine does.
 */
const ON_EVERY_ENGINE = [
	"simulator/src/scenario/**/*.test.ts",
	"simulator/src/machine/conformance/**/*.test.ts",
	"simulator/src/board/**/*.test.ts",
];

/** Those tests on one engine, as a project of its name. */
const onEngine = (engine: string, testTimeout: number) => ({
	test: {
		name: engine,
		include: ON_EVERY_ENGINE,
		exclude: EXCLUDED,
		setupFiles: ["./simulator/src/testing/scenario-setup.ts"],
		env: { BODYCAM_ENGINE: engine },
		testTimeout,
		pool: "forks" as const,
	},
});

export default defineConfig({
	test: {
		// All cores: a process of tests waits for its emulator or keeps a core busy, and the first process for its workers.
		maxWorkers: "100%",
		globalSetup: ["./scripts/build-for-tests.ts", "./scripts/count-scenarios.ts"],
		projects: [
			{
				test: {
					name: "unit",
					include: ["{protocol,firmware,simulator,tools,scripts}/**/*.test.ts"],
					exclude: [...EXCLUDED, ...ON_EVERY_ENGINE],
					testTimeout: 60_000,
					pool: "forks",
				},
			},
			onEngine("wasm", 60_000),
			// An emulated processor takes longer, most of all to boot and to hand over a recording.
			onEngine("mps3-an547", 300_000),
		],
	},
});
