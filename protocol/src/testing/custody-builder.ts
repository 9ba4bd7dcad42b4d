import { custodyGenesis } from "../custody/chain.ts";
import type { CustodyBody, CustodyEntryOf } from "../custody/entry.ts";
import { CustodyWriter } from "../custody/writer.ts";
import { issueCertificate } from "../trust/certificate.ts";
import type { Signer } from "../trust/signed-document.ts";
import { buildAgeFile, segmentsOf, testRecipients } from "./age-builder.ts";
import { nodeTrustCrypto as crypto, testSigner } from "./node-crypto.ts";

/** Serial number of the camera in built records. */
export const TEST_DEVICE = "0badcafe";

/** When built recordings begin, ms since 1970 UTC. */
export const TEST_WALL_MS = 1_790_000_000_000;

/** The agency's root key, its device-signing key, and the camera's key. */
export const testKeys = { root: testSigner(1), signing: testSigner(2), camera: testSigner(3) } as const;

/** Certificates of the camera's key. @param options - what is to be different */
export function testCertificates(
	options: { readonly serial?: string; readonly notAfter?: number; readonly root?: Signer } = {},
): { readonly deviceSigning: Uint8Array; readonly device: Uint8Array } {
	const { serial = TEST_DEVICE, notAfter = TEST_WALL_MS + 1, root = testKeys.root } = options;
	const validity = { agency: "Ordnungsamt", notBefore: 0, notAfter } as const;
	const { signing, camera } = testKeys;
	return {
		deviceSigning: issueCertificate(
			{ purpose: "device-signing", ...validity, key: signing.publicKey },
			root,
			crypto,
		),
		device: issueCertificate(
			{ purpose: "device", ...validity, serial, key: camera.publicKey },
			signing,
			crypto,
		),
	};
}

/** The header of a built record. @param changes - members that are to be different */
export function testHeader(changes: Partial<CustodyEntryOf<"header">> = {}): CustodyBody {
	return {
		type: "header",
		monotonicMs: 5000,
		wallMs: TEST_WALL_MS,
		wallUncertaintyMs: 20,
		format: 1,
		device: TEST_DEVICE,
		key: testKeys.camera.publicKey,
		certificates: testCertificates(),
		recording: 1,
		seeded: false,
		image: new Uint8Array(32).fill(0xe1),
		policy: new Uint8Array(32).fill(0xe2),
		source: "button",
		preRecordMs: 30_000,
		recipients: testRecipients,
		...changes,
	};
}

/** The age file of a built recording, and what is in it. */
export const TEST_AGE = buildAgeFile();

/** Its segments: of header and a chunk, a chunk, two chunks, and the last one. */
export const TEST_SEGMENTS: readonly Uint8Array[] = segmentsOf(TEST_AGE);

/** A record that was built, with its items one by one. */
export interface BuiltRecord {
	readonly items: readonly Uint8Array[];
	/** Hash behind the last item. */
	readonly hash: Uint8Array;
}

/** The checkpoint of a segment. */
export function testCheckpoint(index: number): CustodyBody {
	const offset = TEST_SEGMENTS.slice(0, index).reduce((length, segment) => length + segment.length, 0);
	const segment = TEST_SEGMENTS[index] as Uint8Array;
	return {
		type: "checkpoint",
		monotonicMs: 6000 + index * 1000,
		segment: index + 1,
		offset,
		bytes: segment.length,
		sha256: crypto.sha256(segment),
		firstMs: 4000 + index * 1000,
		lastMs: 4999 + index * 1000,
		state: index === TEST_SEGMENTS.length - 1 ? "closing" : "recording",
		preRecord: index === 0,
		sound: index > 0,
	};
}

/** Bytes of all test segments. */
export const TEST_BYTES = TEST_SEGMENTS.reduce((length, segment) => length + segment.length, 0);

/** Signs bodies as one record. @param before - hash before it; without one that of a camera's first recording */
export function buildRecord(
	bodies: readonly CustodyBody[],
	options: { readonly before?: Uint8Array; readonly signer?: Signer } = {},
): BuiltRecord {
	const { before = custodyGenesis(TEST_DEVICE, crypto), signer = testKeys.camera } = options;
	const writer = new CustodyWriter({ item: 0, before }, signer, crypto);
	const items = bodies.map((body) => writer.append(body));
	return { items, hash: writer.place.before };
}

/** The bodies of a whole recording: header, a segment, an announcement, the other segments, final. */
export function wholeRecording(changes: Partial<CustodyEntryOf<"header">> = {}): CustodyBody[] {
	return [
		testHeader(changes),
		testCheckpoint(0),
		{
			type: "event",
			monotonicMs: 6500,
			happening: { type: "announcement-ended", languages: ["de"], complete: true, heard: "heard" },
		},
		...TEST_SEGMENTS.slice(1).map((_, index) => testCheckpoint(index + 1)),
		{
			type: "final",
			monotonicMs: 9100,
			segments: TEST_SEGMENTS.length,
			bytes: TEST_BYTES,
			durationMs: 4000,
			preRecordMs: 1000,
			reason: "button",
		},
	];
}

/** The body of a reason that is given after the recording, and after another start of the camera. */
export function lateReason(code = "threat"): CustodyBody {
	return {
		type: "event",
		monotonicMs: 700,
		wallMs: TEST_WALL_MS + 600_000,
		wallUncertaintyMs: 20,
		happening: { type: "reason-given", code, source: "link" },
	};
}
