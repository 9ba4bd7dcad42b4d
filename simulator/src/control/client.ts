import { createConnection } from "node:net";
import { SimulatorError } from "../simulator-error.ts";
import type { CameraReport, ControlAnswer, ControlCommand } from "./messages.ts";
import { findSimulator, NoSuchSimulatorError, type RegistryEntry } from "./registry.ts";

/** Longest time to wait for an answer, ms; a power cut takes its time. */
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
 * @throws NoSuchSimulatorError, ControlConnectionError, or SimulatorError with what the simulator says
 */
export async function controlSimulator(camera: string, command: ControlCommand): Promise<unknown> {
	const entry = findSimulator(camera);
	if (!entry) throw new NoSuchSimulatorError(camera);
	const answer = await ask(entry, command);
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

function ask(entry: RegistryEntry, command: ControlCommand): Promise<ControlAnswer> {
	return new Promise((resolve, reject) => {
		const socket = createConnection(entry.control);
		const fail = (reason: string): void => {
			socket.destroy();
			reject(new ControlConnectionError(entry.name, reason));
		};
		let text = "";
		socket.setEncoding("utf8");
		socket.setTimeout(PATIENCE, () => fail(`no answer within ${PATIENCE / 1000} s`));
		socket.on("connect", () =>
			socket.write(`${JSON.stringify({ ...command, id: 1, camera: entry.name })}\n`),
		);
		socket.on("error", (error) => fail(error.message));
		socket.on("close", () => fail("it ended"));
		socket.on("data", (part: string) => {
			text += part;
			const end = text.indexOf("\n");
			if (end < 0) return;
			socket.removeAllListeners("close");
			socket.end();
			try {
				resolve(JSON.parse(text.slice(0, end)) as ControlAnswer);
			} catch {
				fail("its answer is not understood");
			}
		});
	});
}
