import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { CaptureState } from "../capture/table.ts";
import type { Recorder, RecordingBase } from "../recorder/recorder-interface.ts";
import type { Signals } from "../signals/signals.ts";
import type { Announcements } from "./announcements.ts";
import type { RecordingBreaks } from "./recording-breaks.ts";
import type { RecordingNotes } from "./recording-notes.ts";
import type { RingControl } from "./ring-control.ts";
import type { Standing } from "./standing.ts";

/** Who asks for a recording. */
export type TriggerSource = RecordingMetadata["trigger"]["source"];

/** The recording under way. */
export interface CurrentRecording {
	/** Its number. */
	readonly number: number;
	/** Its trigger, µs on the board's clock. */
	readonly triggerTime: number;
}

/** Options of `CaptureController`. */
export interface CaptureControllerOptions {
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** The recorder. */
	readonly recorder: Pick<Recorder, "begin" | "stop">;
	/** Pauses and mutes. */
	readonly breaks: RecordingBreaks;
	/** The pre-record ring. */
	readonly ring: RingControl;
	/** Number the next recording will get. */
	readonly nextNumber: () => number;
	/** The policy in force; undefined: none. */
	readonly policy: () => EffectivePolicy | undefined;
	/** What may be done now. */
	readonly standing: () => Standing;
	/** Announces. */
	readonly announcements: Pick<Announcements, "recording" | "before" | "warning" | "skip" | "end" | "opened">;
	/** Takes what the wearer notes. */
	readonly notes: Pick<RecordingNotes, "begin">;
	/** Answers the wearer. */
	readonly signals: Pick<Signals, "play">;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** What the metadata of a recording triggered at a time (µs on the board's clock) says besides. */
	readonly describe: (triggerTime: number, resumes?: number) => RecordingBase;
	/** A recording has begun. */
	readonly onBegun: (recording: number, source: TriggerSource) => void;
	/** The state changed. */
	readonly onState: (state: CaptureState) => void;
}
