import { Argument, type Command } from "commander";
import { UsageError } from "../../errors.ts";
import { addCommand, addGroup, handle, numberOption, type Runtime } from "../command.ts";
import { addNameOption, control, type NamedFlags } from "./sim-control.ts";

/** Commands that change the air between simulated cameras and the simulated Bluetooth adapters. */
export function addSimRadioCommands(group: Command, runtime: Runtime): void {
	const radios = addGroup(group, "radio", "change what Bluetooth has to put up with");
	addSet(radios, runtime);
	const loss = addCommand(radios, {
		usage: "loss",
		summary: "lose a part of the packets",
		description:
			"Loses that part of a camera's Bluetooth packets, in both directions and whatever its distance. The link sends what was lost again; a link that loses everything ends after its supervision timeout.",
		examples: [["bodycam sim radio loss 2 --name cam1", "Two packets in a hundred"]],
	}).addArgument(
		new Argument("<percent>", "how many of a hundred packets").argParser(
			numberOption({ min: 0, max: 100, fraction: true, unit: "percent" }),
		),
	);
	handle<NamedFlags>(addNameOption(loss), runtime, (context, flags, [percent]) =>
		control(
			context,
			flags,
			{ command: "radio-loss", percent: Number(percent) },
			`${percent} % of its packets are lost`,
		),
	);
	const range = addCommand(radios, {
		usage: "range",
		summary: "move the camera nearer or farther away",
		description:
			"Puts a camera so many metres from the Bluetooth adapters, in free space. At 1 m it is heard with -55 dBm; from 32 m on the weak signal loses packets, and beyond 100 m nothing is heard.",
		examples: [["bodycam sim radio range 200 --name cam1", "Out of range: the link is lost"]],
	}).addArgument(
		new Argument("<metres>", "how far").argParser(
			numberOption({ min: 0, max: 100_000, fraction: true, unit: "metres" }),
		),
	);
	handle<NamedFlags>(addNameOption(range), runtime, (context, flags, [metres]) =>
		control(context, flags, { command: "radio-range", metres: Number(metres) }, `${metres} m away`),
	);
}

interface SetFlags extends NamedFlags {
	readonly interval?: number;
	readonly packets?: number;
}

function addSet(radios: Command, runtime: Runtime): void {
	const command = addCommand(radios, {
		usage: "set",
		summary: "change what connections run with",
		description:
			"Changes what Bluetooth connections run with that are made from now on, for all cameras of this simulator: the interval its adapters choose where program and camera leave them a choice, and how many packets an event has room for besides its time, as cheap radios have.",
		examples: [
			["bodycam sim radio set --packets 4 --name cam1", "A telephone that sends four packets an event"],
		],
	})
		.option(
			"--interval <ms>",
			"connection interval",
			numberOption({ min: 7.5, max: 4000, fraction: true, unit: "ms" }),
		)
		.option(
			"--packets <n>",
			"packets an event in each direction; 0 for no limit",
			numberOption({ min: 0, max: 1000 }),
		);
	handle<SetFlags>(addNameOption(command), runtime, async (context, flags) => {
		const { interval, packets } = flags;
		if (interval === undefined && packets === undefined)
			throw new UsageError("nothing is to be set", { hint: "Give --interval, --packets or both." });
		const done = [
			interval === undefined ? undefined : `interval ${interval} ms`,
			packets === undefined
				? undefined
				: packets === 0
					? "packets as time allows"
					: `${packets} packets an event`,
		];
		await control(
			context,
			flags,
			{
				command: "radio-set",
				...(interval === undefined ? {} : { intervalMs: interval }),
				...(packets === undefined ? {} : { packetsPerEvent: packets }),
			},
			`new connections: ${done.filter((part) => part !== undefined).join(", ")}`,
		);
	});
}
