import { join, resolve } from "node:path";
import { encodeFacts } from "@bodycam/protocol/image/vendor";
import { formatImageVersion, parseImageVersion } from "@bodycam/protocol/image/version";
import type { Signer } from "@bodycam/protocol/trust/signed-document";
import { type Command, InvalidArgumentError } from "commander";
import { signerOf } from "../../agency/host-crypto.ts";
import { readKeyFile } from "../../agency/key-file.ts";
import { UsageError } from "../../errors.ts";
import type { MeasuredFirmware } from "../../firmware/build-image.ts";
import { keyHashOf } from "../../firmware/sign-image.ts";
import { addCommand, type Context, handle, numberOption, printResult, type Runtime } from "../command.ts";
import { describeSizes, factsOfImage } from "../describe-image.ts";
import { addDeviceOptions, type DeviceOptions } from "../device.ts";
import { describeFailure } from "../failure.ts";
import { flashBuild } from "../flash-build.ts";
import { formatCount, formatDuration } from "../format.ts";
import { passphraseSource } from "../passphrase.ts";
import { formatFacts } from "../table.ts";
import { watchAndBuild } from "../watch-builds.ts";

interface BuildFlags extends DeviceOptions {
	readonly out: string;
	readonly flash?: boolean;
	readonly dev?: boolean;
	readonly key?: string;
	readonly passphraseFile?: string;
	readonly release?: boolean;
	readonly watch?: boolean;
	readonly analyze?: boolean;
	readonly imageVersion?: string;
	readonly securityCounter?: number | "auto";
	readonly board?: string;
	readonly entry?: string;
	readonly budgets?: string;
}

/** `bodycam firmware build`. */
export function addFirmwareBuildCommand(group: Command, runtime: Runtime): void {
	const counter = numberOption({ min: 0, max: 0xffff_ffff });
	const command = addCommand(group, {
		usage: "build",
		summary: "build the firmware to a signed image",
		description:
			"Checks the types of the firmware, bundles it, compiles it with the engine, loads it there once, and measures it by module against the budgets in firmware/budgets.json; more than one of them allows ends with exit code 1. The result is an MCUboot image of the bytecode, signed with a key, and its source map beside it. The same sources always give the same bytes. Without a key it is signed with the development key of the checkout, which simulated cameras trust; with --release it is not signed, and `bodycam firmware sign` signs it. With --watch and --flash a save runs on the camera a moment later; recordings and settings stay. The firmware that ran before stays in the other slot: the camera goes back to it when the new one dies at its start (exit code 6).",
		examples: [
			["bodycam firmware build --key firmware.key --out firmware.img", "While developing"],
			[
				"bodycam firmware build --out dev.img --watch --flash -d sim:cam1",
				"Run every save on a simulated camera",
			],
			[
				"bodycam firmware build --release --image-version 1.4.0 --out unsigned.img",
				"For the field, to be signed elsewhere",
			],
		],
	})
		.requiredOption("-o, --out <file>", "where the image goes; its source map goes to FILE.map")
		.option(
			"--key <file>",
			"private key that signs it (default: the development key of this checkout; none with --release)",
		)
		.option(
			"--passphrase-file <file>",
			"file whose first line is the passphrase of the key (default: asked for)",
		)
		.option("--release", "for the field: smaller, built twice and compared; lines of its crashes are coarser")
		.option("--dev", "with the commands of `bodycam repl`; always signed with the development key")
		.option("--watch", "go on: build anew whenever a source is saved, until Ctrl-C")
		.option(
			"--flash",
			"have the camera named with -d run it, confirmed at once; a simulated one gets it through its programming adapter",
		)
		.option("--analyze", "show what every module takes, not only every folder")
		.option(
			"--image-version <version>",
			"such as 1.2.3 or 1.2.3+4 (default: that of firmware/package.json)",
			asVersion,
		)
		.option(
			"--security-counter <number>",
			"rollback protection; auto: from the version (default: that of firmware/package.json)",
			(text) => (text === "auto" ? "auto" : counter(text)),
		)
		.option("--board <name>", "board it is for (default: that of firmware/package.json)", asBoard)
		.option("--entry <file>", "another entry than firmware/src/main.ts")
		.option("--budgets <file>", "another file of budgets than firmware/budgets.json");
	handle<BuildFlags>(addDeviceOptions(command), runtime, async (context, flags) => {
		if (flags.flash !== true && flags.device !== undefined)
			throw new UsageError("-d means something with --flash only", { hint: "Add --flash, or leave -d out." });
		if (flags.dev === true) checkDevelopment(flags);
		const signer = await signerFor(flags);
		// Bundler and engine are loaded by those who build.
		const { measureFirmware, projectRoot, writeImage } = await import("../../firmware/build-image.ts");
		const entry =
			flags.dev === true ? join(projectRoot(), "firmware", "src", "main-development.ts") : flags.entry;
		const build = async (): Promise<void> => {
			const begun = performance.now();
			const firmware = await measureFirmware({
				release: flags.release === true,
				...(entry === undefined ? {} : { entry: resolve(entry) }),
				...(flags.budgets === undefined ? {} : { budgets: flags.budgets }),
			});
			if (firmware.excess.length > 0 && !context.json) context.terminal.note(sizesOf(firmware, flags));
			const image = writeImage(firmware, flags.out, {
				signer,
				...(flags.imageVersion === undefined ? {} : { version: flags.imageVersion }),
				...(flags.securityCounter === undefined ? {} : { counter: flags.securityCounter }),
				...(flags.board === undefined ? {} : { board: flags.board }),
			});
			const keyHash = signer && keyHashOf(signer.publicKey);
			const { modules, ...sizes } = firmware.sizes;
			const { version, facts, ...written } = image;
			const { buildId } = firmware.build.manifest;
			printResult(
				context,
				{
					...written,
					version: formatImageVersion(version),
					...facts,
					keyHash,
					buildId,
					release: flags.release === true,
					sizes: flags.analyze === true ? firmware.sizes : sizes,
				},
				() =>
					`${sizesOf(firmware, flags)}\n${formatFacts([
						["image", `${image.file}, ${formatCount(image.bytes)} bytes`],
						...factsOfImage(version, facts),
						["hash", Buffer.from(image.hash).toString("hex")],
						[
							"signed",
							keyHash === undefined
								? "no: `bodycam firmware sign` signs it"
								: `by key ${keyHash.slice(0, 16)}`,
						],
						["map", image.sourceMap],
					])}`,
			);
			if (flags.flash !== true) return;
			await flashBuild(context, flags, image.file);
			const ms = performance.now() - begun;
			printResult(context, { type: "running", buildId, ms: Math.round(ms) }, () =>
				context.terminal.paint("green", `runs, after ${formatDuration(ms)}`),
			);
		};
		if (flags.watch === true) await watchAndBuild(context, build, (error) => tellFailure(context, error));
		else await build();
	});
}

/** @throws {UsageError} when a build for development is to be something else too */
function checkDevelopment({ release, key, entry }: BuildFlags): void {
	const other =
		release === true
			? "--release"
			: key !== undefined
				? "--key"
				: entry !== undefined
					? "--entry"
					: undefined;
	if (other === undefined) return;
	throw new UsageError(`--dev and ${other} exclude each other`, {
		hint: "A build for development has its own entry and is signed with the development key of the checkout.",
	});
}

/** The key that was named; without one that of the checkout, but for a release, which others sign. */
async function signerFor({ key, passphraseFile, release }: BuildFlags): Promise<Signer | undefined> {
	if (key !== undefined) return signerOf(await readKeyFile(key, passphraseSource(passphraseFile)));
	if (release === true) return undefined;
	const { developmentSigner } = await import("@bodycam/firmware/development-key");
	return developmentSigner();
}

function sizesOf({ sizes, budgets }: MeasuredFirmware, { analyze }: BuildFlags): string {
	return describeSizes(sizes, budgets, analyze === true);
}

function tellFailure(context: Context, error: unknown): void {
	const { code, message, hint } = describeFailure(error);
	printResult(context, { error: { code, message, hint } }, () =>
		context.terminal.paint("red", `${message}\nwaiting for the next save …`),
	);
}

function asVersion(text: string): string {
	return checked(text, () => parseImageVersion(text));
}

function asBoard(text: string): string {
	return checked(text, () => encodeFacts({ board: text }));
}

/** The text of an option that `check` does not throw for. */
function checked(text: string, check: () => unknown): string {
	try {
		check();
		return text;
	} catch (error) {
		throw new InvalidArgumentError(`${(error as Error).message}.`);
	}
}
