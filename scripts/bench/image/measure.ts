import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { requireImage } from "@bodycam/simulator/machine/mps3-an547/mps3-machine";
import { measureCamera, measureEvent } from "./camera.ts";
import type { Count } from "./count.ts";
import { measureNatives } from "./natives.ts";
import { measureSizes } from "./sizes.ts";

/** Every figure of the image that has a budget. @throws EmulatorError when image or emulator are missing */
export async function measureImage(): Promise<Count[]> {
	const sizes = measureSizes(requireImage(mcuImage()));
	const natives = measureNatives();
	return [...sizes, ...(await measureCamera(natives)), ...(await measureEvent()), ...natives.counts];
}
