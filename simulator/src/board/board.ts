import { SLOT_UNITS } from "@bodycam/protocol/board/flash-layout";
import { BOARD_NAME } from "@bodycam/protocol/board/identity";
import { type BootBlock, Button, ResetReason, System } from "@bodycam/protocol/board/records";
import type { BootDecision } from "@bodycam/protocol/camera/firmware";
import type { CrashRecord } from "@bodycam/protocol/camera/log";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import type { Bus, Peripheral } from "../bus/peripheral.ts";
import type { Machine, MachineCounters } from "../machine/machine.ts";
import { type MediaMemory, NO_MEDIA } from "../machine/media-memory.ts";
import { createWasmMachine } from "../machine/wasm-machine.ts";
import type { Bystander } from "../sound/bystander.ts";
import type { FlashMemory } from "../storage/flash-memory.ts";
import type { CutMode } from "../storage/write-cache.ts";
import type { Era, EventHandler } from "../world/event-queue.ts";
import type { RandomStream } from "../world/random.ts";
import type { Settler, World } from "../world/world.ts";
import type { BoardFirmware, StartRequest } from "./board-firmware.ts";
import type { BoardOptions } from "./board-options.ts";
import { CounterTotals } from "./counter-totals.ts";
import { CrashGuard } from "./crash-guard.ts";
import { crashRecordOf } from "./crash-record.ts";
import { BoardCrashError, BoardViolationError } from "./errors.ts";
import { factsOfArtefact } from "./firmware-image.ts";
import { assemble, type Peripherals } from "./parts.ts";
import { reasonName } from "./reset-reasons.ts";

/** Media memory besides the ring arena, bytes. */
export const WINDOW_BYTES = 8448 * 1024;

/** Media memory while the boot stage runs, bytes. */
const BOOT_STAGE_BYTES = 512 * 1024;

/** Time from a reset to the next boot, µs. */
const REBOOT_TIME = 100_000;

/** A camera's board: its peripherals around an engine, with power, resets and their reasons. */
export class Board implements Settler, Bus {
	/** Name of the camera. */
	readonly name: string;
	/** Serial number, hexadecimal. */
	readonly serialNumber: string;
	/** The peripherals, to be played with from outside. */
	readonly peripherals: Peripherals;
	/** Somebody in front of the camera. */
	readonly bystander: Bystander;
	readonly #options: BoardOptions;
	readonly #world: World;
	readonly #families: (Peripheral | undefined)[] = [];
	readonly #streams = new Map<string, RandomStream>();
	readonly #sink = this.#dispatch.bind(this);
	readonly #totals = new CounterTotals();
	readonly #crashes = new CrashGuard();
	#machine: Machine | undefined;
	#era: Era = { over: true };
	#powerEra: Era = { over: true };
	#poweredAt = 0;
	#dirty = false;
	#asked: keyof typeof ResetReason | undefined;
	#starting: StartRequest | undefined;
	#resetReason: keyof typeof ResetReason = "powerOn";
	#inBootStage = false;
	/** The image slot that was started last. */
	startedSlot: number | undefined;
	#retained: Uint8Array | undefined;
	/** Edges of the buttons while the boot stage runs, which the interrupt controller keeps for the application. */
	#latched: (readonly [unit: number, pressed: number])[] = [];
	/** Like a part of the memory that a reset leaves alone: kept until a firmware has been told. */
	#lastCrash: CrashRecord | undefined;
	#build = "";
	#launchedAt = 0;
	#firmware: BoardFirmware;

	/** The board is off until `powerOn`. */
	constructor(options: BoardOptions) {
		this.name = options.name;
		this.serialNumber = options.serialNumber;
		this.#options = options;
		this.#firmware = options.firmware;
		this.#world = options.world;
		const { peripherals, bystander } = assemble(this, options, {
			onResetRequested: (reason) => this.#askReset(reasonName(reason)),
			onStart: (slot, offset, length, decision) => this.#askStart({ slot, offset, length, decision }),
			onRetain: (bytes) => {
				this.#retained = bytes;
			},
			onWatchdog: () => this.#crash("watchdog", "the watchdog was not fed", ""),
			onLog: (level, text) => options.events?.onLog?.(level, this.#mapped(text), this.now),
		});
		this.peripherals = peripherals;
		this.bystander = bystander;
		for (const peripheral of Object.values(this.peripherals) as Peripheral[]) {
			this.#families[peripheral.family] = peripheral;
		}
	}

	/** Board time: µs since power-on. */
	get now(): number {
		return this.#world.now - this.#poweredAt;
	}

	get worldNow(): number {
		return this.#world.now;
	}

	/** Media memory of the running engine; empty without one. */
	get media(): MediaMemory {
		return this.#machine?.media ?? NO_MEDIA;
	}

	/** Whether an engine runs. */
	get running(): boolean {
		return this.#machine !== undefined;
	}

	/** Whether there is power. */
	get powered(): boolean {
		return !this.#powerEra.over;
	}

	/** What the engines counted since the board was made. */
	get counters(): MachineCounters {
		return this.#totals.with(this.#inBootStage ? undefined : this.#machine?.counters());
	}

	/** Collects garbage; live heap bytes left, 0 without an engine. */
	collect(): number {
		return this.#machine?.collect() ?? 0;
	}

	/** Gives power: boots. @param reason - what the firmware is told */
	powerOn(reason: "powerOn" | "powerCut" = "powerOn"): void {
		if (this.powered) return;
		this.#powerEra = { over: false };
		this.#poweredAt = this.#world.now;
		this.#boot(reason);
	}

	/** Takes the power away. @param mode - what becomes of card writes that were not flushed */
	powerOff(mode: CutMode = "keep"): void {
		if (!this.powered) return;
		this.peripherals.card.powerLost(mode);
		this.peripherals.flash.powerLost(mode);
		this.#stopEngine();
		this.#retained = undefined;
		this.#lastCrash = undefined;
		this.#powerEra.over = true;
	}

	/**
	 * Resets the engine, as the reset button does, which also clears what was retained, or for another reason.
	 * @param reason - what the firmware is told
	 */
	reset(reason: "requested" | "watchdog" = "requested"): void {
		if (!this.powered) return;
		if (reason === "requested") this.#retained = undefined;
		this.#restart(reason);
	}

	/** Whether the boot stage runs, and not (yet) the application. */
	get inBootStage(): boolean {
		return this.#inBootStage;
	}

	/** What the flash holds. */
	get flash(): FlashMemory {
		return this.#options.flash;
	}

	/** Puts another firmware onto the board; it runs after the next reset. */
	program(firmware: BoardFirmware): void {
		this.#firmware = firmware;
	}

	/** Switches off and leaves nothing open. Idempotent. */
	close(): void {
		this.powerOff();
		for (const peripheral of this.#families) peripheral?.close?.();
	}

	post(kind: number, unit: number, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0): void {
		if (!this.#machine) return;
		if (this.#inBootStage && kind === Button.EDGE) this.#latched.push([unit, a]);
		this.#machine.post(kind, unit, this.#world.now - this.#poweredAt, a, b, c, d, e, f);
		this.#touch();
	}

	serialIn(at: number, bytes: Uint8Array): void {
		this.#machine?.serialIn(at, bytes);
	}

	serialOut(at: number, length: number): Uint8Array {
		return this.#machine?.serialOut(at, length) ?? NO_MEDIA.read(0, 0);
	}

	schedule(delay: number, handler: EventHandler, argument = 0): number {
		return this.#world.schedule(delay, handler, argument, this.#era);
	}

	scheduleLasting(delay: number, handler: EventHandler, argument = 0): number {
		return this.#world.schedule(delay, handler, argument);
	}

	cancel(ticket: number): void {
		this.#world.cancel(ticket);
	}

	inject(action: () => void): void {
		this.#world.inject(action);
	}

	random(name: string): RandomStream {
		let stream = this.#streams.get(name);
		if (!stream) {
			stream = this.#world.random.stream(`${this.name}/${name}`);
			this.#streams.set(name, stream);
		}
		return stream;
	}

	violation(message: string): void {
		this.#options.events?.onViolation?.(message, this.now);
		if (this.#options.onCrash === "throw") throw new BoardViolationError(this.name, message);
	}

	hostFailure(what: string, error: unknown): void {
		const reason = error instanceof Error ? error.message : String(error);
		this.#options.events?.onLog?.("error", `this host cannot keep the ${what}: ${reason}`, this.now);
	}

	/** Lets the firmware handle what was posted. */
	settle(): void {
		this.#dirty = false;
		if (!this.#machine) return;
		const result = this.#machine.run(this.#sink);
		const [asked, starting] = [this.#asked, this.#starting];
		this.#asked = undefined;
		this.#starting = undefined;
		if (result.state === "dead" && result.reason === "powerCut") this.powerOff("tear");
		else if (result.state === "dead")
			this.#crash(result.reason, result.message, result.stack, result.neverBooted);
		else if (asked !== undefined) this.#restart(asked);
		else if (starting !== undefined) this.#startApplication(starting);
	}

	#touch(): void {
		if (this.#dirty) return;
		this.#dirty = true;
		this.#world.settleLater(this);
	}

	#dispatch(
		kind: number,
		unit: number,
		_time: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): void {
		const peripheral = this.#families[kind >> 8];
		if (peripheral) peripheral.receive(kind, unit, a, b, c, d, e, f);
		else this.violation(`there is no peripheral for record ${kind.toString(16)}`);
	}

	/** Begins with what the board has first: the boot stage, or the firmware itself. */
	#boot(reason: keyof typeof ResetReason): void {
		this.#resetReason = reason;
		const firmware = this.#firmware;
		this.#inBootStage = "bootStage" in firmware;
		this.#latched = [];
		if (!("bootStage" in firmware)) {
			this.#launch(firmware.artefact, this.#options.arenaBytes, WINDOW_BYTES, {});
			return;
		}
		const { bootStage, keys, developmentKeys = [] } = firmware;
		const retained = this.#retained;
		this.#launch(bootStage, 0, BOOT_STAGE_BYTES, { keys, developmentKeys, ...(retained && { retained }) });
	}

	/** The boot stage has done its work: the engine and the peripherals begin anew with the image it chose. */
	#startApplication({ slot, offset, length, decision }: StartRequest): void {
		const predecessor = this.#machine;
		this.#machine = undefined;
		this.#stopEngine();
		this.#inBootStage = false;
		const keys = "keys" in this.#firmware ? this.#firmware.keys : [];
		const boot = decodeCbor(decision) as BootDecision;
		this.startedSlot = slot;
		const artefact = this.flash.area(SLOT_UNITS[slot as 0 | 1] ?? -1).slice(offset, offset + length);
		this.#launch(artefact, this.#options.arenaBytes, WINDOW_BYTES, { keys, boot }, predecessor);
		predecessor?.close();
		for (const [unit, pressed] of this.#latched) this.post(Button.EDGE, unit, pressed);
	}

	#launch(
		artefact: Uint8Array,
		arenaBytes: number,
		windowBytes: number,
		more: Partial<BootBlock>,
		predecessor?: Machine,
	): void {
		const { createMachine = createWasmMachine, events } = this.#options;
		const facts = factsOfArtefact(artefact);
		if (facts === undefined && "bootStage" in this.#firmware && !this.#inBootStage) {
			this.#crash("exception", "the image holds no firmware", "");
			return;
		}
		if (facts === undefined) {
			this.#fail(new BoardCrashError(this.name, "no firmware", "what is to be run is no firmware", ""));
			return;
		}
		const random = this.random("engine");
		const seed = (BigInt(random.u32()) << 32n) | BigInt(random.u32());
		this.#era = { over: false };
		const bootStage = this.#inBootStage;
		this.#build = more.boot?.buildId ?? facts.digest;
		this.#launchedAt = this.#world.now;
		const options = { artefact, mediaBytes: arenaBytes + windowBytes, seed, bootStage };
		this.#machine = createMachine(options, predecessor);
		const block = this.#bootBlock(facts.engineVersion, more);
		const reason = this.#resetReason;
		this.#machine.media.write(0, block);
		if (!bootStage) {
			this.#lastCrash = undefined;
			events?.onBoot?.(reason, this.now);
		}
		const { length } = block;
		this.post(System.BOOT, 0, this.#machine.media.length, arenaBytes, ResetReason[reason], 0, length);
		for (const peripheral of this.#families) peripheral?.boot?.();
	}

	#bootBlock(engineVersion: string, more: Partial<BootBlock>): Uint8Array {
		const entropy = new Uint8Array(32);
		this.random("entropy").fill(entropy);
		return encodeCbor({
			board: BOARD_NAME,
			serial: this.serialNumber,
			entropy,
			seeded: this.#world.random.seed !== undefined,
			engine: `xs-${this.#machine?.engine} ${engineVersion}`,
			build: this.#build,
			crash: this.#lastCrash,
			...more,
		});
	}

	#askReset(reason: keyof typeof ResetReason): void {
		this.#asked = reason;
	}

	#askStart(request: StartRequest): void {
		if (this.#inBootStage) this.#starting = request;
		else this.violation("only the boot stage may have another firmware started");
	}

	#crash(reason: keyof typeof ResetReason, message: string, stack: string, neverBooted = false): void {
		const error = new BoardCrashError(this.name, reason, message, this.#mapped(stack));
		const uptimeMs = Math.floor((this.#world.now - this.#launchedAt) / 1000);
		this.#lastCrash = crashRecordOf({ build: this.#build, reason, message, stack, uptimeMs });
		if (this.#options.onCrash === "throw") {
			this.#stopEngine();
			throw error;
		}
		// A boot stage that runs sees to an application that dies again and again.
		const forGood = this.#inBootStage || !("bootStage" in this.#firmware);
		if (forGood && (neverBooted || this.#crashes.tooMany(this.#world.now))) {
			this.#stopEngine();
			this.#fail(error);
			return;
		}
		this.#restart(reason, error.message);
	}

	#restart(reason: keyof typeof ResetReason, message = ""): void {
		this.#options.events?.onReset?.({ reason, message }, this.now);
		this.#stopEngine();
		this.#world.schedule(REBOOT_TIME, () => this.#boot(reason), 0, this.#powerEra);
	}

	#stopEngine(): void {
		this.#era.over = true;
		this.#asked = undefined;
		this.#starting = undefined;
		for (const peripheral of this.#families) peripheral?.halt();
		if (!this.#machine) return;
		// The boot stage is none of the firmware's expenses.
		if (!this.#inBootStage) this.#totals.add(this.#machine.counters());
		this.#machine.close();
		this.#machine = undefined;
	}

	#fail(error: Error): void {
		this.#powerEra.over = true;
		this.#options.events?.onFailed?.(error);
		if (this.#options.onCrash === "throw") throw error;
	}

	#mapped(text: string): string {
		const firmware = this.#firmware;
		const mapStack = this.#inBootStage && "mapStack" in firmware ? firmware.mapStack : this.#options.mapStack;
		return mapStack?.(text, this.#build) ?? text;
	}
}
