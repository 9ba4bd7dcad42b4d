/**
 * Images signed with the development key, as the simulator programs them.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { layOutImage, signImage } from "@bodycam/protocol/image/build";
import { type EngineAbi, encodeFacts, type ImageFacts } from "@bodycam/protocol/image/vendor";
import { type ImageVersion, parseImageVersion } from "@bodycam/protocol/image/version";
import { readArtefactHeader } from "./artefact.ts";
import { projectRoot } from "./build.ts";
import { developmentSigner } from "./development-key.ts";

/** What the project says of its images, in `firmware/package.json`. */
export interface ProjectImage {
	readonly version: ImageVersion;
	/** Name of the board. */
	readonly board: string;
	/** Security counter. */
	readonly counter: number;
}

/** Reads what the project says of its images. */
export function projectImage(): ProjectImage {
	const path = join(projectRoot(), "firmware", "package.json");
	const { version, image } = JSON.parse(readFileSync(path, "utf8")) as {
		version: string;
		image: { board: string; securityCounter: number };
	};
	return { version: parseImageVersion(version), board: image.board, counter: image.securityCounter };
}

/**
 * Makes an image of an artefact, signed with the development key.
 * @param buildId - hexadecimal, 16 digits @param other - what it is to say other than the project's images
 */
export function developmentImage(
	artefact: Uint8Array,
	buildId: string,
	other: Partial<ProjectImage> & { readonly engine?: EngineAbi } = {},
): Uint8Array {
	const { version, board, counter } = { ...projectImage(), ...other };
	const engine = other.engine ?? readArtefactHeader(artefact);
	const facts: ImageFacts = {
		counter,
		engine: engine && { abi: engine.abi, engine: engine.engine },
		board,
		buildId: new Uint8Array(Buffer.from(buildId, "hex")),
	};
	const signedPart = layOutImage({ body: artefact, version, protectedTlvs: encodeFacts(facts) });
	const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
	return signImage(signedPart, developmentSigner(), { sha256 });
}
