import { imageStateWrite } from "@bodycam/protocol/smp/image";
import { memoryState } from "../state/camera-state.ts";
import type { FlashChange, FlashMemory } from "../storage/flash-memory.ts";
import { bootCamera } from "./boot-camera.ts";
import { firmwareOf, markSpare, uploadImage } from "./update-camera.ts";
import { type ImageName, nameOf, type UpdateRecording } from "./update-recording.ts";

/** What an update did that was done again. */
export interface UpdateAgain {
	/** The changes of the flash, those of the boot before it included. */
	readonly changes: readonly FlashChange[];
	/** What may run when the power goes in one of them. */
	readonly allowed: readonly string[];
}

/**
 * Boots a camera after a power cut and does an update again, as its owner would: confirms what runs, uploads, marks.
 * @param flash - as the power cut left it; is changed @param image - what is to run in the end
 */
export async function updateAgain(
	recording: UpdateRecording,
	flash: FlashMemory,
	image: ImageName,
): Promise<UpdateAgain> {
	const camera = await bootCamera({
		firmware: recording.firmware,
		factory: true,
		onCrash: "reboot",
		arenaMib: 4,
		state: { ...memoryState(), flash },
	});
	const changes: FlashChange[] = [];
	camera.board.peripherals.flash.onChange = (change) => changes.push(change);
	const running = nameOf(firmwareOf(camera).boot?.buildId);
	const rejected = firmwareOf(camera).boot?.rejected.length ?? 0;
	camera.client.request(imageStateWrite, { confirm: true });
	if (running !== image) {
		uploadImage(camera, recording.images[image]);
		markSpare(camera);
	}
	camera.close();
	// While what runs for a test is not confirmed yet, a power cut leads back to the one before.
	const fallback = rejected > 0 || running === "A" ? [] : [running === "B" ? "A" : "B"];
	return { changes, allowed: [running, image, ...fallback] };
}
