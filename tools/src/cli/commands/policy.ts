import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "@bodycam/protocol/policy/document";
import { type EvidenceRule, parseArchive } from "@bodycam/protocol/policy/evidence-rule";
import { issueProfile, type PolicyIssue, profileOf } from "@bodycam/protocol/policy/profile";
import { findProfile, PROFILES } from "@bodycam/protocol/policy/profiles/index";
import { renderPolicyMarkdown, renderPolicyText } from "@bodycam/protocol/policy/render";
import { toTextForm } from "@bodycam/protocol/policy/text-form";
import { type Command, InvalidArgumentError } from "commander";
import { openAgency } from "../../agency/agency-directory.ts";
import { recipientArgument } from "../../agency/evidence-keys.ts";
import { RefusedError, UsageError } from "../../errors.ts";
import { readFromCamera } from "../../operations/policy.ts";
import { loadPolicy, policyIn } from "../../policy/policy-file.ts";
import { findRules } from "../../policy/policy-source.ts";
import { addCommand, addGroup, handle, numberOption, printResult, type Runtime } from "../command.ts";
import { warnAboutCounsel } from "../counsel-warning.ts";
import { describePolicyStatus, describeProfiles } from "../describe-policy.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { addPolicyDiffCommand } from "./policy-diff.ts";
import { addPolicyEditCommand } from "./policy-edit.ts";
import { addSignedPolicyCommands } from "./policy-signed.ts";

const DAY_MS = 86_400_000;

/** `bodycam policy …`: the rules a camera goes by. */
export function addPolicyCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "policy", "write, read, sign and install the rules a camera goes by");
	addList(group, runtime);
	addShow(group, runtime);
	addNew(group, runtime);
	addPolicyEditCommand(group, runtime);
	addCheck(group, runtime);
	addPolicyDiffCommand(group, runtime);
	addSignedPolicyCommands(group, runtime);
}

function addList(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "list",
		summary: "list the built-in profiles",
		description:
			"Lists the built-in profiles: the rules of some states to start from. None of them is legal advice; have counsel check what is made of them.",
	});
	handle(command, runtime, async (context) =>
		printResult(context, PROFILES, () => describeProfiles(PROFILES)),
	);
}

interface ShowOptions extends DeviceOptions {
	readonly markdown?: boolean;
}

function addShow(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "show [policy]",
		summary: "show a policy in sentences",
		description:
			"Shows a policy in sentences, the way a data-protection officer reads it: a built-in profile, a file (JSON or signed), or the policy that a camera keeps. Of a signed file the signature is not verified; `bodycam policy verify` does that.",
		examples: [
			["bodycam policy show de-nw", "A built-in profile"],
			["bodycam policy show ours.json --markdown > ours.md", "For the file of the data-protection officer"],
			["bodycam policy show -d sim:cam1", "What a camera keeps"],
		],
	}).option("--markdown", "print Markdown, with the field each sentence comes from");
	handle<ShowOptions>(addDeviceOptions(command), runtime, async (context, options, [source]) => {
		const show = (rules: Parameters<typeof renderPolicyText>[0], value: unknown = rules): void =>
			printResult(context, value, () =>
				options.markdown === true ? renderPolicyMarkdown(rules).trimEnd() : renderPolicyText(rules),
			);
		if (source !== undefined) return show(await findRules(source));
		return withDevice(context, options, async (client) => {
			const { status, signed } = await readFromCamera(client, { signal: context.signal });
			if (signed === undefined)
				throw new RefusedError(`the camera has no policy to show: ${describePolicyStatus(status)}`, {
					hint: "`bodycam policy install` gives it one.",
				});
			if (status.state !== "in-force") context.terminal.note(describePolicyStatus(status));
			const policy = policyIn("the policy of the camera", signed);
			show(policy, { status, policy });
		});
	});
}

interface NewOptions {
	readonly from: string;
	readonly agency?: string;
	readonly recipient: readonly string[];
	readonly archive: readonly string[];
	readonly contact?: string;
	readonly policyVersion?: number;
	readonly days: number;
	readonly out?: string;
}

function addNew(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "new",
		summary: "make a policy to edit, from a built-in profile or another policy",
		description:
			"Makes the JSON of a policy, to be edited, checked and signed. From a file it takes over everything and counts the version up by one. The agency's directory gives its name, the recipients that recordings are encrypted to, and the archives whose receipts erase them. It is valid from today on. Members whose names begin with // are comments; docs/policy.md explains each field.",
		examples: [
			["bodycam policy new --from de-nw --agency ./agency --out ours.json", "A first version"],
			["bodycam policy new --from ours.json --out ours-2.json", "The next version"],
		],
	})
		.requiredOption("--from <policy>", "name of a built-in profile, or a file")
		.option(
			"--agency <directory or name>",
			"the agency, or its name as it was made (default: that of the file)",
		)
		.option(
			"--recipient <age1…>",
			"age recipient that recordings are encrypted to; once for each (default: the agency's, or the file's)",
			(text: string, before: readonly string[]) => [...before, recipientArgument(text)],
			[],
		)
		.option(
			"--archive <key>",
			"public key of an archive whose receipts erase recordings; once for each (default: the same)",
			(text: string, before: readonly string[]) => [...before, archiveArgument(text)],
			[],
		)
		.option("--contact <text>", "who answers questions about the policy")
		.option(
			"--policy-version <number>",
			"version of the policy (default: 1, or one more than that of the file)",
			numberOption({ min: 1, max: 0xffff_ffff }),
		)
		.option("--days <days>", "how long it is valid", numberOption({ min: 1, max: 3650, unit: "days" }), 365)
		.option("-o, --out <file>", "where it goes; never over a file that is there (default: standard output)");
	handle<NewOptions>(command, runtime, async (context, options) => {
		const form = toTextForm(await makePolicy(options));
		const text = `${JSON.stringify(form, undefined, "\t")}\n`;
		if (options.out === undefined) {
			context.terminal.out(text.trimEnd());
			return;
		}
		writeFileSync(options.out, text, { flag: "wx" });
		printResult(context, { file: options.out, policy: form }, () => `wrote ${options.out}`);
	});
}

async function makePolicy(options: NewOptions): Promise<Policy> {
	const profile = findProfile(options.from);
	const before = profile === undefined ? await loadPolicy(options.from) : undefined;
	const issuer = issuerOf(options.agency);
	const agency = issuer?.name ?? before?.issuer.agency;
	if (agency === undefined)
		throw new UsageError("no agency is named", { hint: "Name its directory with --agency." });
	const evidence = evidenceOf(options, issuer?.evidence ?? before?.evidence);
	const notBefore = Math.floor(Date.now() / DAY_MS) * DAY_MS;
	const issue: PolicyIssue = {
		agency,
		contact: options.contact ?? before?.issuer.contact,
		version: options.policyVersion ?? (before === undefined ? 1 : before.version + 1),
		notBefore,
		expires: notBefore + options.days * DAY_MS,
		evidence,
	};
	return issueProfile(profile ?? profileOf(before as Policy), issue);
}

/** An agency by its directory, or by its name alone. */
function issuerOf(agency: string | undefined): { name: string; evidence?: EvidenceRule } | undefined {
	if (agency === undefined || !existsSync(join(agency, "agency.json")))
		return agency === undefined ? undefined : { name: agency };
	return openAgency(agency);
}

function evidenceOf({ recipient, archive }: NewOptions, known: EvidenceRule | undefined): EvidenceRule {
	const recipients = recipient.length > 0 ? recipient : (known?.recipients ?? []);
	if (recipients.length === 0)
		throw new UsageError("nobody is named that recordings are encrypted to", {
			hint: "Name the agency's directory with --agency, or each recipient with --recipient; `bodycam evidence keygen` makes one.",
		});
	return { recipients, archives: archive.length > 0 ? archive : (known?.archives ?? []) };
}

function archiveArgument(text: string): string {
	if (parseArchive(text) === undefined)
		throw new InvalidArgumentError("It must be 64 hexadecimal digits in lower case.");
	return text;
}

function addCheck(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "check <file>",
		summary: "check a policy completely",
		description:
			"Checks a policy as a camera would: every field, its type and its range, members nobody knows, and contradictions. Each problem is named with its field; then the exit code is 1. A signature is not verified.",
		examples: [["bodycam policy check ours.json", "Before it is signed"]],
	});
	handle(command, runtime, async (context, _options, [file = ""]) => {
		const policy = await loadPolicy(file);
		warnAboutCounsel(context, policy);
		printResult(context, { file, good: true, name: policy.name, version: policy.version }, () => {
			return `${file}: ${policy.name} version ${policy.version} is a good policy`;
		});
	});
}
