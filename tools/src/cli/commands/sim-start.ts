import { join } from "node:path";
import type { Command } from "commander";
import { addCommand, type Context, handle, type Runtime } from "../command.ts";
import { isDetached, startDetached, tellParent } from "../detach.ts";
import { describeFailure } from "../failure.ts";
import { addSimulatorOptions, firmwareKeys, type SimulatorFlags, simulatorOptions } from "../sim-options.ts";
import { printStarted, startedCamera, watchBoard } from "../sim-view.ts";

interface StartFlags extends SimulatorFlags {
	readonly detach?: boolean;
}

/** `bodycam sim start`: cameras without hardware. */
export function addSimStartCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "start",
		summary: "start a simulated camera, or several",
		description:
			"Starts the camera firmware on its engine, with a board around it that is simulated at the pace of the clock. It is reached as sim:NAME, over UDP and on a serial port if one is asked for. Runs until Ctrl-C and shows the camera's log, or in the background with --detach. With --json the first line says what was started, the lines after it what happens.",
		examples: [
			["bodycam sim start --name cam1 --serial", "One camera with a serial port, in this terminal"],
			["bodycam sim start --name cam1 --state ./cam1 --detach", "In the background, its card kept in ./cam1"],
			["bodycam sim start --name fleet --count 20 --detach", "Twenty cameras: fleet-1 to fleet-20"],
		],
	}).option("--detach", "return when it runs and leave it in the background; `bodycam sim stop` ends it");
	handle<StartFlags>(
		addSimulatorOptions(command, { name: "cam1", state: "in memory" }),
		runtime,
		async (context, flags) => {
			if (flags.detach === true && !isDetached()) await startInBackground(context, flags);
			else await runHere(context, flags);
		},
	);
}

async function startInBackground(context: Context, flags: StartFlags): Promise<void> {
	const [{ runDirectory }, { removeLeftovers }, { checkNameFree }] = await Promise.all([
		import("@bodycam/simulator/control/run-directory"),
		import("@bodycam/simulator/control/leftovers"),
		import("@bodycam/simulator/control/registry"),
	]);
	// Before the log is opened, which would empty that of the simulator that has the name.
	checkNameFree(flags.count === 1 ? flags.name : `${flags.name}-1`);
	const directory = runDirectory();
	removeLeftovers(directory);
	// No camera can be called like this: a group and a camera of another one never share a log.
	const log = flags.count === 1 ? `${flags.name}.log` : `group@${flags.name}.log`;
	const logFile = join(directory, log);
	printStarted(context, await startDetached(process.argv.slice(2), { logFile, signal: context.signal }));
}

async function runHere(context: Context, flags: StartFlags): Promise<void> {
	try {
		const keys = await firmwareKeys(flags);
		const { startSimulator } = await import("@bodycam/simulator/simulator/start");
		const simulator = await startSimulator({
			...simulatorOptions(flags),
			firmwareKeys: keys,
			events: (camera) => watchBoard(context, camera),
		});
		const stop = (): void => void simulator.stop();
		context.signal.addEventListener("abort", stop, { once: true });
		if (context.signal.aborted) stop();
		const started = simulator.cameras.map(startedCamera);
		printStarted(context, started);
		await tellParent({ started });
		await simulator.ended;
	} catch (error) {
		await tellParent({ failure: describeFailure(error) });
		throw error;
	}
}
