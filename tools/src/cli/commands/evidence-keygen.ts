import { basename } from "node:path";
import type { Command } from "commander";
import { openAgency } from "../../agency/agency-directory.ts";
import { addRecipient } from "../../agency/evidence-keys.ts";
import { readPassphraseFile } from "../../agency/secret-file.ts";
import { UsageError } from "../../errors.ts";
import { newIdentity, recipientOf, writeIdentityFile } from "../../evidence/identity-file.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { formatCounted } from "../format.ts";
import { askNewPassphrase } from "../passphrase.ts";
import { formatFacts } from "../table.ts";

interface KeygenFlags {
	/** False with --no-passphrase. */
	readonly passphrase: boolean;
	readonly passphraseFile?: string;
	readonly agency?: string;
}

/** `bodycam evidence keygen`. */
export function addEvidenceKeygenCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "keygen <file>",
		summary: "make a key that recordings are encrypted to",
		description:
			"Makes an age identity, which decrypts recordings, and shows its recipient, which a policy names so that cameras encrypt to it. The file is encrypted with a passphrase, as the public command age does it, so that `age -d -i FILE` opens it too; its owner alone can read it, and nothing is ever overwritten. Without the identity nobody can see a recording: keep a second one, for escrow, in a safe place, with its passphrase.",
		examples: [
			["bodycam evidence keygen work.age-identity", "Asks for a passphrase"],
			[
				"bodycam evidence keygen escrow.age-identity --passphrase-file ./secret",
				"The same without a terminal",
			],
			[
				"bodycam evidence keygen work.age-identity --agency ./agency",
				"And puts it into the agency's recipients.txt",
			],
			["bodycam evidence keygen throw-away.txt --no-passphrase", "For tests, without a passphrase"],
		],
	})
		.option("--passphrase-file <file>", "file whose first line is the passphrase, instead of asking for it")
		.option("--no-passphrase", "do not encrypt the file")
		.option("--agency <directory>", "agency whose later policies are to name the recipient");
	handle<KeygenFlags>(command, runtime, async (context, flags, [file = ""]) => {
		const agency = flags.agency === undefined ? undefined : openAgency(flags.agency);
		const passphrase = await passphraseOf(flags);
		const identity = newIdentity();
		writeIdentityFile(file, identity, { passphrase, now: Date.now() });
		const recipient = recipientOf(identity);
		identity.fill(0);
		const encrypted = passphrase !== undefined;
		const recipients = agency && addRecipient(agency.path, recipient, basename(file));
		printResult(context, { file, recipient, encrypted, recipients }, () =>
			formatFacts([
				["identity", `${file}, ${encrypted ? "encrypted" : "not encrypted"}`],
				["recipient", recipient],
				["agency", agency && `${agency.name}: ${formatCounted(recipients?.length ?? 0, "recipient")}`],
			]),
		);
	});
}

/** @throws {UsageError} when a passphrase is given and declined, and as `askNewPassphrase` does */
function passphraseOf({ passphrase, passphraseFile }: KeygenFlags): Promise<string> | string | undefined {
	if (!passphrase && passphraseFile !== undefined)
		throw new UsageError("--passphrase-file gives a passphrase, and --no-passphrase declines one", {
			hint: "Give one of the two.",
		});
	if (passphraseFile !== undefined) return readPassphraseFile(passphraseFile);
	return passphrase ? askNewPassphrase() : undefined;
}
