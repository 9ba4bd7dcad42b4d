import { createHash } from "node:crypto";
import { ed25519Verify } from "@bodycam/firmware/ed25519";
import type { CameraEvent } from "@bodycam/protocol/camera/events";
import { logOfCard } from "@bodycam/protocol/event-log/log-area";
import { type LogSource, readLog } from "@bodycam/protocol/event-log/reader";
import { type LogReport, LogVerifier } from "@bodycam/protocol/event-log/verifier";
import type { BlockStore } from "../storage/block-store.ts";

/** What is in an event log, and what the verifier says of it. */
export type VerifiedLog = LogReport & { readonly events: readonly CameraEvent[] };

/** Reads and verifies an event log. */
export async function verifyLog(source: LogSource): Promise<VerifiedLog> {
	const events: CameraEvent[] = [];
	const verifier = new LogVerifier({
		crypto: {
			sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
			verify: ed25519Verify,
		},
		onEntry: ({ event }) => void (event !== undefined && events.push(event)),
	});
	for await (const piece of readLog(source)) verifier.piece(piece);
	return { ...verifier.report(), events };
}

/** The event log on a card, read from its sectors and verified. */
export async function verifyCardLog(card: BlockStore): Promise<VerifiedLog> {
	return verifyLog(
		await logOfCard({
			sectors: card.sectors,
			read(sector, count) {
				const bytes = new Uint8Array(count * 512);
				card.read(sector, bytes);
				return bytes;
			},
		}),
	);
}
