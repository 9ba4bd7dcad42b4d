import { reset } from "../../client/camera.ts";
import { type ImageState, readImages, writeImageState } from "../../client/firmware.ts";
import { pause } from "../../client/pause.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { RefusedError, VerificationError } from "../../errors.ts";
import type { Connect, DeviceFirmware, ImageIdentity } from "./device.ts";
import { demandIdle } from "./idle.ts";
import { awaitSelfTest } from "./self-test.ts";
import { readBoot, watchReboot } from "./watch-reboot.ts";

/**
 * What becomes of an image once it runs: confirmed after its self-test, by itself after its self-test even when nobody
 * is connected any more, confirmed at once, or left for a test.
 */
export type Confirmation = "after-self-test" | "by-itself" | "at-once" | "never";

/** Time in which an image whose self-test has passed has confirmed itself, and pause between looks, ms. */
const CONFIRMS_WITHIN = 3000;
const INTERVAL = 100;

/** How an image is brought to run. */
export interface ActivateOptions {
	/** Connects anew while and after the camera restarts. */
	readonly connect: Connect;
	readonly confirmation: Confirmation;
	/** Longest time the camera may be away, and the self-test may take, ms. */
	readonly limitMs: number;
	/** Ends it. */
	readonly signal?: AbortSignal | undefined;
}

/** What bringing an image to run tells as it goes. */
export type ActivateEvent =
	| { readonly type: "marked" }
	| { readonly type: "resetting" }
	| { readonly type: "running"; readonly firmware: DeviceFirmware; readonly ms: number }
	| { readonly type: "confirmed" };

/**
 * Marks an image that lies in a slot, restarts the camera, watches it until that image runs, and confirms it.
 * @param client - is closed: the restart ends its connection
 * @throws {RecordingError} while the camera records; the image is not marked then
 * @throws {VerificationError} when another image runs afterwards, or the self-test fails
 * @throws {ConnectionError} when the camera does not come back
 */
export async function* activateImage(
	client: SmpClient,
	image: ImageIdentity,
	options: ActivateOptions,
): AsyncGenerator<ActivateEvent, void, undefined> {
	const { signal } = options;
	const { hash } = image;
	// Looked at again: minutes may have passed since, and a marked image would run at the next restart, whoever makes it.
	await demandIdle(client, "The image is in its slot: it is not sent again.", signal);
	const selfConfirm = options.confirmation === "by-itself";
	await writeImageState(
		client,
		{ hash, confirm: false, ...(selfConfirm ? { selfConfirm } : {}) },
		{ signal },
	);
	yield { type: "marked" };
	const restarted = yield* restart(client, image, options);
	try {
		yield* confirmRunning(restarted, image, options);
	} finally {
		await restarted.close();
	}
}

/**
 * Confirms the image that runs, after its self-test or as it was asked for, or leaves it.
 * @throws {VerificationError} when its self-test fails
 */
export async function* confirmRunning(
	client: SmpClient,
	{ hash }: ImageIdentity,
	{ confirmation, limitMs, signal }: Omit<ActivateOptions, "connect">,
): AsyncGenerator<ActivateEvent, void, undefined> {
	if (confirmation === "never") return;
	if (confirmation !== "at-once") await awaitSelfTest(client, { limitMs, signal });
	const confirmed =
		confirmation === "by-itself"
			? await confirmsItself(client, signal)
			: isConfirmed(await writeImageState(client, { hash, confirm: true }, { signal }));
	if (!confirmed)
		throw new VerificationError("the camera does not show the image as confirmed", {
			hint: "Try `bodycam firmware confirm`.",
		});
	yield { type: "confirmed" };
}

/** Waits until the image that runs is confirmed. @returns false when it is not in time */
async function confirmsItself(client: SmpClient, signal: AbortSignal | undefined): Promise<boolean> {
	const deadline = performance.now() + CONFIRMS_WITHIN;
	while (!isConfirmed(await readImages(client, { signal }))) {
		if (performance.now() >= deadline) return false;
		await pause(INTERVAL, signal);
	}
	return true;
}

function isConfirmed(images: readonly ImageState[]): boolean {
	return images.find(({ active }) => active === true)?.confirmed === true;
}

/**
 * Restarts the camera and watches it until an image runs.
 * @param client - is closed
 * @returns a connection to the camera that runs it
 */
export async function* restart(
	client: SmpClient,
	image: ImageIdentity,
	{ connect, limitMs, signal }: Pick<ActivateOptions, "connect" | "limitMs" | "signal">,
): AsyncGenerator<ActivateEvent, SmpClient, undefined> {
	const before = await readBoot(client, signal);
	const start = performance.now();
	try {
		await reset(client, false, { signal });
	} catch (error) {
		if (error instanceof RefusedError)
			await demandIdle(client, "What it was asked for happens at its next restart.", signal);
		throw error;
	}
	yield { type: "resetting" };
	await client.close();
	const { client: restarted, firmware } = await watchReboot(connect, image, before, { limitMs, signal });
	yield { type: "running", firmware, ms: performance.now() - start };
	return restarted;
}
