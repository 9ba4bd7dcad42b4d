import { parse, SchemaError } from "@bodycam/protocol/schema/validate";
import { ASSIGNMENT_FORMAT, type Assignment, assignment } from "@bodycam/protocol/wearer/assignment";
import { SimulatorError } from "../simulator-error.ts";
import { PRESSES, type Press } from "./gestures.ts";

/** An assignment that the camera's throw-away agency is to sign; the agency's name is filled in. */
export type AssignmentToSign = Omit<Assignment, "format" | "agency">;

/** What can be asked of a running simulator. One JSON object a line, to and fro. */
export type ControlCommand =
	| { readonly command: "status" }
	| { readonly command: "press"; readonly gesture: Press; readonly bounce?: boolean }
	| { readonly command: "battery"; readonly percent: number; readonly charging?: boolean }
	| { readonly command: "power-cut"; readonly mode?: "keep" | "lose" | "tear"; readonly offMs?: number }
	| { readonly command: "reset" }
	| { readonly command: "card-remove" }
	| { readonly command: "card-insert" }
	| { readonly command: "card-stall"; readonly ms: number }
	| { readonly command: "card-fail"; readonly writes?: number; readonly reads?: number }
	| { readonly command: "radio-set"; readonly intervalMs?: number; readonly packetsPerEvent?: number }
	| { readonly command: "radio-loss"; readonly percent: number }
	| { readonly command: "radio-range"; readonly metres: number }
	| { readonly command: "say"; readonly wav: string }
	| { readonly command: "speaker"; readonly condition: "ok" | "error" | "silent" }
	| { readonly command: "clock-set"; readonly wallMs: number }
	| { readonly command: "clock-unset" }
	| { readonly command: "clock-drift"; readonly partsPerMillion: number }
	| { readonly command: "sign-assignment"; readonly assignment: AssignmentToSign }
	| { readonly command: "program"; readonly image: string }
	| { readonly command: "stop" };

/** A request on the control socket. */
export type ControlRequest = ControlCommand & {
	/** Comes back with the answer. */
	readonly id: number;
	/** Name of the camera. */
	readonly camera: string;
};

/** An answer on the control socket. */
export type ControlAnswer =
	| { readonly id: number; readonly ok: true; readonly result: unknown }
	| {
			readonly id: number;
			readonly ok: false;
			readonly message: string;
			readonly hint?: string;
			readonly exitCode: number;
	  };

/** What `status` answers. */
export interface CameraReport {
	/** Name of the camera. */
	readonly name: string;
	/** Whether it has power. */
	readonly powered: boolean;
	/** Whether its engine runs. */
	readonly running: boolean;
	/** Time since power-on, ms. */
	readonly uptimeMs: number;
	/** What the display shows. */
	readonly display: string;
	/** Colours of the lights, 0xRRGGBB: towards the public, towards the wearer. */
	readonly lights: readonly [number, number];
	/** Level of the battery, percent. */
	readonly batteryPercent: number;
	/** Whether it is charging. */
	readonly charging: boolean;
	/** Whether there is a card. */
	readonly card: boolean;
	/** Path of its serial port. */
	readonly serial?: string;
	/** UDP port on this host. */
	readonly udp?: number;
	/** Instructions of the engine since it was started. */
	readonly instructions: number;
	/** Most heap the engine ever used, bytes. */
	readonly heapPeakBytes: number;
	/** Restarts since it was started. */
	readonly resets: number;
	/** Whether its boot stage runs: for long, that no image is valid. */
	readonly inBootStage: boolean;
	/** Why the sound is not the file's own. */
	readonly soundNote?: string;
}

/** A request that cannot be understood. */
export class ControlRequestError extends SimulatorError {
	override readonly name = "ControlRequestError";
	override readonly code = "usage";

	/** @param what - what is wrong with it */
	constructor(what: string) {
		super(`the request to the simulator is wrong: ${what}`, undefined, 2);
	}
}

/** Last moment a clock may be set to: 9999-12-31, ms since 1970 UTC. */
const LAST_MOMENT = 253_402_300_799_999;

/** Most a clock may drift, parts per million. */
const DRIFT_MAX = 100_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a request.
 * @throws ControlRequestError when it is not one
 */
export function parseRequest(line: string): ControlRequest {
	let fields: unknown;
	try {
		fields = JSON.parse(line);
	} catch {
		throw new ControlRequestError("it is not JSON");
	}
	if (typeof fields !== "object" || fields === null) throw new ControlRequestError("it is not an object");
	const { id, camera } = fields as Fields;
	if (typeof id !== "number" || typeof camera !== "string")
		throw new ControlRequestError("id or camera is missing");
	return { id, camera, ...parseCommand(fields as Fields) };
}

function parseCommand(fields: Fields): ControlCommand {
	switch (fields.command) {
		case "status":
		case "reset":
		case "card-remove":
		case "card-insert":
		case "clock-unset":
		case "stop":
			return { command: fields.command };
		case "press":
			return {
				command: "press",
				gesture: oneOf(fields, "gesture", PRESSES),
				bounce: fields.bounce === true,
			};
		case "battery":
			return {
				command: "battery",
				percent: amount(fields, "percent", 100),
				charging: fields.charging === true,
			};
		case "power-cut":
			return {
				command: "power-cut",
				mode: fields.mode === undefined ? "lose" : oneOf(fields, "mode", ["keep", "lose", "tear"]),
				offMs: fields.offMs === undefined ? 1000 : amount(fields, "offMs", 3_600_000),
			};
		case "program":
			return { command: "program", image: path(fields, "image") };
		case "say":
			return { command: "say", wav: path(fields, "wav") };
		case "sign-assignment":
			return { command: "sign-assignment", assignment: assignmentIn(fields.assignment) };
		case "speaker":
			return { command: "speaker", condition: oneOf(fields, "condition", ["ok", "error", "silent"]) };
		case "clock-set":
			return { command: "clock-set", wallMs: amount(fields, "wallMs", LAST_MOMENT) };
		case "clock-drift":
			return {
				command: "clock-drift",
				partsPerMillion: amount(fields, "partsPerMillion", DRIFT_MAX, -DRIFT_MAX),
			};
		case "radio-set":
			return {
				command: "radio-set",
				...(fields.intervalMs !== undefined && { intervalMs: amount(fields, "intervalMs", 4000, 7.5) }),
				...(fields.packetsPerEvent !== undefined && {
					packetsPerEvent: Math.floor(amount(fields, "packetsPerEvent", 1000)),
				}),
			};
		case "radio-loss":
			return { command: "radio-loss", percent: amount(fields, "percent", 100) };
		case "radio-range":
			return { command: "radio-range", metres: amount(fields, "metres", 100_000) };
		case "card-stall":
			return { command: "card-stall", ms: amount(fields, "ms", 600_000) };
		case "card-fail":
			return {
				command: "card-fail",
				writes: fields.writes === undefined ? 0 : amount(fields, "writes", 1e9),
				reads: fields.reads === undefined ? 0 : amount(fields, "reads", 1e9),
			};
		default:
			throw new ControlRequestError(`there is no command ${JSON.stringify(fields.command)}`);
	}
}

function amount(fields: Fields, name: string, maximum: number, minimum = 0): number {
	const value = fields[name];
	if (typeof value === "number" && value >= minimum && value <= maximum) return value;
	throw new ControlRequestError(`${name} must be a number from ${minimum} to ${maximum}`);
}

function assignmentIn(value: unknown): AssignmentToSign {
	try {
		const {
			agency: _agency,
			format: _format,
			...rest
		} = parse(assignment, {
			...(typeof value === "object" ? value : {}),
			format: ASSIGNMENT_FORMAT,
			agency: "",
		});
		return rest;
	} catch (error) {
		if (error instanceof SchemaError) throw new ControlRequestError(`the assignment: ${error.message}`);
		throw error;
	}
}

function path(fields: Fields, name: string): string {
	const value = fields[name];
	if (typeof value === "string" && value !== "") return value;
	throw new ControlRequestError(`${name} must be the path of a file`);
}

function oneOf<T extends string>(fields: Fields, name: string, values: readonly T[]): T {
	const found = values.find((value) => value === fields[name]);
	if (found === undefined) throw new ControlRequestError(`${name} must be one of ${values.join(", ")}`);
	return found;
}
