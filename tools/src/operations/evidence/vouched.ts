import { CHUNK_BYTES, PAYLOAD_NONCE_BYTES, SEALED_CHUNK_BYTES } from "@bodycam/protocol/age/stream";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { AgeFile } from "../../evidence/age-file.ts";
import type { AgePayload } from "../../evidence/age-payload.ts";
import type { Plaintext } from "../../export/plaintext.ts";

/** What of the plaintext the camera has signed: whole chunks, of a recording that was cut off; else all of it. */
export function vouchedFor(payload: AgePayload, age: AgeFile, report: CustodyReport): Plaintext {
	const sealed = report.bytes - (age.header?.bytes ?? 0) - PAYLOAD_NONCE_BYTES;
	const whole = Math.max(0, Math.floor(sealed / SEALED_CHUNK_BYTES)) * CHUNK_BYTES;
	return {
		bytes: report.verdict === "complete" ? payload.bytes : Math.min(whole, payload.bytes),
		read: (offset, length, signal) => payload.read(offset, length, signal),
	};
}
