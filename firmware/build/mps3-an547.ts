/**
 * The Cortex-M55 image as a library: where it lies once `npm run mcu:build` made it.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Path of the image, `bodycam.elf`; undefined when it was not built. */
export function mcuImage(): string | undefined {
	return built("bodycam.elf");
}

/**
 * Path of the image for tests that a record makes fail (`runtime/mps3-an547/selftest/faulty-delivery.c`); undefined
 * when it was not built.
 */
export function mcuFaultyImage(): string | undefined {
	return built("faulty.elf");
}

function built(name: string): string | undefined {
	const firmware = dirname(createRequire(import.meta.url).resolve("@bodycam/firmware/package.json"));
	const file = join(firmware, "dist", "mps3-an547", name);
	return existsSync(file) ? file : undefined;
}
