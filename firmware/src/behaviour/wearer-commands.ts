import type { Demand } from "@bodycam/protocol/camera/capture-terms";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { ButtonGesture } from "../gestures/gestures.ts";
import type { Annotation } from "../recorder/recorder-interface.ts";
import type { Signals } from "../signals/signals.ts";
import type { CaptureController } from "./capture-controller.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Demands } from "./demands.ts";
import { type Command, type Meaning, meaningOf, type Situation } from "./meanings.ts";
import { type ReasonMenu, reasonsFor } from "./reason-menu.ts";
import type { RecordingNotes } from "./recording-notes.ts";
import type { Reminders } from "./reminders.ts";

/** What became of an answer that came over the link. */
export type AnswerResult = "taken" | "not-demanded" | "unknown-reason" | "not-kept";

/** Options of `WearerCommands`. */
export interface WearerCommandsOptions {
	/** The policy in force; undefined: none. */
	readonly policy: () => EffectivePolicy | undefined;
	/** Capture. */
	readonly capture: CaptureController;
	/** What the wearer notes about the recording. */
	readonly notes: RecordingNotes;
	/** What the wearer owes. */
	readonly demands: Demands;
	/** Where a reason is chosen. */
	readonly menu: ReasonMenu;
	/** Second gestures. */
	readonly confirmation: Confirmation;
	/** Whether the recording is still needed. */
	readonly reminders: Pick<Reminders, "asks" | "answered">;
	/** Answers the wearer. */
	readonly signals: Pick<Signals, "play">;
	/** Takes what goes into the metadata of the recording under way. */
	readonly annotate: (part: Annotation) => void;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The wearer withdraws the consent to wear the camera. @returns false when there is none to withdraw */
	readonly withdraw: () => boolean;
}

/** Carries out what the wearer commands by gestures, and what answers come over the link. */
export class WearerCommands {
	private readonly options: WearerCommandsOptions;

	/** @param options - see `WearerCommandsOptions` */
	constructor(options: WearerCommandsOptions) {
		this.options = options;
	}

	/** A gesture was made. @param time - µs on the board's clock */
	gesture(button: Meaning["button"], kind: ButtonGesture, time: number): void {
		this.options.emit({ type: "button", button, action: kind });
		const meaning = meaningOf(button, kind, (situation) => this.holds(situation));
		if (meaning !== undefined) this.perform(meaning.command, time);
	}

	/** A reason, or who authorised the recording in a home, came over the link. */
	async answer(
		recording: number,
		given: { readonly reason?: string | undefined; readonly authorisedBy?: string | undefined },
	): Promise<AnswerResult> {
		const { reason, authorisedBy } = given;
		if (authorisedBy !== undefined) {
			const demand = this.options.demands.find(recording, "authorisation");
			if (demand === undefined) return "not-demanded";
			if (!(await this.options.demands.settle(demand))) return "not-kept";
			this.options.emit({ type: "home", recording, state: "authorised", authorisedBy });
			if (this.options.capture.recording?.number === recording)
				this.options.annotate({ home: { confirmed: true }, authorisedBy });
		}
		return reason === undefined ? "taken" : this.giveReason(recording, reason, "link");
	}

	/** What is still demanded for a recording. */
	owed(recording: number): Demand | undefined {
		return this.options.demands.open.find((demand) => demand.recording === recording)?.what;
	}

	private holds(situation: Situation): boolean {
		const { capture, reminders, menu } = this.options;
		switch (situation) {
			case "still-needed":
				return reminders.asks;
			case "reason":
				return menu.asks !== undefined;
			case "recording":
				return capture.state === "recording";
			case "paused":
				return capture.state === "paused";
			case "always":
				return true;
		}
	}

	private perform(command: Command, time: number): void {
		const { capture, reminders, menu, signals } = this.options;
		switch (command) {
			case "announce":
				capture.warn();
				return;
			case "record":
				capture.start("button", time);
				return;
			case "end":
				this.end(time);
				return;
			case "danger":
				this.danger(time);
				return;
			case "still-needed":
				reminders.answered("yes");
				return;
			case "mark":
				this.options.notes.mark(time);
				signals.play("marked");
				return;
			case "home":
				this.home();
				return;
			case "pause":
				capture.pause(time);
				return;
			case "resume":
				capture.resume(time);
				return;
			case "consent-given":
				this.consent(true, time);
				return;
			case "consent-refused":
				this.consent(false, time);
				return;
			case "arm":
				capture.armByHand();
				return;
			case "disarm":
				capture.disarmByHand();
				return;
			case "next-reason":
				menu.next();
				return;
			case "take-reason":
				this.takeReason();
				return;
			case "later":
				menu.close();
				return;
			case "withdraw":
				if (this.options.withdraw()) signals.play("withdrawn");
				return;
		}
	}

	private end(time: number): void {
		const { capture, confirmation, policy, signals, emit } = this.options;
		const capturing = capture.state === "recording" || capture.state === "paused";
		if (capturing && policy()?.stop.confirmation === true && !confirmation.confirm("stop")) {
			emit({ type: "confirmation-asked", what: "stop" });
			signals.play("stopAsked");
			return;
		}
		capture.stop("button", time);
	}

	private danger(time: number): void {
		const { capture, demands, policy } = this.options;
		if (!capture.danger(time) || capture.recording === undefined) return;
		if (policy()?.announcement.imminentDanger.reasonRequired === true)
			demands.demand(capture.recording.number, "reason", true);
	}

	private home(): void {
		const { capture, confirmation, policy, notes, demands, signals, emit } = this.options;
		const { recording } = capture;
		if (recording === undefined || (capture.state !== "recording" && capture.state !== "paused")) {
			capture.refuse("home", "not-recording");
			return;
		}
		const rule = policy()?.homes;
		if (rule?.extraConfirmation === true && !confirmation.confirm("home")) {
			emit({ type: "confirmation-asked", what: "home" });
			// Unless it is confirmed, the recording still says that it may be one in a home.
			notes.home(false);
			signals.play("homeAsked");
		} else {
			notes.home(true);
			signals.play("home");
		}
		if (rule?.authorisedByRequired === true) demands.demand(recording.number, "authorisation", false);
	}

	private consent(given: boolean, time: number): void {
		const { capture, notes, policy, signals } = this.options;
		const rule = policy()?.consent;
		const capturing = capture.state === "recording" || capture.state === "paused";
		if (!capturing || rule === undefined || rule.requiredIn.length === 0) {
			capture.refuse("consent", capturing ? "not-allowed" : "not-recording");
			return;
		}
		if (given) {
			notes.noteConsent("given", time);
			capture.mute(time, false);
			signals.play("consentGiven");
			return;
		}
		notes.noteConsent(notes.consent === "given" ? "withdrawn" : "refused", time);
		if (rule.onRefusal === "mute") capture.mute(time, true);
		else capture.stop("consent", time);
		signals.play("consentRefused");
	}

	private takeReason(): void {
		const { menu, signals } = this.options;
		const demand = menu.asks;
		const code = menu.shown();
		if (demand === undefined || code === undefined) return;
		menu.close();
		this.giveReason(demand.recording, code, "button").then((result) => {
			signals.play(result === "taken" ? "reasonTaken" : "refused");
		});
	}

	private async giveReason(
		recording: number,
		code: string,
		source: "button" | "link",
	): Promise<AnswerResult> {
		const { demands, policy, menu, capture, annotate, emit } = this.options;
		const demand = demands.find(recording, "reason");
		if (demand === undefined) return "not-demanded";
		if (!reasonsFor(policy(), demand).some((reason) => reason.code === code)) return "unknown-reason";
		if (!(await demands.settle(demand))) return "not-kept";
		if (menu.asks === demand) menu.close();
		emit({ type: "reason-given", recording, code, source });
		if (capture.recording?.number === recording) annotate({ reason: code });
		return "taken";
	}
}
