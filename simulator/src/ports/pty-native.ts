import { createRequire } from "node:module";
import { PortError } from "./port-error.ts";

/** What `openpty` gives. */
export interface PtyPair {
	/** Descriptor of the master, set to non-blocking. */
	readonly master: number;
	/** Descriptor of the slave. */
	readonly slave: number;
	/** Path of the slave, e.g. `/dev/pts/7`. */
	readonly pty: string;
}

interface PtyModule {
	open(columns: number, rows: number): PtyPair;
}

/**
 * Opens a pseudo-terminal through the native part of node-pty. Its JavaScript is not used: it reads from the slave
 * itself and steals bytes from whoever opens it.
 * @throws PortError where there is none for this platform
 */
export function openPty(): PtyPair {
	const packageName = `@lydell/node-pty-${process.platform}-${process.arch}`;
	try {
		const require = createRequire(import.meta.url);
		const fromPty = createRequire(require.resolve("@lydell/node-pty"));
		return (fromPty(`${packageName}/pty.node`) as PtyModule).open(80, 24);
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
		throw new PortError("pseudo-terminal", reason, "Use --udp PORT instead of --serial on this platform.");
	}
}
