import { buildFirmware } from "@bodycam/firmware/build";

/** Builds the firmware artefact once before the tests, so every scenario runs the current sources on the engine. */
export default async function setup(): Promise<void> {
	await buildFirmware();
}
