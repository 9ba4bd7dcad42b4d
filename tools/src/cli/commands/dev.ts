import { join } from "node:path";
import type { Command } from "commander";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { describeFailure } from "../failure.ts";
import { formatDuration } from "../format.ts";
import { Reloader } from "../reloader.ts";
import { addSimulatorOptions, firmwareKeys, type SimulatorFlags, simulatorOptions } from "../sim-options.ts";
import { printStarted, startedCamera, watchBoard } from "../sim-view.ts";
import { watchSources } from "../watch-sources.ts";

/** `bodycam dev`: a simulated camera that runs what was just saved. */
export function addDevCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "dev",
		summary: "simulate a camera that reloads its firmware on save",
		description:
			"Starts a simulated camera and watches the sources of firmware and protocol. On a save it builds the firmware and restarts the camera with it; card, flash and clock stay. A firmware that does not build is reported and the old one goes on; an exception shows its TypeScript lines. Ctrl-C or `bodycam sim stop` ends it.",
		examples: [
			["bodycam dev --serial-link /tmp/cam", "With a serial port that is always found at one place"],
		],
	});
	handle<SimulatorFlags>(
		addSimulatorOptions(command, { name: "dev", state: "out/dev/NAME in the checkout" }),
		runtime,
		develop,
	);
}

async function develop(context: Context, flags: SimulatorFlags): Promise<void> {
	const [{ projectRoot }, { projectFirmware }, { startSimulator }] = await Promise.all([
		import("@bodycam/simulator/root"),
		import("@bodycam/simulator/simulator/firmware"),
		import("@bodycam/simulator/simulator/start"),
	]);
	const keys = await firmwareKeys(flags);
	const root = projectRoot();
	const options = simulatorOptions({ ...flags, state: flags.state ?? join(root, "out", "dev", flags.name) });
	const ended = new AbortController();
	const reloader = new Reloader(
		{ ...options, events: (camera) => watchBoard(context, camera) },
		{
			build: () => projectFirmware(keys),
			start: startSimulator,
			onStarted: (simulator) => printStarted(context, simulator.cameras.map(startedCamera)),
			onReloaded: (ms) =>
				printResult(context, { type: "reloaded", ms: Math.round(ms) }, () =>
					context.terminal.paint("green", `reloaded in ${formatDuration(ms)}`),
				),
			onUnchanged: () =>
				printResult(context, { type: "unchanged" }, () =>
					context.terminal.paint("dim", "saved: what was built is what the camera runs already"),
				),
			onEnded: () => {
				printResult(context, { type: "ended" }, () => "the simulator was stopped from outside");
				ended.abort();
			},
			onFailure: (error) => {
				const { code, message } = describeFailure(error);
				// The camera has shown the stack of its death already.
				const text = code === "firmware-crash" ? (message.split("\n")[0] ?? "") : message;
				printResult(context, { type: "failed", message }, () =>
					context.terminal.paint("red", `${text}\nwaiting for the next save …`),
				);
			},
		},
	);
	const unwatch = watchSources([join(root, "firmware", "src"), join(root, "protocol", "src")], () => {
		void reloader.reload().catch((error: unknown) => {
			context.terminal.note(describeFailure(error).message);
		});
	});
	try {
		await reloader.reload();
		const over = AbortSignal.any([context.signal, ended.signal]);
		await new Promise<void>((resolve) => {
			if (over.aborted) resolve();
			over.addEventListener("abort", () => resolve(), { once: true });
		});
	} finally {
		unwatch();
		await reloader.close();
	}
}
