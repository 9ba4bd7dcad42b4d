import { PRESSES, type Press } from "@bodycam/simulator/control/gestures";
import { Argument, type Command, Option } from "commander";
import {
	addCommand,
	addGroup,
	type Context,
	handle,
	numberOption,
	printResult,
	type Runtime,
} from "../command.ts";
import { chooseSimulator } from "../simulators.ts";

/** Options of every command that acts on one running simulator. */
export interface NamedFlags {
	/** Which one. */
	readonly name?: string;
}

/** Adds `--name` to a command that acts on one running simulator. */
export function addNameOption(command: Command): Command {
	return command.option(
		"--name <name>",
		"which simulator (default: the one that runs, if there is only one)",
	);
}

type ControlCommand = Parameters<typeof import("@bodycam/simulator/control/client").controlSimulator>[1];

/** Commands that do to a simulated camera what its surroundings do to a real one. */
export function addSimControlCommands(group: Command, runtime: Runtime): void {
	addPress(group, runtime);
	addBattery(group, runtime);
	addPowerCut(group, runtime);
	addReset(group, runtime);
	addCard(group, runtime);
}

function addPress(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "press",
		summary: "press the buttons as a wearer does",
		description:
			"Makes a gesture on the camera's two buttons as a wearer does and returns when they are released. The event button: announce (once; also called single), start (twice), stop (held for 3 s), short-hold (let go too early, means nothing). Both buttons: danger. The function button: mark, arm, resume, next-reason (once), home, take-reason (twice), consent-given (three times), consent-refused (twice, the second time held), pause, disarm, later (held for 3 s), withdraw (held for 10 s). What a gesture means depends on what the camera does; the names are for people.",
		examples: [
			["bodycam sim press start --name cam1", "Start a recording"],
			["bodycam sim press danger", "Record at once, without the announcement"],
		],
	})
		.addArgument(new Argument("<gesture>", "what to do with the buttons").choices(PRESSES))
		.option("--bounce", "let the contacts bounce, as those of real buttons do");
	handle<NamedFlags & { bounce?: boolean }>(addNameOption(command), runtime, (context, flags, [gesture]) =>
		control(
			context,
			flags,
			{ command: "press", gesture: gesture as Press, bounce: flags.bounce === true },
			`pressed: ${gesture}`,
		),
	);
}

function addBattery(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "battery",
		summary: "set the level of the battery",
		description:
			"Sets the level of the battery, which then goes on from there, and whether it is being charged.",
		examples: [["bodycam sim battery 10 --name cam1", "Nearly empty"]],
	})
		.addArgument(
			new Argument("<percent>", "level").argParser(numberOption({ min: 0, max: 100, unit: "percent" })),
		)
		.option("--charging", "on the charger");
	handle<NamedFlags & { charging?: boolean }>(addNameOption(command), runtime, (context, flags, [percent]) =>
		control(
			context,
			flags,
			{ command: "battery", percent: Number(percent), charging: flags.charging === true },
			`battery: ${percent} %${flags.charging === true ? ", charging" : ""}`,
		),
	);
}

interface PowerCutFlags extends NamedFlags {
	readonly mode: "keep" | "lose" | "tear";
	readonly off: number;
}

function addPowerCut(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "power-cut",
		summary: "take the power away and give it back",
		description:
			"Takes the power away in the middle of whatever the camera does, and gives it back after a while. Memory is lost; of the card's last writes that it had not confirmed as safe, --mode says what becomes.",
		examples: [["bodycam sim power-cut --name cam1 --mode tear", "A write under way is left half done"]],
	})
		.addOption(
			new Option("--mode <mode>", "unconfirmed writes are kept, lost, or one of them is torn")
				.choices(["keep", "lose", "tear"])
				.default("lose"),
		)
		.option(
			"--off <seconds>",
			"time without power",
			numberOption({ min: 0, max: 3600, fraction: true, unit: "seconds" }),
			1,
		);
	handle<PowerCutFlags>(addNameOption(command), runtime, (context, flags) =>
		control(
			context,
			flags,
			{ command: "power-cut", mode: flags.mode, offMs: flags.off * 1000 },
			`the power was away for ${flags.off} s`,
		),
	);
}

function addReset(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "reset",
		summary: "restart the firmware, as a reset button does",
		description:
			"Restarts the firmware from the flash; the power stays. What the camera had in memory is lost.",
	});
	handle<NamedFlags>(addNameOption(command), runtime, (context, flags) =>
		control(context, flags, { command: "reset" }, "reset"),
	);
}

function addCard(group: Command, runtime: Runtime): void {
	const cards = addGroup(group, "card", "disturb the memory card");
	const simple = [
		["remove", "take the card out", "card-remove", "the card is out"],
		["insert", "put the card back", "card-insert", "the card is in"],
	] as const;
	for (const [name, summary, command, done] of simple) {
		const leaf = addCommand(cards, { usage: name, summary, description: `Lets someone ${summary}.` });
		handle<NamedFlags>(addNameOption(leaf), runtime, (context, flags) =>
			control(context, flags, { command }, done),
		);
	}
	const stall = addCommand(cards, {
		usage: "stall",
		summary: "make the card answer late",
		description: "Makes the card answer nothing for a while, as cards do while they tidy up.",
	}).addArgument(
		new Argument("<ms>", "how long").argParser(numberOption({ min: 0, max: 600_000, unit: "ms" })),
	);
	handle<NamedFlags>(addNameOption(stall), runtime, (context, flags, [ms]) =>
		control(context, flags, { command: "card-stall", ms: Number(ms) }, `the card stalls for ${ms} ms`),
	);
	const fail = addCommand(cards, {
		usage: "fail",
		summary: "make writes or reads of the card fail",
		description: "Makes the next writes and reads of the card fail.",
	})
		.option("--writes <n>", "how many writes", numberOption({ min: 0, max: 1e9 }), 0)
		.option("--reads <n>", "how many reads", numberOption({ min: 0, max: 1e9 }), 0);
	handle<NamedFlags & { writes: number; reads: number }>(addNameOption(fail), runtime, (context, flags) =>
		control(
			context,
			flags,
			{ command: "card-fail", writes: flags.writes, reads: flags.reads },
			`${flags.writes} writes and ${flags.reads} reads will fail`,
		),
	);
}

/** Does something to a running simulator and says so. */
export async function control(
	context: Context,
	flags: NamedFlags,
	command: ControlCommand,
	done: string,
): Promise<void> {
	const { controlSimulator } = await import("@bodycam/simulator/control/client");
	const name = await chooseSimulator(flags.name);
	const result = await controlSimulator(name, command, context.signal);
	context.signal.throwIfAborted();
	printResult(context, { name, ...command, result: result ?? null }, () => `${name}: ${done}`);
}
