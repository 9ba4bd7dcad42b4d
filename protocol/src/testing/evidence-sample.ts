import type { AgeCrypto } from "../age/crypto.ts";
import { writeAgeHeader } from "../age/header.ts";
import { formatRecipient, parseRecipient } from "../age/keys.ts";
import { openAgeHeader, readAgeHeader } from "../age/read-header.ts";
import { chunkNonce, payloadKey } from "../age/stream.ts";
import { concatenate } from "../cose/head.ts";
import { custodyGenesis } from "../custody/chain.ts";
import type { CustodyBody } from "../custody/entry.ts";
import { readCustody } from "../custody/reader.ts";
import { CustodyVerifier } from "../custody/verifier.ts";
import { CustodyWriter } from "../custody/writer.ts";
import type { Signer, TrustCrypto } from "../trust/signed-document.ts";

const filled = (value: number, length = 32) => new Uint8Array(length).fill(value);

/** The device of the sample; its last letter takes two bytes. */
const DEVICE = "camera-ä";

/**
 * An age header, a payload's key with a nonce, and a custody record, one behind the other, made from nothing but what
 * is given: every engine must give the same bytes. What was made is read and verified as well.
 * @throws Error when it does not verify
 */
export function makeEvidenceSample(age: AgeCrypto, trust: TrustCrypto, signer: Signer): Uint8Array {
	const fileKey = filled(9, 16);
	const identities = [filled(1), filled(2)];
	const recipients = identities.map((key) => parseRecipient(formatRecipient(age.publicKey(key))));
	const header = writeAgeHeader({ fileKey, recipients, ephemeral: [filled(3), filled(4)] }, age);
	const opened = openAgeHeader(readAgeHeader(header), [filled(2)], age);
	const key = payloadKey(opened, filled(5, 16), age);

	const place = { item: 0, before: custodyGenesis(DEVICE, trust) };
	const writer = new CustodyWriter(place, signer, trust);
	const record = concatenate(...bodies(header, recipients, signer, trust).map((body) => writer.append(body)));
	const verifier = new CustodyVerifier({ crypto: trust, key: signer.publicKey });
	for (const piece of readCustody(record)) {
		verifier.piece(piece);
		if (piece.kind === "item" && piece.entry.type === "checkpoint")
			verifier.segment(piece.entry, trust.sha256(header));
	}
	const { verdict, findings } = verifier.report(header.length);
	if (verdict !== "complete") throw new Error(`it is ${verdict}: ${findings.map(({ code }) => code).join()}`);
	return concatenate(header, key, chunkNonce(0x123_4567_89ab, true), record);
}

function bodies(
	header: Uint8Array,
	recipients: readonly Uint8Array[],
	signer: Signer,
	trust: TrustCrypto,
): readonly CustodyBody[] {
	const times = { monotonicMs: 5000, wallMs: 1_790_000_000_000, wallUncertaintyMs: 20 } as const;
	return [
		{
			type: "header",
			...times,
			format: 1,
			device: DEVICE,
			key: signer.publicKey,
			recording: 1,
			seeded: false,
			image: filled(6),
			policy: filled(7),
			source: "button",
			preRecordMs: 30_000,
			recipients,
		},
		{
			type: "checkpoint",
			...times,
			segment: 1,
			offset: 0,
			bytes: header.length,
			sha256: trust.sha256(header),
			firstMs: -1,
			lastMs: 999,
			state: "closing",
			preRecord: true,
			sound: false,
		},
		{ type: "event", ...times, happening: { type: "clock-set", offsetMs: -5_000_000_000, uncertaintyMs: 1 } },
		{
			type: "final",
			...times,
			segments: 1,
			bytes: header.length,
			durationMs: 1000,
			preRecordMs: 1000,
			reason: "button",
		},
	];
}
