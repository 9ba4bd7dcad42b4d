import type { Command } from "commander";
import type { SmpClient } from "../../client/smp-client.ts";
import { assignWearer, type SignAssignment } from "../../operations/wearer.ts";
import { addCommand, addGroup, type Context, handle, type Runtime } from "../command.ts";
import { withDevice } from "../device.ts";
import { chooseSimulator } from "../simulators.ts";
import { type AssignmentFlags, addAssignmentOptions, assignmentPlan } from "../wearer-options.ts";
import { addNameOption, type NamedFlags } from "./sim-control.ts";
import { addWearerActions, printWearer } from "./wearer-actions.ts";

/** What `bodycam sim wearer assign` takes for options that are left out; consent and training hold for long. */
const DEFAULTS = {
	wearer: "demo-wearer",
	until: "2099-12-31",
	trained: "2020-01-01",
	trainedUntil: "2099-12-31",
};

/** `bodycam sim wearer …`: the same as `bodycam wearer …`, by the simulator's own agency and with few words. */
export function addSimWearerCommands(group: Command, runtime: Runtime): void {
	const wearers = addGroup(group, "wearer", "say who wears a simulated camera");
	addAssign(wearers, runtime);
	addWearerActions<NamedFlags>(wearers, runtime, {
		group: "sim wearer",
		example: "--name cam1",
		add: addNameOption,
		use: (context, flags, work) => withSimulator(context, flags, (client) => work(client)),
	});
}

function addAssign(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "assign",
		summary: "assign a simulated camera to a wearer",
		description:
			"Assigns a simulated camera to a wearer, signed by the throw-away agency the simulator made for it. What is left out is filled in: the wearer demo-wearer, and consent and training that hold for long. For cameras that belong to another agency there is `bodycam wearer assign`.",
		examples: [
			["bodycam sim wearer assign --name cam1", "After a withdrawal"],
			[
				"bodycam sim wearer assign --name cam1 --consent-until 2027-03-01T14:05:09Z",
				"A consent that is about to end",
			],
		],
	});
	handle<NamedFlags & AssignmentFlags>(
		addNameOption(addAssignmentOptions(command)),
		runtime,
		async (context, flags) => {
			const plan = assignmentPlan(flags, DEFAULTS);
			await withSimulator(context, flags, async (client, name) => {
				const { status } = await assignWearer(client, plan, signedBySimulator(name), {
					signal: context.signal,
				});
				printWearer(context, status);
			});
		},
	);
}

async function withSimulator<Result>(
	context: Context,
	flags: NamedFlags,
	work: (client: SmpClient, name: string) => Promise<Result>,
): Promise<Result> {
	const name = await chooseSimulator(flags.name);
	return withDevice(context, { device: `sim:${name}` }, (client) => work(client, name));
}

/** Has the simulator sign in the name of the camera's throw-away agency. */
function signedBySimulator(name: string): SignAssignment {
	return async (assignment) => {
		const { controlSimulator } = await import("@bodycam/simulator/control/client");
		const answer = await controlSimulator(name, { command: "sign-assignment", assignment });
		return new Uint8Array(Buffer.from((answer as { document: string }).document, "base64"));
	};
}
