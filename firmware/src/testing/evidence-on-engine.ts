/** An entry for tests: makes the sample of evidence by the natives, and posts where in media memory it lies. */
import { makeEvidenceSample } from "@bodycam/protocol/testing/evidence-sample";
import type { Native } from "../board/native.ts";
import { NativeSignature, SIGNATURE_REGION_BYTES } from "../board/signature.ts";
import { AGE_REGION_BYTES, createAgeNatives } from "../evidence/age-natives.ts";

/** The engine port puts its natives here before it runs the firmware. */
declare const native: Native;

/** Where the sample is put; the drivers' regions lie before it. */
const RESULT_AT = 32_768;

native.listen(() => {
	let next = 0;
	const take = (bytes: number) => {
		const region = { at: next, bytes };
		next += Math.ceil(bytes / 8) * 8;
		return region;
	};
	const signature = new NativeSignature({ native, region: take(SIGNATURE_REGION_BYTES) });
	const age = createAgeNatives(native, take(AGE_REGION_BYTES));
	const seed = new Uint8Array(32).fill(8);
	const signer = {
		publicKey: signature.publicKey(seed),
		sign: (message: Uint8Array) => signature.sign(seed, message),
	};
	const sample = makeEvidenceSample(age, signature, signer);
	new Uint8Array(native.memory, RESULT_AT, sample.length).set(sample);
	native.post(1, 0, RESULT_AT, sample.length);
});
