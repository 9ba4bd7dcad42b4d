import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { openAgency } from "../../agency/agency-directory.ts";
import { BodycamError, VerificationError } from "../../errors.ts";
import { installOnCamera, signWithAgency, verifyWithAgency } from "../../operations/policy.ts";
import { loadPolicy, readPolicyFile } from "../../policy/policy-file.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { warnAboutCounsel } from "../counsel-warning.ts";
import { describePolicyStatus } from "../describe-policy.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { ExitCode } from "../failure.ts";
import { formatMoment } from "../format.ts";
import { passphraseSource } from "../passphrase.ts";

/** What signing, verifying and installing have to do with: documents that carry a signature. */
export function addSignedPolicyCommands(group: Command, runtime: Runtime): void {
	addSign(group, runtime);
	addVerify(group, runtime);
	addInstall(group, runtime);
}

interface SignOptions {
	readonly agency: string;
	readonly passphraseFile?: string;
	readonly out?: string;
}

function addSign(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "sign <file>",
		summary: "sign a policy with an agency's key",
		description:
			"Checks a policy and signs it with the agency's policy-signing key: a COSE_Sign1 that cameras of the agency take. A policy that is no good is not signed; each problem is named with its field.",
		examples: [["bodycam policy sign ours.json --agency ./agency", "Writes ours.cose"]],
	})
		.requiredOption("--agency <directory>", "the agency's directory")
		.option(
			"--passphrase-file <file>",
			"file whose first line is the passphrase of the key (default: asked for)",
		)
		.option("-o, --out <file>", "where it goes (default: the file's name, ending in .cose)");
	handle<SignOptions>(command, runtime, async (context, options, [file = ""]) => {
		const agency = openAgency(options.agency);
		const policy = await loadPolicy(file);
		const signed = await signWithAgency(file, policy, agency, passphraseSource(options.passphraseFile));
		const out = options.out ?? `${file.replace(/\.(json|cose)$/, "")}.cose`;
		writeFileSync(out, signed);
		warnAboutCounsel(context, policy);
		const { name, version } = policy;
		printResult(context, { file: out, bytes: signed.length, name, version }, () => {
			return `${out}: ${name} version ${version}, signed by ${agency.name}, ${signed.length} bytes`;
		});
	});
}

function addVerify(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "verify <file>",
		summary: "verify a signed policy",
		description:
			"Verifies a signed policy as a camera of the agency would: signature, signer, agency, every field, contradictions, and whether it is valid now. What a camera would refuse ends with exit code 6.",
		examples: [["bodycam policy verify ours.cose --agency ./agency", "Before it is installed"]],
	}).requiredOption("--agency <directory>", "the agency's directory; no key is read");
	handle<{ agency: string }>(command, runtime, async (context, options, [file = ""]) => {
		const agency = openAgency(options.agency);
		const policy = verifyWithAgency(file, await readSigned(file), agency, Date.now());
		const { name, version, expires } = policy;
		printResult(context, { file, good: true, agency: agency.name, name, version, expires }, () => {
			return `${file}: ${name} version ${version}, signed by ${agency.name}, valid until ${formatMoment(expires)}`;
		});
	});
}

function addInstall(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "install <file>",
		summary: "give a camera a signed policy",
		description:
			"Gives a camera a policy that its agency has signed. The camera checks it completely and keeps the one it has unless the new one is good and its version is higher; during a recording it takes effect afterwards. A refusal names its reason and the field.",
		examples: [["bodycam policy install ours.cose -d sim:cam1", "A simulated camera"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, async (context, options, [file = ""]) => {
		const signed = await readForCamera(file);
		await withDevice(context, options, async (client) => {
			const status = await installOnCamera(client, signed, { signal: context.signal });
			printResult(context, status, () => `installed: ${describePolicyStatus(status)}`);
		});
	});
}

/** @throws {VerificationError} when the file is not signed, or is something else altogether */
async function readSigned(path: string): Promise<Uint8Array> {
	const file = await readPolicyFile(path).catch((error: unknown) => {
		if (!(error instanceof BodycamError) || error.exitCode !== ExitCode.failed) throw error;
		throw new VerificationError(`${path} is refused: ${error.message}`, {
			hint: "Give what `bodycam policy sign` wrote.",
			cause: error,
		});
	});
	if (file.kind === "signed") return file.signed;
	throw new VerificationError(`${path} is refused (unsigned): the policy is not signed`, {
		hint: "`bodycam policy sign` signs it.",
	});
}

/** @throws {BodycamError} when it is a text */
async function readForCamera(path: string): Promise<Uint8Array> {
	const file = await readPolicyFile(path);
	if (file.kind === "signed") return file.signed;
	throw new BodycamError(`${path} is not signed: a camera takes none that is not`, {
		hint: "`bodycam policy sign` signs it.",
	});
}
