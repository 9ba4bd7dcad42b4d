import type { CaptureObstacle } from "@bodycam/protocol/camera/capture-terms";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Fault, StopReason } from "@bodycam/protocol/camera/terms";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { WearerObstacle } from "@bodycam/protocol/wearer/terms";
import { Announcer } from "../announce/announcer.ts";
import { Hearing } from "../announce/hearing.ts";
import { toneName } from "../announce/prompt-names.ts";
import type { PlacedPrompts } from "../announce/prompts.ts";
import { Voice } from "../announce/voice.ts";
import type { CaptureState } from "../capture/table.ts";
import type { Battery } from "../hal/battery.ts";
import type { Display } from "../hal/display.ts";
import type { Haptic } from "../hal/haptic.ts";
import type { Indicator } from "../hal/indicator.ts";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";
import type { Speaker, SpeakerOptions } from "../hal/speaker.ts";
import type { Timers } from "../hal/timers.ts";
import type { Annotation, Recorder, RecordingBase } from "../recorder/recorder-interface.ts";
import { type CardRoom, ReserveKeeper } from "../reserve/reserve-keeper.ts";
import { Signals } from "../signals/signals.ts";
import { Announcements, promptsOf } from "./announcements.ts";
import { CaptureController } from "./capture-controller.ts";
import { Confirmation } from "./confirmation.ts";
import { Demands } from "./demands.ts";
import { ReasonMenu } from "./reason-menu.ts";
import { RecordingBreaks } from "./recording-breaks.ts";
import { RecordingNotes } from "./recording-notes.ts";
import { Reminders } from "./reminders.ts";
import { RingControl } from "./ring-control.ts";
import { type Standing, standingOf } from "./standing.ts";
import { WearerCommands } from "./wearer-commands.ts";

/** How often the reserve is looked at besides when something is told, µs. */
const RESERVE_INTERVAL = 10_000_000;

/** A recording that a defect cut off is gone on with until this time after the restart, µs; later nobody expects it. */
const GO_ON_TIME = 15_000_000;

/** Faults that are no surprise and nothing to startle the wearer with. */
const QUIET: readonly Fault[] = ["clock-unset", "log-low"];

/** What the behaviour is made of. */
export interface BehaviourOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** The policy in force; undefined: none. */
	readonly policy: () => EffectivePolicy | undefined;
	/** What is in the way as far as the wearer goes. */
	readonly wearer: () => WearerObstacle | undefined;
	/** Whether the wall clock is set. */
	readonly clockSet: () => boolean;
	/** The recorder. */
	readonly recorder: Recorder;
	/** Number the next recording will get. */
	readonly nextNumber: () => number;
	/** How much room the card has. */
	readonly card: () => CardRoom;
	/** The battery gauge. */
	readonly battery: Pick<Battery, "read">;
	/** Faults: those present, and the way to tell of one. */
	readonly faults: {
		readonly active: readonly Fault[];
		readonly obstacle: StopReason | undefined;
		set(fault: Fault, active: boolean, detail?: string): void;
	};
	/** Whether card and settings are known, so that it can be told what may be done. */
	readonly settled: () => boolean;
	/** Puts prompts where the speaker reads them. */
	readonly placePrompts: (names: readonly string[]) => PlacedPrompts;
	/** Opens the speaker. */
	openSpeaker(options: SpeakerOptions): Speaker;
	/** The light that faces the public. */
	readonly publicLight: Indicator;
	/** The light that faces the wearer. */
	readonly wearerLight: Indicator;
	/** The front display. */
	readonly display: Display;
	/** The vibration motor. */
	readonly haptic: Haptic;
	/** What outlasts a restart. */
	readonly keyValue: Pick<KeyValue, "read" | "write">;
	/** The log. */
	readonly log: Log;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** What the metadata of a recording triggered at a time (µs on the board's clock) says besides. */
	readonly describe: (triggerTime: number, resumes?: number) => RecordingBase;
	/** The wearer withdraws the consent by gesture. @returns false when there is none */
	readonly withdraw: () => boolean;
	/** The state of capture has changed. */
	readonly onState: () => void;
}

/**
 * Everything between the wearer's hand and the recorder: gestures get their meaning, the capture table decides, the
 * announcement is made, the wearer is answered, reminded and asked. It knows no hardware and no storage.
 */
export class Behaviour {
	/** Capture. */
	readonly capture: CaptureController;
	/** What the wearer commands. */
	readonly commands: WearerCommands;
	/** What the wearer owes. */
	readonly demands: Demands;
	/** Battery and card. */
	readonly reserve: ReserveKeeper;
	/** The announcement. */
	readonly announcer: Announcer;
	private readonly options: BehaviourOptions;
	private readonly startedAt: number;
	private readonly signals: Signals;
	private readonly announcements: Announcements;
	private readonly reminders: Reminders;
	private readonly menu: ReasonMenu;
	private readonly confirmation: Confirmation;
	private readonly breaks: RecordingBreaks;
	private readonly voice: Voice;
	private readonly hearing = new Hearing();
	private prompts: PlacedPrompts["prompts"] = new Map();
	private placed = "";
	/** State of capture before the last change. */
	private before: CaptureState = "off";
	/** Number of a recording that a defect has cut off and that is to be gone on with. */
	private cutOff: number | undefined;

	/** @param options - see `BehaviourOptions` */
	constructor(options: BehaviourOptions) {
		const { timers, policy, recorder, emit, faults } = options;
		this.options = options;
		this.startedAt = timers.now();
		const annotate = (part: Annotation) => recorder.annotate(part);
		const standing = () => this.standing();
		this.voice = new Voice({ timers, openSpeaker: (callbacks) => options.openSpeaker(callbacks) });
		this.signals = new Signals({
			...options,
			rule: () => signalRule(policy()),
			tone: (cue) => this.tone(toneName(cue)),
		});
		this.announcer = new Announcer({
			timers,
			voice: this.voice,
			prompts: () => this.prompts,
			hearing: this.hearing,
			onStarted: (announcement) => this.announcements.started(announcement),
			onEnded: (announcement) => this.announcements.ended(announcement),
			onSpeaker: (fails) => faults.set("speaker-fault", fails),
		});
		this.announcements = new Announcements({
			policy,
			announcer: this.announcer,
			annotate,
			emit,
			onUnheard: (unheard) => faults.set("announcement-unheard", unheard),
		});
		const notes = new RecordingNotes({ annotate, emit });
		const ring = new RingControl({ recorder, policy, standing, emit });
		this.breaks = new RecordingBreaks({ recorder, notes, emit });
		this.capture = new CaptureController({
			now: () => timers.now(),
			recorder,
			ring,
			breaks: this.breaks,
			nextNumber: options.nextNumber,
			policy,
			standing,
			announcements: this.announcements,
			notes,
			signals: this.signals,
			emit,
			describe: options.describe,
			onBegun: (recording) => this.begun(recording),
			onState: () => this.stateChanged(),
		});
		this.reminders = new Reminders({
			timers,
			policy,
			signals: this.signals,
			tone: () => this.tone(toneName("reminder")),
			emit,
			onWarningOver: () => this.capture.calm(),
		});
		this.menu = new ReasonMenu({ timers, policy, signals: this.signals });
		this.confirmation = new Confirmation(timers, (what) => emit({ type: "confirmation-lapsed", what }));
		this.demands = new Demands(options);
		this.commands = new WearerCommands({
			policy,
			capture: this.capture,
			notes,
			demands: this.demands,
			menu: this.menu,
			confirmation: this.confirmation,
			reminders: this.reminders,
			signals: this.signals,
			annotate,
			emit,
			withdraw: options.withdraw,
		});
		this.reserve = new ReserveKeeper({
			battery: options.battery,
			card: options.card,
			rule: () => policy()?.reserve,
			faults,
			emit,
			onEmpty: () => this.settle(),
		});
		const reserve = timers.create(() => {
			reserve.start(RESERVE_INTERVAL);
			this.reserve.check();
		});
		reserve.start(RESERVE_INTERVAL);
	}

	/** What may be done now. */
	standing(): Standing {
		const { policy, wearer, clockSet } = this.options;
		const { state: reserve, batteryEmpty } = this.reserve;
		return standingOf({ policy: policy(), wearer: wearer(), clockSet: clockSet(), reserve, batteryEmpty });
	}

	/** Moves to where the camera should be by itself: something has changed. */
	settle(): void {
		if (!this.options.settled()) return;
		this.reserve.check();
		this.capture.settle(this.options.faults.obstacle);
		this.show();
		const { cutOff } = this;
		const { state } = this.capture;
		if (cutOff === undefined || (state !== "ready" && state !== "armed")) return;
		this.cutOff = undefined;
		if (this.options.timers.now() - this.startedAt < GO_ON_TIME) this.capture.goOn(cutOff);
	}

	/** There is another policy, or there are other settings. */
	rulesChanged(): void {
		this.placePrompts();
		this.capture.rulesChanged();
		this.settle();
	}

	/** A fault came, or one went. */
	faultsChanged(appeared: Fault | undefined): void {
		if (appeared !== undefined && !QUIET.includes(appeared)) {
			const cue = appeared === "battery-low" ? "batteryLow" : appeared === "card-low" ? "cardLow" : "fault";
			this.signals.play(cue);
		}
		this.settle();
		this.show();
	}

	/** A sound packet was captured; allocates nothing. @param level - of 32768 @param capture - µs */
	level(level: number, capture: number): void {
		this.hearing.level(level, capture);
	}

	/** A defect has cut off a recording: it goes on in another one. @param interrupted - its number */
	goOn(interrupted: number): void {
		this.cutOff = interrupted;
		this.settle();
	}

	/** The recorder has gone on after a pause. Times in µs. */
	resumed(from: number, to: number): void {
		this.breaks.resumed(from, to);
	}

	/** Why the camera does not do everything; undefined when it does. */
	get obstacle(): CaptureObstacle | undefined {
		return this.standing().obstacle;
	}

	private begun(recording: number): void {
		const policy = this.options.policy();
		this.menu.close();
		this.confirmation.forget();
		if (policy?.activation.reasonRequired === true) this.demands.demand(recording, "reason", false);
		if (policy?.secrecyReminder === true) this.remindSecrecy();
	}

	private stateChanged(): void {
		const { state, recording } = this.capture;
		const over = this.before === "finishing" && (state === "ready" || state === "armed");
		this.before = state;
		this.options.onState();
		this.reminders.stateChanged(state, recording?.number ?? 0);
		if (state !== "recording" && state !== "paused") this.confirmation.forget();
		this.show();
		this.settle();
		if (state === "warning") this.menu.close();
		// Settling may have gone on to another state already.
		const calm = this.capture.state === "ready" || this.capture.state === "armed";
		const owed = this.demands.open.find(({ what }) => what === "reason");
		if (over && calm && owed !== undefined && this.menu.asks === undefined) this.menu.open(owed);
	}

	private remindSecrecy(): void {
		this.options.emit({ type: "reminded", what: "secrecy" });
	}

	private show(): void {
		const { state, muted } = this.capture;
		const { active } = this.options.faults;
		const obstacle = this.options.settled() ? this.standing().obstacle : undefined;
		this.signals.show({ state, faults: active, obstacle, muted });
	}

	private tone(name: string): void {
		const prompt = this.prompts.get(name);
		if (prompt !== undefined) this.voice.cue(prompt);
	}

	/** Puts the prompts of the policy in place; what is being said is broken off, since they may move. */
	private placePrompts(): void {
		const names = promptsOf(this.options.policy());
		const wanted = names.join(" ");
		if (wanted === this.placed) return;
		this.placed = wanted;
		this.announcements.end();
		this.voice.silence();
		const { prompts, unfit } = this.options.placePrompts(names);
		this.prompts = prompts;
		this.options.faults.set("prompt-damaged", unfit.length > 0, unfit.join(", ").slice(0, 90));
	}
}

function signalRule(policy: EffectivePolicy | undefined) {
	const { announcement, warning } = policy ?? {};
	return {
		light: announcement?.light ?? true,
		display: announcement?.display ?? true,
		haptic: announcement?.haptic ?? true,
		tone: announcement?.tone ?? false,
		warningLight: warning?.light ?? true,
		warningDisplay: warning?.display ?? true,
	};
}
