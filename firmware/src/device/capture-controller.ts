import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { StopReason } from "@bodycam/protocol/camera/terms";
import type { Announcer, SpokenAnnouncement } from "../announce/announcer.ts";
import type { Forbidden } from "../capture/forbidden.ts";
import { type CaptureState, captureTable } from "../capture/table.ts";
import type { Recorder, RecordingBase } from "../recorder/recorder-interface.ts";
import { StateMachine } from "../state/table.ts";
import { StoreError } from "../storage/store-interface.ts";
import type { Signals } from "./signals.ts";

/** Who asks for a recording. */
export type TriggerSource = RecordingMetadata["trigger"]["source"];

/** How long the ring is, and whether sound is in it. */
export interface PreRecord {
	/** Length, s. */
	readonly seconds: number;
	/** Whether sound is kept. */
	readonly sound: boolean;
}

/** Options of `CaptureController`. */
export interface CaptureControllerOptions {
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** The recorder. */
	readonly recorder: Pick<Recorder, "arm" | "disarm" | "begin" | "stop" | "annotate" | "status">;
	/** Number the next recording will get. */
	readonly nextNumber: () => number;
	/** Speaks the announcement. */
	readonly announcer: Pick<Announcer, "trigger" | "breakOff" | "languages">;
	/** Lets the wearer feel what happened. */
	readonly signals: Pick<Signals, "feel">;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** What the metadata of a recording triggered at a time (µs on the board's clock) says besides. */
	readonly describe: (triggerTime: number) => RecordingBase;
	/** Why recording is not allowed at all; undefined when it is. */
	readonly forbidden: () => Forbidden | undefined;
	/** Whether the policy wants the ring to run now. */
	readonly wantsArmed: () => boolean;
	/** Pre-recording as the settings say. */
	readonly preRecord: () => PreRecord;
	/** The state changed. */
	readonly onState: (state: CaptureState) => void;
}

/** Runs the capture table: tells the recorder and the announcer what to do, and the event stream what happened. */
export class CaptureController {
	private readonly options: CaptureControllerOptions;
	private readonly machine = new StateMachine(captureTable);
	private current: { readonly number: number; readonly triggerTime: number } | undefined;
	private armedTold = false;
	private armedWith: PreRecord | undefined;

	/** @param options - see `CaptureControllerOptions` */
	constructor(options: CaptureControllerOptions) {
		this.options = options;
	}

	/** State of capture. */
	get state(): CaptureState {
		return this.machine.state;
	}

	/** The recording under way: its number and the time of its trigger, µs on the board's clock. */
	get recording(): { readonly number: number; readonly triggerTime: number } | undefined {
		return this.current;
	}

	/**
	 * Moves to where the camera should be by itself, after faults or settings have changed.
	 * @param obstacle - why it cannot record; undefined when it can
	 */
	settle(obstacle: StopReason | undefined): void {
		const before = this.state;
		if (this.options.forbidden() !== undefined) this.forbid();
		else if (obstacle !== undefined) this.fail(obstacle);
		else {
			this.machine.handle("ready");
			this.machine.handle("cleared");
			if (this.options.wantsArmed()) this.arm();
			else this.disarm("policy");
		}
		if (this.state !== before) this.options.onState(this.state);
	}

	/** A recording is wanted. @param time - of the gesture or request, µs on the board's clock */
	start(source: TriggerSource, time: number): boolean {
		const { announcer, emit, signals, nextNumber } = this.options;
		const number = nextNumber();
		const forbidden = this.options.forbidden();
		if (forbidden !== undefined || this.machine.peek("start") === undefined || !this.begin(source, time)) {
			const { state } = this;
			const why = state === "recording" || state === "finishing" ? state : (forbidden ?? this.refusal());
			emit({ type: "trigger-refused", source, why });
			if (state !== "recording") signals.feel(forbidden === undefined ? "refused" : "forbidden");
			return false;
		}
		this.machine.handle("start");
		this.current = { number, triggerTime: time };
		emit({ type: "trigger", recording: number, source });
		signals.feel("started");
		if (announcer.trigger(number)) {
			emit({ type: "announcement-started", recording: number, languages: announcer.languages });
		}
		this.options.onState(this.state);
		return true;
	}

	/** The recording is to end. @param time - picture and sound end there, µs on the board's clock */
	stop(reason: StopReason, time: number): boolean {
		if (this.machine.peek("stop") === undefined) return false;
		// What was announced has to be known before the recorder writes the final metadata.
		this.options.announcer.breakOff();
		this.machine.handle("stop");
		this.options.recorder.stop({ time, reason });
		this.told("recording-stopped", reason);
		this.options.signals.feel("stopped");
		this.options.onState(this.state);
		return true;
	}

	/** A recording is closed and safe. */
	closed(number: number, metadata: RecordingMetadata): void {
		const { bytes, video, sha256 } = metadata;
		const durationMs = Math.max(0, video.lastMs - video.firstMs);
		if (sha256 !== undefined) {
			this.options.emit({ type: "recording-closed", recording: number, bytes, durationMs, sha256 });
		}
		if (this.current?.number === number) this.current = undefined;
		if (this.machine.state === "finishing") {
			this.machine.handle("closed");
			if (!this.options.wantsArmed()) this.options.recorder.disarm();
			this.options.onState(this.state);
		}
	}

	/** An announcement ended. */
	announced(announcement: SpokenAnnouncement): void {
		const { recording, start, end, languages, complete } = announcement;
		const startMs = Math.round(start / 1000);
		const endMs = Math.round(end / 1000);
		this.options.recorder.annotate({ announcement: { startMs, endMs, languages: [...languages] } });
		this.options.emit({ type: "announcement-ended", recording, languages, complete });
	}

	/** The recorder knows what the ring holds. */
	capacityKnown(): void {
		if (this.machine.state !== "armed" || this.armedTold) return;
		const { preRecord, video } = this.options.recorder.status();
		if (video === undefined) return;
		this.armedTold = true;
		const { configuredMs, capacityMs, bitRate, bitRateLowered } = preRecord;
		const lowered = bitRateLowered ? { bitRate } : {};
		this.options.emit({ type: "armed", preRecordMs: configuredMs, capacityMs, ...lowered });
	}

	private begin(source: TriggerSource, time: number): boolean {
		const { recorder, preRecord, describe } = this.options;
		if (this.machine.state === "ready") recorder.arm(preRecord());
		try {
			return recorder.begin({ triggerTime: time, source, base: describe(time) });
		} catch (error) {
			if (error instanceof StoreError) return false;
			throw error;
		}
	}

	private arm(): void {
		if (this.machine.handle("arm") !== undefined) this.armWith(this.options.preRecord());
		else if (this.state === "armed") this.follow(this.options.preRecord());
	}

	/** Another policy is in force: what the ring holds beyond it is given up at once. */
	private follow(wanted: PreRecord): void {
		const { armedWith } = this;
		if (wanted.seconds !== armedWith?.seconds || wanted.sound !== armedWith.sound) this.armWith(wanted);
	}

	private armWith(wanted: PreRecord): void {
		this.armedTold = false;
		this.armedWith = wanted;
		this.options.recorder.arm(wanted);
		this.capacityKnown();
	}

	private disarm(reason: "policy"): void {
		if (this.machine.peek("disarm") === undefined) return;
		this.machine.handle("disarm");
		this.options.recorder.disarm();
		this.options.emit({ type: "disarmed", reason });
	}

	private refusal(): "off" | "fault" {
		return this.state === "off" ? "off" : "fault";
	}

	/** Nothing may be recorded any more; what is being recorded goes on, as it began with permission. */
	private forbid(): void {
		const before = this.machine.state;
		if (this.machine.handle("forbid")?.action !== "disarm") return;
		this.options.recorder.disarm();
		if (before === "armed") this.options.emit({ type: "disarmed", reason: "policy" });
	}

	private fail(reason: StopReason): void {
		const before = this.machine.state;
		const { recorder, announcer, emit, now } = this.options;
		if (before === "recording") {
			announcer.breakOff();
			recorder.stop({ time: now(), reason });
			this.told("recording-stopped", reason);
		}
		if (this.machine.handle("fault")?.action === "disarm") recorder.disarm();
		if (before === "armed") emit({ type: "disarmed", reason: "fault" });
	}

	private told(type: "recording-stopped", reason: StopReason): void {
		if (this.current !== undefined) this.options.emit({ type, recording: this.current.number, reason });
	}
}
