import { createHash } from "node:crypto";
import { ed25519Verify } from "@bodycam/firmware/ed25519";
import type { CardRecording } from "@bodycam/protocol/card/reader";
import { type LogSource, readLog } from "@bodycam/protocol/event-log/reader";
import { RecordingsCheck } from "@bodycam/protocol/event-log/recordings-check";
import { type LogReport, LogVerifier } from "@bodycam/protocol/event-log/verifier";
import type { TrustCrypto } from "@bodycam/protocol/trust/signed-document";

/** SHA-256 and Ed25519 by node:crypto. */
export const nodeCrypto: TrustCrypto = {
	sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
	verify: ed25519Verify,
};

/** What an event log is verified against. */
export interface VerifyOptions {
	/** Hashes seen earlier that must be in it. */
	readonly heads?: readonly Uint8Array[];
	/** The agency's root public key. */
	readonly anchor?: Uint8Array | undefined;
	/** Whether it was exported, and so has to end with an empty block. */
	readonly exported?: boolean;
	/** The recordings beside it on the card. */
	readonly recordings?: readonly CardRecording[];
	readonly signal?: AbortSignal | undefined;
}

/** Verifies an event log: chain, numbers, gaps, signatures, and the recordings beside it. */
export async function verifyEventLog(source: LogSource, options: VerifyOptions = {}): Promise<LogReport> {
	const { anchor, heads = [], exported = false, recordings = [] } = options;
	const check = new RecordingsCheck();
	const verifier = new LogVerifier({
		crypto: nodeCrypto,
		anchor,
		heads,
		closed: exported,
		onEntry: (entry) => check.entry(entry),
	});
	for await (const piece of readLog(source)) {
		options.signal?.throwIfAborted();
		verifier.piece(piece);
	}
	const report = verifier.report();
	const complete = !report.findings.some(({ code }) => code === "gap" || code === "torn");
	const findings = [...report.findings, ...check.findings(recordings, complete)];
	const broken = findings.some(({ severity }) => severity === "failure");
	return { ...report, findings, verdict: broken ? "broken" : report.verdict };
}
