import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { addCommand, addGroup, type Context, handle, printResult, type Runtime } from "../command.ts";
import { formatDuration, formatMoment } from "../format.ts";
import { parseTime } from "../parse-time.ts";
import { chooseSimulator } from "../simulators.ts";
import { addNameOption, control, type NamedFlags } from "./sim-control.ts";

/** Commands that change what is around and inside a simulated camera: who speaks, its speaker, its clock. */
export function addSimSurroundingsCommands(group: Command, runtime: Runtime): void {
	addSay(group, runtime);
	addSpeaker(group, runtime);
	addClock(group, runtime);
}

interface SayFlags extends NamedFlags {
	readonly wav: string;
	readonly wait: boolean;
}

function addSay(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "say",
		summary: "speak in front of the camera",
		description:
			"Lets somebody in front of the camera speak: the sound of a WAV file is mixed into what its microphone hears, from now on. Returns when it has been said. A simulator has no voice of its own, so there is no way to give it a text: make a file from one, for example with espeak-ng -w said.wav.",
		examples: [["bodycam sim say --wav said.wav --name cam1", "Say what is in the file"]],
	})
		.requiredOption("--wav <file>", "what to say: uncompressed sound of any rate")
		.option("--no-wait", "return as soon as the speaking begins");
	handle<SayFlags>(addNameOption(command), runtime, say);
}

async function say(context: Context, flags: SayFlags): Promise<void> {
	const { controlSimulator } = await import("@bodycam/simulator/control/client");
	const name = await chooseSimulator(flags.name);
	const answer = await controlSimulator(name, { command: "say", wav: resolve(flags.wav) });
	const { durationMs } = answer as { durationMs: number };
	if (flags.wait) await delay(durationMs, undefined, { signal: context.signal });
	printResult(context, { name, command: "say", wav: flags.wav, durationMs }, () => {
		return `${name}: ${flags.wait ? "said" : "saying"} ${flags.wav}, ${formatDuration(durationMs)}`;
	});
}

function addSpeaker(group: Command, runtime: Runtime): void {
	const speakers = addGroup(group, "speaker", "break and repair the speaker");
	const fail = addCommand(speakers, {
		usage: "fail",
		summary: "break the speaker",
		description:
			"Breaks the speaker, in the middle of what it plays too. Either it says that it cannot play, as one that is unplugged does, or with --silent it pretends to play and nothing is heard, as one that is covered or torn does.",
		examples: [["bodycam sim speaker fail --silent --name cam1", "Only the microphone can notice"]],
	}).option("--silent", "pretend to play");
	handle<NamedFlags & { silent?: boolean }>(addNameOption(fail), runtime, (context, flags) => {
		const silent = flags.silent === true;
		const condition = silent ? "silent" : "error";
		return control(
			context,
			flags,
			{ command: "speaker", condition },
			silent ? "the speaker is silent" : "the speaker fails",
		);
	});
	const ok = addCommand(speakers, {
		usage: "ok",
		summary: "repair the speaker",
		description: "Repairs the speaker. What it should have played before is not made up for.",
	});
	handle<NamedFlags>(addNameOption(ok), runtime, (context, flags) =>
		control(context, flags, { command: "speaker", condition: "ok" }, "the speaker works"),
	);
}

function addClock(group: Command, runtime: Runtime): void {
	const clocks = addGroup(group, "clock", "disturb the real-time clock");
	const set = addCommand(clocks, {
		usage: "set [time]",
		summary: "give the real-time clock a time, right or wrong",
		description:
			"Sets the real-time clock from outside, as at the factory, to this computer's time unless another is given. TIME is in ISO 8601 with its zone, like 2026-03-01T14:05:09Z. `bodycam clock set` asks the camera to do it instead.",
		examples: [["bodycam sim clock set 2031-01-01T00:00:00Z --name cam1", "A clock that is years ahead"]],
	});
	handle<NamedFlags>(addNameOption(set), runtime, (context, flags, [time]) => {
		const wallMs = time === undefined ? Date.now() : parseTime(time);
		return control(
			context,
			flags,
			{ command: "clock-set", wallMs },
			`the clock says ${formatMoment(wallMs)}`,
		);
	});
	const unset = addCommand(clocks, {
		usage: "unset",
		summary: "let the real-time clock forget the time",
		description: "Lets the real-time clock forget the time, as one does whose own battery is empty.",
	});
	handle<NamedFlags>(addNameOption(unset), runtime, (context, flags) =>
		control(context, flags, { command: "clock-unset" }, "the clock is not set"),
	);
	const drift = addCommand(clocks, {
		usage: "drift",
		summary: "let the real-time clock run fast or slow",
		description:
			"Lets the real-time clock run fast, or slow below zero, from now on. A camera asks its clock when it starts, so the error shows after the next reset or power cut. The drift ends with the simulator.",
		examples: [["bodycam sim clock drift 200 --name cam1", "17 s a day fast"]],
	}).addArgument(new Argument("<ppm>", "parts per million").argParser(partsPerMillion));
	handle<NamedFlags>(addNameOption(drift), runtime, (context, flags, [ppm]) =>
		control(
			context,
			flags,
			{ command: "clock-drift", partsPerMillion: Number(ppm) },
			`the clock drifts by ${ppm} ppm`,
		),
	);
}

/** Most a clock may drift, parts per million. */
const DRIFT_MAX = 100_000;

function partsPerMillion(text: string): number {
	const value = Number(text);
	if (!/^[+-]?\d+$/.test(text) || Math.abs(value) > DRIFT_MAX)
		throw new InvalidArgumentError(`It must be a whole number from -${DRIFT_MAX} to ${DRIFT_MAX}.`);
	return value;
}
