import { isDeepStrictEqual } from "node:util";
import type { CameraEvent, CameraEventType } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { readContainer } from "../container/container.ts";
import { verifyCardLog } from "./card-log.ts";
import { dateOf } from "./dated-video.ts";
import type { SequenceCamera } from "./sequence-camera.ts";

/** Times in messages are whole milliseconds. */
const ROUNDING = 1;

/** How far a trigger may be from the edge that made it, ms: it is told after the debounce time, with the edge's time. */
const EDGE_SLACK = 20;

/** How long both buttons are down in imminent danger, ms. */
const BOTH_HOLD = 1000;

/** How long an announcement takes at most that has to be over before the recording, ms. */
const ANNOUNCED_WITHIN = 20_000;

/** The colour of the public light while something is recorded. */
const RED = 0xff0000;

function holds(promise: string, condition: boolean, how: () => string): void {
	if (!condition) throw new Error(`${promise}: ${how()}`);
}

type EventOf<T extends CameraEventType> = Extract<CameraEvent, { type: T }>;

function of<T extends CameraEventType>(events: readonly CameraEvent[], ...types: T[]): EventOf<T>[] {
	return events.filter((event): event is EventOf<T> => types.includes(event.type as T));
}

/** After everything that happens: the engine lives, the board was used as agreed, and what is shown is so. */
export function checkLiving({ booted }: SequenceCamera): void {
	const { resets, violations, board } = booted;
	holds("the firmware goes on", resets.length === 0, () => resets.map(({ reason }) => reason).join(", "));
	holds("the board is used as agreed", violations.length === 0, () => violations.join(", "));
	const { state } = booted.status().capture;
	const red = board.peripherals.indicators.state(0).colour === RED;
	holds("what is shown is so", red === (state === "recording"), () => {
		return `in state ${state} the public light is ${red ? "" : "not "}red`;
	});
}

/** What was told over the link is on the card, all of it, in its order, in a log that verifies. */
export async function checkLog({ booted, events }: SequenceCamera): Promise<void> {
	events.forEach(({ sequence }, index) => {
		holds("never a lost event", sequence === index + 1, () => `${sequence} follows ${index}`);
	});
	const log = await verifyCardLog(booted.card);
	holds("never a lost event", log.verdict === "intact", () => JSON.stringify(log.findings));
	events.forEach((event, index) => {
		holds("never a lost event", isDeepStrictEqual(log.events[index], event), () => {
			return `event ${event.sequence}, ${event.type}, is ${log.events[index]?.type} on the card`;
		});
	});
}

/** Each trigger was made by a hand, and announced or excepted. */
export function checkTriggers(camera: SequenceCamera): void {
	const { events, hands } = camera;
	const told = of(events, "announcement-started", "announcement-skipped");
	for (const trigger of of(events, "trigger")) {
		const { recording, monotonicMs, source } = trigger;
		policyAt(camera, trigger);
		const ahead = told.some((event) => event.recording === recording && event.sequence < trigger.sequence);
		const longest = ahead ? ANNOUNCED_WITHIN : EDGE_SLACK;
		const byHand = hands.some(({ atMs }) =>
			[atMs, atMs + BOTH_HOLD].some((made) => made <= monotonicMs + 1 && monotonicMs - made <= longest),
		);
		const pressed = source === "button" || source === "imminent-danger";
		holds("never a recording without a hand", byHand && pressed, () => {
			return `the trigger of recording ${recording} at ${monotonicMs} ms`;
		});
		holds(
			"never recording without announcement or logged exception",
			told.some((event) => event.recording === recording),
			() => `recording ${recording} has neither`,
		);
	}
}

/** The rules in force at an event; as they were signed, not as the camera tells them. */
function policyAt({ events, policies }: SequenceCamera, { sequence }: CameraEvent): PolicyProfile {
	const before = events.slice(0, sequence);
	const last = of(before, "policy", "policy-missing").at(-1);
	const profile = last?.type === "policy" ? policies.get(last.version ?? 0) : undefined;
	if (profile === undefined) throw new Error(`never a recording without a policy: event ${sequence}`);
	return profile;
}

/** The longest pre-recording that policy and hand allow at a trigger, ms. */
function allowedBefore(camera: SequenceCamera, trigger: EventOf<"trigger">): number {
	const { mode, maximumMs } = policyAt(camera, trigger).preRecording;
	if (mode === "off") return 0;
	if (mode === "always") return maximumMs;
	const { monotonicMs: used = 0 } =
		of(camera.events.slice(0, trigger.sequence - 1), "trigger", "disarmed").at(-1) ?? {};
	const armed = camera.hands.some(
		({ button, atMs }) =>
			button === "function" && atMs > used - ANNOUNCED_WITHIN && atMs < trigger.monotonicMs,
	);
	return armed ? maximumMs : 0;
}

/**
 * Every frame on the card, by the date that it carries itself, lies where its recording may have it.
 * @param shorter - takes so much of what policies allow, ms: with it a good camera has to be found out
 * @returns how many frames were looked at
 */
export async function checkRecordings(camera: SequenceCamera, shorter = 0): Promise<number> {
	const { booted, events } = camera;
	let looked = 0;
	for (const { number, bytes } of booted.recordings()) {
		const trigger = of(events, "trigger").findLast(({ recording }) => recording === number);
		holds("never a stored frame without a trigger", trigger !== undefined, () => `recording ${number}`);
		if (trigger === undefined || bytes === 0) continue;
		const metadata = booted.recording(number);
		const { picture } = await readContainer("recording.mp4", new Uint8Array(booted.pull(number)));
		const dates = (picture?.packets ?? []).map(({ data }) => dateOf(data) / 1000);
		looked += dates.length;
		checkDates(metadata, dates, Math.max(0, allowedBefore(camera, trigger) - shorter));
	}
	return looked;
}

function checkDates(metadata: RecordingMetadata, dates: readonly number[], allowed: number): void {
	const { number, trigger, stop, gaps = [] } = metadata;
	const start = trigger.monotonicMs;
	const end = stop?.monotonicMs ?? Infinity;
	for (const date of dates) {
		holds("never a stored frame without a trigger", date <= end + ROUNDING, () => {
			return `recording ${number} has a frame of ${date}, its stop was at ${end}`;
		});
		holds("never a pre-record older than the policy", date >= start - allowed - ROUNDING, () => {
			return `recording ${number} has a frame ${start - date} ms before its trigger, ${allowed} are allowed`;
		});
		const gap = gaps.find(({ fromMs, toMs }) => date > fromMs + ROUNDING && date < toMs - ROUNDING);
		holds("nothing is recorded in a pause", gap === undefined, () => `recording ${number}, ${date}`);
	}
}
