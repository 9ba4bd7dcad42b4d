import { createHash } from "node:crypto";
import { ed25519Public, ed25519Sign } from "@bodycam/firmware/ed25519";
import { imageKeyHash, layOutImage, sealImage } from "@bodycam/protocol/image/build";
import { encodeFacts, type ImageFacts } from "@bodycam/protocol/image/vendor";
import { parseImageVersion } from "@bodycam/protocol/image/version";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { hostCrypto } from "../agency/host-crypto.ts";

const SEED = new Uint8Array(32).fill(7);

const signer = (seed: Uint8Array): Signer => ({
	publicKey: ed25519Public(seed),
	sign: (message) => ed25519Sign(seed, message),
});

/** Signs the images of `testImage`. */
export const TEST_SIGNER: Signer = signer(SEED);

/** Another key. */
export const OTHER_SIGNER: Signer = signer(new Uint8Array(32).fill(8));

/** What images call its key. */
export const TEST_KEY_HASH = imageKeyHash(TEST_SIGNER.publicKey, hostCrypto);

/** What an image is like. */
export interface TestImageOptions extends Partial<ImageFacts> {
	readonly version?: string;
	readonly bodyBytes?: number;
	readonly unsigned?: boolean;
	readonly signer?: Signer;
}

/** A signed image with a body that means nothing, for the board `sim-1`. */
export function testImage(options: TestImageOptions = {}): Uint8Array {
	const { version = "1.0.0", bodyBytes = 2000, unsigned = false, signer = TEST_SIGNER, ...facts } = options;
	const body = new Uint8Array(bodyBytes);
	for (let at = 0; at < body.length; at += 32)
		body.set(
			createHash("sha256")
				.update(`${version} ${at}`)
				.digest()
				.subarray(0, Math.min(32, body.length - at)),
			at,
		);
	const protectedTlvs = encodeFacts({
		counter: 1,
		engine: { abi: 1, engine: [13, 3, 0] },
		board: "sim-1",
		buildId: body.subarray(0, 8),
		...facts,
	});
	const signedPart = layOutImage({ body, version: parseImageVersion(version), protectedTlvs });
	const { publicKey } = signer;
	const signature = unsigned
		? undefined
		: { publicKey, signature: signer.sign(hostCrypto.sha256(signedPart)) };
	return sealImage(signedPart, signature, hostCrypto);
}
