import type { CameraEvent, CameraEventType } from "@bodycam/protocol/camera/events";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { deNw } from "@bodycam/protocol/policy/profiles/de-nw";
import { type BootCameraOptions, type BootedCamera, bootCamera } from "./boot-camera.ts";

/** What its clock says when it is switched on, ms since 1970 UTC. */
export const NOON = Date.UTC(2027, 0, 1, 12);

/** A camera with a policy (that of North Rhine-Westphalia) and a set clock that has booted and settled. */
export async function camera(
	policy: PolicyProfile = deNw,
	options: BootCameraOptions = {},
): Promise<BootedCamera> {
	const booted = await bootCamera({ policy, clockMs: NOON, ...options });
	booted.advance(2_000);
	return booted;
}

/** An event of a type. */
export type EventOf<T extends CameraEventType> = Extract<CameraEvent, { type: T }>;

/** The events of a type that a camera has. */
export function eventsOf<T extends CameraEventType>(booted: BootedCamera, type: T): EventOf<T>[] {
	return booted.events().filter((event): event is EventOf<T> => event.type === type);
}

/** Presses, and waits until it is clear what the presses meant. */
export function press(booted: BootedCamera, gesture: Parameters<BootedCamera["press"]>[0]): void {
	booted.press(gesture);
	booted.advance(700);
}
