import type { RegistryEntry } from "@bodycam/simulator/control/registry";
import { type Command, Option } from "commander";
import { ConnectionError, NoSuchDeviceError, UsageError } from "../../errors.ts";
import {
	addCommand,
	addGroup,
	type Context,
	handle,
	numberOption,
	printResult,
	type Runtime,
} from "../command.ts";
import { formatDuration } from "../format.ts";
import { chooseSimulator, listSimulators } from "../simulators.ts";
import { formatTable } from "../table.ts";
import { type AwaitedState, waitForState } from "../wait.ts";
import { addNameOption, addSimControlCommands } from "./sim-control.ts";
import { addSimRadioCommands } from "./sim-radio.ts";
import { addSimStartCommand } from "./sim-start.ts";
import { addSimSurroundingsCommands } from "./sim-surroundings.ts";
import { addSimWearerCommands } from "./sim-wearer.ts";

/** Longest time a simulator may take to end, ms. */
const STOP_LIMIT_MS = 10_000;

/** `bodycam sim …`: cameras without hardware. */
export function addSimCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "sim", "simulate cameras");
	addSimStartCommand(group, runtime);
	addWait(group, runtime);
	addStop(group, runtime);
	addList(group, runtime);
	addSimControlCommands(group, runtime);
	addSimSurroundingsCommands(group, runtime);
	addSimRadioCommands(group, runtime);
	addSimWearerCommands(group, runtime);
}

interface WaitFlags {
	readonly name?: string;
	readonly until: AwaitedState;
	readonly timeout: number;
}

function addWait(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "wait",
		summary: "wait until a simulator is ready",
		description:
			"Waits until a simulator of that name runs and its camera answers; with --until, until the camera is in that state. For scripts, in place of a pause of some seconds. Exit code 3 if there is no such simulator when the time is up, 5 if its camera is not in that state.",
		examples: [
			["bodycam sim start --detach && bodycam sim wait --until armed", "Until the pre-record ring runs"],
			[
				"bodycam sim wait --name cam1 --until idle --timeout 60",
				"Until no recording is being made or written",
			],
		],
	})
		.addOption(
			new Option(
				"--until <state>",
				"what to wait for: the camera answers, pre-records, records, or does not record",
			)
				.choices(["answering", "armed", "recording", "idle"])
				.default("answering"),
		)
		.option(
			"--timeout <seconds>",
			"longest wait",
			numberOption({ min: 0, max: 86_400, fraction: true, unit: "seconds" }),
			10,
		);
	handle<WaitFlags>(addNameOption(command), runtime, async (context, flags) => {
		const name = flags.name ?? (await chooseSimulator(undefined));
		const state = await waitForState(name, flags.until, flags.timeout * 1000, context.signal);
		printResult(context, { name, state }, () => `${name}: ${state}`);
	});
}

interface StopFlags {
	readonly name?: string;
	readonly all?: boolean;
}

function addStop(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "stop",
		summary: "end a simulator",
		description:
			"Ends a simulator and returns when it has ended. A recording that is being made is cut off as by a power cut and closed at the next start. Cameras that were started together end together.",
		examples: [["bodycam sim stop --all", "End all simulators of this user"]],
	}).option("--all", "all that run");
	handle<StopFlags>(addNameOption(command), runtime, async (context, flags) => {
		if (flags.all === true && flags.name !== undefined) {
			throw new UsageError("--all and --name contradict each other", {
				hint: "Give --name to end one simulator, --all to end every one.",
			});
		}
		const running = await listSimulators();
		const names = flags.all === true ? running.map(({ name }) => name) : [await chooseSimulator(flags.name)];
		const stopped = new Set<number>();
		for (const name of names) {
			const entry = running.find((one) => one.name === name);
			if (entry === undefined) {
				throw new NoSuchDeviceError(`no simulator is running under the name ${name}`, {
					hint: "`bodycam sim list` shows those that run.",
				});
			}
			if (!stopped.has(entry.pid)) await stop(context, entry);
			stopped.add(entry.pid);
		}
		const ended = running.filter(({ pid }) => stopped.has(pid)).map(({ name }) => name);
		printResult(context, { stopped: ended }, () =>
			ended.length === 0 ? "none was running" : `ended: ${ended.join(", ")}`,
		);
	});
}

async function stop(context: Context, { name, pid }: RegistryEntry): Promise<void> {
	const { ControlConnectionError, controlSimulator } = await import("@bodycam/simulator/control/client");
	const hint = `\`kill ${pid}\` ends its process.`;
	await controlSimulator(name, { command: "stop" }, context.signal).catch((error: unknown) => {
		if (!(error instanceof ControlConnectionError)) throw error;
		throw new ConnectionError(error.message, { hint, cause: error });
	});
	for (const limit = performance.now() + STOP_LIMIT_MS; performance.now() < limit; ) {
		context.signal.throwIfAborted();
		const running = await listSimulators();
		if (!running.some((entry) => entry.pid === pid)) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new ConnectionError(`the simulator ${name} does not end`, { hint });
}

function addList(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "list",
		summary: "list the simulators that run",
		description: "Lists the simulated cameras that run on this machine for this user.",
	});
	handle(command, runtime, async (context) => {
		const running = await listSimulators();
		printResult(context, running, () =>
			running.length === 0
				? "no simulator is running"
				: formatTable(
						["name", "pid", "network", "serial port", "Bluetooth (HCI)", "state kept in", "runs for"],
						running.map(({ name, hci = [], pid, serial, startedAt, state, udp }) => [
							name,
							String(pid),
							udp === undefined ? "-" : `udp:127.0.0.1:${udp}`,
							serial ?? "-",
							hci.join(" ") || "-",
							state ?? "memory",
							formatDuration(Date.now() - startedAt),
						]),
					),
		);
	});
}
