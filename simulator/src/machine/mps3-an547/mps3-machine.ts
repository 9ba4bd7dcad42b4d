/**
 * A machine on the Cortex-M55 image of the engine, which QEMU runs. Records, media memory and firmware lie in memory
 * that both share; the doorbell says when to look (`board-link.ts`).
 */
import { join } from "node:path";
import { Serial } from "@bodycam/protocol/board/records";
import { CLOSED, type Death } from "../engine-status.ts";
import {
	type Machine,
	type MachineCounters,
	type MachineOptions,
	type RecordSink,
	type RunResult,
	UNCOUNTED,
} from "../machine.ts";
import type { MediaMemory } from "../media-memory.ts";
import { Bell, BoardLink, Crash, Parameter } from "./board-link.ts";
import { deathOf, decodeCrashRecord } from "./crash-record.ts";
import { bellName, Emulator } from "./emulator.ts";
import { EmulatorEndedError, EmulatorError } from "./emulator-error.ts";
import { LinkFile, makeLinkDirectory, removeLinkDirectory } from "./link-directory.ts";
import { LinkedMediaMemory, LinkMemory } from "./link-memory.ts";
import { InboundRecords, OutboundRecords } from "./link-queues.ts";
import { readCounters } from "./link-state.ts";
import { SerialInput } from "./serial-input.ts";

/** A power cut in the middle of a record, for tests. */
export interface CutInRecord {
	/** Which record since power-on, from 1. */
	readonly record: number;
	/** How long the emulator works at it before it is killed, µs of this host. */
	readonly afterUs: number;
}

/** What a machine on the image is made of. */
export interface Mps3MachineOptions extends MachineOptions {
	/** The image, an ELF file. */
	readonly image: string;
	/** Cuts the power in the middle of a record; the run that delivers it ends with the reason `powerCut`. */
	readonly cut?: CutInRecord | undefined;
}

/** A machine on the image, whose power can be cut. */
export interface Mps3Machine extends Machine {
	/**
	 * Has the image begin anew with another firmware, in the same emulator: its system is reset. This machine is closed
	 * by that. Undefined when it is dead or its power is to be cut in a record.
	 */
	succeed(options: Mps3MachineOptions): Mps3Machine | undefined;
	/** Kills the emulator at once. The next run ends with the reason `powerCut`. */
	kill(): void;
}

/** Most bytes of one serial record: they must fit into the emulator's pipe, as they wait there for their record. */
const SERIAL_MAX = 32 * 1024;

const IDLE: RunResult = { state: "idle" };

/**
 * Creates a machine; it boots while this process goes on, and the first run waits for it. A firmware that dies while
 * it is evaluated is reported by the first run.
 * @throws RangeError when the sizes do not fit the memory of the board
 * @throws EmulatorError when the emulator or the image is missing
 */
export function createMps3Machine(options: Mps3MachineOptions): Mps3Machine {
	const { mediaBytes } = options;
	checkSizes(options);
	const directory = makeLinkDirectory(mediaBytes);
	let memory: LinkMemory | undefined;
	try {
		memory = new LinkMemory(join(directory, LinkFile.RAM));
		memory.write(BoardLink.FIRMWARE, options.artefact);
		writeParameters(memory, options);
		const emulator = new Emulator(directory, options.image);
		return new ImageMachine(memory, emulator, directory, options);
	} catch (error) {
		memory?.close();
		removeLinkDirectory(directory);
		throw error;
	}
}

/** @throws RangeError when the sizes do not fit the memory of the board */
function checkSizes({ artefact, mediaBytes }: Mps3MachineOptions): void {
	if (artefact.length > BoardLink.FIRMWARE_MAX)
		throw new RangeError(
			`the board cannot hold a firmware of ${artefact.length} bytes; the limit is ${BoardLink.FIRMWARE_MAX}`,
		);
	if (mediaBytes > BoardLink.SIZE - BoardLink.MEDIA)
		throw new RangeError(
			`the board cannot hold ${mediaBytes} bytes of media memory; the limit is ${BoardLink.SIZE - BoardLink.MEDIA}`,
		);
}

function writeParameters(memory: LinkMemory, options: Mps3MachineOptions): void {
	const seed = BigInt.asUintN(64, options.seed ?? 0n);
	const set = (at: number, value: number): void => memory.setU32(BoardLink.PARAMETERS + at, value);
	set(Parameter.MAGIC, BoardLink.MAGIC);
	set(Parameter.VERSION, BoardLink.VERSION);
	set(Parameter.MEDIA_BYTES, options.mediaBytes);
	set(Parameter.FIRMWARE_BYTES, options.artefact.length);
	set(Parameter.HEAP_BYTES, options.heapBytes ?? 0);
	set(Parameter.METER_LIMIT, options.meterLimit ?? 0);
	set(Parameter.SEED_LOW, Number(seed & 0xffff_ffffn));
	set(Parameter.SEED_HIGH, Number(seed >> 32n));
	memory.setF64(BoardLink.PARAMETERS + Parameter.EPOCH, options.epochUs ?? 0);
}

class ImageMachine implements Mps3Machine {
	readonly engine = "mps3-an547";
	readonly media: MediaMemory;
	readonly #memory: LinkMemory;
	readonly #emulator: Emulator;
	readonly #directory: string;
	readonly #inbound: InboundRecords;
	readonly #outbound: OutboundRecords;
	readonly #serialInput: SerialInput;
	readonly #cut: CutInRecord | undefined;
	#onRecord: RecordSink = () => undefined;
	#booted = false;
	#succeeded = false;
	#serialBytes: Uint8Array | undefined;
	#lastCounters: MachineCounters = UNCOUNTED;
	#death: Death | undefined;

	constructor(memory: LinkMemory, emulator: Emulator, directory: string, options: Mps3MachineOptions) {
		this.#memory = memory;
		this.#emulator = emulator;
		this.#directory = directory;
		this.#inbound = new InboundRecords(memory);
		this.#outbound = new OutboundRecords(memory);
		this.#serialInput = new SerialInput((bytes, from) => emulator.sendSerial(bytes, from));
		this.#cut = options.cut;
		this.media = new LinkedMediaMemory(memory, options.mediaBytes);
	}

	post(kind: number, unit: number, timeUs: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): void {
		if (this.#death === undefined) this.#inbound.post(kind, unit, timeUs, a, b, c, d, e, f);
	}

	run(onRecord: RecordSink): RunResult {
		this.#onRecord = onRecord;
		this.#boot();
		this.#outbound.give(this.#sink);
		while (this.#death === undefined) {
			const limit = Math.min(this.#serialInput.send(), this.#recordsBeforeCut());
			if (!this.#inbound.deliver(limit)) {
				if (!this.#cutNow()) return IDLE;
			} else this.#question(Bell.RUN);
			this.#outbound.give(this.#sink);
		}
		return this.#death;
	}

	serialIn(at: number, bytes: Uint8Array): void {
		if (this.#death !== undefined || bytes.length === 0) return;
		if (bytes.length > SERIAL_MAX)
			throw new RangeError(`${bytes.length} bytes are more than a serial record names`);
		if (at + bytes.length <= this.media.length) this.#serialInput.add(bytes, this.#inbound.posted);
	}

	serialOut(at: number, length: number): Uint8Array {
		return this.#serialBytes ?? this.media.read(at, length);
	}

	counters(): MachineCounters {
		if (this.#succeeded) return this.#lastCounters;
		this.#boot();
		if (this.#memory.open && this.#booted) this.#lastCounters = readCounters(this.#memory);
		return this.#lastCounters;
	}

	collect(): number {
		this.#boot();
		if (this.#death !== undefined) return 0;
		this.#question(Bell.COLLECT);
		return this.#death === undefined ? this.counters().heapLiveBytes : 0;
	}

	succeed(options: Mps3MachineOptions): Mps3Machine | undefined {
		checkSizes(options);
		this.#boot();
		if (this.#death !== undefined || options.cut !== undefined || this.#cut !== undefined) return undefined;
		this.counters();
		this.#memory.write(BoardLink.MEDIA, new Uint8Array(this.media.length));
		this.#memory.write(BoardLink.FIRMWARE, options.artefact);
		writeParameters(this.#memory, options);
		// The emulator and the memory are the successor's now: closing this machine must not end them.
		this.#death = CLOSED;
		this.#inbound.clear();
		this.#succeeded = true;
		this.#emulator.ring(Bell.START);
		return new ImageMachine(this.#memory, this.#emulator, this.#directory, options);
	}

	kill(): void {
		this.#end(CLOSED);
	}

	close(): void {
		if (this.#succeeded) return;
		this.#end(CLOSED);
		this.counters();
		this.#memory.close();
	}

	/** Waits for the image to boot, once. */
	#boot(): void {
		if (this.#booted || this.#death !== undefined) return;
		this.#guarded(() => this.#handle(this.#emulator.ready()));
		// Everybody has opened the files by now, or never will.
		removeLinkDirectory(this.#directory);
		if (this.#death === undefined) this.#take();
	}

	#question(question: number): void {
		this.#guarded(() => this.#handle(this.#emulator.ask(question)));
	}

	#handle(answer: number): void {
		switch (answer) {
			case Bell.READY:
				if (this.#booted) break;
				this.#booted = true;
				return;
			case Bell.IDLE:
				this.#inbound.handledAll();
				return;
			case Bell.OUTBOUND:
				this.#take();
				return;
			case Bell.COLLECTED:
				return;
			case Bell.DEAD:
				this.#take();
				this.#end(this.#crash());
				return;
		}
		const message = `the image answered ${bellName(answer)} out of turn`;
		this.#end({ state: "dead", reason: "exception", message, stack: "" });
	}

	#take(): void {
		this.#outbound.take();
	}

	/** What the image says it died of. */
	#crash(): Death {
		this.#booted = true;
		const bytes = new Uint8Array(Crash.BYTES);
		this.#memory.read(BoardLink.CRASH, bytes);
		const record = decodeCrashRecord(bytes);
		if (record !== undefined) return deathOf(record);
		return {
			state: "dead",
			reason: "exception",
			message: "the image died without a crash record",
			stack: "",
		};
	}

	/** Does something with the emulator; its end is the machine's. */
	#guarded(action: () => void): void {
		try {
			action();
		} catch (error) {
			if (!(error instanceof EmulatorEndedError)) throw error;
			const reason = error.timedOut ? "watchdog" : "exception";
			const neverBooted = !this.#booted;
			this.#end({ state: "dead", reason, message: error.message, stack: "", neverBooted });
		}
	}

	/** The machine will not run again. Its memory can still be read until it is closed. */
	#end(death: Death): void {
		if (this.#death !== undefined) return;
		this.#death = death;
		this.#inbound.clear();
		this.#emulator.kill();
		removeLinkDirectory(this.#directory);
	}

	/** Hands a record to the board. What serial port 0 sends comes out of the emulator's port. */
	readonly #sink: RecordSink = (kind, unit, timeUs, a, b, c, d, e, f) => {
		const sends = kind === Serial.WRITE && unit === 0 && a + b <= this.media.length;
		// What a machine posted in the record it died of has not been sent.
		if (sends && this.#death === undefined)
			this.#guarded(() => {
				this.#serialBytes = this.#emulator.receiveSerial(b);
			});
		try {
			this.#onRecord(kind, unit, timeUs, a, b, c, d, e, f);
		} finally {
			this.#serialBytes = undefined;
		}
	};

	/** Records the image may have been given before the one in which the power is cut. */
	#recordsBeforeCut(): number {
		return this.#cut === undefined ? Infinity : this.#cut.record - 1;
	}

	/** Delivers the record in which the power is cut, and cuts it; false when it is not its turn. */
	#cutNow(): boolean {
		if (this.#cut === undefined) return false;
		const { record, afterUs } = this.#cut;
		if (this.#inbound.delivered !== record - 1 || !this.#inbound.deliver(record)) return false;
		this.#emulator.ring(Bell.RUN);
		const end = performance.now() + afterUs / 1000;
		while (performance.now() < end);
		this.#end({ ...CLOSED, message: `the power was cut in record ${record}` });
		return true;
	}
}

/** Checks that an image can be named at all. @throws EmulatorError when it was not built */
export function requireImage(image: string | undefined): string {
	if (image !== undefined) return image;
	throw new EmulatorError(
		"the image for mps3-an547 is not built",
		"`npm run mcu:build` builds it, `npm run mcu:setup` says what that needs; --engine wasm needs none of it.",
	);
}
