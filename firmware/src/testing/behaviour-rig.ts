import { Status } from "@bodycam/protocol/board/records";
import type { CameraEventBody, CameraEventType } from "@bodycam/protocol/camera/events";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { WearerObstacle } from "@bodycam/protocol/wearer/terms";
import { Behaviour } from "../behaviour/behaviour.ts";
import { ButtonGestures } from "../device/button-gestures.ts";
import { CardKeeper, FAULT_OF_CARD } from "../device/card-keeper.ts";
import { Faults } from "../device/faults.ts";
import type { BatteryReading } from "../hal/battery.ts";
import type { HapticPattern } from "../hal/haptic.ts";
import type { IndicatorPattern } from "../hal/indicator.ts";
import type { Recorder, RecorderOptions } from "../recorder/recorder-interface.ts";
import type { StoreStatus } from "../storage/store-interface.ts";
import { demoPolicy } from "./demo-policy.ts";
import { BASE, bootRecorder, type RecorderRig, type RecorderRigOptions } from "./recorder-rig.ts";

/** An event with its time on the board's clock, µs. */
export type TimedEvent = CameraEventBody & { readonly time: number };

/** How the surroundings of a behaviour are; everything may be changed while it runs. */
export interface Surroundings {
	policy: EffectivePolicy | undefined;
	wearer: WearerObstacle | undefined;
	clockSet: boolean;
	/** The speaker plays, says that it cannot, or says nothing. */
	speaker: "ok" | "error" | "mute";
	battery: BatteryReading;
	/** The key-value store takes nothing. */
	storeFails: boolean;
	/** Bytes free on the card, instead of what is free. */
	cardFree: number | undefined;
}

/** Changes to the rig itself, for tests that break it on purpose. */
export interface RigChanges {
	/** Another recorder in place of the real one. */
	recorder?(recorder: Recorder): Recorder;
	/** Takes every event besides. */
	onEvent?(event: CameraEventBody): void;
	/** Called when the state of capture has changed, as a policy keeper is, whose policy waits for a recording. */
	onState?(): void;
	/** Whether the event stream is to lose an event. */
	loses?(): boolean;
	/** The first failure is enough: it is not made shorter. */
	readonly firstOnly?: boolean;
}

/** A camera's behaviour on Node: the real recorder, ring, muxer and store, with everything else played. */
export interface BehaviourRig extends RecorderRig {
	readonly behaviour: Behaviour;
	readonly surroundings: Surroundings;
	readonly events: TimedEvent[];
	/** Names of the prompts that were given to the speaker. */
	readonly played: { readonly name: string; readonly time: number }[];
	readonly haptics: HapticPattern[];
	/** What is shown now. */
	readonly shown: { display: string; public: IndicatorPattern; wearer: IndicatorPattern };
	/** Types of the events so far. */
	types(): CameraEventType[];
	/** The events of a type. */
	of<T extends CameraEventType>(type: T): Extract<TimedEvent, { type: T }>[];
	/** An edge of a button. */
	edge(button: "event" | "function", pressed: boolean): void;
	/** Presses a button for so many ms. */
	press(button: "event" | "function", ms?: number): Promise<void>;
	/** Presses a button so many times in a row, and waits until it is told. */
	presses(button: "event" | "function", count: number): Promise<void>;
	/** Holds both buttons for so many ms. */
	both(ms?: number): Promise<void>;
	/** Lets ms pass. */
	wait(ms: number): Promise<void>;
	/** Tells the behaviour that the surroundings have changed. */
	changed(): void;
}

/** Time of a press, ms. */
const TAP = 60;

/** Time a finger is off the button between two gestures, ms: less could be a contact that bounces. */
const BREATH = 40;

/** What the microphone hears of the speaker, and without it; of 32768. */
const SPOKEN_LEVEL = 4000;
const QUIET_LEVEL = 60;

const DARK: IndicatorPattern = { color: 0, on: 0, off: 0 };

/** Boots a behaviour. @param surroundings - the demo profile and a good camera unless told otherwise */
export async function bootBehaviour(
	surroundings: Partial<Surroundings> = {},
	options: RecorderRigOptions = {},
	changes: RigChanges = {},
): Promise<BehaviourRig> {
	const now: Surroundings = {
		policy: demoPolicy,
		wearer: undefined,
		clockSet: true,
		speaker: "ok",
		battery: { percent: 100, millivolt: 4200, charging: false, minutesLeft: 600 },
		storeFails: false,
		cardFree: undefined,
		...surroundings,
	};
	const events: TimedEvent[] = [];
	const played: BehaviourRig["played"] = [];
	const haptics: HapticPattern[] = [];
	const shown = { display: "", public: DARK, wearer: DARK };
	const values = new Map<string, Uint8Array>();
	const edges: Partial<Record<"event" | "function", (pressed: boolean, time: number) => void>> = {};
	const hooks: NonNullable<RecorderRigOptions["hooks"]> = {
		onRecording: (recording) => emit({ type: "recording-started", recording }),
		onClosed: (number, metadata) => behaviour.capture.closed(number, metadata),
		onCapacity: () => behaviour.capture.capacityKnown(),
		onResumed: (from, to) => behaviour.resumed(from, to),
		onLevel: (level, capture) => behaviour.level(level, capture),
		onFault: (fault) => {
			faults.set(fault.source === "camera" ? "camera-fault" : FAULT_OF_CARD[fault.fault], true);
		},
	} satisfies Partial<RecorderOptions>;
	let soundsUntil = 0;
	const level = (capture: number) => (capture < soundsUntil ? SPOKEN_LEVEL : QUIET_LEVEL);
	const microphone = options.microphone === false ? false : { level, ...options.microphone };
	// A card with room for more minutes than any policy's reserve.
	const card = { sectors: 128 * 2048, ...options.card };
	let cardKeeper: CardKeeper | undefined;
	const onStatus = (status: StoreStatus) => {
		if (cardKeeper === undefined) return;
		cardKeeper.changed(status);
		behaviour.settle();
	};
	const rig = await bootRecorder({ ...options, card, microphone, hooks, onStatus });
	const { timers, store } = rig;
	const emit = (event: CameraEventBody) => {
		events.push({ ...event, time: timers.now() });
		changes.onEvent?.(event);
	};
	const recorder = changes.recorder?.(rig.recorder) ?? rig.recorder;
	const faults = new Faults({ emit, onChange: (appeared) => behaviour.faultsChanged(appeared) });
	const close = () => undefined;
	const names = new Map<number, string>();
	const behaviour: Behaviour = new Behaviour({
		timers,
		policy: () => now.policy,
		wearer: () => now.wearer,
		clockSet: () => now.clockSet,
		recorder,
		nextNumber: () => store.status().next,
		card: () => {
			const { state, fault, freeBytes } = store.status();
			const usable = state === "ready" && fault === undefined;
			const { bitRate } = rig.recorder.status().preRecord;
			return { usable, freeBytes: now.cardFree ?? freeBytes, bitRate };
		},
		battery: { read: () => now.battery },
		faults,
		settled: () => store.status().state !== "mounting",
		placePrompts: (wanted) => {
			names.clear();
			wanted.forEach((name, index) => {
				names.set(index, name);
			});
			const prompts = new Map(
				wanted.map((name, index) => [
					name,
					{ at: index, bytes: 1, duration: name.startsWith("tone") ? 200_000 : 2_000_000 },
				]),
			);
			return { prompts, unfit: [] };
		},
		openSpeaker: ({ onDone }) => {
			let order = 0;
			return {
				play: (at, _length, _volume, tag) => {
					const mine = ++order;
					const name = names.get(at) ?? "";
					played.push({ name, time: timers.now() });
					if (now.speaker === "mute") return;
					const failed = now.speaker === "error";
					const takes = failed ? 1000 : name.startsWith("tone") ? 200_000 : 2_000_000;
					if (!failed) soundsUntil = timers.now() + takes;
					timers.at(timers.now() + takes, () => {
						if (mine === order) onDone(tag, failed ? Status.ioError : Status.ok);
					});
				},
				stop: () => {
					order++;
					soundsUntil = timers.now();
				},
				close,
			};
		},
		publicLight: {
			show: (pattern) => {
				shown.public = pattern;
			},
			close,
		},
		wearerLight: {
			show: (pattern) => {
				shown.wearer = pattern;
			},
			close,
		},
		display: {
			show: (text) => {
				shown.display = text;
			},
			close,
		},
		haptic: { play: (pattern) => haptics.push(pattern), close },
		keyValue: {
			read: async (key) => values.get(key),
			write: async (key, value) => {
				if (now.storeFails) throw new Error("the store takes nothing");
				values.set(key, value);
			},
		},
		log: { write: () => undefined },
		emit,
		describe: (_time, resumes) => (resumes === undefined ? BASE : { ...BASE, resumes }),
		withdraw: () => {
			if (now.policy?.wearer.assignmentRequired !== true || now.wearer !== undefined) return false;
			now.wearer = "consent-withdrawn";
			behaviour.settle();
			return true;
		},
		onState: () => changes.onState?.(),
	});
	const rule = (now.policy ?? demoPolicy).gestures;
	new ButtonGestures({
		timers,
		rule,
		openButton: ({ button, onEdge }) => {
			edges[button] = onEdge;
			return { close };
		},
		onGesture: (button, kind, time) => behaviour.commands.gesture(button, kind, time),
	});
	cardKeeper = new CardKeeper({ faults, emit });
	cardKeeper.changed(store.status());
	behaviour.rulesChanged();
	await timers.advance(100_000);

	const wait = (ms: number) => timers.advance(ms * 1000);
	const edge = (button: "event" | "function", pressed: boolean) => edges[button]?.(pressed, timers.now());
	async function press(button: "event" | "function", ms = TAP): Promise<void> {
		edge(button, true);
		await wait(ms);
		edge(button, false);
		await wait(BREATH);
	}
	return {
		...rig,
		behaviour,
		surroundings: now,
		events,
		played,
		haptics,
		shown,
		types: () => events.map(({ type }) => type),
		of: <T extends CameraEventType>(type: T) =>
			events.filter((event): event is Extract<TimedEvent, { type: T }> => event.type === type),
		edge,
		press,
		async presses(button, count) {
			for (let index = 0; index < count; index++) {
				await press(button);
			}
			await wait((now.policy ?? demoPolicy).gestures.doublePressMs + 60);
		},
		async both(ms = 1200) {
			edge("event", true);
			await wait(50);
			edge("function", true);
			await wait(ms);
			edge("event", false);
			edge("function", false);
			await wait(50);
		},
		wait,
		changed: () => behaviour.rulesChanged(),
	};
}
