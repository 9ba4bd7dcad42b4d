import { array, boolean, choice, type Infer, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { ROLES } from "../smp/role.ts";
import { CAPTURE_OBSTACLES, DEMANDS, RESERVE_STATES } from "./capture-terms.ts";
import { CameraGroup } from "./groups.ts";
import { policyStatus } from "./policy.ts";
import { fault, recordingNumber } from "./terms.ts";
import { pseudonym, wearerObstacle, wearerState } from "./wearer.ts";

/** States of the capture table. */
export const captureState = choice(
	["off", "ready", "warning", "armed", "recording", "paused", "finishing", "fault"],
	{ name: "capture-state", doc: "warning: displayed and announced, and not recording" },
);

/** Most demands that status tells. */
export const DEMANDS_SHOWN = 16;

/** Schema of `Status`. */
export const status = map(
	{
		device: map({
			name: text(64),
			serial: text(64),
			board: text(32),
			build: text(64, { doc: "hash of the firmware artefact" }),
			engine: text(64),
			seeded: boolean({ doc: "true: randomness comes from a seed, all output is test material" }),
		}),
		uptimeMs: uint({ doc: "ms since power-on" }),
		boot: uint({ max: 0xffff_ffff, doc: "another number after each boot" }),
		bootReason: text(32, { doc: "why the firmware started" }),
		capture: map({
			state: captureState,
			reason: optional(
				choice(CAPTURE_OBSTACLES, { doc: "why it is off, or does less than the policy allows" }),
			),
			recording: optional(recordingNumber),
			durationMs: optional(uint({ doc: "since the trigger" })),
			muted: optional(boolean({ doc: "true: the recording goes on without sound" })),
		}),
		demands: optional(
			array(map({ recording: recordingNumber, what: choice(DEMANDS) }), DEMANDS_SHOWN, {
				doc: "what the wearer still owes, oldest first",
			}),
		),
		reserve: map({ state: choice(RESERVE_STATES, { name: "reserve-state" }) }),
		preRecord: map(
			{
				configuredMs: uint({ doc: "what the policy asks for; 0: off" }),
				capacityMs: uint({ doc: "what memory holds at this bit rate, known before any trigger" }),
				heldMs: uint({ doc: "picture a trigger now would deliver" }),
				audioHeldMs: uint({ doc: "sound a trigger now would deliver" }),
				limit: choice(["none", "lower-bit-rate", "arena", "off"], {
					doc: "what keeps capacity or quality below what is configured",
				}),
			},
			{ name: "pre-record-status" },
		),
		announcement: map({
			state: choice(["silent", "speaking", "due", "failed"], {
				name: "announcement-state",
				doc: "due: said, and to be said again",
			}),
			languages: array(text(8), 8, { doc: "BCP 47 tags" }),
		}),
		recordings: map({
			count: uint({ doc: "recordings on the card; those that were erased are none" }),
			last: optional({ ...recordingNumber, doc: "the newest one the camera knows of" }),
		}),
		card: map({
			state: choice(["ready", "missing", "full", "stalled", "error", "read-only"]),
			bytes: uint(),
			freeBytes: uint(),
			freeMinutes: optional(uint({ doc: "minutes of recording at the present bit rate" })),
		}),
		battery: map({
			percent: uint({ max: 100 }),
			millivolt: uint({ max: 0xffff }),
			charging: boolean(),
			minutesLeft: optional(uint({ doc: "minutes of recording" })),
		}),
		clock: map({
			set: boolean(),
			wallMs: optional(uint({ doc: "ms since 1970 UTC; absent while unset" })),
			uncertaintyMs: optional(uint()),
		}),
		wearer: optional(
			map({
				state: wearerState,
				wearer: optional(pseudonym),
				obstacle: optional(wearerObstacle),
			}),
		),
		policy: policyStatus,
		provisioning: map({
			provisioned: boolean({ doc: "whether the camera belongs to an agency" }),
			agency: optional(text(64)),
			sessions: choice(["none"], {
				doc: "none: peers cannot show who they are, and each has the role below",
			}),
			grants: choice(ROLES, { doc: "role of this session" }),
		}),
		faults: array(fault, 32),
		heap: optional(map({ liveBytes: uint(), peakBytes: uint() })),
	},
	{ name: "status", doc: "the state of a camera at one moment" },
);

/** The state of a camera at one moment. */
export type Status = Infer<typeof status>;

/** Reads the state of the camera. */
export const statusRead = command({
	name: "status-read",
	group: CameraGroup.status,
	id: 0,
	access: "read",
	role: "wearer",
	doc: "Tells the state of the camera.",
	request: map({}),
	response: map({ status }),
});

/** The commands of the status group. */
export const STATUS_COMMANDS = [statusRead] as const;
