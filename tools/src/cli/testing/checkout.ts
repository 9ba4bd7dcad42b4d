import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const REPOSITORY = join(import.meta.dirname, "..", "..", "..", "..");
const WORKSPACES = ["protocol", "firmware", "simulator", "tools"];

/**
 * A copy of this checkout in a temporary directory, with the same third-party packages, to be changed by a test.
 * @returns its path; whoever made it removes it
 */
export function copyCheckout(): string {
	const copy = mkdtempSync(join(tmpdir(), "bodycam-checkout-"));
	for (const file of ["package.json", "tsconfig.base.json"]) cpSync(join(REPOSITORY, file), join(copy, file));
	for (const workspace of WORKSPACES) {
		cpSync(join(REPOSITORY, workspace), join(copy, workspace), {
			recursive: true,
			filter: (path) => !/\/(dist|node_modules|patches)$/.test(path),
		});
	}
	const packages = join(REPOSITORY, "node_modules");
	mkdirSync(join(copy, "node_modules", "@bodycam"), { recursive: true });
	for (const name of readdirSync(packages))
		if (name !== "@bodycam" && name !== ".bin")
			symlinkSync(join(packages, name), join(copy, "node_modules", name));
	for (const workspace of WORKSPACES)
		symlinkSync(join(copy, workspace), join(copy, "node_modules", "@bodycam", workspace));
	return copy;
}

/** The launcher of a checkout. */
export function launcherOf(checkout: string): string {
	return join(checkout, "tools", "bin", "bodycam.js");
}
