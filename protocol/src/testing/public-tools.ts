import { spawnSync } from "node:child_process";

/** Programs of others that tests compare with, each with what shows that it is there. */
const PROBES = {
	age: ["--version"],
	"age-keygen": ["--version"],
	ffmpeg: ["-version"],
	openssl: ["version"],
	script: ["--version"],
	sha256sum: ["--version"],
	tshark: ["--version"],
	unzip: ["-v"],
} as const;

/** A program of others that tests compare with. */
export type PublicTool = keyof typeof PROBES;

/**
 * Whether programs of others are there, as `describe.skipIf(!hasTools("age"))` asks: a second opinion, no dependency.
 * In CI always true: there a test fails without its tool instead of being skipped.
 */
export function hasTools(...tools: readonly PublicTool[]): boolean {
	if (process.env.CI !== undefined) return true;
	return tools.every((tool) => spawnSync(tool, PROBES[tool], { stdio: "ignore" }).status === 0);
}

/** Python with cbor2 and cryptography: Debian's, where its packages are, before another one; undefined without. */
export const python: string | undefined = ["/usr/bin/python3", "python3"].find(
	(command) => spawnSync(command, ["-c", "import cbor2, cryptography"], { stdio: "ignore" }).status === 0,
);

/** Whether that Python is there; in CI always true. */
export const hasPython: boolean = process.env.CI !== undefined || python !== undefined;
