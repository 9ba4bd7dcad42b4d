import { open } from "node:fs/promises";
import { join } from "node:path";
import { writeAgeHeader } from "@bodycam/protocol/age/header";
import { CHUNK_BYTES, chunkNonce, PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import { custodyGenesis } from "@bodycam/protocol/custody/chain";
import { CustodyWriter } from "@bodycam/protocol/custody/writer";
import { testRecipients } from "@bodycam/protocol/testing/age-builder";
import { TEST_DEVICE, testHeader, testKeys } from "@bodycam/protocol/testing/custody-builder";
import { hostCrypto } from "../agency/host-crypto.ts";
import { type EvidencePair, evidenceFiles } from "../evidence/evidence-pair.ts";
import { hostAgeCrypto, seal } from "../evidence/host-age-crypto.ts";

/** Chunks in a segment: a second of 8 Mbit/s. */
const SEGMENT_CHUNKS = 16;

/** Writes a recording of so many segments of 1 MiB, as a camera would that records for so many seconds at 8 Mbit/s. */
export async function writeLongEvidence(directory: string, segments: number): Promise<EvidencePair> {
	const files = evidenceFiles(join(directory, "long-0001"));
	const [age, record] = [await open(files.age, "wx"), await open(files.record, "wx")];
	const place = { item: 0, before: custodyGenesis(TEST_DEVICE, hostCrypto) };
	const writer = new CustodyWriter(place, testKeys.camera, hostCrypto);
	const fileKey = new Uint8Array(16).fill(1);
	const nonce = new Uint8Array(PAYLOAD_NONCE_BYTES).fill(2);
	const ephemeral = testRecipients.map((_, index) => new Uint8Array(32).fill(3 + index));
	const key = payloadKey(fileKey, nonce, hostAgeCrypto);
	const plaintext = Uint8Array.from({ length: CHUNK_BYTES }, (_, at) => (at * 7 + (at >> 8)) & 0xff);
	await record.writeFile(writer.append(testHeader()));
	let head = Buffer.concat([
		writeAgeHeader({ fileKey, recipients: testRecipients, ephemeral }, hostAgeCrypto),
		nonce,
	]);
	let offset = 0;
	for (let segment = 1; segment <= segments; segment++) {
		const parts: Uint8Array[] = [head];
		for (let chunk = (segment - 1) * SEGMENT_CHUNKS; chunk < segment * SEGMENT_CHUNKS; chunk++)
			parts.push(seal(key, chunkNonce(chunk, chunk === segments * SEGMENT_CHUNKS - 1), plaintext));
		const bytes = Buffer.concat(parts);
		head = Buffer.alloc(0);
		await age.writeFile(bytes);
		const item = writer.append({
			type: "checkpoint",
			monotonicMs: 5000 + segment * 1000,
			segment,
			offset,
			bytes: bytes.length,
			sha256: hostCrypto.sha256(bytes),
			firstMs: 4000 + segment * 1000,
			lastMs: 4999 + segment * 1000,
			state: segment === segments ? "closing" : "recording",
			preRecord: false,
			sound: true,
		});
		await record.writeFile(item);
		offset += bytes.length;
	}
	const monotonicMs = 6000 + segments * 1000;
	const totals = { segments, bytes: offset, durationMs: segments * 1000, preRecordMs: 0 };
	await record.writeFile(writer.append({ type: "final", monotonicMs, ...totals, reason: "button" }));
	await age.close();
	await record.close();
	return files;
}
