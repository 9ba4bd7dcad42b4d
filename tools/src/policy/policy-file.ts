import { open } from "node:fs/promises";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { CborError } from "@bodycam/protocol/cbor/structure";
import { CoseError } from "@bodycam/protocol/cose/head";
import { decodeSign1 } from "@bodycam/protocol/cose/sign1";
import { checkPolicy } from "@bodycam/protocol/policy/check";
import type { Policy } from "@bodycam/protocol/policy/document";
import { describeProblem, type PolicyProblem } from "@bodycam/protocol/policy/problem";
import { fromTextForm } from "@bodycam/protocol/policy/text-form";
import { BodycamError, UsageError } from "../errors.ts";
import { checkText } from "./check-text.ts";

/** Far above any policy: a larger file is something else, bytes. */
const FILE_MAX = 1024 * 1024;

/** A policy that is no good, with every problem found; each names its field. */
export class PolicyFileError extends BodycamError {
	override readonly name = "PolicyFileError";
	override readonly code = "policy";

	/** @param source - the file @param problems - what is wrong with the policy in it */
	constructor(source: string, problems: readonly PolicyProblem[]) {
		super([`${source} is no policy a camera would take:`, ...problems.map(describeProblem)].join("\n"), {
			hint: "docs/policy.md explains every field; `bodycam policy new` makes a policy that is good.",
		});
	}
}

/** What a file with a policy holds: a text that people edit, or a signed document. */
export type PolicyFile =
	| { readonly kind: "text"; readonly value: unknown }
	| { readonly kind: "signed"; readonly signed: Uint8Array };

/**
 * Reads a file with a policy.
 * @throws {UsageError} when there is none
 * @throws {BodycamError} when it is neither JSON nor a signed document
 */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
	const bytes = await readBounded(path);
	if (bytes.length === 0) throw new BodycamError(`${path} is empty`);
	const [first = 0] = bytes;
	// A COSE_Sign1 begins with its tag or its array, a bare policy with its map; JSON is ASCII up to its first brace.
	if (first >= 0x80 && first !== 0xef) return { kind: "signed", signed: bytes };
	try {
		const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return { kind: "text", value: fromTextForm(JSON.parse(text)) };
	} catch (error) {
		throw new BodycamError(`${path} is neither JSON nor a signed policy: ${(error as Error).message}`, {
			hint: "`bodycam policy new --from de-nw` makes a file to start from.",
		});
	}
}

/**
 * The policy in a file. A signature is not verified.
 * @throws {PolicyFileError} when it is no good
 * @throws {BodycamError} as `readPolicyFile` does
 */
export async function loadPolicy(path: string): Promise<Policy> {
	const file = await readPolicyFile(path);
	const { policy, problems } =
		file.kind === "text" ? checkText(file.value) : checkPolicy(payloadOf(path, file.signed));
	if (policy === undefined) throw new PolicyFileError(path, problems);
	return policy;
}

/**
 * The policy in a signed document, unverified.
 * @throws {PolicyFileError} when it is no good @throws {BodycamError} when it is damaged
 */
export function policyIn(source: string, signed: Uint8Array): Policy {
	const { policy, problems } = checkPolicy(payloadOf(source, signed));
	if (policy === undefined) throw new PolicyFileError(source, problems);
	return policy;
}

function payloadOf(source: string, signed: Uint8Array): unknown {
	try {
		return decodeCbor(decodeSign1(signed).payload);
	} catch (error) {
		if (error instanceof CoseError || error instanceof CborError)
			throw new BodycamError(`${source} is damaged: ${error.message}`);
		throw error;
	}
}

async function readBounded(path: string): Promise<Uint8Array> {
	const file = await open(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT")
			throw new UsageError(`${path}: there is no such file`, {
				hint: "Name a file, or a built-in profile (`bodycam policy list`).",
			});
		throw error;
	});
	try {
		const { size } = await file.stat();
		if (size > FILE_MAX) throw new BodycamError(`${path} is too large for a policy`);
		return new Uint8Array(await file.readFile());
	} finally {
		await file.close();
	}
}
