import { CardReader } from "@bodycam/protocol/card/reader";
import { readCustody } from "@bodycam/protocol/custody/reader";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { EngineName } from "../machine/engine-name.ts";
import { type BlockStore, type MemoryBlockStore, SECTOR_BYTES } from "../storage/block-store.ts";
import { WriteCache } from "../storage/write-cache.ts";
import { createRandomness, type RandomStream } from "../world/random.ts";
import { type BootedCamera, bootCamera } from "./boot-camera.ts";
import { verifyCardLog } from "./card-log.ts";
import { record } from "./record.ts";
import { copyOf, RECORDED_AT, RECORDED_CAMERA, type RecordedCard, stateAfterCut } from "./recorded-card.ts";
import { gapsBetween, verifyRecording } from "./verify-recording.ts";

/** How far a change has come when the power goes: `before`: not at all; a number: so much of a write; `after`: all. */
export type CardCutPoint = "before" | "after" | number;

/** What becomes of earlier writes that were not flushed. */
export type CardFate = "lose" | "keep" | "tear";

/** A power cut. */
export interface CardCut {
	/** Index of the change. */
	readonly index: number;
	readonly point: CardCutPoint;
	readonly fate: CardFate;
}

/** A cut that did not end well. */
export interface CardCutFailure {
	readonly where: string;
	readonly what: string;
}

/** What came of cuts. */
export interface CardCutReport {
	/** Cuts that were tried. */
	cuts: number;
	/** Seconds of recording that were sealed, flushed to the card with their checkpoint, before the power went. */
	sealedSeconds: number;
	/** Of them, those that were not there afterwards. */
	lostSeconds: number;
	/** The most that a cut cost which was not sealed yet, ms, once what is from before the trigger was on the card. */
	worstMs: number;
	readonly failures: CardCutFailure[];
}

const FATES: readonly CardFate[] = ["lose", "keep", "tear"];

/** Where in a write the power goes: parts of it, then half a sector. */
const INSIDE: readonly number[] = [0, 0.4, 0.9];

/** What a cut may cost once what is from before the trigger is on the card, ms. */
const LOSS_LIMIT = 1000;

/** Number of the recording that is cut off; the one before it is complete. */
const CUT_OFF = 2;

/** Every cut of a recording: before each change, inside each write, and after the last. */
export function* everyCardCut({ changes }: RecordedCard): Generator<CardCut> {
	for (const [index, { change }] of changes.entries()) {
		const points: CardCutPoint[] = change.kind === "write" ? ["before", ...INSIDE] : ["before"];
		if (index === changes.length - 1) points.push("after");
		for (const point of points) for (const fate of FATES) yield { index, point, fate };
	}
}

/** Tries cuts: the camera is booted with what is left, and everything is verified. */
export async function tryCardCuts(
	recorded: RecordedCard,
	cuts: Iterable<CardCut>,
	engine: EngineName,
	onTried?: (cut: CardCut, report: CardCutReport) => void,
): Promise<CardCutReport> {
	const report: CardCutReport = { cuts: 0, sealedSeconds: 0, lostSeconds: 0, worstMs: 0, failures: [] };
	for (const cut of cuts) {
		report.cuts++;
		try {
			await tryOne(recorded, cut, engine, report);
		} catch (error) {
			const { index, point, fate } = cut;
			const where = `${recorded.changes[index]?.phase}: change ${index}, cut ${point}, unflushed writes: ${fate}`;
			report.failures.push({ where, what: (error as Error).message });
		}
		onTried?.(cut, report);
	}
	return report;
}

async function tryOne(
	recorded: RecordedCard,
	cut: CardCut,
	engine: EngineName,
	report: CardCutReport,
): Promise<void> {
	const { time, values } = recorded.changes[cut.index] as RecordedCard["changes"][number];
	const sealed = await lastSealed(cardAtCut(recorded, { ...cut, point: "before", fate: "lose" }));
	const card = cardAtCut(recorded, cut);
	const state = stateAfterCut(recorded, card, values);
	const clockMs = RECORDED_AT + Math.round(time) + 1000;
	const camera = await bootCamera({ ...RECORDED_CAMERA, seed: 1000 + cut.index, state, clockMs, engine });
	try {
		camera.advanceUntil(() => camera.status().card.state === "ready", 10_000, "a card that is ready");
		const closed = () => camera.recordings().every(({ state: kind }) => kind !== "recording");
		camera.advanceUntil(closed, 10_000, "the end of what was cut off");
		const found = camera.recordings().map(({ number }) => number);
		const reports = await verifyAll(camera, found);
		const there = found.includes(CUT_OFF) ? whatIsThere(camera) : undefined;
		judgeLoss(recorded, sealed, there, time, report);
		record(camera, 1);
		const next = Math.max(...camera.recordings().map(({ number }) => number));
		need(next === Math.max(...found) + 1, `the next recording has number ${next}`);
		const follower = await verifyRecording(camera, next);
		need(follower.verdict === "complete", `the next recording is ${follower.verdict}`);
		const gaps = gapsBetween([...reports, follower]);
		need(gaps.length === 0, gaps.join("; "));
		const log = await verifyCardLog(card);
		need(log.verdict !== "broken", `the event log is broken: ${log.findings.map(({ message }) => message)}`);
	} finally {
		camera.close();
	}
}

/** The card as the power cut leaves it. */
function cardAtCut({ initial, changes }: RecordedCard, { index, point, fate }: CardCut): MemoryBlockStore {
	const card = copyOf(initial);
	const cache = new WriteCache(card);
	const random = createRandomness(index).stream(`card/${point}/${fate}`);
	for (const { change } of changes.slice(0, index)) {
		if (change.kind === "flush") cache.flush();
		else cache.write(change.sector, change.bytes);
	}
	const change = changes[index]?.change;
	if (point === "after" && change?.kind === "flush") cache.flush();
	if (change?.kind === "write" && point !== "before") {
		const part = point === "after" ? 1 : point;
		const sectors = change.bytes.length / SECTOR_BYTES;
		const whole = Math.floor(sectors * part);
		cache.cut(fate === "lose" ? "lose" : fate, random);
		if (whole > 0) card.write(change.sector, change.bytes.subarray(0, whole * SECTOR_BYTES));
		if (whole < sectors)
			tearSector(card, change.sector + whole, change.bytes.subarray(whole * SECTOR_BYTES), random);
	} else cache.cut(fate, random);
	return card;
}

/** Half a sector is new, half of it old. */
function tearSector(card: BlockStore, sector: number, from: Uint8Array, random: RandomStream): void {
	const bytes = new Uint8Array(SECTOR_BYTES);
	card.read(sector, bytes);
	bytes.set(from.subarray(0, random.below(SECTOR_BYTES)));
	card.write(sector, bytes);
}

/** What of the recording is on a card or in a camera: bytes of the age file, and what they show. */
interface Extent {
	readonly bytes: number;
	readonly firstMs: number;
	readonly lastMs: number;
}

/** What is on a card for certain. */
async function lastSealed(card: BlockStore): Promise<Extent | undefined> {
	const reader = await CardReader.open({
		sectors: card.sectors,
		read(sector, count) {
			const bytes = new Uint8Array(count * SECTOR_BYTES);
			card.read(sector, bytes);
			return bytes;
		},
	});
	const found = reader.recordings.find(({ number }) => number === CUT_OFF);
	if (found === undefined || found.bytes === 0) return undefined;
	const parts: Uint8Array[] = [];
	for await (const { part, bytes } of reader.extract(CUT_OFF)) if (part === "custody") parts.push(bytes);
	return extent(found.bytes, Buffer.concat(parts));
}

/** What a camera that has booted again has of it. */
function whatIsThere(camera: BootedCamera): Extent {
	return extent(camera.pullPart(CUT_OFF, "age").length, camera.pullPart(CUT_OFF, "custody"));
}

function extent(bytes: number, custody: Uint8Array): Extent {
	const shown = checkpoints(custody);
	return {
		bytes,
		firstMs: Math.min(...shown.map(({ firstMs }) => firstMs)),
		lastMs: Math.max(...shown.map(({ lastMs }) => lastMs)),
	};
}

function checkpoints(custody: Uint8Array): readonly { readonly firstMs: number; readonly lastMs: number }[] {
	return [...readCustody(custody)].flatMap((piece) =>
		piece.kind !== "rest" && piece.entry.type === "checkpoint" ? [piece.entry] : [],
	);
}

function judgeLoss(
	recorded: RecordedCard,
	sealed: Extent | undefined,
	there: Extent | undefined,
	time: number,
	report: CardCutReport,
): void {
	if (sealed === undefined) return;
	report.sealedSeconds += (sealed.lastMs - sealed.firstMs) / 1000;
	const lastMs = there?.lastMs ?? sealed.firstMs;
	report.lostSeconds += Math.max(0, sealed.lastMs - lastMs) / 1000;
	need((there?.bytes ?? 0) >= sealed.bytes, `${there?.bytes} of ${sealed.bytes} sealed bytes are there`);
	if (time <= recorded.drainedAt) return;
	// What would have been shown of the time since: not the pause.
	const missing = checkpoints(recorded.custody).reduce(
		(sum, shown) => sum + Math.max(0, Math.min(shown.lastMs, time) - Math.max(shown.firstMs, lastMs)),
		0,
	);
	report.worstMs = Math.max(report.worstMs, missing);
	need(missing <= LOSS_LIMIT, `${Math.round(missing)} ms that were not sealed yet are lost`);
}

async function verifyAll(camera: BootedCamera, numbers: readonly number[]): Promise<CustodyReport[]> {
	const reports: CustodyReport[] = [];
	for (const [index, number] of numbers.entries()) {
		need(number === index + 1, `the recordings have the numbers ${numbers}`);
		const report = await verifyRecording(camera, number);
		const expected = number === CUT_OFF ? ["complete", "interrupted"] : ["complete"];
		const why = report.findings.map(({ message }) => message).join("; ");
		need(expected.includes(report.verdict), `recording ${number} is ${report.verdict}: ${why}`);
		reports.push(report);
	}
	return reports;
}

function need(holds: boolean, what: string): void {
	if (!holds) throw new Error(what);
}
