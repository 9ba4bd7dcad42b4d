import type { ReadEntry } from "./entry.ts";
import type { Finding, FindingCode } from "./finding.ts";

/** Checks that the events of each boot count up by one, or that the log says which could not be kept. */
export class SequenceCheck {
	readonly #find: (finding: Finding) => void;
	readonly #seen = new Set<number>();
	/** Boots each camera had counted when it last opened the log. */
	readonly #counted = new Map<string, { readonly boot: number; readonly boots: number }>();
	#boot: number | undefined;
	#next = 1;
	#time = 0;

	/** @param find - told what is found */
	constructor(find: (finding: Finding) => void) {
		this.#find = find;
	}

	/** Boots seen. */
	get boots(): number {
		return this.#seen.size;
	}

	/** Takes the next entry. */
	entry(entry: ReadEntry): void {
		const { boot, sequence, event, monotonicMs } = entry;
		if (boot !== this.#boot) this.#enter(entry);
		const gap = event?.type === "log-gap" ? event : undefined;
		const first = gap === undefined ? sequence : gap.first;
		if (first !== this.#next) this.#broken(entry, first);
		if (gap !== undefined) {
			if (gap.first > sequence) this.#broken(entry, first);
			const count = sequence - gap.first + 1;
			this.#note("gap", `events ${gap.first} to ${sequence} (${count}) could not be kept`, entry);
		} else {
			if (monotonicMs < this.#time) {
				const message = `entry ${entry.entry} is earlier than the one before it`;
				this.#find({ severity: "failure", code: "time", message, entry: entry.entry });
			}
			this.#time = monotonicMs;
		}
		this.#next = sequence + 1;
		if (event?.type === "log-opened") this.#opened(entry, event);
	}

	#enter(entry: ReadEntry): void {
		if (this.#seen.has(entry.boot))
			this.#note("returned", "the card came back after it had been in another camera", entry);
		this.#seen.add(entry.boot);
		this.#boot = entry.boot;
		this.#next = 1;
		this.#time = 0;
	}

	#broken({ entry, sequence }: ReadEntry, first: number): void {
		const message =
			first > this.#next
				? `events ${this.#next} to ${first - 1} are missing before entry ${entry}, and the log does not say why`
				: `entry ${entry} holds event ${sequence} where ${this.#next} was due`;
		this.#find({ severity: "failure", code: "sequence", message, entry });
	}

	#opened(
		entry: ReadEntry,
		opened: { readonly device: string; readonly cutBytes: number; readonly boots?: number | undefined },
	): void {
		const { device, cutBytes, boots } = opened;
		if (cutBytes > 0)
			this.#note("torn", `the camera cut off ${cutBytes} bytes that a power cut had torn`, entry);
		if (boots === undefined) return;
		const last = this.#counted.get(device);
		const missing = last === undefined || last.boot === entry.boot ? 0 : boots - last.boots - 1;
		if (missing > 0)
			this.#note("boots", `${missing} boots of the camera ${device} before it left nothing here`, entry);
		this.#counted.set(device, { boot: entry.boot, boots });
	}

	#note(code: FindingCode, message: string, { entry }: ReadEntry): void {
		this.#find({ severity: "note", code, message, entry });
	}
}
