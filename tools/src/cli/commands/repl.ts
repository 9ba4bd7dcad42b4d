import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { findSourceMap } from "@bodycam/firmware/source-maps";
import { mapStack } from "@bodycam/firmware/stack";
import type { Evaluation } from "@bodycam/protocol/camera/development";
import type { Command } from "commander";
import { readStatus } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { BodycamError } from "../../errors.ts";
import { evaluateOn } from "../../operations/evaluate.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { runPrompt } from "../prompt.ts";

interface ReplFlags extends DeviceOptions {
	readonly evaluate?: string;
}

/** What was evaluated has thrown. */
class EvaluationError extends BodycamError {
	override readonly name = "EvaluationError";
	override readonly code = "evaluation";
}

/** Evaluates on the camera. */
type Evaluate = (source: string) => Promise<Evaluation>;

/** `bodycam repl`: a prompt on the camera. */
export function addReplCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "repl",
		summary: "look inside a camera that runs a build for development",
		description:
			"A prompt that evaluates TypeScript on the camera, with the parts of the camera as the global `camera`. Only a build made with `firmware build --dev` and signed with a development key answers. Input may have several lines; what was typed is kept in ~/.bodycam_repl_history. Errors name lines of the sources. Promises are awaited, and `await` may stand anywhere; one that is not settled after 5 s is given up. The Cortex-M55 image (--engine mps3-an547) has no parser and so no prompt: use the same build on the wasm engine. From a pipe, or with --evaluate, it evaluates once and prints the value.",
		examples: [
			["bodycam repl -d sim:cam1", "Look around: Object.keys(camera)"],
			["bodycam repl -d sim:cam1 -e 'camera.status().battery'", "One value"],
			["bodycam repl -d sim:cam1 -e 'await Promise.resolve(1)'", "One that comes later"],
		],
	}).option("-e, --evaluate <source>", "evaluate this, print the value and end");
	handle<ReplFlags>(addDeviceOptions(command), runtime, (context, flags) =>
		withDevice(context, flags, async (client) => {
			const evaluate = await evaluator(client, context.signal);
			if (flags.evaluate !== undefined) await evaluateOnce(context, evaluate, flags.evaluate);
			else if (process.stdin.isTTY)
				await promptOn(context, evaluate, flags.device ?? context.env.BODYCAM_DEVICE ?? "");
			else await evaluateOnce(context, evaluate, await text(process.stdin));
		}),
	);
}

async function evaluator(client: SmpClient, signal: AbortSignal): Promise<Evaluate> {
	const { device } = await readStatus(client, { signal });
	const sourceMap = findSourceMap(device.build);
	const mapped = (stack: string) => (sourceMap === undefined ? stack : mapStack(stack, sourceMap));
	return (source) => evaluateOn(client, source, mapped, signal);
}

async function evaluateOnce(context: Context, evaluate: Evaluate, source: string): Promise<void> {
	const result = await evaluate(source);
	if (result.error !== undefined) throw new EvaluationError(textOf(result));
	printResult(context, result, () => textOf(result));
}

function promptOn({ terminal, signal }: Context, evaluate: Evaluate, address: string): Promise<void> {
	return runPrompt({
		prompt: `${address}> `,
		history: join(homedir(), ".bodycam_repl_history"),
		evaluate: async (source) => {
			const result = await evaluate(source);
			return result.error === undefined ? textOf(result) : terminal.paint("red", textOf(result));
		},
		out: (text) => terminal.out(text),
		fail: (text) => terminal.out(terminal.paint("red", text)),
		signal,
	});
}

/** The value, or what was thrown and where. */
function textOf({ value, error, stack }: Evaluation): string {
	if (error === undefined) return value ?? "";
	return stack === undefined || stack === "" ? error : stack;
}
