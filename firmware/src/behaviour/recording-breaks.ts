import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Recorder } from "../recorder/recorder-interface.ts";
import type { RecordingNotes } from "./recording-notes.ts";

/** Options of `RecordingBreaks`. */
export interface RecordingBreaksOptions {
	/** The recorder. */
	readonly recorder: Pick<Recorder, "pause" | "resume" | "mute">;
	/** Takes the gaps. */
	readonly notes: Pick<RecordingNotes, "gap" | "silence">;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
}

/** Pauses and mutes the recording under way, and sees to it that each gap is noted. Times in µs. */
export class RecordingBreaks {
	private readonly options: RecordingBreaksOptions;
	private pausedAt = -1;
	private mutedAt = -1;

	/** @param options - see `RecordingBreaksOptions` */
	constructor(options: RecordingBreaksOptions) {
		this.options = options;
	}

	/** Whether the recording goes on without sound. */
	get muted(): boolean {
		return this.mutedAt >= 0;
	}

	/** Another recording begins. */
	begin(): void {
		this.pausedAt = -1;
		this.mutedAt = -1;
	}

	/** Nothing is recorded from `time` on. */
	pause(recording: number, time: number): void {
		this.options.recorder.pause(time);
		if (this.pausedAt >= 0) return;
		this.pausedAt = time;
		this.options.emit({ type: "recording-paused", recording, fromMs: Math.floor(time / 1000) });
	}

	/** It goes on with what is captured from `time` on. */
	resume(time: number): void {
		this.options.recorder.resume(time);
	}

	/** The recorder has gone on: nothing captured in between is in the recording. */
	resumed(from: number, to: number): void {
		this.pausedAt = -1;
		this.options.notes.gap(from, to);
	}

	/** The sound is left out from `time` on, or taken in again. @returns whether that changes anything */
	mute(recording: number, time: number, muted: boolean): boolean {
		if (muted === this.muted) return false;
		this.options.recorder.mute(time, muted);
		if (muted) {
			this.mutedAt = time;
			this.options.emit({ type: "sound-muted", recording, fromMs: Math.floor(time / 1000) });
		} else this.endSilence(time);
		return true;
	}

	/** The recording ends. */
	finish(time: number): void {
		if (this.pausedAt >= 0) this.options.notes.gap(this.pausedAt, time);
		this.pausedAt = -1;
		if (this.mutedAt >= 0) this.endSilence(time);
	}

	private endSilence(time: number): void {
		this.options.notes.silence(this.mutedAt, time);
		this.mutedAt = -1;
	}
}
