import { concatenate } from "@bodycam/protocol/cose/head";
import type { CustodyEntry } from "@bodycam/protocol/custody/entry";
import { CustodyWriter } from "@bodycam/protocol/custody/writer";
import type { Signer, TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { InterruptedRecording } from "../storage/store-interface.ts";
import { lastOwnItem, placeBehind } from "./last-item.ts";
import { KEEPS_UP_MS } from "./loss-bound.ts";
import type { ItemTimes, RecordEnd } from "./record-signer.ts";

/** What the end of an interrupted recording's record is made from. */
export interface RecoveryFacts {
	/** What is left of it. */
	readonly interrupted: Pick<
		InterruptedRecording,
		"bytes" | "segments" | "recordBytes" | "lastRecordBytes" | "cutBytes" | "cutRecordBytes" | "readRecord"
	>;
	/** The header of its record, as it was kept when it was opened. */
	readonly header: Uint8Array;
	/** Pre-recording that its policy asked for, ms. */
	readonly preRecordMs: number;
	/** When the power may have failed at the latest, ms since that power-on, where the card was behind: see `LossBound`. */
	readonly runsUntilMs?: number | undefined;
	/** Times of now. */
	readonly times: ItemTimes;
	/** Why the firmware has started again, or why it stopped recording where it ran on. */
	readonly reason: string;
	/** The camera's key. */
	readonly signer: Signer;
	/** SHA-256. */
	readonly crypto: Pick<TrustCrypto, "sha256">;
}

/**
 * Ends the record of a recording that a power cut ended: a signed statement of what is authenticated and what was lost at
 * most. Where no segment is left, its header stands before it.
 * @returns undefined when it cannot be gone on with: its end cannot be read, or another key has signed it
 * @throws {StoreError} when the card fails
 */
export async function signRecovery(facts: RecoveryFacts): Promise<RecordEnd | undefined> {
	const { interrupted, header, signer, crypto, times } = facts;
	const { segments, bytes, recordBytes, lastRecordBytes, cutBytes, cutRecordBytes } = interrupted;
	const tail =
		segments > 0 ? await interrupted.readRecord(recordBytes - lastRecordBytes, lastRecordBytes) : header;
	const last = lastOwnItem(tail, signer, crypto);
	if (last === undefined) return undefined;
	const writer = new CustodyWriter(placeBehind(last, crypto), signer, crypto);
	const item = writer.append({
		type: "recovery",
		...times,
		segments,
		bytes,
		cutBytes,
		cutRecordBytes,
		lostMs: lostAtMost(last.entry, facts),
		reason: facts.reason.slice(0, 32),
	});
	const record = segments > 0 ? item : concatenate(header, item);
	return { record, hash: writer.place.before };
}

/** What was captured after what the last item vouches for, until the latest moment of the cut, ms. */
function lostAtMost(entry: CustodyEntry, { preRecordMs, runsUntilMs = 0 }: RecoveryFacts): number {
	const keptUntil = entry.type === "checkpoint" ? entry.lastMs : entry.monotonicMs - preRecordMs;
	return Math.max(0, Math.max(entry.monotonicMs + KEEPS_UP_MS, runsUntilMs) - keptUntil);
}
