import { readArtefactHeader } from "@bodycam/firmware/artefact";
import { ImageError } from "@bodycam/protocol/image/image-error";
import type { ParsedImage } from "@bodycam/protocol/image/parse";
import { tlvName } from "@bodycam/protocol/image/tlv";
import { decodeFacts, describeEngine, type ImageFacts, sameEngine } from "@bodycam/protocol/image/vendor";
import { verifyImage } from "@bodycam/protocol/image/verify";
import { formatImageVersion } from "@bodycam/protocol/image/version";
import type { Command } from "commander";
import { hostCrypto } from "../../agency/host-crypto.ts";
import { readWhole } from "../../firmware/files.ts";
import { withImage } from "../../firmware/image-error.ts";
import { readPublicKey } from "../../firmware/public-key.ts";
import { readImageFile } from "../../firmware/sign-image.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { factsOfImage } from "../describe-image.ts";
import { formatCount } from "../format.ts";
import { passphraseSource } from "../passphrase.ts";
import { formatFacts } from "../table.ts";

interface InspectFlags {
	readonly key?: string;
	readonly passphraseFile?: string;
}

/** `bodycam firmware inspect`. */
export function addFirmwareInspectCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "inspect <image>",
		summary: "show what an image is, and check it",
		description:
			"Shows what an MCUboot image says about itself, and checks its form and its hash. With a key its signature is verified too. An image that is of no use ends with exit code 1, one that does not verify with 6; the error names what is wrong.",
		examples: [
			["bodycam firmware inspect firmware.img", "What is it?"],
			["bodycam firmware inspect firmware.img --key firmware.pub", "Is it ours?"],
		],
	})
		.option("--key <file>", "key that has to have signed it: public or private, in PEM")
		.option("--passphrase-file <file>", "file whose first line is the passphrase of a private key");
	handle<InspectFlags>(command, runtime, async (context, flags, [path = ""]) => {
		const image = readImageFile(path);
		if (flags.key !== undefined) {
			const key = await readPublicKey(flags.key, passphraseSource(flags.passphraseFile));
			withImage(path, () => verifyImage(readWhole(path), { keys: [key], whole: true }, hostCrypto));
		}
		const facts = factsOf(image);
		const verified = flags.key !== undefined;
		printResult(context, describeJson(path, image, facts, verified), () =>
			describe(path, image, facts, verified),
		);
	});
}

/** What our own entries say; an image of another vendor may use their numbers for something else. */
function factsOf({ protectedTlvs }: ParsedImage): ImageFacts | undefined {
	try {
		return decodeFacts(protectedTlvs);
	} catch (error) {
		if (error instanceof ImageError) return undefined;
		throw error;
	}
}

function describe(
	path: string,
	image: ParsedImage,
	facts: ImageFacts | undefined,
	verified: boolean,
): string {
	const { header, body, protectedTlvs } = image;
	const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
	return formatFacts([
		["image", `${path}, ${formatCount(image.imageBytes)} bytes`],
		...(facts === undefined
			? [["version", formatImageVersion(header.version)] as const]
			: factsOfImage(header.version, facts)),
		["body", `${formatCount(body.length)} bytes, ${describeBody(body, facts)}`],
		...(facts === undefined
			? protectedTlvs.map(({ type, data }) => ["entry", `${tlvName(type)}: ${hex(data)}`] as const)
			: []),
		["hash", `${hex(image.hash)}, right`],
		["signature", describeSignature(image, verified)],
	]);
}

function describeBody(body: Uint8Array, facts: ImageFacts | undefined): string {
	const header = readArtefactHeader(body);
	if (header === undefined) return "not of this project";
	const fits = facts?.engine === undefined || sameEngine(header, facts.engine);
	return fits ? "bytecode" : `bytecode for ${describeEngine(header)}: not the engine that the image names`;
}

function describeSignature({ keyHash, signature }: ParsedImage, verified: boolean): string {
	if (keyHash === undefined || signature === undefined) return "none: no camera takes it";
	const key = `by key ${Buffer.from(keyHash).toString("hex").slice(0, 16)}`;
	return verified ? `${key}, valid` : `${key}, not verified (--key verifies it)`;
}

function describeJson(
	file: string,
	image: ParsedImage,
	facts: ImageFacts | undefined,
	verified: boolean,
): object {
	const { header, body, protectedTlvs, hash, keyHash, signature, imageBytes } = image;
	const artefact = readArtefactHeader(body);
	return {
		file,
		bytes: imageBytes,
		version: formatImageVersion(header.version),
		headerBytes: header.headerBytes,
		bodyBytes: header.bodyBytes,
		...facts,
		body: artefact === undefined ? undefined : { abi: artefact.abi, engine: artefact.engine },
		tlvs: protectedTlvs,
		hash,
		keyHash,
		signed: signature !== undefined && keyHash !== undefined,
		verified,
	};
}
