import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { type PolicyProfile, profileOf } from "@bodycam/protocol/policy/profile";
import type { EngineName } from "@bodycam/simulator/machine/engine-name";
import type { Command } from "commander";
import type { DemoEvent, DemoOptions } from "../../operations/demo.ts";
import { addCommand, type Context, handle, numberOption, type Runtime, toJson } from "../command.ts";
import { demoView, pulledRate } from "../demo-view.ts";
import { PRE_RECORD_MAX_S } from "../limits.ts";
import { engineOption } from "../sim-options.ts";

interface DemoCommandOptions {
	readonly camera?: string;
	readonly policy?: string;
	readonly preRecord?: number;
	readonly record: number;
	readonly engine?: EngineName;
	readonly out: string;
	readonly seed?: number;
}

/** `bodycam demo`: the main job from end to end, in one command. */
export function addDemoCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "demo",
		summary: "record with a simulated camera and fetch the recording",
		description:
			"Boots the camera firmware on its engine with a simulated camera in front of it, lets the pre-record ring fill, presses the record button twice, hears the announcement, records, holds the button to stop, and fetches the recording over a real serial port (a pseudo-terminal). Camera time runs faster than the clock until the recording is fetched. Writes recording.mp4.age, the recording as it left the camera, encrypted to the keys of a throw-away agency; recording.custody.cbor, what the camera has signed about it; recording.mp4, the same decrypted, which any player plays; demo-identity.txt, the throw-away key that decrypts it; and recording.json, what is known about it. The recording is verified before it is decrypted. Files of an earlier run are replaced only when the new ones are whole.",
		examples: [
			["bodycam demo", "30 s before the trigger and 10 s after it, into ./out"],
			["bodycam demo --camera holiday.mov --pre-record 10 --record 5 --out /tmp/demo", "A video of your own"],
			["bodycam demo --policy de-nw", "The rules of North Rhine-Westphalia: it starts at the trigger"],
			["bodycam demo --engine mps3-an547", "The same firmware on the image for a Cortex-M55, in QEMU"],
			["bodycam demo --seed 1 --json | jq .recording.preRecord", "Twice the same bytes, for a machine"],
		],
	})
		.option(
			"--camera <file>",
			"video in front of the camera: H.264 in MP4 or MOV, looped (default: a test clip)",
		)
		.option(
			"--policy <policy>",
			"rules the camera goes by: a built-in profile (`bodycam policy list`) or a file (default: demo)",
		)
		.option(
			"--pre-record <seconds>",
			`seconds kept before the trigger, up to ${PRE_RECORD_MAX_S} and what the policy allows; 0 keeps none (default: what the policy gives; demo: 30)`,
			numberOption({ min: 0, max: PRE_RECORD_MAX_S, fraction: true, unit: "seconds" }),
		)
		.option(
			"--record <seconds>",
			"seconds from the trigger to the stop; the stop is a hold of 3 s that ends then, so fewer than 3.3 become 3.3",
			numberOption({ min: 0, max: 86_400, fraction: true, unit: "seconds" }),
			10,
		)
		.addOption(engineOption())
		.option("-o, --out <directory>", "where the files go", "out")
		.option(
			"--seed <number>",
			"seed of all randomness: two runs give the same bytes, marked as test material",
			numberOption({ min: 0, max: Number.MAX_SAFE_INTEGER }),
		);
	handle<DemoCommandOptions>(command, runtime, (context, options) => demonstrate(context, options));
}

async function demonstrate(context: Context, options: DemoCommandOptions): Promise<void> {
	const { runDemo } = await import("../../operations/demo.ts");
	const demo: DemoOptions = {
		policy: options.policy === undefined ? undefined : await findProfileOrFile(options.policy),
		camera: options.camera,
		preRecordSeconds: options.preRecord,
		recordSeconds: options.record,
		engine: options.engine,
		out: options.out,
		seed: options.seed,
		signal: context.signal,
	};
	const show = context.json ? jsonView(context) : demoView(context.terminal);
	try {
		for await (const event of runDemo(demo)) show(event);
	} finally {
		context.terminal.status("");
	}
}

async function findProfileOrFile(nameOrFile: string): Promise<PolicyProfile> {
	const { findProfile } = await import("@bodycam/protocol/policy/profiles/index");
	const profile = findProfile(nameOrFile);
	if (profile !== undefined) return profile;
	const { loadPolicy } = await import("../../policy/policy-file.ts");
	return profileOf(await loadPolicy(nameOrFile));
}

/** One object in the end, with all that the timeline shows. */
function jsonView(context: Context): (event: DemoEvent) => void {
	let timeline: readonly CameraEvent[] = [];
	let transfer = {};
	return (event) => {
		if (event.type === "timeline") timeline = event.events;
		if (event.type === "pull" && event.event.type === "done") {
			const { transferred, elapsedMs } = event.event;
			const bytesPerSecond = Math.round(pulledRate(event.event));
			transfer = { bytes: transferred, ms: Math.round(elapsedMs), bytesPerSecond };
		}
		if (event.type === "done") {
			const { files, report } = event;
			context.terminal.out(toJson({ files, recording: report, transfer, timeline }));
		}
	};
}
