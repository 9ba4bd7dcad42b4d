import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { buildFirmware } from "@bodycam/firmware/build";
import { MISFORTUNE_KIND, MISFORTUNES, type Misfortune } from "@bodycam/firmware/testing/misfortunes";
import { builtFirmware, type Firmware } from "../simulator/firmware.ts";
import type { BootedCamera } from "./boot-camera.ts";

/** The project's firmware with a record that makes a misfortune happen in it, built. */
export async function misfortuneFirmware(): Promise<Firmware> {
	const firmware = dirname(createRequire(import.meta.url).resolve("@bodycam/firmware/package.json"));
	return builtFirmware(
		await buildFirmware({
			entry: join(firmware, "src/testing/misfortune-main.ts"),
			outDir: join(firmware, "dist/misfortune"),
		}),
	);
}

/** Makes a misfortune happen in the firmware of `misfortuneFirmware`, at the next moment it runs. */
export function happen(camera: BootedCamera, misfortune: Misfortune): void {
	camera.board.post(MISFORTUNE_KIND, 0, MISFORTUNES.indexOf(misfortune));
}

/** Makes a misfortune happen in the processor, by its letter (`runtime/mps3-an547/selftest/misfortunes.c`). */
export function happenInProcessor(camera: BootedCamera, letter: string): void {
	camera.board.post(MISFORTUNE_KIND, 0, letter.charCodeAt(0));
}
