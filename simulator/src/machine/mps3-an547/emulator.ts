/**
 * One QEMU process that runs the image: its pipes, its questions and answers, its end. Everything here waits for the
 * emulator in blocking reads, since the whole simulator is synchronous; `AnswerGuard` ends one that does not answer.
 */
import { spawn } from "node:child_process";
import { accessSync, closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ANSWER_LIMIT_S, AnswerGuard } from "./answer-guard.ts";
import { Bell, BoardLink } from "./board-link.ts";
import { EmulatorEndedError, EmulatorError } from "./emulator-error.ts";
import { LinkFile } from "./link-directory.ts";

/** The emulator's program. */
export const EMULATOR = "qemu-system-arm";

/** Translated code that the emulator keeps, MiB; its default is a large part of the host's memory. */
const TRANSLATION_MIB = 64;

/** Bytes of the end of the emulator's standard error that an error shows. */
const LOG_BYTES = 2000;

/**
 * Starts the emulator beside a shell that ends it when this process is gone, however that came: the shell's standard
 * input ends then. It also removes the link directory ($0), which the emulator may not have had the time to open. The
 * emulator alone holds descriptors 3 and 4, the writing ends of its pipes, so that they end with it.
 */
const KEEPER = `"$@" </dev/null & exec 3>&- 4>&-; read -r _; kill -9 $!; rm -rf "$0"`;

/** The emulator's path. @throws EmulatorError when it is not installed */
export function findEmulator(): string {
	for (const directory of (process.env.PATH ?? "").split(delimiter)) {
		const path = join(directory, EMULATOR);
		try {
			accessSync(path, constants.X_OK);
			return path;
		} catch {
			// Not in this directory.
		}
	}
	throw new EmulatorError(
		`${EMULATOR} is not installed`,
		"`npm run mcu:setup` says how to install it; --engine wasm needs none of it.",
	);
}

/** A running emulator. Its methods throw EmulatorEndedError once it has ended. */
export class Emulator {
	readonly #group: number;
	readonly #guard: AnswerGuard;
	readonly #bellOut: number;
	readonly #bellIn: number;
	readonly #serialOut: number;
	readonly #serialIn: number;
	readonly #log: number;
	readonly #byte = new Uint8Array(1);
	#closed = false;

	/**
	 * Starts it; the files of the directory may be removed once it has answered.
	 * @param directory - a link directory with the shared memory in it
	 * @param image - the image, an ELF file
	 * @throws EmulatorError when there is no emulator
	 */
	constructor(directory: string, image: string) {
		const program = findEmulator();
		const path = (name: string): string => join(directory, name);
		const open = (name: string, flags: number): number => openSync(path(name), flags);
		// A pipe that is opened for both directions does not wait for its other end.
		const bellWriter = open(`${LinkFile.BELL}.out`, constants.O_RDWR);
		const serialWriter = open(`${LinkFile.SERIAL}.out`, constants.O_RDWR);
		this.#bellOut = open(`${LinkFile.BELL}.out`, constants.O_RDONLY);
		this.#serialOut = open(`${LinkFile.SERIAL}.out`, constants.O_RDONLY);
		this.#bellIn = open(`${LinkFile.BELL}.in`, constants.O_RDWR);
		this.#serialIn = open(`${LinkFile.SERIAL}.in`, constants.O_RDWR | constants.O_NONBLOCK);
		this.#log = openSync(path(LinkFile.LOG), "wx+", 0o600);
		const keeper = spawn("/bin/sh", ["-c", KEEPER, directory, program, ...options(directory, image)], {
			stdio: ["pipe", "ignore", this.#log, bellWriter, serialWriter],
			// A process group of its own: Ctrl-C in the terminal is for this process alone.
			detached: true,
		});
		closeSync(bellWriter);
		closeSync(serialWriter);
		keeper.on("error", () => undefined);
		keeper.stdin?.on("error", () => undefined);
		(keeper.stdin as unknown as { unref(): void } | null)?.unref();
		keeper.unref();
		if (keeper.pid === undefined) {
			this.#closeFiles();
			throw new EmulatorError("the emulator cannot be started: this host starts no further process");
		}
		this.#group = keeper.pid;
		this.#guard = new AnswerGuard(keeper.pid);
	}

	/** Waits until the image has booted; its answer is READY or DEAD. */
	ready(): number {
		this.#guard.asked();
		return this.#answer();
	}

	/** Rings the doorbell and waits for the answer. */
	ask(question: number): number {
		this.ring(question);
		this.#guard.asked();
		return this.#answer();
	}

	/** Rings the doorbell without waiting. */
	ring(question: number): void {
		if (this.#closed) throw this.#ended();
		this.#byte[0] = question;
		writeSync(this.#bellIn, this.#byte, 0, 1);
	}

	/** Sends bytes into the serial port as far as it takes them now; how many it took. */
	sendSerial(bytes: Uint8Array, from: number): number {
		if (this.#closed) return bytes.length - from;
		try {
			return writeSync(this.#serialIn, bytes, from, bytes.length - from);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
			throw error;
		}
	}

	/** Waits for so many bytes out of the serial port. */
	receiveSerial(length: number): Uint8Array {
		const bytes = new Uint8Array(length);
		this.#guard.asked();
		for (let done = 0; done < length; ) {
			const count = this.#closed ? 0 : readSync(this.#serialOut, bytes, done, length - done, null);
			if (count === 0) throw this.#ended();
			done += count;
		}
		this.#guard.answered();
		return bytes;
	}

	/** Ends it at once, as a power cut ends a processor. Idempotent. */
	kill(): void {
		if (this.#closed) return;
		this.#closed = true;
		try {
			process.kill(-this.#group, "SIGKILL");
		} catch {
			// It has ended.
		}
		this.#guard.release();
		this.#closeFiles();
	}

	#answer(): number {
		const count = readSync(this.#bellOut, this.#byte, 0, 1, null);
		if (count === 0) throw this.#ended();
		this.#guard.answered();
		return this.#byte[0] as number;
	}

	#ended(): EmulatorEndedError {
		if (this.#closed) return new EmulatorEndedError("the emulator was closed", false);
		if (this.#guard.timedOut)
			return new EmulatorEndedError(`the image gave no answer within ${ANSWER_LIMIT_S} s`, true);
		const said = this.#said();
		return new EmulatorEndedError(`the emulator ended${said === "" ? "" : `: ${said}`}`, false);
	}

	/** The end of what the emulator wrote to its standard error. */
	#said(): string {
		const bytes = new Uint8Array(LOG_BYTES);
		const count = readSync(this.#log, bytes, 0, LOG_BYTES, 0);
		const lines = new TextDecoder().decode(bytes.subarray(0, count)).trim().split("\n");
		// The board has a network port that leads nowhere, and the emulator says so every time.
		return lines.filter((line) => !line.includes(": warning: nic ")).join("\n");
	}

	#closeFiles(): void {
		for (const file of [this.#bellIn, this.#bellOut, this.#serialIn, this.#serialOut, this.#log])
			closeSync(file);
	}
}

function options(directory: string, image: string): string[] {
	const ram = join(directory, LinkFile.RAM);
	const pipe = (name: string): string[] => [
		"-chardev",
		`pipe,id=${name},path=${join(directory, name)}`,
		"-serial",
		`chardev:${name}`,
	];
	return [
		...["-M", "mps3-an547,memory-backend=ram", "-m", `${BoardLink.SIZE / 2 ** 20}`],
		...["-object", `memory-backend-file,id=ram,share=on,mem-path=${ram},size=${BoardLink.SIZE}`],
		...["-accel", `tcg,tb-size=${TRANSLATION_MIB}`, "-icount", "shift=0,sleep=on"],
		...["-display", "none", "-monitor", "none", "-nodefaults", "-no-user-config"],
		...pipe(LinkFile.SERIAL),
		...pipe(LinkFile.BELL),
		...["-kernel", image],
	];
}

/** Name of an answer or question, for messages. */
export function bellName(byte: number): string {
	const found = Object.entries(Bell).find(([, value]) => value === byte);
	return found?.[0] ?? `0x${byte.toString(16)}`;
}
