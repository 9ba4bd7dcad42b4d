import type { BootDecision, Rejection } from "@bodycam/protocol/camera/firmware";
import { ImageError, imageAdvice } from "@bodycam/protocol/image/image-error";
import type { ImageOutline } from "@bodycam/protocol/image/parse";
import type { Verdict } from "@bodycam/protocol/image/verify";
import { formatWireVersion } from "@bodycam/protocol/image/version";
import { cutReason } from "@bodycam/protocol/smp/error-answer";
import { sameBytes, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { FlashAccess } from "../update/flash-access.ts";
import type { ImageTerms } from "../update/image-manager.ts";
import { type Candidate, chooseSlot, type SlotNumber } from "../update/slot-choice.ts";
import { verifySlot } from "../update/slot-image.ts";
import { SlotTrailer } from "../update/slot-trailer.ts";
import { ATTEMPTS_MAX, type Attempts } from "./attempts.ts";

/** What is decided upon. */
export interface Evidence {
	/** The two image slots. */
	readonly slots: readonly [FlashAccess, FlashAccess];
	/** What an image has to be to run here. */
	readonly terms: ImageTerms;
	/** The lowest security counter that is taken. */
	readonly storedCounter: number;
	/** Starts that ended by themselves. */
	readonly attempts: Attempts;
	/** Hash and signature. */
	readonly crypto: TrustCrypto;
	/** Those of the trusted keys that are for development only. */
	readonly developmentKeys?: readonly Uint8Array[];
}

/** The image to be run. */
export interface Start {
	readonly slot: SlotNumber;
	/** Its body, offset and bytes in the slot. */
	readonly bodyAt: number;
	readonly bodyBytes: number;
	readonly decision: BootDecision;
}

/** What came of it: an image to be run, or none. */
export interface Outcome {
	readonly start: Start | undefined;
	readonly rejected: readonly Rejection[];
}

/**
 * Chooses an image and verifies it, all of it, before a line of it runs. What is run for the first time is noted so in
 * its trailer: the only thing a decision writes.
 */
export async function decide(evidence: Evidence): Promise<Outcome> {
	const { slots, attempts } = evidence;
	const trailers = [new SlotTrailer(slots[0]), new SlotTrailer(slots[1])] as const;
	const { candidates, notConfirmed } = chooseSlot([await trailers[0].read(), await trailers[1].read()]);
	const rejected: Rejection[] = notConfirmed.map((slot) => ({
		slot,
		reason: "not-confirmed",
		detail: "it was run for a test, and reset before it was confirmed",
	}));
	for (const candidate of candidates) {
		const { slot, swap } = candidate;
		if (attempts.counts[slot] >= ATTEMPTS_MAX) {
			const detail = `it died or restarted by itself ${attempts.counts[slot]} times, each time soon after its start`;
			rejected.push({ slot, reason: "crash-loop", detail });
			continue;
		}
		try {
			const image = await verify(evidence, slot);
			if (swap !== "none") await trailers[slot].setCopyDone();
			return { start: startOf(evidence, candidate, image, rejected), rejected };
		} catch (error) {
			rejected.push(rejectionOf(slot, error));
		}
	}
	return { start: undefined, rejected };
}

function verify(evidence: Evidence, slot: SlotNumber): Promise<ImageOutline & Verdict> {
	const { slots, terms, storedCounter, crypto } = evidence;
	const { keys, board, engine } = terms;
	const demands = { keys, board, ...(engine === undefined ? {} : { engine }), counter: storedCounter };
	return verifySlot(slots[slot], demands, crypto);
}

function startOf(
	{ storedCounter, developmentKeys = [] }: Evidence,
	{ slot, swap, confirmsItself }: Candidate,
	{ header, hash, facts, signer }: ImageOutline & Verdict,
	rejected: readonly Rejection[],
): Start {
	const decision: BootDecision = {
		slot,
		version: formatWireVersion(header.version),
		hash: hash.slice(),
		...(facts.buildId === undefined ? {} : { buildId: hexadecimal(facts.buildId) }),
		counter: facts.counter ?? 0,
		storedCounter,
		confirmed: swap !== "test",
		confirmsItself,
		swap: swap === "none" && rejected.length > 0 ? "revert" : swap,
		rejected: [...rejected],
		...(developmentKeys.some((key) => sameBytes(key, signer)) ? { development: true } : {}),
	};
	return { slot, bodyAt: header.headerBytes, bodyBytes: header.bodyBytes, decision };
}

function rejectionOf(slot: SlotNumber, error: unknown): Rejection {
	if (error instanceof ImageError)
		return { slot, reason: error.fault, detail: cutReason(`${error.message}. ${imageAdvice(error.fault)}`) };
	return { slot, reason: "flash-error", detail: cutReason(String(error)) };
}

function hexadecimal(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
