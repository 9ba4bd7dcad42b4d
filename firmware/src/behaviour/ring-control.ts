import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { ArmOptions, Recorder } from "../recorder/recorder-interface.ts";
import type { Standing } from "./standing.ts";

/** Options of `RingControl`. */
export interface RingControlOptions {
	/** The recorder. */
	readonly recorder: Pick<Recorder, "arm" | "disarm" | "status">;
	/** The policy in force; undefined: none. */
	readonly policy: () => EffectivePolicy | undefined;
	/** What may be done now. */
	readonly standing: () => Standing;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
}

/** Runs the pre-record ring as policy, standing and the wearer's hand have it. */
export class RingControl {
	private readonly options: RingControlOptions;
	private byHand = false;
	private running = false;
	private told = false;
	private armedWith: ArmOptions = { seconds: 0, sound: false };

	/** @param options - see `RingControlOptions` */
	constructor(options: RingControlOptions) {
		this.options = options;
	}

	/** Whether camera and microphone run for it. */
	get runs(): boolean {
		return this.running;
	}

	/** Whether the wearer has armed it by hand. */
	get armedByHand(): boolean {
		return this.byHand;
	}

	/** Length it is to have now, seconds; 0: it is not to run. */
	get seconds(): number {
		const rule = this.options.policy()?.preRecording;
		if (rule === undefined || this.options.standing().allowance !== "everything") return 0;
		if (rule.mode === "off" || (rule.mode === "manual" && !this.byHand)) return 0;
		return rule.lengthMs / 1000;
	}

	/** The wearer arms or disarms it by hand. */
	setByHand(armed: boolean): void {
		this.byHand = armed;
	}

	/** Starts it; what runs, as after a recording, goes on as the policy wants it now. */
	run(): void {
		if (this.running) {
			this.adapt();
			return;
		}
		this.running = true;
		this.arm();
	}

	/** The policy has changed: what runs goes on as it wants it now, and what it holds beyond that is given up. */
	adapt(): void {
		const { seconds, sound } = this.wish();
		if (!this.running || seconds === 0) return;
		if (seconds !== this.armedWith.seconds || sound !== this.armedWith.sound) this.arm();
	}

	/** A recording is about to begin with what the ring holds. @param finishing - the last one is being closed */
	prepare(finishing: boolean): void {
		if (!this.running && !finishing) this.options.recorder.arm(this.wish());
	}

	/** A recording has begun: what the wearer armed by hand served for it, and the next one needs it again. */
	used(): void {
		this.byHand = false;
		this.running = true;
		this.armedWith = this.wish();
		this.options.recorder.arm(this.armedWith);
	}

	/** Stops it and overwrites what it holds. */
	letGo(): void {
		this.running = false;
		this.options.recorder.disarm();
	}

	/** Tells what it can hold, once, as soon as that is known. */
	tellCapacity(): void {
		if (!this.running || this.told || this.seconds === 0) return;
		const { preRecord, video } = this.options.recorder.status();
		if (video === undefined) return;
		this.told = true;
		const { configuredMs, capacityMs, bitRate, bitRateLowered } = preRecord;
		const lowered = bitRateLowered ? { bitRate } : {};
		this.options.emit({ type: "armed", preRecordMs: configuredMs, capacityMs, ...lowered });
	}

	private arm(): void {
		this.told = false;
		this.armedWith = this.wish();
		this.options.recorder.arm(this.armedWith);
		this.tellCapacity();
	}

	private wish(): ArmOptions {
		const sound = this.options.policy()?.preRecording.sound ?? false;
		return { seconds: this.seconds, sound };
	}
}
