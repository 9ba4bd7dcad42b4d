import { createConnection } from "node:net";
import { SimulatorError } from "../simulator-error.ts";
import type { CameraReport, ControlAnswer, ControlCommand } from "./messages.ts";
import { findSimulator, NoSuchSimulatorError, type RegistryEntry } from "./registry.ts";

/** Longest time to wait for an answer, ms, besides the time that the command itself takes. */
const PATIENCE = 30_000;

/** How often `waitForSimulator` looks, ms. */
const INTERVAL = 50;

/** The simulator did not answer. */
export class ControlConnectionError extends SimulatorError {
	override readonly name = "ControlConnectionError";
	override readonly code = "connection";

	/** @param reason - what went wrong */
	constructor(camera: string, reason: string) {
		super(
			`the simulator ${camera} does not answer: ${reason}`,
			"`bodycam sim list` shows those that run.",
			5,
		);
	}
}

/**
 * Asks a running simulator by name and returns its answer.
 * @param signal - stops waiting; what was asked for goes on in the simulator
 * @throws NoSuchSimulatorError, ControlConnectionError, or SimulatorError with what the simulator says
 * @throws the signal's reason once it is aborted
 */
export async function controlSimulator(
	camera: string,
	command: ControlCommand,
	signal?: AbortSignal,
): Promise<unknown> {
	signal?.throwIfAborted();
	const entry = findSimulator(camera);
	if (!entry) throw new NoSuchSimulatorError(camera);
	const answer = await ask(entry, command, signal);
	if (answer.ok) return answer.result;
	throw new SimulatorError(answer.message, answer.hint, answer.exitCode);
}

/** Asks a running simulator how its camera is. @throws like `controlSimulator` */
export async function cameraReport(camera: string): Promise<CameraReport> {
	return (await controlSimulator(camera, { command: "status" })) as CameraReport;
}

/**
 * Waits until a simulator of that name runs and its engine has booted.
 * @throws NoSuchSimulatorError when it does not within `limitMs`
 */
export async function waitForSimulator(camera: string, limitMs: number): Promise<RegistryEntry> {
	for (const end = Date.now() + limitMs; ; ) {
		const entry = findSimulator(camera);
		if (entry && (await isReady(camera))) return entry;
		if (Date.now() >= end) throw new NoSuchSimulatorError(camera);
		await new Promise((resolve) => setTimeout(resolve, INTERVAL));
	}
}

async function isReady(camera: string): Promise<boolean> {
	try {
		return (await cameraReport(camera)).running;
	} catch (error) {
		if (error instanceof SimulatorError) return false;
		throw error;
	}
}

function ask(entry: RegistryEntry, command: ControlCommand, signal?: AbortSignal): Promise<ControlAnswer> {
	const patience = PATIENCE + (command.command === "power-cut" ? (command.offMs ?? 0) : 0);
	return new Promise((resolve, reject) => {
		const socket = createConnection(entry.control);
		const onAbort = (): void => {
			reject(signal?.reason);
			socket.destroy();
		};
		signal?.addEventListener("abort", onAbort, { once: true });
		socket.on("close", () => signal?.removeEventListener("abort", onAbort));
		const fail = (reason: string): void => {
			socket.destroy();
			reject(new ControlConnectionError(entry.name, reason));
		};
		let text = "";
		socket.setEncoding("utf8");
		socket.setTimeout(patience, () => fail(`no answer within ${patience / 1000} s`));
		socket.on("connect", () =>
			socket.write(`${JSON.stringify({ ...command, id: 1, camera: entry.name })}\n`),
		);
		socket.on("error", (error) => fail(error.message));
		const onClose = (): void => fail("it ended");
		socket.on("close", onClose);
		socket.on("data", (part: string) => {
			text += part;
			const end = text.indexOf("\n");
			if (end < 0) return;
			socket.off("close", onClose);
			socket.end();
			try {
				resolve(JSON.parse(text.slice(0, end)) as ControlAnswer);
			} catch {
				fail("its answer is not understood");
			}
		});
	});
}
