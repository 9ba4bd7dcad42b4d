import { type Asked, CAPTURE_OBSTACLES, type Refusal } from "@bodycam/protocol/camera/capture-terms";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { StopReason } from "@bodycam/protocol/camera/terms";
import { type CaptureState, captureTable } from "../capture/table.ts";
import { DecisionMachine } from "../state/decision-table.ts";
import { StoreError } from "../storage/store-interface.ts";
import type { CaptureControllerOptions, CurrentRecording, TriggerSource } from "./capture-options.ts";
import { endsRecording, grants } from "./standing.ts";

/** A recording that begins when it has been announced. */
interface Prelude {
	readonly source: TriggerSource;
	/** Number it was announced with. */
	readonly number: number;
}

/** Runs the capture table: tells the recorder and the announcements what to do, and the event stream what happened. */
export class CaptureController {
	private readonly options: CaptureControllerOptions;
	private readonly machine = new DecisionMachine(captureTable);
	private current: CurrentRecording | undefined;
	private prelude: Prelude | undefined;

	/** @param options - see `CaptureControllerOptions` */
	constructor(options: CaptureControllerOptions) {
		this.options = options;
	}

	/** State of capture. */
	get state(): CaptureState {
		return this.machine.state;
	}

	/** The recording under way. */
	get recording(): CurrentRecording | undefined {
		return this.current;
	}

	/** Whether the recording goes on without sound. */
	get muted(): boolean {
		return this.options.breaks.muted;
	}

	/**
	 * Moves to where the camera should be by itself, after faults, rules or settings have changed.
	 * @param obstacle - what has failed so that it cannot record; undefined: nothing
	 */
	settle(obstacle: StopReason | undefined): void {
		const before = this.state;
		const standing = this.options.standing();
		const capturing = before === "recording" || before === "paused";
		const ends = endsRecording(standing.obstacle);
		if (standing.allowance === "nothing" && (!capturing || ends !== undefined)) this.forbid(ends ?? "policy");
		else if (obstacle !== undefined) this.fail(obstacle);
		else {
			this.machine.handle("ready");
			this.machine.handle("cleared");
			if (this.options.ring.seconds > 0) this.arm();
			else this.disarm("policy");
		}
		if (this.state !== before) this.options.onState(this.state);
	}

	/** The wearer announces and shows the camera; while recording, the announcement is said again. */
	warn(): boolean {
		const { policy, standing, announcements, signals, emit } = this.options;
		const { allowance, obstacle } = standing();
		if (this.prelude !== undefined) return this.refuse("warning", "announcing");
		const before = this.state;
		if (before !== "recording") {
			if (!grants(allowance, "warning")) return this.refuse("warning", obstacle ?? "off");
			if (policy()?.warning.allowed !== true) return this.refuse("warning", "not-allowed");
		}
		const step = this.machine.handle("warn");
		if (step === undefined) return this.refuse("warning", before === "fault" ? "fault" : "not-recording");
		if (this.current !== undefined && step.to === "recording") {
			announcements.recording(this.current.number);
			signals.play("repeated");
			return true;
		}
		if (before !== "warning") emit({ type: "warning-started" });
		if (policy()?.warning.spoken === true) announcements.warning();
		signals.play("announced");
		this.options.onState(this.state);
		return true;
	}

	/** The warning has lasted long enough. */
	calm(): void {
		if (this.state === "warning") this.endWarning("timeout");
	}

	/**
	 * A recording is wanted; in a pause, the one under way goes on.
	 * @param time - of the gesture or request, µs on the board's clock
	 */
	start(source: TriggerSource, time: number): boolean {
		if (this.state === "paused") return this.resume(time, "start");
		const why = this.whyNotStart(source);
		if (why !== undefined) return this.refuseStart(source, why);
		const { announcements, policy, nextNumber, emit } = this.options;
		const first = policy()?.announcement.when === "before" && source !== "imminent-danger";
		if (first && this.prelude === undefined) {
			const number = nextNumber();
			if (announcements.before(number, () => this.afterPrelude())) {
				this.prelude = { source, number };
				const before = this.state;
				this.machine.handle("warn");
				if (before !== "warning") emit({ type: "warning-started" });
				this.options.onState(this.state);
				return true;
			}
		}
		return this.begin(source, time, false);
	}

	/**
	 * Imminent danger: records at once and without an announcement, where the policy allows that, and else with one.
	 * @returns whether the announcement was skipped
	 */
	danger(time: number): boolean {
		if (this.options.policy()?.announcement.imminentDanger.allowed !== true) {
			this.refuse("imminent-danger", this.options.policy() === undefined ? "no-policy" : "not-allowed");
			this.start("button", time);
			return false;
		}
		if (this.state === "paused") this.resume(time);
		if (this.current === undefined || this.state !== "recording") return this.start("imminent-danger", time);
		this.options.announcements.skip(this.current.number, "imminent-danger");
		this.options.signals.play("danger");
		return true;
	}

	/** Goes on with a recording that a reset of the camera has cut off. @param interrupted - its number */
	goOn(interrupted: number): boolean {
		const why = this.whyNotStart("reset");
		if (why !== undefined) return this.refuseStart("reset", why);
		return this.begin("reset", this.options.now(), false, interrupted);
	}

	/** What goes on is to end: recording or warning. @param time - picture and sound end there, µs */
	stop(reason: StopReason, time: number): boolean {
		if (this.state === "warning") {
			this.endWarning("wearer");
			return true;
		}
		if (this.machine.peek("stop") === undefined) return false;
		this.finish(reason, time);
		this.machine.handle("stop");
		this.options.signals.play("stopped");
		this.options.onState(this.state);
		return true;
	}

	/** Nothing is recorded from `time` on, µs, until it is resumed. */
	pause(time: number): boolean {
		if (this.state === "paused") return true;
		const { policy, breaks, announcements, signals } = this.options;
		const allowed = policy()?.coreAreaPause.allowed === true;
		if (this.current === undefined || this.machine.peek("pause") === undefined)
			return this.refuse("pause", "not-recording");
		if (!allowed) return this.refuse("pause", "not-allowed");
		this.machine.handle("pause");
		announcements.end();
		breaks.pause(this.current.number, time);
		signals.play("paused");
		this.options.onState(this.state);
		return true;
	}

	/** The recording goes on with what is captured from `time` on, µs, and is announced again. */
	resume(time: number, input: "resume" | "start" = "resume"): boolean {
		if (this.current === undefined || this.machine.handle(input) === undefined) return false;
		const { breaks, announcements, signals } = this.options;
		breaks.resume(time);
		signals.play("resumed");
		announcements.recording(this.current.number);
		this.options.onState(this.state);
		return true;
	}

	/** The sound is left out from `time` on, µs, or taken in again. */
	mute(time: number, muted: boolean): void {
		if (this.current === undefined) return;
		if (this.options.breaks.mute(this.current.number, time, muted)) this.options.onState(this.state);
	}

	/** The wearer arms pre-recording, where the policy leaves that to the hand. */
	armByHand(): boolean {
		const { policy, standing, signals, ring } = this.options;
		const rule = policy()?.preRecording;
		const { allowance, obstacle } = standing();
		if (rule?.mode !== "manual") return this.refuse("arming", "not-allowed");
		if (allowance !== "everything") return this.refuse("arming", obstacle ?? "not-allowed");
		if (this.machine.decide("arm") === "refused") return this.refuse("arming", this.stateRefusal());
		if (this.state === "recording" || this.state === "paused") return false;
		ring.setByHand(true);
		this.arm();
		signals.play("armed");
		this.options.onState(this.state);
		return true;
	}

	/** The wearer disarms what was armed by hand. */
	disarmByHand(): boolean {
		const { ring } = this.options;
		if (!ring.armedByHand || this.machine.peek("disarm") === undefined) return false;
		ring.setByHand(false);
		this.disarm("button");
		this.options.signals.play("disarmed");
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
		const { ring } = this.options;
		const before = this.state;
		this.machine.handle("closed");
		if (before !== "recording" && before !== "paused" && ring.seconds === 0) ring.letGo();
		if (this.state !== before) this.options.onState(this.state);
	}

	/** The recorder knows what the ring holds. */
	capacityKnown(): void {
		if (this.state === "armed" || this.state === "warning") this.options.ring.tellCapacity();
	}

	/** The policy has changed. */
	rulesChanged(): void {
		if (this.state === "armed" || this.state === "warning") this.options.ring.adapt();
		this.capacityKnown();
	}

	/** Answers that something is not done, and why. */
	refuse(what: Asked, why: Refusal): false {
		this.options.emit({ type: "refused", what, why });
		this.options.signals.play("refused");
		return false;
	}

	private whyNotStart(source: TriggerSource): Refusal | undefined {
		const { allowance, obstacle } = this.options.standing();
		if (this.prelude !== undefined && source !== "imminent-danger") return "announcing";
		if (this.machine.peek("start") === undefined && this.state !== "off") return this.stateRefusal();
		if (!grants(allowance, "recording")) return obstacle ?? "off";
		return this.machine.peek("start") === undefined ? this.stateRefusal() : undefined;
	}

	private refuseStart(source: TriggerSource, why: Refusal): false {
		this.options.emit({ type: "trigger-refused", source, why });
		const forbidden = CAPTURE_OBSTACLES.some((obstacle) => obstacle === why);
		if (this.state !== "recording") this.options.signals.play(forbidden ? "forbidden" : "refused");
		return false;
	}

	private stateRefusal(): Refusal {
		const { state } = this;
		return state === "off" || state === "recording" || state === "finishing" ? state : "fault";
	}

	/** The announcement that comes before the recording has been made, or the speaker has failed. */
	private afterPrelude(): void {
		const { prelude } = this;
		this.prelude = undefined;
		if (prelude === undefined) return;
		// With another card in the camera it has another number, and is announced again.
		const announced = prelude.number === this.options.nextNumber();
		this.begin(prelude.source, this.options.now(), announced);
	}

	/** @param announced - it has been announced before */
	private begin(source: TriggerSource, time: number, announced: boolean, resumes?: number): boolean {
		const { announcements, breaks, notes, emit, signals, nextNumber, onBegun } = this.options;
		const number = nextNumber();
		this.prelude = undefined;
		if (!this.beginRecording(source, time, resumes)) return this.refuseStart(source, "fault");
		if (this.state === "warning") {
			if (!announced) announcements.end();
			emit({ type: "warning-ended", reason: "recording" });
		}
		this.machine.handle("start");
		this.current = { number, triggerTime: time };
		breaks.begin();
		notes.begin(number);
		emit({ type: "trigger", recording: number, source });
		announcements.opened(announced);
		signals.play(source === "imminent-danger" ? "danger" : "started");
		if (source === "imminent-danger") announcements.skip(number, "imminent-danger");
		else if (!announced) announcements.recording(number);
		onBegun(number, source);
		this.options.onState(this.state);
		return true;
	}

	private beginRecording(source: TriggerSource, time: number, resumes: number | undefined): boolean {
		const { recorder, ring, describe } = this.options;
		ring.prepare(this.state === "finishing");
		try {
			if (!recorder.begin({ triggerTime: time, source, base: describe(time, resumes) })) return false;
		} catch (error) {
			if (error instanceof StoreError) return false;
			throw error;
		}
		ring.used();
		return true;
	}

	private arm(): void {
		if (this.machine.handle("arm") !== undefined) this.options.ring.run();
	}

	private disarm(reason: "policy" | "button"): void {
		const { ring, emit } = this.options;
		const step = this.machine.handle("disarm");
		// It went on from a recording under rules that are no longer in force.
		if (step === undefined && this.state === "ready" && ring.runs) ring.letGo();
		if (step === undefined || !ring.runs) return;
		ring.letGo();
		emit({ type: "disarmed", reason });
	}

	private endWarning(reason: "wearer" | "timeout"): void {
		const { announcements, emit, signals } = this.options;
		this.prelude = undefined;
		announcements.end();
		this.machine.handle(reason === "wearer" ? "stop" : "calm");
		emit({ type: "warning-ended", reason });
		signals.play("calmed");
		this.options.onState(this.state);
	}

	private forbid(reason: StopReason): void {
		const before = this.state;
		const step = this.machine.peek("forbid");
		if (step?.action === "stop") this.finish(reason, this.options.now());
		this.machine.handle("forbid");
		if (step?.action === "stop") this.options.signals.play("stopped");
		if (step?.action === "drop") this.drop(before, "rules");
	}

	private fail(reason: StopReason): void {
		const before = this.state;
		if (before === "recording" || before === "paused") this.finish(reason, this.options.now());
		if (this.machine.handle("fault")?.action === "drop") this.drop(before, "fault");
	}

	/** Capture and announcement have ended at once. */
	private drop(before: CaptureState, reason: "rules" | "fault"): void {
		const { announcements, emit, ring } = this.options;
		this.prelude = undefined;
		ring.setByHand(false);
		announcements.end();
		if (before === "warning") emit({ type: "warning-ended", reason });
		const ran = ring.runs && (before === "armed" || before === "warning");
		ring.letGo();
		if (ran) emit({ type: "disarmed", reason });
	}

	/** Ends the recording under way. What was announced has to be known before the final metadata are written. */
	private finish(reason: StopReason, time: number): void {
		const { announcements, recorder, breaks, emit } = this.options;
		announcements.end();
		breaks.finish(time);
		recorder.stop({ time, reason });
		if (this.current !== undefined)
			emit({ type: "recording-stopped", recording: this.current.number, reason });
	}
}
