import { sameBytes } from "../trust/signed-document.ts";
import type { ReadEntry } from "./entry.ts";
import type { Finding } from "./finding.ts";

/** A recording as the card's journal has it. */
export interface JournalledRecording {
	readonly number: number;
	readonly state: "complete" | "interrupted" | "unfinished" | "erased";
	/** SHA-256 of the file; undefined while it is not closed. */
	readonly sha256: Uint8Array | undefined;
}

/** Compares the recordings on a card with what its event log says about them. */
export class RecordingsCheck {
	readonly #known = new Set<number>();
	readonly #hashes = new Map<number, Uint8Array>();
	readonly #erased = new Set<number>();

	/** Takes the next entry of the log. */
	entry({ event }: ReadEntry): void {
		if (event === undefined || !("recording" in event) || event.recording === undefined) return;
		// That somebody asked for it says nothing about a recording.
		if (event.type === "erasure-refused") return;
		this.#known.add(event.recording);
		if (event.type === "recording-erased") this.#erased.add(event.recording);
		if (event.type === "recording-closed") this.#hashes.set(event.recording, event.sha256);
	}

	/** What does not agree. @param complete - whether the log says nothing could not be kept */
	findings(recordings: readonly JournalledRecording[], complete: boolean): Finding[] {
		const findings: Finding[] = [];
		for (const { number, state, sha256 } of recordings) {
			const hash = this.#hashes.get(number);
			if (hash !== undefined && sha256 !== undefined && !sameBytes(hash, sha256))
				findings.push(failure(`recording ${number} on the card is not the one that the log saw closed`));
			const gone = state === "erased";
			if (this.#erased.has(number) && !gone)
				findings.push(failure(`recording ${number} is on the card, although the log saw it erased`));
			// The power may have failed between the erasure and its event.
			if (gone && !this.#erased.has(number))
				findings.push(note(`recording ${number} was erased on a receipt and the log does not tell of it`));
			if (this.#known.has(number) || state === "unfinished") continue;
			const message = `recording ${number} is on the card and the log knows nothing of it`;
			// One that a power cut ended within a second of its start may have left no event.
			if (complete && state === "complete") findings.push(failure(`${message}: its end was cut off`));
			else findings.push(note(message));
		}
		return findings;
	}
}

function note(message: string): Finding {
	return { severity: "note", code: "recording", message };
}

function failure(message: string): Finding {
	return { severity: "failure", code: "recording", message };
}
