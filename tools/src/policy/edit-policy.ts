import {
	constants,
	copyFileSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Policy } from "@bodycam/protocol/policy/document";
import { BodycamError, UsageError } from "../errors.ts";
import { loadPolicy, PolicyFileError, readPolicyFile } from "./policy-file.ts";

/** What editing asks of its caller. */
export interface PolicyEditing {
	/** Lets a person edit the file at that path; resolves when the editor has ended. @throws when it fails */
	edit(path: string): Promise<void>;
	/** The text is no good: whether to edit it again. It is told why before. */
	again(problem: BodycamError): Promise<boolean>;
}

/** What came of editing. */
export interface EditedPolicy {
	/** The policy, as it is in the file now. */
	readonly policy: Policy;
	/** Whether the file was replaced; false when nothing was changed. */
	readonly changed: boolean;
	/** Version of the policy that was there; undefined when that was no good. */
	readonly versionBefore: number | undefined;
}

/** A text that was not taken; it is kept, so that the work is not lost. */
export class EditRefusedError extends BodycamError {
	override readonly name = "EditRefusedError";
	override readonly code = "policy";

	/** @param path - the file, which is as it was @param kept - where the edited text is @param problem - why */
	constructor(path: string, kept: string, problem: BodycamError) {
		super(`${problem.message}\n${path} is as it was.`, {
			hint: `What was edited is in ${kept}; correct it there, or begin again.`,
			cause: problem,
		});
	}
}

/**
 * Lets a person edit the text of a policy, and replaces the file only by a policy that is good: a copy is edited, then
 * checked completely, then put in the file's place at once.
 * @throws {UsageError} when there is no such file, or it is a signed document
 * @throws {EditRefusedError} when the text is no good and is not edited again, or the file has changed meanwhile
 */
export async function editPolicyFile(path: string, editing: PolicyEditing): Promise<EditedPolicy> {
	const versionBefore = await versionIn(path);
	const file = realpathSync(path);
	const before = readFileSync(file);
	const directory = mkdtempSync(join(tmpdir(), "bodycam-policy-"));
	const copy = join(directory, basename(file));
	copyFileSync(file, copy, constants.COPYFILE_EXCL);
	const policy = await edited(path, copy, editing).catch((error: unknown) => {
		if (!(error instanceof EditRefusedError)) rmSync(directory, { recursive: true, force: true });
		throw error;
	});
	const changed = !readFileSync(copy).equals(before);
	if (changed) {
		if (!readFileSync(file).equals(before))
			throw new EditRefusedError(
				path,
				copy,
				new BodycamError(`${path} was changed by somebody else meanwhile`),
			);
		replace(file, copy);
	}
	rmSync(directory, { recursive: true, force: true });
	return { policy, changed, versionBefore };
}

/** The version of the policy in a text; it may be no good, as that is what editing is for. */
async function versionIn(path: string): Promise<number | undefined> {
	const file = await readPolicyFile(path).catch((error: unknown) => {
		if (error instanceof UsageError || !(error instanceof BodycamError)) throw error;
		return undefined;
	});
	if (file?.kind === "signed")
		throw new UsageError(`${path} is signed, and a signature holds for what was signed`, {
			hint: "`bodycam policy new --from` makes the text of its next version, to be edited and signed.",
		});
	return loadPolicy(path).then(
		({ version }) => version,
		() => undefined,
	);
}

async function edited(path: string, copy: string, editing: PolicyEditing): Promise<Policy> {
	for (;;) {
		await editing.edit(copy);
		try {
			return await loadPolicy(copy);
		} catch (error) {
			if (!(error instanceof BodycamError)) throw error;
			const problem =
				error instanceof PolicyFileError ? error : new BodycamError(error.message.replaceAll(copy, path));
			if (!(await editing.again(problem))) throw new EditRefusedError(path, copy, problem);
		}
	}
}

/** Puts a copy in a file's place in one step, with the file's permissions. */
function replace(file: string, copy: string): void {
	const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);
	// Copied over a copy of the file itself, the text gets its permissions.
	copyFileSync(file, beside, constants.COPYFILE_EXCL);
	try {
		copyFileSync(copy, beside);
		renameSync(beside, file);
	} catch (error) {
		rmSync(beside, { force: true });
		throw error;
	}
}
