import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import { type HappeningName, happening, sequenceOf } from "@bodycam/protocol/testing/happenings";
import fc from "fast-check";
import { EventStream } from "../events/event-stream.ts";
import { DecisionMachine, type DecisionTable } from "../state/decision-table.ts";
import {
	allowedBefore,
	checkEvents,
	checkNow,
	checkRecordings,
	checkStory,
	type TriggerFacts,
} from "./behaviour-promises.ts";
import { type BehaviourRig, bootBehaviour, type RigChanges } from "./behaviour-rig.ts";
import { demoPolicy } from "./demo-policy.ts";
import { frameData } from "./recorder-rig.ts";

/** Frames a second and in a group of the camera that the sequences run with. */
const RATE = 10;

/** A group of pictures of that camera, s. */
export const GROUP_SECONDS = 1;

/** Where the event stream of a sequence lies in the rig's memory. */
const EVENTS_REGION = { at: 65_536, bytes: 196_608 - 65_536 };

/** The demo profile with short gestures, so that more happens in a sequence. */
const quickPolicy: EffectivePolicy = {
	...demoPolicy,
	gestures: { doublePressMs: 300, holdMs: 1000, debounceMs: 15 },
};

/** A hold with that policy, ms. */
const HOLD = 1100;

const { preRecording, announcement, warning, stop, wearer } = demoPolicy;

/** The rules between which the sequences change; short times, so that they come about in short sequences. */
const POLICIES: readonly EffectivePolicy[] = [
	{ ...quickPolicy, preRecording: { ...preRecording, lengthMs: 3000 } },
	{
		...quickPolicy,
		preRecording: { ...preRecording, mode: "manual", lengthMs: 4000, sound: false },
		announcement: { ...announcement, repeatMs: 8000 },
		warning: { ...warning, maximumMs: 6000 },
		stop: { ...stop, stillNeededMs: 9000, reminderMs: 5000 },
		secrecyReminder: true,
	},
	{
		...quickPolicy,
		preRecording: { ...preRecording, mode: "off", lengthMs: 0, locked: true },
		announcement: { ...announcement, when: "before" },
		consent: { requiredIn: ["voluntary-statement"], onRefusal: "stop" },
		homes: { extraConfirmation: true, authorisedByRequired: true },
		activation: { remoteStart: false, reasonRequired: true },
	},
	{
		...quickPolicy,
		preRecording: { ...preRecording, lengthMs: 2000 },
		stop: { ...stop, confirmation: true },
		consent: { requiredIn: ["private-place"], onRefusal: "mute" },
		wearer: { ...wearer, assignmentRequired: true },
		whenClockUnset: "warning",
		whenBatteryLow: "recording",
	},
];

/** What the model knows: just enough to say what is allowed. */
interface Model {
	/** What was in force at each trigger. */
	readonly triggers: TriggerFacts[];
	/** The wearer's hand has armed the ring, and it has not been used since. */
	byHand: boolean;
	/** A recording is under way. */
	open: boolean;
	/** Events looked at so far. */
	seen: number;
}

interface Real {
	readonly rig: BehaviourRig;
	readonly stream: EventStream;
}

/** Steps of tables that were taken, as `table state input`. */
export type Steps = Set<string>;

type Doing = (real: Real, model: Readonly<Model>) => void | Promise<void>;

/** One thing that happens to the camera; the promises are checked after it. */
class Happening implements fc.AsyncCommand<Model, Real> {
	private readonly name: string;
	private readonly doing: Doing;
	private readonly pauseMs: number;

	constructor(name: string, doing: Doing, pauseMs: number) {
		this.name = name;
		this.doing = doing;
		this.pauseMs = pauseMs;
	}

	check(): boolean {
		return true;
	}

	async run(model: Model, real: Real): Promise<void> {
		const { rig, stream } = real;
		await this.doing(real, model);
		await rig.wait(this.pauseMs);
		follow(model, rig);
		checkNow(rig);
		model.seen = checkEvents(stream, rig.events, model.seen);
	}

	toString(): string {
		return `${this.name}, ${this.pauseMs} ms`;
	}
}

/** Reads from the new events what the model has to know. */
function follow(model: Model, { events, surroundings }: BehaviourRig): void {
	for (const event of events.slice(model.seen)) {
		const pressed = event.type === "button" && event.button === "function" && event.action === "press";
		// Whether that arms the ring is for the camera to decide; outside of a recording the promise lets it.
		if (pressed && !model.open) model.byHand = true;
		if (event.type === "disarmed") model.byHand = false;
		if (event.type === "recording-stopped") model.open = false;
		if (event.type === "trigger") {
			const allowed = allowedBefore(surroundings.policy, model.byHand);
			model.triggers.push({ recording: event.recording, allowed, time: event.time });
			model.byHand = false;
			model.open = true;
		}
	}
}

function putIn({ card, store }: BehaviourRig): void {
	if (store.status().state === "absent") card.insert();
}

const capturing = ({ rig }: Real) => rig.behaviour.capture.recording !== undefined;

function follows(policy: EffectivePolicy | undefined): Doing {
	return (real) => {
		// As the policy keeper does: never in the middle of a recording.
		if (capturing(real) || real.rig.behaviour.capture.state === "warning") return;
		real.rig.surroundings.policy = policy;
		real.rig.changed();
	};
}

function runsFor(minutesLeft: number): Doing {
	return ({ rig }) => {
		const percent = Math.min(100, minutesLeft);
		rig.surroundings.battery = { percent, millivolt: 3700, charging: false, minutesLeft };
		rig.behaviour.reserve.batteryRead();
	};
}

function speaks(speaker: BehaviourRig["surroundings"]["speaker"]): Doing {
	return ({ rig }) => {
		rig.surroundings.speaker = speaker;
	};
}

function hasFree(bytes: number | undefined): Doing {
	return ({ rig }) => {
		rig.surroundings.cardFree = bytes;
		rig.behaviour.settle();
	};
}

/** What can be set here only. */
const MORE = [
	[2, "the card has room"],
	[1, "the card has little room"],
	[1, "the card is full"],
] as const;

/** How everything is done that can happen. */
const DOINGS: Readonly<Record<HappeningName | (typeof MORE)[number][1], Doing>> = {
	announce: ({ rig }) => rig.presses("event", 1),
	start: ({ rig }) => rig.presses("event", 2),
	"a hurried row": ({ rig }) => rig.presses("event", 4),
	stop: ({ rig }) => rig.press("event", HOLD),
	"a hold let go too early": ({ rig }) => rig.press("event", 700),
	"a spike": ({ rig }) => rig.press("event", 5),
	danger: ({ rig }) => rig.both(),
	"function press": ({ rig }) => rig.presses("function", 1),
	"function double press": ({ rig }) => rig.presses("function", 2),
	"consent given": ({ rig }) => rig.presses("function", 3),
	"consent refused": async ({ rig }) => {
		await rig.press("function");
		await rig.press("function", HOLD);
	},
	"function hold": ({ rig }) => rig.press("function", HOLD),
	withdraw: ({ rig }) => rig.press("function", 10_200),
	"start and stop at once": ({ rig }) => startAndStop(rig),
	"the card is taken out": ({ rig }) => rig.card.remove(),
	"the card is put in": ({ rig }) => putIn(rig),
	"the card stalls": ({ rig }) => rig.card.stallUntil(rig.timers.now() + 2_000_000),
	"the camera fails": ({ rig }) => rig.camera.fail(1),
	"another wearer": (real) => {
		if (capturing(real)) return;
		real.rig.surroundings.wearer = undefined;
		real.rig.behaviour.settle();
	},
	"the training lapses": ({ rig }) => {
		rig.surroundings.wearer ??= "training-expired";
		rig.behaviour.settle();
	},
	"policy 0": follows(POLICIES[0]),
	"policy 1": follows(POLICIES[1]),
	"policy 2": follows(POLICIES[2]),
	"policy 3": follows(POLICIES[3]),
	"no policy": follows(undefined),
	"battery good": runsFor(600),
	"battery low": runsFor(12),
	"battery empty": runsFor(0),
	"speaker ok": speaks("ok"),
	"speaker error": speaks("error"),
	"speaker mute": speaks("mute"),
	"the clock is lost or set": ({ rig }) => {
		rig.surroundings.clockSet = !rig.surroundings.clockSet;
		rig.behaviour.settle();
	},
	"time passes": () => undefined,
	"the card has room": hasFree(undefined),
	"the card has little room": hasFree(20_000_000),
	"the card is full": hasFree(1000),
};

async function startAndStop(rig: BehaviourRig): Promise<void> {
	await rig.press("event");
	await rig.press("event");
	await rig.wait(600);
	await rig.press("event", HOLD);
	await rig.wait(30);
	await rig.press("event");
	await rig.press("event");
}

const happenings = sequenceOf(
	happening(MORE).map(({ name, pauseMs }) => new Happening(name, DOINGS[name], pauseMs)),
);

async function boot(changes: RigChanges): Promise<Real> {
	let index = 0;
	let sinceKey = 0;
	let stream: EventStream | undefined;
	const early: Parameters<EventStream["emit"]>[0][] = [];
	const rig = await bootBehaviour(
		{ policy: POLICIES[0] },
		{
			arenaBytes: 512 * 1024,
			card: { sectors: 64 * 2048 },
			microphone: { format: { packetTime: 200_000 }, packet: () => Uint8Array.of(1, 2, 3) },
			camera: {
				// Names go on when the camera is started again: each frame has one of its own.
				frame: (number, asked) => {
					const keyframe = number === 0 || sinceKey >= RATE * GROUP_SECONDS || asked;
					sinceKey = keyframe ? 1 : sinceKey + 1;
					const time = Math.round((number * 1_000_000) / RATE);
					return { data: frameData(index++, keyframe ? 90 : 40), keyframe, presentation: time, decode: time };
				},
			},
		},
		{
			...changes,
			onEvent: (event) => {
				changes.onEvent?.(event);
				if (stream === undefined) early.push(event);
				else if (changes.loses?.() !== true) stream.emit(event);
			},
		},
	);
	stream = new EventStream({
		memory: rig.memory,
		region: EVENTS_REGION,
		now: () => rig.timers.now(),
		wallClock: () => undefined,
		uncertainty: () => 0,
		onEvent: () => undefined,
	});
	for (const event of early) stream.emit(event);
	return { rig, stream };
}

/** Brings a sequence to its end: everything is repaired, what runs is stopped, and the card is looked at. */
async function finish(model: Model, { rig, stream }: Real): Promise<void> {
	rig.surroundings.speaker = "ok";
	putIn(rig);
	await rig.wait(500);
	const busy = () =>
		rig.behaviour.capture.recording !== undefined || rig.behaviour.capture.state === "warning";
	for (let tries = 0; tries < 4 && busy(); tries++) {
		await rig.press("event", HOLD);
		await rig.wait(1500);
	}
	await rig.wait(4000);
	follow(model, rig);
	model.seen = checkEvents(stream, rig.events, model.seen);
	checkStory(rig);
	await checkRecordings(rig, model.triggers);
}

/** Options of `runSequences`. */
export interface SequenceOptions {
	/** Seed of the sequences. */
	readonly seed: number;
	/** How many. */
	readonly runs: number;
	/** Breaks the camera on purpose. */
	readonly changes?: RigChanges;
	/** Takes the steps of the tables. */
	readonly steps?: Steps;
	/** Path of a failure that was reported, to see only that one again. */
	readonly path?: string;
}

/**
 * Runs random sequences against the behaviour with the real recorder, ring and store, and checks the promises after
 * every happening and what is on the card at the end.
 * @throws Error with the shortest sequence found that breaks a promise
 */
export async function runSequences(options: SequenceOptions): Promise<void> {
	const { seed, runs, changes = {}, steps, path } = options;
	const stopWatching = steps === undefined ? () => undefined : watchSteps(steps);
	try {
		await fc.assert(
			fc.asyncProperty(happenings, async (sequence) => {
				const model: Model = { triggers: [], byHand: false, open: false, seen: 0 };
				const real = await boot(changes);
				await fc.asyncModelRun(async () => ({ model, real }), sequence);
				await finish(model, real);
			}),
			{
				seed,
				numRuns: runs,
				endOnFailure: changes.firstOnly === true || path !== undefined,
				...(path === undefined ? {} : { path }),
			},
		);
	} finally {
		stopWatching();
	}
}

/** Notes every step of every table from now on. @returns ends that */
function watchSteps(steps: Steps): () => void {
	const { prototype } = DecisionMachine;
	const original = prototype.handle;
	prototype.handle = function handle(this: DecisionMachine<string, string, string>, input: string) {
		const { state } = this;
		const step = original.call(this, input);
		if (step !== undefined) steps.add(`${tableName(this)} ${state} ${input}`);
		return step;
	} as typeof original;
	return () => {
		prototype.handle = original;
	};
}

function tableName(machine: DecisionMachine<string, string, string>): string {
	const { table } = machine as unknown as { readonly table: DecisionTable<string, string, string> };
	return table.initial;
}
