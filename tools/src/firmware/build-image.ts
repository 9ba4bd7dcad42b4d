import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readArtefactHeader } from "@bodycam/firmware/artefact";
import { type BudgetExcess, type Budgets, checkBudgets, readBudgets } from "@bodycam/firmware/budgets";
import { buildFirmware, type FirmwareBuild, projectRoot } from "@bodycam/firmware/build";
import { FirmwareBuildError } from "@bodycam/firmware/build-error";
import { reportSizes, type SizeReport } from "@bodycam/firmware/size-report";
import { checkTypes } from "@bodycam/firmware/type-check";
import { layOutImage, sealImage } from "@bodycam/protocol/image/build";
import { encodeFacts, type ImageFacts } from "@bodycam/protocol/image/vendor";
import { counterOfVersion, type ImageVersion, parseImageVersion } from "@bodycam/protocol/image/version";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { hostCrypto } from "../agency/host-crypto.ts";
import { BodycamError } from "../errors.ts";
import { writeWhole } from "./files.ts";

export { projectRoot };

/** The firmware does not build. */
export class FirmwareError extends BodycamError {
	override readonly name = "FirmwareError";
	override readonly code = "firmware-build";
}

/** The firmware takes more than it may. */
export class OverBudgetError extends BodycamError {
	override readonly name = "OverBudgetError";
	override readonly code = "over-budget";

	/** @param excess - every budget that is exceeded @param file - where they stand */
	constructor(excess: readonly BudgetExcess[], file: string) {
		const lines = excess.map(
			({ what, bytes, budget }) =>
				`${what}: ${bytes} bytes, ${bytes - budget} more than the ${budget} it may take`,
		);
		super(["the firmware takes more than it may; no image was written", ...lines].join("\n"), {
			hint: `--analyze shows what takes the room. The budgets stand in ${file}: raise one only on purpose.`,
		});
	}
}

/** A firmware that was built, and what it takes. */
export interface MeasuredFirmware {
	readonly build: FirmwareBuild;
	readonly sizes: SizeReport;
	readonly budgets: Budgets;
	readonly budgetFile: string;
	readonly excess: readonly BudgetExcess[];
}

/** What is built. */
export interface FirmwareOptions {
	/** Entry of the firmware; that of the project without it. */
	readonly entry?: string;
	/** Whether it is for the field. */
	readonly release: boolean;
	/** File of the budgets; that of the project without it. */
	readonly budgets?: string;
}

/**
 * Checks the types, builds the firmware, loads it once on the engine and measures it. For release it is built twice, and
 * both have to be the same.
 * @throws {FirmwareError} naming file and line
 */
export async function measureFirmware(options: FirmwareOptions): Promise<MeasuredFirmware> {
	const root = projectRoot();
	const { release, entry } = options;
	const budgetFile = options.budgets ?? join(root, "firmware", "budgets.json");
	try {
		const budgets = readBudgets(budgetFile);
		const cache = join(root, "firmware", "dist", "types");
		// The compiler is a process of its own: it checks while this one builds.
		const checked = checkTypes(root, entry ?? join(root, "firmware", "src", "main.ts"), cache);
		const building = buildOnce(root, release, entry);
		building.catch(() => undefined);
		// What the compiler says of a mistake is worth more than what the bundler says.
		await checked;
		const build = await building;
		const sizes = reportSizes(build);
		return { build, sizes, budgets, budgetFile, excess: checkBudgets(sizes, budgets) };
	} catch (error) {
		if (error instanceof FirmwareBuildError) throw new FirmwareError(error.message, { cause: error });
		throw error;
	}
}

/** What an image of the firmware is to say about itself; what is left out is what the project says. */
export interface ImageOptions {
	readonly version?: string;
	/** Security counter; `auto`: that of the version. */
	readonly counter?: number | "auto";
	readonly board?: string;
	/** Whose signature it gets; none: it is not signed. */
	readonly signer: Signer | undefined;
}

/** An image that was written. */
export interface WrittenImage {
	readonly file: string;
	/** The source map beside it. */
	readonly sourceMap: string;
	readonly bytes: number;
	readonly version: ImageVersion;
	readonly facts: ImageFacts;
	/** SHA-256 that names it. */
	readonly hash: Uint8Array;
}

/**
 * Writes an image of a firmware, and its source map beside it.
 * @throws {OverBudgetError} when the firmware takes more than it may
 * @throws {RangeError} when what it is to say about itself cannot be said
 */
export function writeImage(firmware: MeasuredFirmware, file: string, options: ImageOptions): WrittenImage {
	if (firmware.excess.length > 0) throw new OverBudgetError(firmware.excess, firmware.budgetFile);
	const { build } = firmware;
	const body = new Uint8Array(readFileSync(build.artefactFile));
	const engine = readArtefactHeader(body);
	const project = projectImage();
	const version = parseImageVersion(options.version ?? project.version);
	const facts: ImageFacts = {
		counter: options.counter === "auto" ? counterOfVersion(version) : (options.counter ?? project.counter),
		engine: engine && { abi: engine.abi, engine: engine.engine },
		board: options.board ?? project.board,
		buildId: new Uint8Array(Buffer.from(build.manifest.buildId, "hex")),
	};
	const signedPart = layOutImage({ body, version, protectedTlvs: encodeFacts(facts) });
	const hash = hostCrypto.sha256(signedPart);
	const { signer } = options;
	const signature = signer && { publicKey: signer.publicKey, signature: signer.sign(hash) };
	const image = sealImage(signedPart, signature, hostCrypto);
	const sourceMap = `${file}.map`;
	// The map first: an image without its map says less of its crashes than a map without its image.
	writeWhole(sourceMap, readFileSync(build.sourceMapFile));
	writeWhole(file, image);
	return { file, sourceMap, bytes: image.length, version, facts, hash };
}

/** What the project says of its images, in `firmware/package.json`. */
function projectImage(): { version: string; board: string; counter: number } {
	const path = join(projectRoot(), "firmware", "package.json");
	const { version, image } = JSON.parse(readFileSync(path, "utf8")) as {
		version: string;
		image: { board: string; securityCounter: number };
	};
	return { version, board: image.board, counter: image.securityCounter };
}

async function buildOnce(root: string, release: boolean, entry: string | undefined): Promise<FirmwareBuild> {
	const dist = join(root, "firmware", "dist");
	const from = entry === undefined ? {} : { entry };
	// Each entry has a folder of its own: two that are built at the same time are not mixed up.
	const other =
		entry === undefined ? [] : ["other", createHash("sha256").update(entry).digest("hex").slice(0, 8)];
	const folder = (name: string) => join(dist, ...other, name);
	if (!release) return buildFirmware(entry === undefined ? {} : { entry, outDir: folder("development") });
	const first = await buildFirmware({ ...from, release, outDir: folder("release") });
	const second = await buildFirmware({ ...from, release, outDir: folder("release-again") });
	if (first.manifest.sha256 !== second.manifest.sha256)
		throw new FirmwareBuildError(
			"Two builds of the same sources differ: were they changed meanwhile? Build again; if it stays, report it",
		);
	return first;
}
