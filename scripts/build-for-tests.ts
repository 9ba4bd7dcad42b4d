import { buildBootStage } from "@bodycam/firmware/boot-stage";
import { buildFirmware } from "@bodycam/firmware/build";
import { developmentKey } from "@bodycam/firmware/development-key";

/** Builds the firmware artefacts once before the tests, so every scenario runs the current sources on the engine. */
export default async function setup(): Promise<void> {
	developmentKey();
	await buildFirmware();
	await buildBootStage();
}
