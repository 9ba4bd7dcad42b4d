import process from "node:process";
import type { PlaintextSink } from "../operations/evidence/decrypt.ts";

/** Writes to standard output no faster than its reader takes it. */
export function standardOutputSink(): PlaintextSink {
	return {
		async append(pieces) {
			for (const piece of pieces)
				await new Promise<void>((resolve, reject) => {
					// Who stops reading ends the command: its exit code says so.
					process.stdout.write(piece, (error) => (error ? reject(error) : resolve()));
				});
		},
	};
}
