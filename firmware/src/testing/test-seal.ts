import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { custodyGenesis } from "@bodycam/protocol/custody/chain";
import { nodeAgeCrypto } from "@bodycam/protocol/testing/node-age-crypto";
import { nodeTrustCrypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { NativeAuthenticatedCipher } from "../board/authenticated-cipher.ts";
import {
	createSealedFile,
	EVIDENCE_BYTES,
	type SealedFile,
	type SealStart,
} from "../evidence/sealed-file.ts";
import type { CameraSigner } from "../trust/identity-keeper.ts";
import type { NodeMediaMemory } from "./node-media-memory.ts";
import type { VirtualTimers } from "./virtual-timers.ts";

/** Bytes of the region of a test's sealed file. */
export const EVIDENCE_REGION = Math.ceil(EVIDENCE_BYTES / 64) * 64;

/** Who can decrypt the recordings of tests: an X25519 private key. */
export const TEST_IDENTITY = new Uint8Array(32).fill(0x21);

/** The camera's key in tests. */
export const TEST_CAMERA_KEY = testSigner(0x33).publicKey;

/** A sealed file over media memory, with keys that are the same every time. */
export function openTestSeal(memory: NodeMediaMemory, timers: VirtualTimers, at: number): SealedFile {
	let filled = 0;
	return createSealedFile({
		memory,
		region: { at, bytes: EVIDENCE_REGION },
		openCipher: (region) => new NativeAuthenticatedCipher({ native: memory, region }),
		random: { fill: (to, length) => memory.bytes.fill(1 + (filled++ % 255), to, to + length) },
		crypto: nodeTrustCrypto,
		clock: {
			monotonicMs: () => Math.floor(timers.now() / 1000),
			wallMs: () => undefined,
			wallUncertaintyMs: () => 0,
		},
	});
}

/** How tests seal their recordings: each as if it were the camera's first but for its number. */
export function testSealing(memory: NodeMediaMemory): (opening: RecordingMetadata) => SealStart {
	const signer: CameraSigner = {
		...testSigner(0x33),
		signMemory: (at, length, to) => memory.bytes.set(signer.sign(memory.bytes.slice(at, at + length)), to),
	};
	return ({ number, device, trigger, preRecord }) => ({
		recipients: [nodeAgeCrypto.publicKey(TEST_IDENTITY)],
		signer,
		before: custodyGenesis(device, nodeTrustCrypto),
		header: {
			device,
			recording: number,
			seeded: true,
			image: new Uint8Array(32),
			policy: new Uint8Array(32),
			source: trigger.source,
			preRecordMs: preRecord.configuredMs,
		},
	});
}
