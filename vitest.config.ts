import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["{protocol,firmware,simulator,tools,scripts}/**/*.test.ts"],
		exclude: ["**/node_modules/**", "**/dist/**"],
		globalSetup: ["./scripts/build-for-tests.ts"],
		testTimeout: 30_000,
		pool: "forks",
	},
});
