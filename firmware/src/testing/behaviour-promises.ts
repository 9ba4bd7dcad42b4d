import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { EventStream } from "../events/event-stream.ts";
import type { BehaviourRig, TimedEvent } from "./behaviour-rig.ts";
import { frameName } from "./recorder-rig.ts";

/** A promise that the camera makes, broken. */
export class BrokenPromise extends Error {
	/** @param promise - which one @param how - what happened */
	constructor(promise: string, how: string) {
		super(`${promise}: ${how}`);
		this.name = "BrokenPromise";
	}
}

function holds(promise: string, condition: boolean, how: () => string): void {
	if (!condition) throw new BrokenPromise(promise, how());
}

/** What was in force at a trigger. */
export interface TriggerFacts {
	/** Number of the recording. */
	readonly recording: number;
	/** The longest pre-recording that was allowed, µs; 0: none. */
	readonly allowed: number;
	/** When the trigger was told, µs on the board's clock. */
	readonly time: number;
}

/** Times in metadata are whole milliseconds. */
const ROUNDING = 1000;

/** Longest time from the edge that triggers until the trigger is told: the debounce time, µs. */
const TRIGGER_DELAY = 20_000;

/** The longest pre-recording that policy and hand allow now, µs. @param byHand - the wearer has armed it */
export function allowedBefore(policy: EffectivePolicy | undefined, byHand: boolean): number {
	if (policy === undefined) return 0;
	const { mode, lengthMs } = policy.preRecording;
	if (mode === "off" || (mode === "manual" && !byHand)) return 0;
	return lengthMs * 1000;
}

/** While something is recorded it has been announced, or it is logged why not; and the public sees it. */
export function checkNow({ behaviour, events, shown, surroundings }: BehaviourRig): void {
	const { state, recording } = behaviour.capture;
	if (state !== "recording") {
		const red = shown.public.color === 0xff0000;
		holds("what is shown is so", !red, () => `the public light says recording in state ${state}`);
		return;
	}
	const known = events.some(
		(event) =>
			recording !== undefined &&
			(event.type === "announcement-started" || event.type === "announcement-skipped") &&
			event.recording === recording.number,
	);
	holds("never recording without announcement or logged exception", known, () => {
		return `recording ${recording?.number} has neither`;
	});
	if (surroundings.policy?.announcement.light !== false)
		holds("what is shown is so", shown.public.color === 0xff0000, () => "the public light is not red");
}

/** What was emitted can be read back, all of it, in its order. */
export function checkEvents(stream: EventStream, emitted: readonly TimedEvent[], seen: number): number {
	let after = seen;
	for (;;) {
		const { items, next, lost } = stream.read(after, 32, 8192);
		holds("never a lost event", lost === 0, () => `${lost} events were lost`);
		for (const event of items) {
			holds("never a lost event", event.sequence === ++after, () => `${event.sequence} follows ${after - 1}`);
			const original = emitted[event.sequence - 1];
			holds("never a lost event", original?.type === event.type, () => {
				return `event ${event.sequence} is ${event.type}, ${original?.type} was emitted`;
			});
		}
		if (items.length === 0) break;
		after = next;
	}
	holds("never a lost event", after === emitted.length, () => `${emitted.length - after} cannot be read`);
	return after;
}

/** What is on the card after a sequence: of each recording that can be read, every frame and its times. */
export async function checkRecordings(rig: BehaviourRig, triggers: readonly TriggerFacts[]): Promise<void> {
	const delivered = new Map(rig.camera.delivered.map((frame) => [frameName(frame.data), frame.presentation]));
	for (const metadata of rig.closed) {
		const { number } = metadata;
		const trigger = triggers.findLast(({ recording }) => recording === number);
		holds("never a stored frame without a trigger", trigger !== undefined, () => `recording ${number}`);
		if (trigger === undefined || metadata.bytes === 0) continue;
		const at = metadata.trigger.monotonicMs * 1000;
		holds(
			"a recording begins with its trigger",
			trigger.time - at < TRIGGER_DELAY && at <= trigger.time,
			() => {
				return `recording ${number} says ${at}, the trigger was told at ${trigger.time}`;
			},
		);
		const { tracks } = await rig.file(number);
		const pictures = tracks.find(({ handler }) => handler === "vide")?.samples ?? [];
		const stop = (metadata.stop?.monotonicMs ?? Infinity) * 1000 + ROUNDING;
		for (const { data } of pictures) {
			const time = delivered.get(frameName(data));
			holds("never a stored frame without a trigger", time !== undefined && time <= stop, () => {
				return `recording ${number} has a frame of ${time}, its stop was ${stop}`;
			});
			if (time === undefined) continue;
			holds("never a pre-record older than the policy", time >= at - trigger.allowed, () => {
				const before = (at - time) / 1e6;
				return `recording ${number} has a frame ${before} s before its trigger, ${trigger.allowed / 1e6} s are allowed`;
			});
			holds("nothing is recorded in a pause", !inGap(metadata, time), () => `recording ${number}, ${time}`);
		}
	}
}

function inGap({ gaps = [] }: RecordingMetadata, time: number): boolean {
	return gaps.some(({ fromMs, toMs }) => time > fromMs * 1000 + ROUNDING && time < toMs * 1000 - ROUNDING);
}

/**
 * Every recording has its whole story: triggered, announced or excepted, stopped. A number comes again when the card
 * was taken out before it knew of the recording.
 */
export function checkStory({ events }: BehaviourRig): void {
	const numbers = events.flatMap((event) => (event.type === "trigger" ? [event.recording] : []));
	let highest = 0;
	for (const number of numbers) {
		holds("never a lost event", number <= highest + 1, () => `numbers ${numbers.join(", ")}`);
		highest = Math.max(highest, number);
	}
	for (const number of new Set(numbers)) {
		const story = events.filter((event) => "recording" in event && event.recording === number);
		const count = (type: TimedEvent["type"]) => story.filter((event) => event.type === type).length;
		const [triggers, stops] = [count("trigger"), count("recording-stopped")];
		holds("never a lost event", stops === triggers, () => {
			return `recording ${number} was triggered ${triggers} times and stopped ${stops} times`;
		});
		const [paused, resumed] = [count("recording-paused"), count("recording-resumed")];
		holds("never a lost event", paused === resumed, () => {
			return `recording ${number} was paused ${paused} times and resumed ${resumed} times`;
		});
	}
}
