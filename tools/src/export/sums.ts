import type { WrittenFile } from "./output.ts";

/** The list of digests that `sha256sum -c` takes (GNU coreutils), one line a file. */
export function sumsFile(files: readonly WrittenFile[]): Uint8Array {
	return new TextEncoder().encode(files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(""));
}
