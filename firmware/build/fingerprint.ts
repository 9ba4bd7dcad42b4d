/**
 * Whether files are still what they were when something was made from them.
 */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What a file was: a checkout may touch it without changing it, so time and size only save reading it. */
export interface Fingerprint {
	readonly mtimeMs: number;
	readonly size: number;
	readonly sha256: string;
}

/** Fingerprints by path relative to a root. */
export type Fingerprints = Record<string, Fingerprint>;

/** SHA-256, hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** Fingerprints the files as they are now. */
export function fingerprint(root: string, paths: readonly string[]): Fingerprints {
	return Object.fromEntries(
		[...paths].sort().map((path) => {
			const { mtimeMs, size } = statSync(join(root, path));
			return [path, { mtimeMs, size, sha256: sha256(readFileSync(join(root, path))) }];
		}),
	);
}

/** True when every file still has the content it had. */
export function unchanged(root: string, known: Fingerprints): boolean {
	return Object.entries(known).every(([path, was]) => {
		const now = statSync(join(root, path), { throwIfNoEntry: false });
		if (now === undefined) return false;
		if (now.mtimeMs === was.mtimeMs && now.size === was.size) return true;
		return now.size === was.size && sha256(readFileSync(join(root, path))) === was.sha256;
	});
}
