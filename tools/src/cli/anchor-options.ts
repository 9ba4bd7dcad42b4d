import type { Command } from "commander";
import { openAgency } from "../agency/agency-directory.ts";
import { UsageError } from "../errors.ts";
import { readRootKey } from "./root-key.ts";

/** Whose cameras recordings have to be from. */
export interface AnchorOptions {
	/** Directory of the agency. */
	readonly agency?: string;
	/** Its root public key. */
	readonly root?: string;
}

/** Adds the options that say whose cameras recordings have to be from. */
export function addAnchorOptions(command: Command): Command {
	return command
		.option("--agency <directory>", "the agency whose camera it has to be, as `bodycam agency new` made it")
		.option("--root <key>", "the agency's root public key instead: 64 hexadecimal digits, or a file with it");
}

/**
 * The root public key that options name; undefined when none do.
 * @throws {UsageError} when both do, or one names no key
 */
export function anchorOf({ agency, root }: AnchorOptions): Uint8Array | undefined {
	if (agency !== undefined && root !== undefined)
		throw new UsageError("the agency is given twice", { hint: "Give either --agency or --root." });
	if (agency !== undefined) return openAgency(agency).anchor;
	return root === undefined ? undefined : readRootKey(root);
}
