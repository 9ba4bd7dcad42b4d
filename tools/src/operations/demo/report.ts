import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";

/** What the engine counted from boot until the recording was closed. */
export interface EngineFigures {
	/** Engine and version. */
	readonly name: string;
	/** Metered instructions. */
	readonly instructions: number;
	/** Most bytes its heap ever took. */
	readonly heapPeakBytes: number;
}

/** What `recording.json` holds: what the camera knows about the recording, and what the run was. */
export type DemoReport = Omit<RecordingMetadata, "sha256" | "finalHash" | "engine" | "policy"> & {
	/** The policy in force at the trigger; its digest is hexadecimal. */
	readonly policy?: Omit<NonNullable<RecordingMetadata["policy"]>, "sha256"> & { readonly sha256: string };
	/** Seed of all randomness; null when it was the operating system's. */
	readonly seed: number | null;
	/** The engine and what it did. */
	readonly engine: EngineFigures;
	/** What the rules of the policy say about pre-recording: why the recording starts where it does. */
	readonly startsBecause: string;
	/** SHA-256 of recording.mp4.age, hexadecimal, as verified. */
	readonly sha256: string;
	/** Hash behind the item that ends recording.custody.cbor, hexadecimal. */
	readonly finalHash: string;
	/** Root public key of the throw-away agency, hexadecimal: what `bodycam evidence verify --root` takes. */
	readonly rootKey: string;
};

/** Puts the report together. Two runs with one seed give the same report: nothing measured in real time is in it. */
export function demoReport(
	metadata: RecordingMetadata,
	run: {
		readonly seed: number | undefined;
		readonly sha256: string;
		readonly startsBecause: string;
		readonly anchor: Uint8Array;
	} & Omit<EngineFigures, "name">,
): DemoReport {
	const { policy, finalHash, ...rest } = metadata;
	return {
		seed: run.seed ?? null,
		...rest,
		...(policy && { policy: { ...policy, sha256: hex(policy.sha256) } }),
		engine: { name: metadata.engine, instructions: run.instructions, heapPeakBytes: run.heapPeakBytes },
		startsBecause: run.startsBecause,
		sha256: run.sha256,
		finalHash: hex(finalHash),
		rootKey: hex(run.anchor),
	};
}

function hex(bytes: Uint8Array | undefined): string {
	return Buffer.from(bytes ?? []).toString("hex");
}

/** What a policy says about pre-recording, in a sentence. */
export function explainStart({ name, preRecording }: PolicyProfile): string {
	const { mode, locked, maximumMs } = preRecording;
	const seconds = maximumMs / 1000;
	if (mode === "off" || locked)
		return `${name}: pre-recording is off${locked ? " and locked" : ""}, so the recording starts at the trigger`;
	return mode === "manual"
		? `${name}: pre-recording runs once the wearer has armed it and holds at most ${seconds} s before the trigger`
		: `${name}: pre-recording runs whenever the camera is ready and holds at most ${seconds} s before the trigger`;
}
