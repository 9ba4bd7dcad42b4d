import {
	FLASH_SECTOR_BYTES,
	FlashUnit,
	SLOT_TRAILER,
	SLOT_UNITS,
} from "@bodycam/protocol/board/flash-layout";
import { System } from "@bodycam/protocol/board/records";
import type { BootDecision } from "@bodycam/protocol/camera/firmware";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { readTrailer } from "@bodycam/protocol/image/trailer";
import { Board } from "../board/board.ts";
import { machineFactory } from "../machine/create-machine.ts";
import type { EngineName } from "../machine/engine-name.ts";
import { type Machine, type MachineOptions, UNCOUNTED } from "../machine/machine.ts";
import { LocalMediaMemory } from "../machine/media-memory.ts";
import { defaultClip } from "../root.ts";
import { type LoadedScene, loadScene } from "../scene/load-scene.ts";
import type { FlashChange, FlashMemory } from "../storage/flash-memory.ts";
import { ValueStore } from "../storage/value-store.ts";
import { createRandomness, type RandomStream } from "../world/random.ts";
import { World } from "../world/world.ts";
import { updateAgain } from "./update-again.ts";
import { nameOf, type RecordedChange, type UpdateRecording } from "./update-recording.ts";

/** How far a change has come when the power goes: `before`: not at all; a number: so much of it, then half a unit. */
export type CutPoint = "before" | "after" | number;

/** Where the power goes in or around each change. "After" a change is "before" the next one, and tried for the last. */
export const CUT_POINTS: readonly CutPoint[] = ["before", 0, 0.3, 0.6, 0.95];

/** Time a boot stage is given, µs: it verifies both images, and half as much again. */
const PATIENCE = 400_000;

/** Most bytes of a boot block. */
const BLOCK_MAX = 64 * 1024;

/** What a boot came to. */
export interface BootOutcome {
	/** Letter of the image that was started; undefined: none. */
	readonly image: string | undefined;
	/** Whether its body was what it ought to be. */
	readonly whole: boolean;
	readonly decision: BootDecision | undefined;
	/** What the boot stage changed. */
	readonly changes: readonly FlashChange[];
}

/** A cut that did not end well. */
export interface CutFailure {
	readonly where: string;
	readonly what: string;
}

/** What came of cuts. */
export interface CutReport {
	/** Power cuts that were tried, those in the middle of a boot after a cut included. */
	cuts: number;
	/** Of them the second of two in a row. */
	twice: number;
	readonly failures: CutFailure[];
}

/** Boots flash contents with the boot stage alone: the application is loaded and looked at, but not run. */
export class BootBench {
	readonly #scene: LoadedScene;
	readonly #recording: UpdateRecording;
	readonly #createMachine: (options: MachineOptions) => Machine;

	private constructor(scene: LoadedScene, recording: UpdateRecording, engine: EngineName) {
		this.#scene = scene;
		this.#recording = recording;
		this.#createMachine = machineFactory(engine);
	}

	/** @param engine - which runs the boot stage */
	static async open(recording: UpdateRecording, engine: EngineName): Promise<BootBench> {
		return new BootBench(await loadScene(defaultClip(), "none"), recording, engine);
	}

	/** Boots once. @param flash - is changed by the boot stage */
	boot(flash: FlashMemory): BootOutcome {
		const world = new World(createRandomness(1));
		const changes: FlashChange[] = [];
		let started: Landing | undefined;
		const board = new Board({
			world,
			name: "bench",
			serialNumber: "0000000000000000",
			arenaBytes: 0,
			firmware: this.#recording.firmware.staged,
			video: this.#scene.video,
			sound: this.#scene.sound,
			card: undefined,
			flash,
			values: new ValueStore(),
			wall: { now: () => world.now / 1000, save: () => undefined },
			serialPorts: [],
			datagramPorts: [],
			onCrash: "throw",
			createMachine: (options) => {
				if (options.bootStage === true) return this.#createMachine(options);
				const media = new Uint8Array(BLOCK_MAX);
				started = { artefact: options.artefact, media, block: { at: 0, length: 0 } };
				return idleMachine(started);
			},
		});
		board.peripherals.flash.onChange = (change) => changes.push(change);
		board.powerOn("powerCut");
		while (started === undefined && world.now < PATIENCE) world.advanceTo(world.now + 5_000);
		const decision = started && decisionIn(started);
		const image = decision && nameOf(decision.buildId);
		const body = this.#recording.bodies[image as "A" | "B" | "C"];
		const whole = started !== undefined && body !== undefined && Buffer.compare(body, started.artefact) === 0;
		board.powerOff();
		board.close();
		return { image, whole, decision, changes };
	}
}

/**
 * Cuts the power at a change of a recording, has the camera boot and its owner do the update again, and cuts the power at
 * one of the changes that makes.
 */
export async function tryAgainAndCut(
	bench: BootBench,
	recording: UpdateRecording,
	{ index, point }: { readonly index: number; readonly point: CutPoint },
	seed: number,
	report: CutReport,
): Promise<void> {
	const random = createRandomness(seed + index).stream("retries");
	const flash = recording.initial.clone();
	for (const { change } of recording.changes.slice(0, index)) flash.apply(change);
	const recorded = recording.changes[index];
	if (recorded === undefined) return;
	cut(flash, recorded.change, point, random);
	const before = flash.clone();
	const again = await updateAgain(recording, flash, recorded.allowed.includes("C") ? "C" : "B");
	const next = again.changes[random.below(again.changes.length)];
	const second = [...CUT_POINTS, "after" as const][random.below(CUT_POINTS.length + 1)] ?? "before";
	if (next === undefined) return;
	for (const change of again.changes) {
		if (change === next) break;
		before.apply(change);
	}
	cut(before, next, second, random);
	report.cuts += 2;
	report.twice++;
	const where = `${recorded.phase}: change ${index}, cut ${point}, then again, ${next.kind} of area ${next.unit}, cut ${second}`;
	judge(bench.boot(before), before, again.allowed, storedCounter(before), where, report);
}

/** Does a change as far as it comes before the power goes. */
function cut(flash: FlashMemory, change: FlashChange, point: CutPoint, random: RandomStream): void {
	if (point === "after") flash.apply(change);
	else if (point !== "before") flash.tear(change, point, random);
}

/** Every cut of a recording: each change that is not one of the log, at each point. */
export function* everyCut(
	recording: UpdateRecording,
): Generator<{ readonly index: number; readonly point: CutPoint }> {
	const { changes } = recording;
	for (let index = 0; index < changes.length; index++) {
		if (changes[index]?.change.unit === FlashUnit.log) continue;
		for (const point of CUT_POINTS) yield { index, point };
		if (index === changes.length - 1) yield { index, point: "after" };
	}
}

/**
 * Tries cuts of a recording.
 * @param cuts - in ascending order of their changes @param onChange - told which change is tried
 */
export function tryCuts(
	bench: BootBench,
	recording: UpdateRecording,
	cuts: Iterable<{ readonly index: number; readonly point: CutPoint }>,
	seed: number,
	onProgress?: (index: number, report: CutReport) => void,
): CutReport {
	const report: CutReport = { cuts: 0, twice: 0, failures: [] };
	const flash = recording.initial.clone();
	let applied = 0;
	for (const { index, point } of cuts) {
		while (applied < index) {
			const passed = recording.changes[applied++];
			if (passed !== undefined) flash.apply(passed.change);
		}
		const change = recording.changes[index];
		if (change === undefined) continue;
		onProgress?.(index, report);
		tryCut(bench, flash, change, point, seed + index, report);
	}
	return report;
}

/** The highest security counter stored, read as plainly as can be. */
function storedCounter(flash: FlashMemory): number {
	const area = flash.area(FlashUnit.counter);
	const view = new DataView(area.buffer, area.byteOffset, area.byteLength);
	let highest = 0;
	for (let at = 0; at < 2 * FLASH_SECTOR_BYTES; at += 16) {
		const value = view.getUint32(at, true);
		if (view.getUint32(at + 4, true) === ~value >>> 0) highest = Math.max(highest, value);
	}
	return highest;
}

/**
 * Cuts the power at a change of a recording, boots, and once more in every change that boot made.
 * @param flash - as it was before the change; is not touched @param label - names the change in failures
 */
function tryCut(
	bench: BootBench,
	flash: FlashMemory,
	{ change, allowed, phase }: RecordedChange,
	point: CutPoint,
	seed: number,
	report: CutReport,
): void {
	const random = createRandomness(seed).stream("cuts");
	const where = `${phase}: ${change.kind} of area ${change.unit} at ${change.offset}, cut ${point}`;
	const after = flash.clone();
	cut(after, change, point, random);
	const least = storedCounter(after);
	report.cuts++;
	const once = after.clone();
	const first = bench.boot(once);
	judge(first, once, allowed, least, where, report);
	const again = after.clone();
	for (const next of first.changes) {
		for (const second of CUT_POINTS) {
			if (second === "before") continue;
			const twice = again.clone();
			cut(twice, next, second, random);
			report.cuts++;
			report.twice++;
			judge(bench.boot(twice), twice, allowed, least, `${where}, then in the boot, cut ${second}`, report);
		}
		again.apply(next);
	}
}

function judge(
	{ image, whole, decision }: BootOutcome,
	flash: FlashMemory,
	allowed: readonly string[],
	least: number,
	where: string,
	report: CutReport,
): void {
	const fail = (what: string) => report.failures.push({ where, what });
	if (image === undefined || decision === undefined) fail("no image was started");
	else if (!whole) fail(`the image ${image} was started, but its body is not what was uploaded`);
	else if (!allowed.includes(image))
		fail(`the image ${image} was started; allowed is ${allowed.join(" or ")}`);
	else if (decision.counter < least)
		fail(`an image with counter ${decision.counter} was started; ${least} is stored`);
	if (storedCounter(flash) < least) fail("the security counter has fallen");
	if (decision === undefined) return;
	const { magic, copyDone } = readTrailer(flash.area(SLOT_UNITS[decision.slot as 0 | 1]), SLOT_TRAILER);
	if (magic !== "good" || copyDone === "unset") fail("the trailer does not say that the image was started");
}

/** What the application would be told about its boot. */
function decisionIn({ media, block }: Landing): BootDecision | undefined {
	return (decodeCbor(media.slice(block.at, block.at + block.length)) as { boot?: BootDecision }).boot;
}

/** Where an application would have landed. */
interface Landing {
	readonly artefact: Uint8Array;
	readonly media: Uint8Array;
	/** The boot block. */
	readonly block: { at: number; length: number };
}

/** A machine that takes its boot record and does nothing. */
function idleMachine({ media, block }: Landing): Machine {
	return {
		engine: "wasm",
		media: new LocalMediaMemory(media),
		post: (kind, _unit, _time, _a, _b, _c, d = 0, e = 0) => {
			if (kind !== System.BOOT) return;
			block.at = d;
			block.length = e;
		},
		run: () => ({ state: "idle" }),
		serialIn: () => undefined,
		serialOut: () => new Uint8Array(),
		counters: () => UNCOUNTED,
		collect: () => 0,
		close: () => undefined,
	};
}
