import { IMAGE_FAULTS } from "@bodycam/protocol/image/image-error";
import type { ParsedImage } from "@bodycam/protocol/image/parse";
import type { ImageState } from "../../client/firmware.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { RefusedError, VerificationError } from "../../errors.ts";
import {
	type ActivateEvent,
	type ActivateOptions,
	activateImage,
	type Confirmation,
	confirmRunning,
} from "./activate.ts";
import { type DeviceFirmware, type ImageIdentity, isImage, readDeviceFirmware } from "./device.ts";
import { checkFit } from "./fit.ts";
import { demandIdle } from "./idle.ts";
import { type UploadEvent, uploadImage } from "./upload.ts";

/** How an image is flashed. */
export interface FlashOptions extends ActivateOptions {
	/** Slot it is to go to; the one that does not run. */
	readonly slot?: number;
}

/** What flashing tells as it goes. */
export type FlashEvent =
	| { readonly type: "checked"; readonly firmware: DeviceFirmware }
	/** The image is in its slot already: nothing is sent. */
	| { readonly type: "present"; readonly slot: number }
	/** The image runs already. */
	| { readonly type: "runs"; readonly confirmed: boolean }
	| UploadEvent
	| { readonly type: "verified"; readonly slot: number }
	| ActivateEvent;

/**
 * Brings an image onto a camera and has it run: checks that the two fit, sends what is not there yet, verifies, marks it
 * for a test, restarts the camera, watches it, and confirms the image. May be repeated after it was broken off
 * anywhere: what is done is not done again.
 * @param client - is closed in the end
 * @throws {UnfitImageError} before anything is sent
 * @throws {RecordingError} before anything is sent, or before the image is marked, while the camera records
 * @throws {VerificationError} when what arrived, or what runs, is not the image
 * @throws {ConnectionError} when the camera does not answer any more
 */
export async function* flashImage(
	client: SmpClient,
	file: Uint8Array,
	image: ParsedImage,
	options: FlashOptions,
): AsyncGenerator<FlashEvent, void, undefined> {
	const { signal } = options;
	const firmware = await readDeviceFirmware(client, signal);
	yield { type: "checked", firmware };
	if (firmware.status !== undefined) checkFit(image, firmware.status);
	const wanted = { hash: image.hash, signature: image.signature };
	const { active } = firmware;
	if (active !== undefined && isImage(active, wanted, firmware)) {
		const confirmed = active.confirmed === true;
		yield { type: "runs", confirmed };
		// An earlier run was broken off before it could confirm it: without that the next restart would go back.
		if (!confirmed)
			yield* confirmRunning(client, wanted, {
				...options,
				confirmation: confirmationOfRunning(options, firmware),
			});
		return;
	}
	checkSlot(options.slot, firmware);
	await demandIdle(client, "Nothing was sent.", signal);
	const present = spareWith(wanted, firmware);
	if (present !== undefined && isWhole(present, firmware)) yield { type: "present", slot: present.slot };
	else {
		yield* uploadImage(client, file, { signal });
		const arrived = spareWith(wanted, await readDeviceFirmware(client, signal));
		if (arrived === undefined)
			throw new VerificationError("the camera does not show the image it was sent", {
				hint: "If another program uploads to the same camera, stop it. Then erase the slot (`bodycam firmware erase`) and try again.",
			});
		yield { type: "verified", slot: arrived.slot };
	}
	yield* activateImage(client, wanted, options);
}

/** An image that was not marked to confirm itself does not. */
function confirmationOfRunning({ confirmation }: FlashOptions, { status }: DeviceFirmware): Confirmation {
	const itself = status?.boot?.confirmsItself === true;
	return confirmation === "by-itself" && !itself ? "after-self-test" : confirmation;
}

/** The image where it does not run. */
function spareWith(wanted: ImageIdentity, firmware: DeviceFirmware): ImageState | undefined {
	return firmware.images.find((image) => image.active !== true && isImage(image, wanted, firmware));
}

/**
 * Whether an image that lies in a slot can be run as it is: a camera that runs none has found none to be good, and one
 * that the boot stage rejected for what it is has to be sent anew.
 */
function isWhole({ slot, bootable }: ImageState, { active, status }: DeviceFirmware): boolean {
	const rejected = status?.boot?.rejected.find((rejection) => rejection.slot === slot)?.reason;
	const damaged = IMAGE_FAULTS.some((fault) => fault === rejected);
	return active !== undefined && bootable !== false && !damaged;
}

/** Slot that the boot stage writes when it runs no image. */
const RECOVERY_SLOT = 0;

/** @throws {RefusedError} when the camera cannot write that slot */
function checkSlot(slot: number | undefined, { active, status }: DeviceFirmware): void {
	if (slot === undefined) return;
	const inRecovery = status?.recovery === true;
	if (inRecovery ? slot === RECOVERY_SLOT : slot !== active?.slot) return;
	const why = inRecovery
		? `a camera in recovery takes an image into slot ${RECOVERY_SLOT} only`
		: `the camera runs from slot ${slot}, which cannot be written now`;
	throw new RefusedError(why, { hint: `Leave --slot out, or say --slot ${1 - slot}.` });
}
