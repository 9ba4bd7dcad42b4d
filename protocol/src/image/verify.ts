import { sameBytes, type TrustCrypto } from "../trust/signed-document.ts";
import { imageKeyHash } from "./build.ts";
import { ImageError } from "./image-error.ts";
import { type ParsedImage, parseImage } from "./parse.ts";
import { TlvType, tlvName } from "./tlv.ts";
import { decodeFacts, describeEngine, type EngineAbi, type ImageFacts, sameEngine } from "./vendor.ts";

/** What an image has to be. What is left out is not asked for. */
export interface ImageDemands {
	/** Public keys that may have signed it, 32 bytes each. */
	readonly keys: readonly Uint8Array[];
	/** The board it has to be for. */
	readonly board?: string;
	/** The engine it has to be for. */
	readonly engine?: EngineAbi;
	/** The lowest security counter it may have; an equal one is taken. */
	readonly counter?: number;
	/** Most bytes of the whole image: those of its slot without the trailer. */
	readonly roomBytes?: number;
	/** Whether nothing may follow it, as in a file. */
	readonly whole?: boolean;
}

/** An image that is what was demanded. */
export interface VerifiedImage extends ParsedImage {
	/** What its protected area says. */
	readonly facts: ImageFacts;
	/** Public key of its signer, one of those demanded. */
	readonly signer: Uint8Array;
}

/**
 * Verifies an image before anything of it is used: form, size, key, hash, signature, then board, engine and counter.
 * What it says about itself is believed only after its signature.
 * @param bytes - begins with the image
 * @throws {ImageError} naming the first thing that is wrong
 */
export function verifyImage(bytes: Uint8Array, demands: ImageDemands, crypto: TrustCrypto): VerifiedImage {
	const image = parseImage(bytes);
	checkExtent(image, bytes.length, demands);
	const signer = checkSignature(image, demands.keys, crypto);
	const facts = decodeFacts(image.protectedTlvs);
	checkBoard(facts, demands.board);
	checkEngine(facts, demands.engine);
	checkCounter(facts, demands.counter);
	return { ...image, facts, signer };
}

/** Whether the hash an image gives is that of its content. @throws {ImageError} bad-hash */
export function checkHash(image: ParsedImage, crypto: Pick<TrustCrypto, "sha256">): void {
	if (!sameBytes(crypto.sha256(image.signedPart), image.hash))
		throw new ImageError(
			"bad-hash",
			"the SHA-256 of header, body and protected TLV area is not the one given",
		);
}

/** @throws {ImageError} too-large, trailing-bytes */
function checkExtent({ imageBytes }: ParsedImage, length: number, { roomBytes, whole }: ImageDemands): void {
	if (roomBytes !== undefined && imageBytes > roomBytes)
		throw new ImageError(
			"too-large",
			`the image has ${imageBytes} bytes, its slot has room for ${roomBytes}`,
		);
	if (whole === true && length > imageBytes)
		throw new ImageError(
			"trailing-bytes",
			`the image has ${imageBytes} bytes, but ${length - imageBytes} follow it`,
		);
}

function checkSignature(image: ParsedImage, keys: readonly Uint8Array[], crypto: TrustCrypto): Uint8Array {
	const { keyHash, signature, hash } = image;
	if (signature === undefined || keyHash === undefined) {
		const missing = signature === undefined ? TlvType.ed25519 : TlvType.keyHash;
		throw new ImageError("not-signed", `the image is not signed: the entry ${tlvName(missing)} is missing`);
	}
	const signer = keys.find((key) => sameBytes(imageKeyHash(key, crypto), keyHash));
	if (signer === undefined)
		throw new ImageError("wrong-key", "the image is signed with a key that is not trusted here");
	checkHash(image, crypto);
	if (!crypto.verify(signer, hash, signature))
		throw new ImageError("bad-signature", "the signature of the image is not valid");
	return signer;
}

function checkBoard({ board }: ImageFacts, demanded: string | undefined): void {
	if (demanded === undefined || board === demanded) return;
	throw new ImageError(
		"wrong-board",
		board === undefined
			? `the image does not say which board it is for; this is ${demanded}`
			: `the image is for the board ${board}; this is ${demanded}`,
	);
}

function checkEngine({ engine }: ImageFacts, demanded: EngineAbi | undefined): void {
	if (demanded === undefined || (engine !== undefined && sameEngine(engine, demanded))) return;
	const here = describeEngine(demanded);
	throw new ImageError(
		"wrong-engine",
		engine === undefined
			? `the image does not say which engine it is for; here is ${here}`
			: `the image is for the engine ${describeEngine(engine)}; here is ${here}`,
	);
}

function checkCounter({ counter }: ImageFacts, lowest: number | undefined): void {
	if (lowest === undefined || (counter !== undefined && counter >= lowest)) return;
	throw new ImageError(
		"older-counter",
		counter === undefined
			? `the image has no security counter; at least ${lowest} is needed`
			: `the security counter of the image is ${counter}; at least ${lowest} is needed`,
	);
}
