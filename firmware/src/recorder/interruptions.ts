const NEVER = Number.POSITIVE_INFINITY;

/**
 * What of picture and sound is left out of a recording: everything while it is paused, the sound while it is muted.
 * A pause begins with the first picture, in decode order, presented after it was asked for, and ends with the first
 * keyframe presented at or after the moment the recording is to go on; the sound goes on with that picture. Times
 * in µs on the board's clock. Nothing is allocated.
 */
export interface Interruptions {
	/** Leaves out what is captured from `time` on. */
	pause(time: number): void;
	/** Goes on with what is captured from `time` on. */
	resume(time: number): void;
	/** Leaves out the sound from `time` on. */
	mute(time: number): void;
	/** Takes in the sound again from `time` on. */
	unmute(time: number): void;
	/** The recording ends at `time`: what is captured later belongs to no interruption of it. */
	end(time: number): void;
	/** Whether the recording is paused, or was and waits for a keyframe. */
	paused(): boolean;
	/** Whether it is to go on and waits for a keyframe. */
	waits(): boolean;
	/** Whether a picture is left out; pictures come in decode order. */
	dropsFrame(keyframe: boolean, presentation: number): boolean;
	/** Whether a packet is left out. @param packetTime - how long it lasts */
	dropsPacket(capture: number, packetTime: number): boolean;
}

/**
 * Makes an `Interruptions`.
 * @param onGap - pictures are left out from now on
 * @param onResumed - a pause is over: nothing captured after `from` and before `to` is in the recording
 */
export function createInterruptions(
	onGap: () => void,
	onResumed: (from: number, to: number) => void,
): Interruptions {
	let pausedFrom = NEVER;
	let resumedAt = NEVER;
	let gap = false; // pictures are being left out
	let soundFrom = -NEVER; // sound captured earlier belongs to a pause
	let mutedFrom = NEVER;
	let mutedUntil = NEVER;
	let endAt = NEVER;

	function clear(): void {
		pausedFrom = resumedAt = mutedFrom = mutedUntil = endAt = NEVER;
		gap = false;
	}

	return {
		pause(time) {
			if (endAt !== NEVER) clear();
			resumedAt = NEVER;
			if (pausedFrom === NEVER) pausedFrom = time;
		},
		resume(time) {
			resumedAt = time;
		},
		mute(time) {
			if (endAt !== NEVER) clear();
			mutedUntil = NEVER;
			if (mutedFrom === NEVER) mutedFrom = time;
		},
		unmute(time) {
			mutedUntil = time;
		},
		end(time) {
			endAt = time;
		},
		paused: () => pausedFrom !== NEVER && endAt === NEVER,
		waits: () => pausedFrom !== NEVER && resumedAt !== NEVER,
		dropsFrame(keyframe, presentation) {
			if (presentation > endAt) {
				// The sound that belongs to the pause may come later than its pictures.
				if (pausedFrom !== NEVER && soundFrom < endAt) soundFrom = endAt;
				clear();
				return false;
			}
			if (pausedFrom === NEVER || (!gap && presentation <= pausedFrom)) return false;
			if (keyframe && presentation >= resumedAt) {
				const from = pausedFrom;
				pausedFrom = resumedAt = NEVER;
				gap = false;
				soundFrom = presentation;
				onGap();
				onResumed(from, presentation);
				return false;
			}
			if (!gap) {
				gap = true;
				onGap();
			}
			return true;
		},
		dropsPacket(capture, packetTime) {
			if (capture < soundFrom) return true;
			if (capture > endAt) return false;
			if (capture + packetTime > pausedFrom) return true;
			if (capture + packetTime <= mutedFrom) return false;
			if (capture < mutedUntil) return true;
			mutedFrom = mutedUntil = NEVER;
			return false;
		},
	};
}
