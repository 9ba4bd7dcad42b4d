import { closeSync, lstatSync, symlinkSync, unlinkSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { BytePort, ByteReceiver } from "./byte-port.ts";
import { PortError } from "./port-error.ts";
import { openPty } from "./pty-native.ts";

/** How long a full line is tried again at every turn of the event loop, ms: longer than a reader that is awake needs
 * for what the line holds (4 KiB), or each such portion would cost a timer of 1 ms. */
const EAGER_TIME = 4;

/** How often a line that nobody reads is tried again, ms. */
const PATIENT_INTERVAL = 2;

/** A serial line that leads to a pseudo-terminal of this host: other programs open its path as a serial port. */
export class PtyPort implements BytePort {
	/** What other programs open, e.g. `/dev/pts/7`. */
	readonly path: string;
	readonly #master: number;
	readonly #reader: ReadStream;
	readonly #holder: ReadStream;
	readonly #link: string | undefined;
	#writing: { bytes: Uint8Array; at: number; done: () => void }[] = [];
	#fullSince: number | undefined;
	#closed = false;

	/**
	 * @param link - where to put a symbolic link to the terminal, replacing one that is there
	 * @throws PortError when there are no pseudo-terminals or the link cannot be made
	 */
	constructor(link?: string) {
		const { master, slave, pty } = openPty();
		this.path = pty;
		this.#master = master;
		// Held open, so that the line lives on when a program closes it; raw, so that nothing is echoed; never read.
		this.#holder = new ReadStream(slave);
		closeIfReopened(this.#holder, slave);
		this.#holder.setRawMode(true);
		this.#reader = new ReadStream(master);
		this.#reader.on("error", () => undefined);
		this.#holder.on("error", () => undefined);
		try {
			if (link !== undefined) placeLink(link, pty);
			this.#link = link;
		} catch (error) {
			this.close();
			throw error;
		}
	}

	connect(receiver: ByteReceiver): void {
		this.#reader.on("data", (bytes: Buffer) => receiver.received(bytes));
		receiver.carrier(true);
	}

	write(bytes: Uint8Array, done: () => void): void {
		this.#writing.push({ bytes, at: 0, done });
		if (this.#writing.length === 1) setImmediate(() => this.#push());
	}

	pause(paused: boolean): void {
		if (paused) this.#reader.pause();
		else this.#reader.resume();
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#writing = [];
		this.#reader.destroy();
		this.#holder.destroy();
		if (this.#link !== undefined) removeLink(this.#link);
	}

	/** Writes until the line is full: a write that blocks would block whoever reads in the same process. */
	#push(): void {
		for (let current = this.#writing[0]; current && !this.#closed; current = this.#writing[0]) {
			try {
				current.at += writeSync(this.#master, current.bytes, current.at);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== "EAGAIN") {
					this.close();
					return;
				}
				this.#tryLater();
				return;
			}
			this.#fullSince = undefined;
			if (current.at < current.bytes.length) continue;
			this.#writing.shift();
			current.done();
		}
	}

	#tryLater(): void {
		const now = performance.now();
		this.#fullSince ??= now;
		if (now - this.#fullSince < EAGER_TIME) setImmediate(() => this.#push());
		else setTimeout(() => this.#push(), PATIENT_INTERVAL);
	}
}

/** The stream opens a terminal anew for itself (libuv, `uv_tty_init`) and leaves the descriptor it was given to us. */
function closeIfReopened(stream: ReadStream, given: number): void {
	const { _handle: handle } = stream as unknown as { readonly _handle?: { readonly fd?: number } };
	if (handle?.fd !== undefined && handle.fd >= 0 && handle.fd !== given) closeSync(given);
}

function placeLink(link: string, target: string): void {
	try {
		const found = lstatSync(link, { throwIfNoEntry: false });
		if (found && !found.isSymbolicLink()) throw new Error("there is a file that is not a symbolic link");
		if (found) unlinkSync(link);
		symlinkSync(target, link);
	} catch (error) {
		throw new PortError(`serial link ${link}`, (error as Error).message, "Give another --serial-link PATH.");
	}
}

function removeLink(link: string): void {
	try {
		unlinkSync(link);
	} catch {
		// Someone else has removed it: nothing is left to tidy up.
	}
}
