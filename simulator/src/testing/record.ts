import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { BootedCamera } from "./boot-camera.ts";

/** How long closing a recording may take, ms. */
const CLOSING = 5_000;

/** Time a wearer's finger is off the button between two gestures, ms; less could be a contact that bounces. */
const BREATH = 500;

/**
 * Lets the wearer record: a double press, so many seconds, a hold; and waits until the recording is closed.
 * @param seconds - from the end of the double press to the beginning of the hold
 */
export function record(camera: BootedCamera, seconds: number): RecordingMetadata {
	const before = camera.recordings().length;
	camera.advance(BREATH);
	camera.press("start");
	camera.advance(seconds * 1000);
	camera.press("stop");
	const closed = (): boolean => camera.recordings()[before]?.state === "complete";
	camera.advanceUntil(closed, CLOSING, "the end of the recording");
	return camera.recording(before + 1);
}
