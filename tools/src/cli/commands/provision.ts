import { CAMERA_NAME_MAX } from "@bodycam/protocol/camera/provisioning";
import { type Command, InvalidArgumentError } from "commander";
import { keepDeviceCertificate, openAgency, openSigner } from "../../agency/agency-directory.ts";
import { DEFAULT_PROFILE, firstPolicy } from "../../agency/first-policy.ts";
import { UsageError } from "../../errors.ts";
import { type GivenUp, resetToFactory } from "../../operations/factory-reset.ts";
import { provision } from "../../operations/provision.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatFingerprint } from "../fingerprint.ts";
import { formatCounted } from "../format.ts";
import { passphraseSource } from "../passphrase.ts";
import { formatFacts } from "../table.ts";

interface AgencyOptions extends DeviceOptions {
	readonly agency?: string;
	readonly passphraseFile?: string;
}

/** `bodycam provision` and `bodycam factory-reset`: to which agency a camera belongs. */
export function addProvisionCommands(program: Command, runtime: Runtime): void {
	addProvision(program, runtime);
	addFactoryReset(program, runtime);
}

interface ProvisionFlags extends AgencyOptions {
	readonly name?: string;
	readonly policy: string;
}

function addProvision(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "provision",
		summary: "make a camera one of an agency's",
		description:
			"Has a camera in factory state make its own key, certifies that key, and gives the camera the agency's root key and certificates, its first policy and the time. It works once; a factory reset comes before a second time. The policy is a built-in profile, signed as version 1, or a file that `bodycam policy sign` has made. The camera's certificate is kept in the agency's directory.",
		examples: [
			["bodycam provision -d serial:/dev/ttyACM0 --agency ./agency --name 'KOD 7'", "A new camera"],
			[
				"bodycam provision -d sim:cam1 --agency ./agency --policy de-bpol",
				"A simulated one, started with --factory",
			],
		],
	})
		.option("--name <name>", "name for the camera", cameraName)
		.option("--policy <file or profile>", "its first policy", DEFAULT_PROFILE);
	handle<ProvisionFlags>(addAgencyOptions(command), runtime, async (context, flags) => {
		const agency = openAgency(required(flags.agency));
		const ask = passphraseSource(flags.passphraseFile);
		const openPolicySigner = () => openSigner(agency, "policy-signing", ask);
		const policy = await firstPolicy(agency, flags.policy, openPolicySigner, Date.now());
		const deviceSigning = await openSigner(agency, "device-signing", ask);
		const { signal } = context;
		await withDevice(context, flags, async (client) => {
			const { name } = flags;
			const camera = await provision(client, { agency, deviceSigning, policy: policy.signed, name, signal });
			const certificate = keepDeviceCertificate(agency, camera);
			const { serial, key } = camera;
			const result = {
				serial,
				key,
				agency: agency.name,
				policy: { name: policy.name, version: policy.version },
				certificate,
			};
			printResult(context, result, () =>
				formatFacts([
					["camera", serial],
					["its key", formatFingerprint(key)],
					["agency", agency.name],
					["policy", `${policy.name}, version ${policy.version}`],
					["certificate", certificate],
				]),
			);
		});
	});
}

interface ResetFlags extends AgencyOptions {
	readonly giveUp?: GivenUp;
}

function addFactoryReset(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "factory-reset",
		summary: "make a camera forget its agency",
		description:
			"Makes a camera forget its agency, key, policy, wearer and settings, and restart; the agency it belongs to has to sign for it. Recordings stay on the card, but without its key the camera can vouch for them no longer: each has to be given up by its number. The reset is an event of the camera.",
		examples: [
			["bodycam factory-reset -d serial:/dev/ttyACM0 --agency ./agency", "A camera without recordings"],
			["bodycam factory-reset -d sim:cam1 --agency ./agency --give-up 1-12", "After 12 were fetched"],
		],
	}).option("--give-up <numbers>", "recordings you have or do without: 1-12,14 or all", recordingRanges);
	handle<ResetFlags>(addAgencyOptions(command), runtime, async (context, flags) => {
		const agency = openAgency(required(flags.agency));
		const deviceSigning = await openSigner(agency, "device-signing", passphraseSource(flags.passphraseFile));
		const { giveUp: givesUp = [] } = flags;
		await withDevice(context, flags, async (client) => {
			const { signal } = context;
			const outcome = await resetToFactory(client, { agency, deviceSigning, givesUp, signal });
			const { serial, recordings } = outcome;
			printResult(context, outcome, () => {
				const kept =
					recordings === 0
						? ""
						: `; ${formatCounted(recordings, "recording")} ${recordings === 1 ? "is" : "are"} still on its card`;
				return `camera ${serial} belongs to no agency any more and restarts${kept}`;
			});
		});
	});
}

function addAgencyOptions(command: Command): Command {
	return addDeviceOptions(
		command
			.option("--agency <directory>", "the agency, as `bodycam agency new` made it")
			.option(
				"--passphrase-file <file>",
				"file whose first line is the passphrase of its keys (default: asks, when they are encrypted)",
			),
	);
}

function required(directory: string | undefined): string {
	if (directory !== undefined) return directory;
	throw new UsageError("no agency is named", {
		hint: "Name its directory with --agency; `bodycam agency new` makes one.",
	});
}

function cameraName(text: string): string {
	const bytes = Buffer.byteLength(text);
	if (bytes >= 1 && bytes <= CAMERA_NAME_MAX) return text;
	throw new InvalidArgumentError(`It must have 1 to ${CAMERA_NAME_MAX} bytes.`);
}

/** Most ranges of recordings that fit an authorisation. */
const RANGES_MAX = 64;

function recordingRanges(text: string): GivenUp {
	if (text === "all") return "all";
	const ranges = text.split(",").map((part) => {
		const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part.trim());
		const first = Number(match?.[1]);
		const last = Number(match?.[2] ?? match?.[1]);
		if (match === null || first < 1 || last < first)
			throw new InvalidArgumentError("It must be recording numbers like 1-12,14 or the word all.");
		return { first, last };
	});
	if (ranges.length > RANGES_MAX)
		throw new InvalidArgumentError(`It must be at most ${RANGES_MAX} numbers or ranges.`);
	return ranges;
}
