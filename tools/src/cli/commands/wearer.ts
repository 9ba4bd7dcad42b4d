import { readFile, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { sendAssignment } from "../../client/wearer.ts";
import { UsageError } from "../../errors.ts";
import { agencySigner } from "../../operations/assignment-signer.ts";
import { type AssignmentPlan, assignWearer, planned, type SignAssignment } from "../../operations/wearer.ts";
import { addCommand, addGroup, type Context, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { passphraseSource } from "../passphrase.ts";
import { type AssignmentFlags, addAssignmentOptions, assignmentPlan } from "../wearer-options.ts";
import { addWearerActions, printWearer } from "./wearer-actions.ts";

/** `bodycam wearer …`: who wears a camera. */
export function addWearerCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "wearer", "say who wears a camera");
	addAssign(group, runtime);
	addWearerActions<DeviceOptions>(group, runtime, {
		group: "wearer",
		example: "-d sim:cam1",
		add: addDeviceOptions,
		use: withDevice,
	});
}

interface AssignFlags extends DeviceOptions, AssignmentFlags {
	readonly agency?: string;
	readonly passphraseFile?: string;
	readonly document?: string;
	readonly out?: string;
}

function addAssign(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "assign",
		summary: "assign a camera to a wearer",
		description:
			"Signs an assignment with the agency's policy-signing key and hands it to the camera: who wears it, with consent and training. A day is one like 2027-03-01 in this computer's time zone; a moment with its zone, like 2027-03-01T14:05:09Z, does as well. With --out it is signed and written to a file instead, on a computer that has the keys and no camera; with --document such a file is handed to the camera.",
		examples: [
			[
				"bodycam wearer assign -d sim:cam1 --agency agency --wearer W-17 --until 2027-12-31 --trained 2027-01-15 --trained-until 2028-01-15",
				"From today until the end of the year",
			],
			["bodycam wearer assign -d sim:cam1 --document w-17.assignment", "Signed elsewhere, with --out"],
		],
	});
	addAssignmentOptions(addDeviceOptions(command))
		.option("--agency <directory>", "the agency that assigns: its policy-signing key signs")
		.option("--passphrase-file <file>", "file with the passphrase of the key (default: it is asked for)")
		.option("--document <file>", "an assignment that is signed already")
		.option("--out <file>", "write the signed assignment there; needs --number and --camera, and no -d");
	handle<AssignFlags>(command, runtime, async (context, flags) => {
		if (flags.document !== undefined) await handOver(context, flags, flags.document);
		else if (flags.out !== undefined) await writeOut(context, flags, flags.out);
		else await assign(context, flags);
	});
}

async function assign(context: Context, flags: AssignFlags): Promise<void> {
	const plan = assignmentPlan(flags);
	const sign = await signer(flags);
	const { signal } = context;
	await withDevice(context, flags, async (client) => {
		printWearer(context, (await assignWearer(client, plan, sign, { signal })).status);
	});
}

async function handOver(context: Context, flags: AssignFlags, file: string): Promise<void> {
	const document = new Uint8Array(await readFile(file));
	const { signal } = context;
	await withDevice(context, flags, async (client) => {
		printWearer(context, await sendAssignment(client, document, { signal }));
	});
}

async function writeOut(context: Context, flags: AssignFlags, file: string): Promise<void> {
	const plan = assignmentPlan(flags);
	const document = await (await signer(flags))(planned(plan, unnamed(plan)));
	await writeFile(file, document, { mode: 0o600 });
	printResult(
		context,
		{ file, wearer: plan.wearer, number: plan.number, camera: plan.camera, document },
		() => {
			return `${file}: ${plan.wearer}, number ${plan.number}, camera ${plan.camera}`;
		},
	);
}

/** Without a camera to ask nothing may be left to it. */
function unnamed({ camera, number }: AssignmentPlan): { readonly number: number; readonly camera: string } {
	if (camera !== undefined && number !== undefined) return { number, camera };
	throw new UsageError(`${number === undefined ? "--number" : "--camera"} is missing`, {
		hint: "Without a camera to ask it has to be given; `bodycam wearer status` shows the last number.",
	});
}

function signer({ agency, passphraseFile }: AssignFlags): Promise<SignAssignment> {
	if (agency === undefined) {
		throw new UsageError("--agency is missing", {
			hint: "Name the directory of the agency that assigns; `bodycam agency new` makes one.",
		});
	}
	return agencySigner(agency, passphraseSource(passphraseFile));
}
