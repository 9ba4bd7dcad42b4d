import type { AgencyMembership } from "@bodycam/protocol/camera/provisioning";
import { DEMANDS_SHOWN, type Status } from "@bodycam/protocol/camera/status";
import type { Fault } from "@bodycam/protocol/camera/terms";
import type { Session } from "@bodycam/protocol/smp/role";
import { recordingWish } from "../behaviour/announcements.ts";
import type { Behaviour } from "../behaviour/behaviour.ts";
import type { Battery } from "../hal/battery.ts";
import type { DeviceIdentity } from "../hal/device-identity.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import type { PolicyKeeper } from "../policy/policy-keeper.ts";
import type { Recorder } from "../recorder/recorder-interface.ts";
import type { ExtentStore, StoreStatus } from "../storage/store-interface.ts";
import type { WearerKeeper } from "../wearer/wearer-keeper.ts";

/** The parts of the camera that status asks. */
export interface StatusSources {
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** Another number after each boot. */
	readonly boot: number;
	/** Why this run began. */
	readonly bootReason: string;
	/** Whether randomness comes from a seed. */
	readonly seeded: boolean;
	/** Who the device is. */
	readonly identity: DeviceIdentity;
	/** The policy in force. */
	readonly policy: Pick<PolicyKeeper, "status" | "state" | "effective">;
	/** Who wears the camera. */
	readonly wearer: Pick<WearerKeeper, "state" | "assignment" | "obstacle">;
	/** What ties the camera to its agency; undefined unless it is provisioned. */
	readonly membership: () => AgencyMembership | undefined;
	/** Name of the camera, for people. */
	readonly name: () => string;
	/** Capture, announcement, reserve, and what the wearer owes. */
	readonly behaviour: Pick<Behaviour, "capture" | "demands" | "reserve" | "announcer" | "obstacle">;
	/** The recorder. */
	readonly recorder: Pick<Recorder, "status">;
	/** The store. */
	readonly store: Pick<ExtentStore, "status">;
	/** The battery. */
	readonly battery: Pick<Battery, "read">;
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time" | "uncertainty">;
	/** The faults present. */
	readonly faults: () => readonly Fault[];
	/** Live bytes of the engine's heap, and the most seen. */
	readonly heap: () => { readonly liveBytes: number; readonly peakBytes: number };
}

/** The state of the camera at this moment, as a session may see it. */
export function readStatus(sources: StatusSources, session: Session): Status {
	const { identity, clock } = sources;
	const { time } = clock;
	const membership = sources.membership();
	return {
		device: { name: nameOf(sources), ...identity, seeded: sources.seeded },
		uptimeMs: Math.floor(sources.now() / 1000),
		boot: sources.boot,
		bootReason: sources.bootReason,
		capture: captureStatus(sources),
		...demandsStatus(sources),
		reserve: { state: sources.behaviour.reserve.state },
		preRecord: preRecordStatus(sources),
		announcement: announcementStatus(sources),
		recordings: recordingsStatus(sources),
		card: cardStatus(sources),
		battery: batteryStatus(sources),
		clock:
			time === undefined ? { set: false } : { set: true, wallMs: time, uncertaintyMs: clock.uncertainty },
		wearer: wearerSummary(sources),
		policy: sources.policy.status(),
		provisioning: {
			provisioned: membership !== undefined,
			...(membership === undefined ? {} : { agency: membership.agency }),
			sessions: "none",
			grants: session.role,
		},
		faults: [...sources.faults()],
		heap: sources.heap(),
	};
}

/** Name of the camera, for people: its agency's for it, else its own. */
export function nameOf({ membership, name }: Pick<StatusSources, "membership" | "name">): string {
	return membership()?.name ?? name();
}

function wearerSummary({ wearer }: StatusSources): Status["wearer"] {
	const { assignment, obstacle, state } = wearer;
	return { state, wearer: assignment?.wearer, obstacle };
}

function captureStatus({ behaviour, now }: StatusSources): Status["capture"] {
	const { capture, obstacle } = behaviour;
	const { state, recording, muted } = capture;
	const reason = obstacle === undefined ? {} : { reason: obstacle };
	if (recording === undefined) return { state, ...reason };
	const durationMs = Math.max(0, Math.floor((now() - recording.triggerTime) / 1000));
	return { state, ...reason, recording: recording.number, durationMs, ...(muted ? { muted } : {}) };
}

function demandsStatus({ behaviour }: StatusSources): Pick<Status, "demands"> {
	const { open } = behaviour.demands;
	if (open.length === 0) return {};
	return { demands: open.slice(0, DEMANDS_SHOWN).map(({ recording, what }) => ({ recording, what })) };
}

function announcementStatus({ behaviour, policy }: StatusSources): Status["announcement"] {
	const { spoken } = policy.effective.announcement;
	const { languages } = recordingWish(policy.effective);
	return { state: behaviour.announcer.state, languages: spoken ? [...languages] : [] };
}

function preRecordStatus({ policy, recorder }: StatusSources): Status["preRecord"] {
	const { heldMs, soundMs, capacityMs, bitRateLowered, bitRate } = recorder.status().preRecord;
	const configuredMs = policy.effective.preRecording.lengthMs;
	const short = bitRate > 0 && capacityMs < configuredMs;
	const limit = configuredMs === 0 ? "off" : short ? "arena" : bitRateLowered ? "lower-bit-rate" : "none";
	const whole = (ms: number) => Math.max(0, Math.floor(ms));
	return {
		configuredMs,
		capacityMs: whole(capacityMs),
		heldMs: whole(heldMs),
		audioHeldMs: whole(soundMs),
		limit,
	};
}

function recordingsStatus({ store }: StatusSources): Status["recordings"] {
	const { recordings: count, next } = store.status();
	return next === 1 ? { count } : { count, last: next - 1 };
}

const CARD_STATES: Readonly<Record<NonNullable<StoreStatus["fault"]>, Status["card"]["state"]>> = {
	absent: "missing",
	full: "full",
	stalled: "stalled",
	"read-only": "read-only",
	"write-error": "error",
	"read-error": "error",
	"unknown-format": "error",
};

function cardStatus({ store, recorder }: StatusSources): Status["card"] {
	const { state, fault, cardBytes, freeBytes } = store.status();
	const { bitRate } = recorder.status().preRecord;
	const present = state === "absent" || state === "mounting" ? "missing" : "ready";
	return {
		state: fault === undefined ? present : CARD_STATES[fault],
		bytes: cardBytes,
		freeBytes,
		...(bitRate > 0 ? { freeMinutes: Math.floor((freeBytes * 8) / bitRate / 60) } : {}),
	};
}

function batteryStatus({ battery }: StatusSources): Status["battery"] {
	const reading = battery.read();
	if (reading === undefined) return { percent: 0, millivolt: 0, charging: false };
	const { percent, millivolt, charging, minutesLeft } = reading;
	return { percent, millivolt, charging, minutesLeft };
}
