import type { Command } from "commander";
import {
	AGENCY_KEYS,
	type AgencyDirectory,
	createAgency,
	deviceCertificates,
	keyPath,
	openAgency,
} from "../../agency/agency-directory.ts";
import { recipientArgument } from "../../agency/evidence-keys.ts";
import { isEncrypted } from "../../agency/key-file.ts";
import { readSecretFile } from "../../agency/secret-file.ts";
import { BodycamError, UsageError } from "../../errors.ts";
import { addCommand, addGroup, handle, printResult, type Runtime } from "../command.ts";
import { formatFingerprint } from "../fingerprint.ts";
import { formatMoment } from "../format.ts";
import { type NewPassphraseFlags, newPassphrase } from "../passphrase.ts";
import { formatFacts } from "../table.ts";

/** `bodycam agency …`: the keys a city signs with. */
export function addAgencyCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "agency", "make an agency's keys, and show them");
	addNew(group, runtime);
	addShow(group, runtime);
}

interface NewFlags extends NewPassphraseFlags {
	readonly name?: string;
	readonly recipient: readonly string[];
}

function addNew(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "new <directory>",
		summary: "make an agency: its keys and their certificates",
		description:
			"Makes the root key of an agency, the keys that certify its cameras and sign its policies, the certificates of these two by the root key, and the key with which its archive signs receipts, in a new directory that its owner alone can read. Nothing is ever overwritten. The keys are encrypted when a passphrase is given. recipients.txt holds whom its recordings are encrypted to: at least two for every state's law, one for the daily work and one in escrow. Move root.key to a safe place afterwards: it is needed for nothing in the daily work; archive.key belongs to the archive.",
		examples: [
			["bodycam agency new ./agency --name 'Ordnungsamt Musterstadt' --passphrase", "Asks for a passphrase"],
			["bodycam agency new ./agency --passphrase-file ./secret", "The same without a terminal"],
			[
				"bodycam agency new ./agency --recipient age1… --recipient age1…",
				"With whom recordings are encrypted to",
			],
		],
	})
		.option("--name <name>", "name of the agency, in every certificate (default: that of the directory)")
		.option(
			"--recipient <age1…>",
			"age recipient that recordings are encrypted to, as `bodycam evidence keygen` shows it; once for each",
			(text: string, before: readonly string[]) => [...before, recipientArgument(text)],
			[],
		)
		.option("--passphrase", "ask for a passphrase that encrypts the keys")
		.option("--passphrase-file <file>", "file whose first line is that passphrase");
	handle<NewFlags>(command, runtime, async (context, flags, [directory = ""]) => {
		const passphrase = await newPassphrase(flags);
		const agency = createAgency(directory, {
			now: Date.now(),
			recipients: flags.recipient,
			...(flags.name === undefined ? {} : { name: flags.name }),
			...(passphrase === undefined ? {} : { passphrase }),
		});
		printResult(context, describeJson(agency), () => describe(agency));
	});
}

function addShow(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "show <directory>",
		summary: "show an agency, its keys and its cameras",
		description:
			"Checks the certificates of an agency and shows what they say, which of its keys are there, and the cameras that were provisioned with them. No key is opened.",
		examples: [["bodycam agency show ./agency", "Whose keys are these, and until when do they hold?"]],
	});
	handle(command, runtime, async (context, _flags, [directory = ""]) => {
		const agency = openAgency(directory);
		printResult(context, describeJson(agency), () => describe(agency));
	});
}

/** How the file of a key is. */
type KeyState = "encrypted" | "not encrypted" | "not here" | "open to others";

function keyStates(agency: AgencyDirectory): readonly (readonly [string, KeyState])[] {
	return AGENCY_KEYS.map((key) => {
		try {
			const encrypted = isEncrypted(readSecretFile(keyPath(agency.path, key)));
			return [key, encrypted ? "encrypted" : "not encrypted"];
		} catch (error) {
			if (error instanceof UsageError) return [key, "not here"];
			if (error instanceof BodycamError) return [key, "open to others"];
			throw error;
		}
	});
}

function describe(agency: AgencyDirectory): string {
	const { deviceSigningCertificate: device, policySigningCertificate: policy } = agency;
	const cameras = deviceCertificates(agency);
	const until = (ms: number) => formatMoment(ms).slice(0, 10);
	return formatFacts([
		["agency", agency.name],
		["root key", formatFingerprint(agency.anchor)],
		["device-signing", `${formatFingerprint(device.key)}, until ${until(device.notAfter)}`],
		["policy-signing", `${formatFingerprint(policy.key)}, until ${until(policy.notAfter)}`],
		...listed("recipients", agency.evidence.recipients),
		...listed("archives", agency.evidence.archives),
		...keyStates(agency).map(([key, state]) => [`${key}.key`, state] as const),
		["cameras", cameras.length === 0 ? "none" : String(cameras.length)],
		...cameras.map(({ serial, key }) => ["", `${serial}  ${formatFingerprint(key)}`] as const),
	]);
}

/** A line for each; the first one with what they are. */
function listed(what: string, keys: readonly string[]): (readonly [string, string])[] {
	return keys.length === 0 ? [[what, "none"]] : keys.map((key, index) => [index === 0 ? what : "", key]);
}

function describeJson(agency: AgencyDirectory): object {
	const { path, name, anchor, deviceSigningCertificate, policySigningCertificate, evidence } = agency;
	return {
		path,
		name,
		anchor,
		deviceSigning: deviceSigningCertificate,
		policySigning: policySigningCertificate,
		evidence,
		keys: Object.fromEntries(keyStates(agency)),
		cameras: deviceCertificates(agency),
	};
}
