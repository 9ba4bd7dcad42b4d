import type { Mp4File, Mp4Sample, Mp4Track } from "./mp4-inspection.ts";
import { frameName, type RecorderRig } from "./recorder-rig.ts";

/** The track of a kind. @throws {Error} when there is none */
export function track(file: Mp4File, handler: "vide" | "soun"): Mp4Track {
	const found = file.tracks.find((candidate) => candidate.handler === handler);
	if (!found) throw new Error(`no track ${handler}`);
	return found;
}

/** The name in a sample's bytes. */
export function nameOf(sample: Mp4Sample | undefined): number {
	if (!sample) throw new Error("there is no such sample");
	return frameName(sample.data);
}

/** Names of all pictures in a file. */
export function names(file: Mp4File): number[] {
	return track(file, "vide").samples.map(nameOf);
}

/** All numbers from one to another. */
export function run(from: number, to: number): number[] {
	return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Arms, waits, records, stops, and walks the file. Times in s, results in µs. */
export async function record(
	rig: RecorderRig,
	armed: number,
	recorded: number,
	seconds: number,
	sound = true,
) {
	rig.recorder.arm({ seconds, sound });
	await rig.seconds(armed);
	const trigger = rig.timers.now();
	rig.begin();
	await rig.seconds(recorded);
	const stop = rig.timers.now();
	await rig.stop();
	return { trigger, stop, metadata: rig.closed.at(-1), file: await rig.file(rig.closed.at(-1)?.number ?? 0) };
}
