import {
	DevelopmentError,
	type Evaluation,
	evaluate,
	SOURCE_MAX,
} from "@bodycam/protocol/camera/development";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import type { SmpClient } from "../client/smp-client.ts";
import { BodycamError, ConnectionError, RefusedError } from "../errors.ts";
import { awaitingScript, demandLength, onItsLines } from "./prompt-source.ts";

/** What was typed is no TypeScript. */
export class SourceError extends BodycamError {
	override readonly name = "SourceError";
	override readonly code = "source";
	/** Whether more input could make it right. */
	readonly incomplete: boolean;

	/** @param message - what the compiler says @param incomplete - whether more input could make it right */
	constructor(message: string, incomplete: boolean) {
		super(message);
		this.incomplete = incomplete;
	}
}

/**
 * The JavaScript of a piece of TypeScript as it is sent to a camera: without types, its declarations made global, so
 * that the next piece finds them, and its statements on the lines where they were typed, so that the engine's stacks
 * name those. One that awaits at its top becomes a promise.
 * @throws {SourceError} when it does not parse @throws {UsageError} when it is too long
 */
export async function prepareSource(source: string): Promise<string> {
	const plain = await transformed(source, { "top-level-await": false });
	const script =
		plain === undefined
			? awaitingScript((await transformed(source)) ?? "")
			: plain.replace(/^(?:const|let) /gm, "var ");
	return demandLength(script, SOURCE_MAX);
}

/**
 * JavaScript without some syntax, and without template literals, so that every line of it is one of code; undefined
 * when it awaits at its top and must not.
 */
async function transformed(
	source: string,
	supported: Readonly<Record<string, boolean>> = {},
): Promise<string | undefined> {
	const { transform } = await import("esbuild");
	try {
		const { code, map } = await transform(source, {
			loader: "ts",
			target: "es2022",
			logLevel: "silent",
			sourcemap: "external",
			supported: { ...supported, "template-literal": false },
		});
		return onItsLines(code.replace(/\n$/, ""), map);
	} catch (error) {
		const errors = (error as { errors?: readonly { text: string }[] }).errors ?? [];
		if (errors.length > 0 && errors.every(({ text }) => text.startsWith("Top-level await"))) return undefined;
		const text = errors[0]?.text ?? String(error);
		throw new SourceError(text, /end of file|Unterminated/.test(text));
	}
}

/**
 * Evaluates TypeScript on a camera.
 * @param mapStack - maps lines of the firmware's bundle to its sources
 * @throws {SourceError} when it does not parse
 * @throws {RefusedError} when the camera's build is not one for development
 * @throws {ConnectionError} when it does not answer, perhaps because it died of it
 */
export async function evaluateOn(
	client: SmpClient,
	source: string,
	mapStack: (stack: string) => string,
	signal?: AbortSignal,
): Promise<Evaluation> {
	const script = await prepareSource(source);
	try {
		// Evaluating twice is not the same as once.
		const result = await client.request(
			evaluate,
			{ source: script },
			{ signal, attempts: 1, timeoutMs: 10_000 },
		);
		if (result.stack === undefined) return result;
		return { ...result, stack: mapStack(ofPrompt(result.stack)) };
	} catch (error) {
		if (error instanceof RefusedError) throw explain(error);
		if (error instanceof ConnectionError)
			throw new ConnectionError(error.message, {
				hint: "What was evaluated may have ended the firmware, which then restarts: `bodycam crash` shows what it died of.",
				cause: error,
			});
		throw error;
	}
}

/** The engine calls what was evaluated `#` and a number; what led to it is of no interest. */
function ofPrompt(stack: string): string {
	// What the engine itself called has no place.
	const lines = stack.split("\n").filter((line) => line !== " at ()");
	const end = lines.findIndex((line) => /^ at eval \(/.test(line));
	return (end < 0 ? lines : lines.slice(0, end)).join("\n").replaceAll(/#\d+:/g, "input:");
}

function explain(error: RefusedError): RefusedError {
	const notSupported = error.group === undefined && error.returnCode === ReturnCode.notSupported;
	if (notSupported)
		return new RefusedError("the camera's firmware is not a build for development", {
			hint: "`bodycam firmware build --dev --flash -d DEVICE` brings one onto it.",
		});
	if (error.returnCode === DevelopmentError.notDevelopment.code)
		return new RefusedError("the camera's firmware is not signed with a development key", {
			hint: "Build it without --key: `bodycam firmware build --dev --flash -d DEVICE`.",
		});
	return new RefusedError("the camera's engine has no parser: it runs compiled code only, and no prompt", {
		hint: "The Cortex-M55 image (`--engine mps3-an547`) is built without one to save flash. Use the same build on the wasm engine: `bodycam sim start --engine wasm`.",
	});
}
