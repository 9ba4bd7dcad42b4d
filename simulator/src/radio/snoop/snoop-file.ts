import { closeSync, openSync, writeSync } from "node:fs";
import { SimulatorError } from "../../simulator-error.ts";
import { snoopHeader, snoopRecord } from "./btsnoop.ts";

/** A snoop log that is being written: every packet at once, so that nothing is missing when the program dies. */
export class SnoopFile {
	readonly #path: string;
	readonly #now: () => number;
	readonly #incomplete: (reason: string) => void;
	#file: number | undefined;

	/**
	 * Begins the file, in place of one that is there.
	 * @param now - µs since 1970 @param incomplete - told once, where no more can be written
	 * @throws SimulatorError when it cannot be written
	 */
	constructor(path: string, now: () => number, incomplete: (reason: string) => void) {
		this.#path = path;
		this.#now = now;
		this.#incomplete = incomplete;
		try {
			this.#file = openSync(path, "w", 0o600);
			writeSync(this.#file, snoopHeader());
		} catch (error) {
			const hint = "Give a file that may be written, in a directory that is there.";
			throw new SimulatorError(`the snoop log cannot be written: ${(error as Error).message}`, hint);
		}
	}

	/** Adds a packet. @param packet - with its H4 indicator @param toHost - false from the host to the controller */
	add(packet: Uint8Array, toHost: boolean): void {
		if (this.#file === undefined) return;
		try {
			writeSync(this.#file, snoopRecord(packet, toHost, this.#now()));
		} catch (error) {
			this.close();
			this.#incomplete(`the snoop log ${this.#path} is not complete: ${(error as Error).message}`);
		}
	}

	/** Ends it. Idempotent. */
	close(): void {
		if (this.#file !== undefined) closeSync(this.#file);
		this.#file = undefined;
	}
}
