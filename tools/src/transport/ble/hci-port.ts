import { existsSync, statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { ConnectionError, NoSuchDeviceError } from "../../errors.ts";
import { openError } from "../serial.ts";

/** How often an HCI port is looked at, ms. */
const LOOK_EVERY = 300;

/** How often a port that is taken is tried again, and after how long, ms: noble lets go of one without saying when. */
const TRIES = 6;
const PAUSE = 150;

/**
 * Sees that an HCI port is there and free: noble tells nobody what goes wrong when it opens one.
 * @throws {NoSuchDeviceError} when there is no such port
 * @throws {ConnectionError} when another program has it, or it cannot be opened
 */
export async function checkHciPort(path: string): Promise<void> {
	// The system's word for it when a socket is opened as a file is that there is no such device.
	if (isSocket(path))
		throw new NoSuchDeviceError(`${path} is a Unix socket, not an HCI port`, {
			hint: "These tools take serial ports and pseudo-terminals: `bodycam sim start --ble` prints one of a simulated adapter. The socket of --hci-socket is for other programs that speak HCI.",
		});
	for (let attempt = 1; ; attempt++) {
		try {
			await openAndClose(path);
			return;
		} catch (error) {
			if (!(error instanceof ConnectionError) || attempt === TRIES) throw error;
			await pause(PAUSE);
		}
	}
}

/** Whether there is a socket; what cannot be looked at is left to who opens it. */
function isSocket(path: string): boolean {
	try {
		return statSync(path).isSocket();
	} catch {
		return false;
	}
}

async function openAndClose(path: string): Promise<void> {
	const { SerialPort } = await import("serialport");
	const port = new SerialPort({ path, baudRate: 1_000_000, autoOpen: false, lock: true });
	await new Promise<void>((resolve, reject) => {
		port.open((error) => (error ? reject(openError(path, error, "HCI port")) : resolve()));
	});
	await new Promise<void>((resolve) => port.close(() => resolve()));
}

/**
 * Calls back once when an HCI port is there no more: of a pseudo-terminal that ends noble hears nothing.
 * @returns how to look no longer
 */
export function watchHciPort(path: string, vanished: () => void): () => void {
	const timer = setInterval(() => {
		if (existsSync(path)) return;
		clearInterval(timer);
		vanished();
	}, LOOK_EVERY);
	timer.unref();
	return () => clearInterval(timer);
}
